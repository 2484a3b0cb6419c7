"""請求書の発行: shipped orders become invoices, gapless numbers, immutable rows and files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from akinai.billing import papers, queries, rules
from akinai.billing.errors import NotInvoiceable
from akinai.billing.models import BillingTerms, Invoice, InvoiceLine, InvoiceTax
from akinai.billing.rules import Charges, Draft, Line, MallTax
from akinai.billing.terms import due_of_sale
from akinai.core import activity, clock, events, numbering
from akinai.core import paper_store as store
from akinai.core.activity import Fact
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.kana import search_key
from akinai.core.tax import Rounding, rates_on
from akinai.orders import queries as order_queries
from akinai.orders import services as orders
from akinai.orders.states import OrderState, PaymentKind, Progress
from akinai.party import queries as party
from akinai.shipping import queries as shipping

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.party.models import Company
    from akinai.staff.models import Staff

MONTHLY_NOTE = "月締めの合計請求書でお支払いください。"
GONE = (OrderState.SHIPPED, OrderState.COMPLETED)
BY_TRANSFER = (PaymentKind.BANK_TRANSFER, PaymentKind.CREDIT_TERMS)


@dataclass(frozen=True, slots=True)
class Refused:
    """An order that got no invoice, and why."""

    number: str
    reason: str
    way_out: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """発行の結果. `existing` had an invoice before; `not_needed` are invoiced by their mall."""

    invoices: tuple[Invoice, ...]
    existing: tuple[Invoice, ...] = ()
    not_needed: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()


def issue(order_ids: Sequence[int], *, issued_on: date | None = None, by: Staff | None) -> list[Invoice]:
    """請求書の発行, all or nothing. Orders that have their invoice already give that one; asking twice is harmless.

    Orders whose mall issues the papers are marked 不要 and give none. Raises NotInvoiceable naming every order that
    cannot be invoiced; then nothing is written.
    """
    with transaction.atomic():
        result = issue_what_can_be(order_ids, issued_on=issued_on, by=by)
        if result.refused:
            first = result.refused[0]
            more = f"（ほか {len(result.refused) - 1} 件）" if len(result.refused) > 1 else ""
            raise NotInvoiceable(f"{first.number}: {first.reason}{more}", way_out=first.way_out)
    return sorted([*result.invoices, *result.existing], key=lambda invoice: invoice.order_id)


@transaction.atomic
def issue_what_can_be(order_ids: Sequence[int], *, issued_on: date | None = None, by: Staff | None) -> Issued:
    """請求書の一括発行: those that can be, in one transaction; the others are named with the reason."""
    now = clock.now()
    day = issued_on or timezone.localdate(now)
    if day > timezone.localdate(now):
        raise NotInvoiceable("発行日に未来の日付は使えません。", way_out="今日以前の日付にしてください。")
    company = company_or_refuse()
    lock_papers()
    found = order_queries.with_lines(order_ids)
    existing, answered = _invoices_of(found)
    fresh = [order for order in found if order.pk not in existing]
    elsewhere = [order for order in fresh if order.channel.issues_own_invoice]
    drafted, refused = _drafts([order for order in fresh if order not in elsewhere], company, day)
    invoices = _write(drafted, answered, company=company, issued_on=day, issued_at=now, by=by)
    if elsewhere:
        orders.note_invoice_not_needed([order.pk for order in elsewhere], by=by)
    return Issued(
        tuple(invoices), tuple(existing.values()), tuple(order.number for order in elsewhere), tuple(refused)
    )


def _invoices_of(found: Sequence[Order]) -> tuple[dict[int, Invoice], dict[int, Invoice]]:
    """(order → its invoice, order → an invoice that the new one answers).

    The second: given back in full because the shipment was taken back, and now the order has left once more.
    """
    current = {invoice.order_id: invoice for invoice in queries.current_of([order.pk for order in found])}
    anew = {order.pk for order in found if order.invoice_progress == Progress.NONE}
    answered = {pk: one for pk, one in current.items() if pk in anew and getattr(one, "is_given_back", False)}
    return {pk: one for pk, one in current.items() if pk not in answered}, answered


@transaction.atomic
def on_shipped(*, shipment_ids: list[int]) -> None:
    """Event shipment.shipped: where the mall issues the papers, nobody has to think of them. Safe to run twice."""
    found = order_queries.with_lines(shipping.order_ids(shipment_ids))
    elsewhere = [o.pk for o in found if o.channel.issues_own_invoice and o.invoice_progress == Progress.NONE]
    if elsewhere:
        orders.note_invoice_not_needed(elsewhere, by=None)
    if ours := [
        pk for pk, terms in _terms_by_order(found).items() if terms.cycle == BillingTerms.Cycle.MONTHLY
    ]:
        issue_what_can_be(ours, by=None)


def _terms_by_order(found: Sequence[Order]) -> dict[int, BillingTerms]:
    """受注 → 請求条件, of those that are paid 掛け by a customer who has some."""
    on_terms = [order for order in found if order.payment == PaymentKind.CREDIT_TERMS]
    terms = queries.terms_of({order.customer_id for order in on_terms})
    return {order.pk: terms[order.customer_id] for order in on_terms if order.customer_id in terms}


def lock_papers() -> None:
    """One at a time: numbers have no gaps, and whoever comes second must see what the first has issued."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('akinai.billing.papers'))")


