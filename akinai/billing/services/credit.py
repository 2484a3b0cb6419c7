"""返還請求書: what is given back of an invoice, never more than it asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from akinai.billing import papers, rules
from akinai.billing.errors import NotInvoiceable
from akinai.billing.models import CreditNote, CreditNoteLine, CreditNoteTax, Invoice, InvoiceLine
from akinai.billing.rules import Draft, Line
from akinai.billing.services.issue import company_or_refuse, issuer_of, lock_papers
from akinai.core import activity, clock, events, numbering
from akinai.core import paper_store as store
from akinai.core.tax import RateTotal, Rounding

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class CreditAsk:
    """返還の指定: `amount_yen` (税込) of one invoice line, or with `line_no` 0 of a rate, under a name of its own."""

    amount_yen: int
    line_no: int = 0
    quantity: int = 1
    name: str = ""
    rate: int = 10


@transaction.atomic
def credit(
    invoice: Invoice,
    *,
    asks: Sequence[CreditAsk],
    reason: str,
    returned_on: date,
    by: Staff | None,
    issued_on: date | None = None,
) -> CreditNote:
    """返還請求書の発行. Two clerks crediting one invoice wait for each other; the database counts once more.

    Raises TooMuchCredit beyond what is left per rate, NotInvoiceable for an empty or unknown line or no reason.
    """
    lock_papers()
    lines = _asked_lines(invoice, asks)
    return _issue(invoice, lines, reason=reason, returned_on=returned_on, issued_on=issued_on, by=by)


@transaction.atomic
def credit_rest(
    invoice: Invoice, *, reason: str, returned_on: date, by: Staff | None, issued_on: date | None = None
) -> CreditNote:
    """残額の返還: everything that has not been given back, so that invoice and credit notes cancel to the yen."""
    lock_papers()
    lines = _rest_lines(invoice)
    return _issue(invoice, lines, reason=reason, returned_on=returned_on, issued_on=issued_on, by=by)


def _rest_lines(invoice: Invoice) -> list[Line]:
    """The invoice's own lines; when something was given back before, what is left of each rate."""
    if not invoice.credit_notes.exists():
        return [line_of(row) for row in invoice.lines.all()]
    return [
        Line("rest", f"残額の返還（{papers.rate_label(rate)}）", 1, left.gross_yen, left.gross_yen, rate)
        for rate, left in remaining_of(invoice).items()
        if left.gross_yen
    ]


def line_of(row: InvoiceLine | CreditNoteLine) -> Line:
    """明細 as the rules take it."""
    return Line(
        row.kind, row.name, row.quantity, row.unit_price_yen, row.amount_yen, row.tax_rate, row.includes_tax
    )


