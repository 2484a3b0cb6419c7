"""クレームの補償を実行する: money by credit note and refund, goods by an order of 0 yen, coupons and points by marketing.

Fills `support.compensation_ports`; each way runs in the transaction of the complaint's act, so nothing is given that the
complaint's ledger does not know of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from akinai.billing import queries as billing_queries
from akinai.billing import services as billing
from akinai.billing.services.credit import remaining_of
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.core.tax import share
from akinai.flows.return_goods import WAYS, is_monthly, needs_no_paper, pay_back
from akinai.marketing import queries as marketing
from akinai.marketing.services import coupons, points
from akinai.orders import queries as order_queries
from akinai.orders import services as orders
from akinai.orders.recipients import buyer_of, recipient
from akinai.orders.states import OrderState
from akinai.payments import services as payments
from akinai.shipping.states import RefundWay
from akinai.support import compensation_ports as ports
from akinai.support.compensation_ports import Carried, Offer, Wanted

if TYPE_CHECKING:
    from datetime import date

    from akinai.billing.models import Invoice
    from akinai.orders.models import Order
    from akinai.staff.models import Staff


def register() -> None:
    """Bring every kind of compensation into use."""
    ports.fill("discount", Discount())
    ports.fill("refund", Refund())
    ports.fill("reship", Reship())
    ports.fill("coupon", Coupon())
    ports.fill("points", Points())
    ports.fill_offers(lambda: [Offer(code, title, yen) for code, title, yen in marketing.coupons_to_give()])


def _order(wanted: Wanted) -> Order:
    found = order_queries.with_lines([wanted.order_id] if wanted.order_id else [])
    if not found:
        raise DomainError("受注がありません。", way_out="受注を選び直してください。")
    return found[0]


def _customer(wanted: Wanted) -> int:
    if wanted.customer_id is None:
        raise DomainError(
            "お客様が決まっていません。", way_out="問い合わせの画面でお客様を選んでから補償してください。"
        )
    return wanted.customer_id


def _paper(order: Order, wanted: Wanted, by: Staff | None) -> str:
    """返還請求書 over the rates that are left on the invoice; its number, "" where the mall writes the papers."""
    invoice = billing_queries.current(order.pk)
    if invoice is None and needs_no_paper(order):
        return ""
    if invoice is None:
        raise DomainError(
            f"{order.number} の請求書がまだ発行されていないため、返還請求書を作れません。",
            way_out="請求待ちの画面で請求書を発行してから実行するか、発送前なら「値引」を選んでください。",
        )
    asks = _asks(invoice, wanted)
    reason = f"クレーム {wanted.complaint} {wanted.number}"
    return billing.credit(invoice, asks=asks, reason=reason, returned_on=clock.today(), by=by).number


def _asks(invoice: Invoice, wanted: Wanted) -> list[billing.CreditAsk]:
    left = {rate: total.gross_yen for rate, total in remaining_of(invoice).items() if total.gross_yen > 0}
    if sum(left.values()) < wanted.yen:
        raise DomainError(
            f"{invoice.number} で返還できるのは、あと {sum(left.values()):,} 円です。",
            way_out="金額を下げてください。",
        )
    rates = sorted(left)
    parts = share(wanted.yen, [left[rate] for rate in rates])
    return [
        billing.CreditAsk(part, 0, 1, f"お詫びの{'返金' if wanted.kind == 'refund' else '値引'}", rate)
        for rate, part in zip(rates, parts, strict=True)
        if part
    ]


def _take_back(order: Order, wanted: Wanted, document: str, *, reason: str, by: Staff | None) -> str:
    """返金・値引の取消 by reversal: a corrected invoice asks for all of it again, and the ledger of payments gets its mirrors.

    Of a monthly customer no money moved: the next statement takes up the corrected papers. Raises DomainError for what the
    mall gave back itself.
    """
    _refuse_given_by_mall(order, wanted)
    note = f"クレーム {wanted.number} の取消"
    owed = payments.take_back(f"complaint:{wanted.number}", is_unsent=wanted.is_unsent, note=note, by=by)
    told = _corrected(order, wanted, f"{note}: {reason}"[:150], by) if document else ""
    if is_monthly(order):
        return told + f"{wanted.yen:,} 円は、次の合計請求書であらためていただきます。"
    return told + (f"{order.number} の {owed:,} 円を、あらためていただきます。" if owed > 0 else "")


def _refuse_given_by_mall(order: Order, wanted: Wanted) -> None:
    """The mall has our money and gave it back with its own hands; only the mall can ask the customer for it again."""
    by_mall = order.payment_settled and not payments.is_by_door(order.pk) and not is_monthly(order)
    if by_mall and wanted.details.get("way") == RefundWay.CHANNEL and not wanted.is_unsent:
        mall = str(order.channel)
        raise DomainError(
            f"{wanted.number} の {wanted.yen:,} 円は{mall}がお客様に返金したので、ここでは取り消せません。",
            way_out=f"{mall}の管理画面で返金の取消を頼んでください。{mall}がまだ返金していなければ、「まだ送っていない」を選ぶと取り消せます。",
        )


def _corrected(order: Order, wanted: Wanted, reason: str, by: Staff | None) -> str:
    """The invoice corrected, with what else was given back of it given back again. Out: a sentence."""
    invoice = billing_queries.current(order.pk)
    if invoice is None:
        return ""
    others = _other_papers(invoice, wanted)
    corrected = billing.replace(invoice, reason=reason, takes_back_credit=True, by=by)
    for asks, why, day in others:
        billing.credit(corrected, asks=asks, reason=why, returned_on=day, by=by)
    return f"{invoice.number} を {corrected.number} に訂正しました。"


def _other_papers(invoice: Invoice, wanted: Wanted) -> list[tuple[list[billing.CreditAsk], str, date]]:
    """What else was given back of the invoice (返品, another compensation): it stands, so the corrected one gives it back as well."""
    return [
        (
            [billing.CreditAsk(tax.gross_yen, 0, 1, f"{one.number} の返還", tax.rate) for tax in one.taxes.all() if tax.gross_yen],
            f"{one.reason}（{one.number} の引き継ぎ）"[:200], one.returned_on,
        )
        for one in invoice.credit_notes.prefetch_related("taxes").order_by("pk")
        if wanted.number not in one.reason
    ]  # fmt: skip


class Refund:
    """返金: what was paid goes back, with a 返還請求書."""

    def carry(self, wanted: Wanted, *, by: Staff | None) -> Carried:
        order = _order(wanted)
        way = str(wanted.details.get("way", ""))
        monthly = is_monthly(order)
        if not monthly and way not in WAYS:
            raise DomainError("返金の方法が選ばれていません。", way_out="返金の方法を選んでください。")
        note = _paper(order, wanted, by)
        given = pay_back(
            order, refund=wanted.yen, kept=0, way=way, key=f"complaint:{wanted.number}", note=f"クレーム {wanted.number}", by=by
        )  # fmt: skip
        if monthly:
            return Carried(note, f"返還請求書 {note}。次の合計請求書で差し引きます。")
        told = RefundWay(way).label
        said = f"返還請求書 {note}。" if note else ""
        if given.forgiven_yen:
            said += f"未入金のうち {given.forgiven_yen:,} 円を請求から外しました。"
        return Carried(note, said + (f"{given.refunded_yen:,} 円を{told}。" if given.refunded_yen else ""))

    def undo(self, wanted: Wanted, document: str, *, reason: str, by: Staff | None) -> str:
        return _take_back(_order(wanted), wanted, document, reason=reason, by=by)


class Discount:
    """値引: before the invoice the order's amount is lowered, afterwards a 返還請求書 takes it off what is still owed."""

    def carry(self, wanted: Wanted, *, by: Staff | None) -> Carried:
        order = _order(wanted)
        if order.state not in order_queries.LEFT and billing_queries.current(order.pk) is None:
            return self._lower(order, wanted, by)
        owed = order.total_yen - order.paid_yen
        if not is_monthly(order) and (order.payment_settled or owed < wanted.yen):
            raise DomainError(
                f"{order.number} でまだいただいていない金額は {0 if order.payment_settled else max(owed, 0):,} 円です。",
                way_out="お支払い済みの分は「返金」を選んでください。",
            )
        note = _paper(order, wanted, by)
        pay_back(
            order, refund=wanted.yen, kept=0, way=RefundWay.TRANSFER, key=f"complaint:{wanted.number}",
            note=f"クレーム {wanted.number}", by=by,
        )  # fmt: skip
        return Carried(note, f"返還請求書 {note} で、いただく金額を {wanted.yen:,} 円下げました。")

    def _lower(self, order: Order, wanted: Wanted, by: Staff | None) -> Carried:
        amounts = {"discount_yen": order.discount_yen + wanted.yen}
        orders.correct_amounts(order.pk, amounts=amounts, reason=f"クレームの値引 {wanted.number}", by=by)
        return Carried(order.number, f"{order.number} のご請求を {wanted.yen:,} 円値引しました。")

    def undo(self, wanted: Wanted, document: str, *, reason: str, by: Staff | None) -> str:
        order = _order(wanted)
        if document != order.number:
            return _take_back(order, wanted, document, reason=reason, by=by)
        if order.state in order_queries.LEFT or billing_queries.current(order.pk) is not None:
            raise DomainError(
                f"{order.number} は出荷済みか請求済みのため、値引を取り消せません。",
                way_out="お客様に説明のうえ、新しい請求で直してください。",
            )
        amounts = {"discount_yen": order.discount_yen - wanted.yen}
        orders.correct_amounts(order.pk, amounts=amounts, reason=f"値引の取消 {wanted.number}", by=by)
        return f"{order.number} の値引を戻しました。"