def company_or_refuse() -> Company:
    """自社情報; an invoice without an issuer is none."""
    company = party.company()
    if not company.name:
        raise NotInvoiceable(
            "自社情報が登録されていません。", way_out="自社情報に事業者名と登録番号を登録してください。"
        )
    return company


type Drafted = tuple[Order, Draft]


def _drafts(found: Sequence[Order], company: Company, day: date) -> tuple[list[Drafted], list[Refused]]:
    drafted: list[Drafted] = []
    refused: list[Refused] = []
    for order in found:
        try:
            drafted.append((order, draft_of(order, company)))
        except DomainError as refusal:
            refused.append(Refused(order.number, refusal.message, refusal.way_out))
    return drafted, refused


def draft_of(order: Order, company: Company) -> Draft:
    """請求書の中身 of one order as it stands. Raises NotInvoiceable with the reason."""
    if order.state not in GONE:
        raise NotInvoiceable(
            f"状態が「{order.get_state_display()}」で、まだ出荷されていません。",
            way_out="出荷してから発行してください。",
        )
    if not order.amounts_known:
        raise NotInvoiceable(
            "金額の分からない受注です（注文データに金額がありません）。",
            way_out="モールの管理画面で発行してください。",
        )
    return rules.draft_invoice(
        charges_of(order),
        rounding=Rounding(company.tax_rounding),
        standard_rate=rates_on(transaction_day(order)).standard,
    )


def transaction_day(order: Order) -> date:
    """取引年月日: the day the goods left; orders shipped elsewhere without a day count from the order."""
    return timezone.localdate(order.shipped_at or order.ordered_at)


def charges_of(order: Order) -> Charges:
    """The order's amounts in billing's words."""
    goods = [
        Line(
            "goods",
            _name(line.name, line.options),
            line.quantity,
            line.unit_price_yen,
            line.subtotal_yen,
            line.tax_rate,
            line.price_includes_tax,
        )
        for line in order.lines.all()
        if line.quantity
    ]
    return Charges(
        goods=goods,
        total_yen=order.total_yen,
        shipping_yen=order.shipping_yen,
        cod_fee_yen=order.cod_fee_yen,
        payment_fee_yen=order.payment_fee_yen,
        wrapping_yen=order.wrapping_yen,
        discount_yen=order.discount_yen,
        points_yen=order.points_yen,
        adjustment_yen=order.adjustment_yen,
        outer_tax_yen=order.outer_tax_yen,
        mall_taxes=[
            MallTax(int(tax["rate"]), int(tax["charged_yen"]), int(tax["tax_yen"]))
            for tax in order.taxes or []
        ],
    )


def _name(name: str, options: str) -> str:
    chosen = " ".join(options.split())
    return f"{name}（{chosen}）"[:400] if chosen else name[:400]


def _write(
    drafted: Sequence[Drafted],
    answered: Mapping[int, Invoice],
    *,
    company: Company,
    issued_on: date,
    issued_at: datetime,
    by: Staff | None,
) -> list[Invoice]:
    terms = _terms_by_order([order for order, _ in drafted])
    numbers = take_numbers([kind_of(order, terms.get(order.pk)) for order, _ in drafted], issued_on)
    invoices = [
        invoice_of(
            order,
            draft,
            number,
            company=company,
            issued_on=issued_on,
            issued_at=issued_at,
            by=by,
            terms=terms.get(order.pk),
            replaces=answered.get(order.pk),
        )
        for (order, draft), number in zip(drafted, numbers, strict=True)
    ]
    save(invoices, [draft for _, draft in drafted], by=by)
    return invoices


def kind_of(order: Order, terms: BillingTerms | None) -> str:
    """請求書, or 納品書 where the monthly statement is the qualified invoice."""
    monthly = BillingTerms.Qualified.MONTHLY
    is_slip = terms and terms.cycle == BillingTerms.Cycle.MONTHLY and terms.invoice_is == monthly
    return Invoice.Kind.SLIP if is_slip else Invoice.Kind.INVOICE


def take_numbers(kinds: Sequence[str], day: date) -> list[str]:
    """A number for each paper of these kinds, each series without gaps."""
    taken = {
        kind: iter(numbering.take_gapless_many(kind, kinds.count(kind), on=day))
        for kind in dict.fromkeys(kinds)
    }
    return [next(taken[kind]) for kind in kinds]


