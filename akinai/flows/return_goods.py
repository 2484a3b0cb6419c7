"""返品の精算: goods, paper, money and the replacement in ONE transaction, so that no ledger knows of a return the others missed.

case → 返還請求書 → payments → stock → the order that replaces the goods. Rows are taken in the order shipments → orders →
stock, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.billing import queries as billing_queries
from akinai.billing import services as billing
from akinai.billing.services.credit import suggestions
from akinai.catalog import queries as catalog
from akinai.core import clock, events
from akinai.core.errors import DomainError
from akinai.orders import queries as order_queries
from akinai.orders import services as orders
from akinai.orders.ports import Address
from akinai.orders.states import OrderState, Progress
from akinai.payments import services as payments
from akinai.payments.states import RefundMethod
from akinai.shipping import return_queries
from akinai.shipping import services as shipping
from akinai.shipping.states import Outcome, RefundWay, Remedy
from akinai.stock import queries as stock_queries
from akinai.stock import services as stock
from akinai.stock.services import Movement
from akinai.stock.services.places import lock

if TYPE_CHECKING:
    from akinai.billing.models import Invoice
    from akinai.orders.models import Order
    from akinai.shipping.models import ReturnCase, ReturnLine
    from akinai.staff.models import Staff
    from akinai.stock.models import StockEntry

MONEY = (Remedy.REFUND, Remedy.CREDIT)
REPLACED = (Remedy.RESHIP, Remedy.EXCHANGE)
WAYS = {
    RefundWay.CHANNEL: RefundMethod.CHANNEL, RefundWay.TRANSFER: RefundMethod.TRANSFER, RefundWay.CASH: RefundMethod.CASH,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """精算の内容: yen 税込 per line that is refunded or kept, and the shipping fee that is given back."""

    amounts: Mapping[int, int] = field(default_factory=dict)  # return line → yen
    shipping_back_yen: int = 0
    refund_way: str = ""
    returned_on: date | None = None


@transaction.atomic
def settle_return(case: ReturnCase, *, plan: Plan, by: Staff | None) -> ReturnCase:
    """返品の精算, all or nothing. Out: the case, settled.

    Where the mall writes the papers itself there is none of ours. Raises ImpossibleMove for who comes second, DomainError without an invoice, without a way of refunding, beyond what was
    invoiced, and whatever stock, billing, payments or orders refuse.
    """
    shipping.begin_settlement(case, by=by)
    lines = return_queries.lines_of(case)
    amounts = {line.pk: plan.amounts.get(line.pk, 0) for line in lines if line.remedy in MONEY}
    kept = sum(amounts[line.pk] for line in lines if line.remedy == Remedy.CREDIT)
    refund = sum(amounts.values()) - kept + plan.shipping_back_yen
    note_no, given = "", payments.GivenBack(0, 0, 0)
    if refund + kept:
        note_no = _paper(case, lines, amounts, plan, by)
        given = _money(case, refund, kept, plan.refund_way, by)
    _goods(case, lines, by)
    order = _replace(case, lines, by)
    settled = shipping.Settled(
        plan.refund_way if refund else "", plan.shipping_back_yen, amounts, given.refunded_yen, given.kept_yen, note_no,
        order.pk if order else None,
    )  # fmt: skip
    shipping.note_settled(case, settled)
    events.emit("return.settled", case_id=case.pk)
    return case


# Paper ---------------------------------------------------------------------------------------------------------------


def invoice_of(case: ReturnCase) -> Invoice | None:
    """The invoice that stands for the order now."""
    return billing_queries.current(case.order_id)


def needs_no_paper(order: Order) -> bool:
    """The mall writes invoices and credit notes itself."""
    return order.invoice_progress == Progress.NOT_NEEDED


def invoice_lines(case: ReturnCase, invoice: Invoice) -> dict[int, int]:
    """order line → line number on the invoice. Goods stand there in the order of the order's lines."""
    rows = [row for row in order_queries.lines_of([case.order_id]).order_by("line_no") if row.quantity]
    printed = [row.line_no for row in invoice.lines.all() if row.kind == "goods"]
    return {row.pk: no for row, no in zip(rows, printed, strict=False)}


def suggested(case: ReturnCase, lines: Sequence[ReturnLine]) -> dict[int, int]:
    """返還額の目安: each line's share of what its invoice line came to after cuts."""
    invoice = invoice_of(case)
    if invoice is None:
        return {line.pk: line.shipment_line.order_line.unit_price_yen * line.quantity for line in lines}
    whole, printed = suggestions(invoice), invoice_lines(case, invoice)
    found = {}
    for line in lines:
        row = line.shipment_line.order_line
        amount = whole.get(printed.get(row.pk, 0), 0)
        found[line.pk] = amount * line.quantity // max(row.quantity, 1)
    return found


def shipping_charged(case: ReturnCase) -> int:
    """送料 as it stands on the invoice, after cuts."""
    invoice = invoice_of(case)
    if invoice is None:
        return case.order.shipping_yen
    whole = suggestions(invoice)
    return sum(whole.get(row.line_no, 0) for row in invoice.lines.all() if row.kind == "shipping")