class Reship:
    """再送: an order of 0 yen to the same address. `details["lines"]`: {order line: pieces}."""

    def carry(self, wanted: Wanted, *, by: Staff | None) -> Carried:
        old = _order(wanted)
        wish: Mapping[str, int] = wanted.details.get("lines", {})
        lines = self._lines(old, wish)
        entry = orders.Entry(
            buyer_of(old), recipient(old, None), lines, payment="points", is_settled=True, number=wanted.number,
            shop_note=f"クレーム {wanted.complaint}（{old.number}）の再送。代金はいただきません。",
        )  # fmt: skip
        made = orders.enter(entry, by=by, now=clock.now())
        orders.note_invoice_not_needed([made.pk], by=by)
        pieces = sum(line.quantity for line in lines)
        return Carried(made.number, f"再送の受注 {made.number}（{pieces} 点）を作りました。")

    def _lines(self, old: Order, wish: Mapping[str, int]) -> Sequence[orders.EntryLine]:
        found = []
        for line in old.lines.all():
            pieces = int(wish.get(str(line.pk), 0))
            if not pieces:
                continue
            if line.sku_id is None or not 0 < pieces <= line.quantity:
                raise DomainError(
                    f"「{line.name}」は {pieces} 点を再送できません。",
                    way_out=f"{line.quantity} 点までにしてください。",
                )
            found.append(orders.EntryLine(line.sku_id, pieces, 0))
        if not found:
            raise DomainError("再送する商品がありません。", way_out="商品と数を選んでください。")
        return found

    def undo(self, wanted: Wanted, document: str, *, reason: str, by: Staff | None) -> str:
        made = order_queries.by_number(document)
        if made is not None and made.state != OrderState.CANCELLED:
            orders.cancel(
                made.pk, reason=f"再送の取消 {wanted.number}: {reason}"[:200], refunded_by_channel=True, by=by
            )
        return f"再送の受注 {document} を取り消しました。"