def _asked_lines(invoice: Invoice, asks: Sequence[CreditAsk]) -> list[Line]:
    """The paper's lines. A piece price is printed only where the amount is a whole multiple."""
    rows = {row.line_no: row for row in invoice.lines.all()}
    made = []
    for ask in asks:
        if not ask.amount_yen:
            continue
        row = rows.get(ask.line_no)
        if ask.line_no and row is None:
            raise NotInvoiceable(
                f"{invoice.number} に {ask.line_no} 行目はありません。", way_out="画面を開き直してください。"
            )
        if row and not 0 < ask.quantity <= row.quantity:
            raise NotInvoiceable(
                f"「{row.name}」は {row.quantity} 点です。{ask.quantity} 点は返還できません。",
                way_out="数量を直してください。",
            )
        name, rate, kind = (
            (row.name, row.tax_rate, row.kind) if row else (ask.name or "値引", ask.rate, "discount")
        )
        quantity = ask.quantity
        if ask.amount_yen % quantity:
            name, quantity = f"{name}（{quantity} 点）", 1
        made.append(Line(kind, name, quantity, ask.amount_yen // quantity, ask.amount_yen, rate))
    return made


def remaining_of(invoice: Invoice) -> dict[int, RateTotal]:
    """返還できる残り per rate."""
    return rules.remaining(_totals(invoice), _credited(invoice))


def _totals(invoice: Invoice) -> list[RateTotal]:
    return [RateTotal(t.rate, t.net_yen, t.tax_yen, t.gross_yen) for t in invoice.taxes.all()]


def _credited(invoice: Invoice) -> list[RateTotal]:
    rows = (
        CreditNoteTax.objects.filter(credit_note__invoice=invoice)
        .values("rate")
        .annotate(net=Sum("net_yen"), tax=Sum("tax_yen"), gross=Sum("gross_yen"))
    )
    return [RateTotal(row["rate"], row["net"], row["tax"], row["gross"]) for row in rows]


def draft_for(invoice: Invoice, asks: Sequence[CreditAsk]) -> Draft:
    """What the credit note would say, for the preview."""
    return _draft(invoice, _asked_lines(invoice, asks))


def draft_of_rest(invoice: Invoice) -> Draft:
    """What the credit note over the whole rest would say, for the preview."""
    return _draft(invoice, _rest_lines(invoice))


def _draft(invoice: Invoice, lines: Sequence[Line]) -> Draft:
    return rules.draft_credit(
        lines, invoiced=_totals(invoice), credited=_credited(invoice), rounding=Rounding(invoice.rounding)
    )


def _issue(
    invoice: Invoice,
    lines: Sequence[Line],
    *,
    reason: str,
    returned_on: date,
    issued_on: date | None,
    by: Staff | None,
) -> CreditNote:
    now = clock.now()
    day = issued_on or timezone.localdate(now)
    if not reason.strip():
        raise NotInvoiceable(
            "返還の理由が入力されていません。", way_out="返品・値引などの理由を入力してください。"
        )
    draft = _draft(invoice, lines)
    note = _row(invoice, draft, reason=reason.strip()[:200], returned_on=returned_on, issued_on=day)
    note.issued_at, note.issued_by = now, by
    note.pdf_sha256 = store.keep(papers.credit_pdf(note, draft, order_no=invoice.order.channel_order_no))
    note.save(force_insert=True)
    _save_lines(note, draft)
    activity.record(note, "issue", by=by, summary=f"{invoice.number} の返還: {note.reason}")
    summary = f"{note.number} で {note.total_yen:,} 円を返還: {note.reason}"
    activity.record(invoice, "credit", by=by, summary=summary)
    events.emit("credit_note.issued", credit_note_id=note.pk)
    return note


def _row(invoice: Invoice, draft: Draft, *, reason: str, returned_on: date, issued_on: date) -> CreditNote:
    """The paper under its number, in the words of the invoice it answers; not written yet."""
    return CreditNote(
        number=numbering.take_gapless("credit_note", on=issued_on),
        invoice=invoice,
        order_id=invoice.order_id,
        customer_id=invoice.customer_id,
        recipient_name=invoice.recipient_name,
        recipient_address=invoice.recipient_address,
        issuer=issuer_of(company_or_refuse(), invoice.kind),
        issued_on=issued_on,
        rounding=invoice.rounding,
        net_yen=draft.net_yen,
        tax_yen=draft.tax_yen,
        total_yen=draft.total_yen,
        reason=reason,
        returned_on=returned_on,
        original_on=invoice.transaction_on,
    )


def _save_lines(note: CreditNote, draft: Draft) -> None:
    CreditNoteLine.objects.bulk_create([CreditNoteLine(credit_note=note, **line) for line in draft.numbered])
    CreditNoteTax.objects.bulk_create([CreditNoteTax(credit_note=note, **rate) for rate in draft.rates])


def suggestions(invoice: Invoice) -> dict[int, int]:
    """返還額の目安 (税込) per line number: a line with its share of cuts and of 外税 at its rate."""
    lines = {row.line_no: line_of(row) for row in invoice.lines.all()}
    return rules.after_cuts(lines)