def _paper(
    case: ReturnCase, lines: Sequence[ReturnLine], amounts: Mapping[int, int], plan: Plan, by: Staff | None
) -> str:
    invoice = invoice_of(case)
    if invoice is None and needs_no_paper(case.order):
        return ""
    if invoice is None:
        raise DomainError(
            f"{case.order.number} の請求書がまだ発行されていないため、返還請求書を作れません。",
            way_out="請求待ちの画面で請求書を発行してから、もう一度精算してください。",
        )
    printed = invoice_lines(case, invoice)
    asks = [
        billing.CreditAsk(amounts[line.pk], printed.get(line.shipment_line.order_line_id, 0), line.quantity,
                          line.shipment_line.order_line.name, line.shipment_line.order_line.tax_rate)
        for line in lines if amounts.get(line.pk)
    ]  # fmt: skip
    if plan.shipping_back_yen:
        row = next((row for row in invoice.lines.all() if row.kind == "shipping"), None)
        if row is None or plan.shipping_back_yen > shipping_charged(case):
            raise DomainError(
                f"請求した送料は {shipping_charged(case):,} 円です。{plan.shipping_back_yen:,} 円は返還できません。",
                way_out="送料の返還額を直してください。",
            )
        asks.append(billing.CreditAsk(plan.shipping_back_yen, row.line_no))
    day = plan.returned_on or case.arrived_on or clock.today()
    return billing.credit(invoice, asks=asks, reason=f"返品 {case.number}", returned_on=day, by=by).number


# Money ---------------------------------------------------------------------------------------------------------------


def is_monthly(order: Order) -> bool:
    """月締め: what is given back is taken off the next statement."""
    terms = billing_queries.terms_of([order.customer_id]).get(order.customer_id or 0)
    return terms is not None and terms.cycle == "monthly"


def _money(case: ReturnCase, refund: int, kept: int, way: str, by: Staff | None) -> payments.GivenBack:
    order = order_queries.by_number(case.order.number) or case.order
    if is_monthly(order) and (kept or (refund and way != RefundWay.STATEMENT)):
        raise DomainError(
            "月締めのお客様です。返金や預り金ではなく、合計請求書で差し引きます。",
            way_out="対応を「返金する」、方法を「合計請求書で差し引く」にしてください。",
        )
    return pay_back(
        order,
        refund=refund,
        kept=kept,
        way=way,
        key=f"return:{case.number}",
        note=f"返品 {case.number}",
        by=by,
    )


def pay_back(
    order: Order, *, refund: int, kept: int, way: str, key: str, note: str, by: Staff | None
) -> payments.GivenBack:
    """What a credit note took off an order: forgiven where it was not paid, else given back by this way or kept.

    Of a monthly customer nothing moves here: the next statement takes it off. Raises DomainError without a way.
    """
    if is_monthly(order):
        return payments.GivenBack(0, 0, 0)
    if refund and way not in WAYS:
        raise DomainError("返金の方法が選ばれていません。", way_out="返金の方法を選んでください。")
    card = payments.refundable(order.pk) if way == RefundWay.CHANNEL else None
    given = payments.give_back(
        order_id=order.pk, refund_yen=refund, keep_yen=kept, method=WAYS[RefundWay(way)] if refund else "",
        is_settled_elsewhere=order.payment_settled and not payments.is_by_door(order.pk), on=clock.today(), key=key, note=note, by=by,
    )  # fmt: skip
    if card is not None and given.refunded_yen:
        payments.ask_refund(card, amount_yen=given.refunded_yen, note=note.split()[-1], is_booked=True, by=by)
    return given


# Goods ---------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Pile:
    """What left of one SKU out of one lot with this shipment and is not back yet."""

    lot_id: int | None
    pieces: int
    unit_cost: Decimal | None


def _goods(case: ReturnCase, lines: Sequence[ReturnLine], by: Staff | None) -> None:
    """戻った商品: into its own lot, at the cost it left with; what is thrown away comes and goes at once."""
    hold = stock_queries.hold_location_id()
    turn = stock_queries.entries_of(case.number).count()
    piles = _piles(case)
    moves: list[Movement] = []
    for line in lines:
        if line.outcome == Outcome.NOTHING:
            continue
        place = case.shipment.location_id if line.outcome == Outcome.RESTOCK else hold
        for sku_id, pieces in _parts(case, line):
            for pile, count in _take(piles.get(sku_id, []), pieces):
                key = f"{case.number}/{turn + len(moves)}"
                note = f"返品 {line.get_condition_display()}"
                come = Movement(
                    sku_id, place, "return", count, case.number, key, pile.unit_cost, note, lot_id=pile.lot_id
                )
                moves.append(come)
                if line.outcome == Outcome.SCRAP:
                    gone = f"廃棄（返品 {line.get_reason_display()}）"
                    moves.append(Movement(sku_id, place, "adjustment", -count, case.number, f"{key}/scrap", None, gone,
                                          lot_id=pile.lot_id))  # fmt: skip
    lock({(m.sku_id, m.location_id) for m in moves} | _places_of_replacement(case, lines))
    stock.post(moves, by=by)