class Coupon:
    """クーポン: a code of one use, given to this customer."""

    def carry(self, wanted: Wanted, *, by: Staff | None) -> Carried:
        code = str(wanted.details.get("coupon", ""))
        worth = {one: yen for one, _, yen in marketing.coupons_to_give()}.get(code)
        if worth != wanted.yen:
            raise DomainError("このクーポンは渡せません。", way_out="クーポンを選び直してください。")
        given = coupons.give(code, key=f"complaint:{wanted.number}", customer_id=_customer(wanted))
        return Carried(given, f"クーポンコード {given} をお客様に伝えてください。")

    def undo(self, wanted: Wanted, document: str, *, reason: str, by: Staff | None) -> str:
        coupons.call_back(f"complaint:{wanted.number}")
        return f"クーポンコード {document} を使えなくしました。"


class Points:
    """ポイント: one point is one yen."""

    def carry(self, wanted: Wanted, *, by: Staff | None) -> Carried:
        key = f"complaint:{wanted.number}"
        points.give(_customer(wanted), wanted.yen, key=key, note=f"クレーム {wanted.number} のお詫び", by=by)
        return Carried("", f"{wanted.yen:,} ポイントを付けました。")

    def undo(self, wanted: Wanted, document: str, *, reason: str, by: Staff | None) -> str:
        told = f"クレーム {wanted.number} のポイントの取消: {reason}"[:200]
        points.correct(
            _customer(wanted), -wanted.yen, reason=told, key=f"complaint:{wanted.number}:undo", by=by
        )
        return f"{wanted.yen:,} ポイントを戻しました。"