def terms_of_order(order: Order) -> BillingTerms | None:
    """請求条件 that this order is billed by, if any."""
    return _terms_by_order([order]).get(order.pk)


def invoice_of(
    order: Order,
    draft: Draft,
    number: str,
    *,
    company: Company,
    issued_on: date,
    issued_at: datetime,
    by: Staff | None,
    terms: BillingTerms | None = None,
    recipient_name: str = "",
    recipient_address: str = "",
    replaces: Invoice | None = None,
) -> Invoice:
    """The row, with its PDF drawn and kept. Nothing is in the database yet."""
    owes = order.payment in BY_TRANSFER and order.owed_yen > 0
    day = transaction_day(order)
    due = due_of_sale(terms, day) if terms else order.payment_due_on
    is_monthly = terms is not None and terms.cycle == BillingTerms.Cycle.MONTHLY
    kind = kind_of(order, terms)
    invoice = Invoice(
        kind=kind,
        number=number,
        order=order,
        customer=order.customer,
        recipient_name=recipient_name or _recipient(order),
        recipient_address=recipient_address
        or papers.address_of(order.buyer_postal_code, order.buyer_address),
        issuer=issuer_of(company, kind),
        issued_on=issued_on,
        issued_at=issued_at,
        issued_by=by,
        rounding=company.tax_rounding,
        net_yen=draft.net_yen,
        tax_yen=draft.tax_yen,
        total_yen=draft.total_yen,
        transaction_on=day,
        due_on=due if owes else None,
        replaces=replaces,
    )
    invoice.search_text = _search_text(invoice, order)
    asked_alone = owes and not is_monthly
    notes = [
        ("お支払方法", _payment(order)),
        ("お振込先", company.bank_text if asked_alone else ""),
        ("お支払い", MONTHLY_NOTE if is_monthly else ""),
    ]
    pdf = papers.invoice_pdf(invoice, draft, order_no=order.channel_order_no, notes=notes)
    invoice.pdf_sha256 = store.keep(pdf)
    return invoice


def issuer_of(company: Company, kind: str) -> dict[str, str]:
    """A slip bears no 登録番号: the monthly statement is the qualified invoice, and there is one for a sale."""
    issuer = party.issuer_of(company)
    return issuer | {"registration_number": ""} if kind == Invoice.Kind.SLIP else issuer


def _recipient(order: Order) -> str:
    ship_name = order.ship_company or order.ship_name
    return rules.recipient_name(company=order.buyer_company, name=order.buyer_name, ship_name=ship_name)


def _search_text(invoice: Invoice, order: Order) -> str:
    """What the invoice is looked for by."""
    words = (
        invoice.recipient_name, order.buyer_name, order.buyer_kana, order.buyer_company, order.number, order.channel_order_no,
        re.sub(r"[^0-9]", "", order.buyer_phone),
    )  # fmt: skip
    return search_key(" ".join(dict.fromkeys(word for word in words if word)))


def _payment(order: Order) -> str:
    label = order.payment_label or order.get_payment_display()
    is_paid = order.payment_settled or (order.total_yen > 0 and order.owed_yen == 0)
    return f"{label}（お支払い済み）" if is_paid else label


def save(invoices: Sequence[Invoice], drafts: Sequence[Draft], *, by: Staff | None) -> None:
    """Write rows, lines and taxes set-based, tell the orders and the history."""
    Invoice.objects.bulk_create(invoices, batch_size=1000)
    pairs = list(zip(invoices, drafts, strict=True))
    InvoiceLine.objects.bulk_create(
        [InvoiceLine(invoice=invoice, **line) for invoice, draft in pairs for line in draft.numbered],
        batch_size=5000,
    )
    InvoiceTax.objects.bulk_create(
        [InvoiceTax(invoice=invoice, **rate) for invoice, draft in pairs for rate in draft.rates],
        batch_size=5000,
    )
    activity.record_many(
        [Fact(invoice, "issue", summary="　".join(draft.warnings)) for invoice, draft in pairs], by=by
    )
    if orders.note_invoiced([invoice.order_id for invoice in invoices], by=by) != len(invoices):
        raise ChangedMeanwhile(
            "発行しようとした受注の出荷が取り消されました。何も発行していません。",
            way_out="もう一度発行してください。",
        )
    slips = [invoice.order_id for invoice in invoices if invoice.kind == Invoice.Kind.SLIP]
    if slips:  # nobody sends them: they lie in the parcel, and the statement is what is sent
        orders.note_invoice_sent(slips, by=by)
    events.emit("invoice.issued", invoice_ids=[invoice.pk for invoice in invoices])