def _places_of_replacement(case: ReturnCase, lines: Sequence[ReturnLine]) -> set[tuple[int, int]]:
    """The shelves that the new order reserves from, locked together with those that the goods come to."""
    skus = [_replacement(line) for line in lines if line.remedy in REPLACED]
    parts = catalog.parts_of(skus)
    place = stock_queries.default_location_id()
    single = {part.sku_id for made in parts.values() for part in made} | {
        pk for pk in skus if pk not in parts
    }
    return {(pk, place) for pk in single}


def _parts(case: ReturnCase, line: ReturnLine) -> list[tuple[int, int]]:
    """(SKU, pieces): the goods themselves, or of a set its parts as they left."""
    sku_id, row = line.shipment_line.sku_id, line.shipment_line.order_line
    reference = f"{case.order.number}/{row.line_no}"
    parts = [p for p in stock_queries.set_parts([reference]).get(reference, ()) if p.set_sku_id == sku_id]
    return [(part.sku_id, part.per_set * line.quantity) for part in parts] or [(sku_id, line.quantity)]


def _piles(case: ReturnCase) -> dict[int, list[Pile]]:
    """What left with the shipment by SKU and lot, less what other returns of it have brought back."""
    left: dict[int, list[Pile]] = {}
    for entry in _standing(case.shipment.number, "shipment"):
        value = getattr(entry, "value", None)
        cost = (value.value_yen / entry.quantity).quantize(Decimal("0.0001")) if value else None
        left.setdefault(entry.sku_id, []).append(Pile(entry.lot_id, -entry.quantity, cost))
    for number in return_queries.numbers_of_shipment(case):
        for entry in _standing(number, "return"):
            same = [pile for pile in left.get(entry.sku_id, []) if pile.lot_id == entry.lot_id]
            for _ in _take(same, entry.quantity):
                pass
    return left


def _standing(reference: str, kind: str) -> Sequence[StockEntry]:
    rows = stock_queries.entries_of(reference).filter(kind=kind, reversed_by=None)
    return list(rows.select_related("value").order_by("pk"))


def _take(piles: Sequence[Pile], pieces: int) -> Iterator[tuple[Pile, int]]:
    """So many pieces out of these piles, the first first. Raises DomainError when not so many have left."""
    for pile in piles:
        count = min(pile.pieces, pieces)
        if count:
            pile.pieces -= count
            pieces -= count
            yield pile, count
    if pieces:
        raise DomainError(
            "戻る数が、この出荷で出庫した数より多くなっています。",
            way_out="入出庫台帳で出荷番号の行を確かめてください。",
        )


# The replacement -----------------------------------------------------------------------------------------------------


def _replacement(line: ReturnLine) -> int:
    return (
        line.exchange_sku_id
        if line.remedy == Remedy.EXCHANGE and line.exchange_sku_id
        else line.shipment_line.sku_id
    )


def _replace(case: ReturnCase, lines: Sequence[ReturnLine], by: Staff | None) -> Order | None:
    """再送・交換: an order of 0 yen to the address of the parcel, on its way like any other."""
    wanted = [
        orders.EntryLine(_replacement(line), line.quantity, 0) for line in lines if line.remedy in REPLACED
    ]
    if not wanted:
        return None
    old = case.order
    buyer = Address(
        name=old.buyer_name, kana=old.buyer_kana, company=old.buyer_company, postal_code=old.buyer_postal_code,
        line1=old.buyer_address, phone=old.buyer_phone, email=old.buyer_email,
    )  # fmt: skip
    turn = stock_queries.entries_of(case.number).count()
    entry = orders.Entry(
        buyer, case.shipment.to, wanted, payment="points", is_settled=True, number=f"{case.number}-{turn}",
        shop_note=f"返品 {case.number}（{old.number}）の再送・交換。代金はいただきません。",
    )  # fmt: skip
    made = orders.enter(entry, by=by, now=clock.now())
    orders.note_invoice_not_needed([made.pk], by=by)
    return made


# Back again ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def undo_settlement(case: ReturnCase, *, reason: str, by: Staff | None) -> ReturnCase:
    """精算の取消 while no paper is out and the replacement has not left: goods leave again by reversal, its order is cancelled.

    Raises DomainError when a credit note was issued or the replacement is on its way.
    """
    replaced = case.reship_order
    shipping.undo_settlement(case, reason=reason, by=by)
    if replaced is not None and replaced.state != OrderState.CANCELLED:
        orders.cancel(replaced.pk, reason=f"返品 {case.number} の精算の取消", refunded_by_channel=True, by=by)
    entries = [e.pk for e in stock_queries.entries_of(case.number).filter(reverses=None, reversed_by=None)]
    if entries:
        stock.reverse(entries, by=by, note=f"返品の精算の取消: {reason.strip()}"[:200])
    events.emit("return.unsettled", case_id=case.pk)
    return case
