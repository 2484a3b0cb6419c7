"""締め処理: once a month every customer of a closing day gets one statement over all papers not billed yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from akinai.billing import papers, ports
from akinai.billing import terms as days
from akinai.billing.errors import NotInvoiceable
from akinai.billing.models import (
    BilledItem,
    BillingTerms,
    ClosingRun,
    CreditNote,
    CreditNoteLine,
    CreditNoteTax,
    Invoice,
    InvoiceLine,
    InvoiceTax,
    Statement,
    StatementLine,
    StatementTax,
    StatementVoid,
)
from akinai.billing.queries.statements import LIVE, billed_orders, orders_on_statement
from akinai.billing.rules import Line, recipient_name
from akinai.billing.services.credit import line_of
from akinai.billing.services.issue import company_or_refuse, issue_what_can_be, lock_papers
from akinai.billing.terms import Paper, StatementDraft, draft_statement
from akinai.core import activity, clock, events, numbering
from akinai.core import paper_store as store
from akinai.core.kana import search_key
from akinai.core.tax import RateTotal, Rounding
from akinai.orders import queries as orders
from akinai.orders.states import PaymentKind, Progress
from akinai.party import queries as party

if TYPE_CHECKING:
    from akinai.party.models import Company
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Foreseen:
    """締めの下見 of one customer: what his statement would say, or why there is none."""

    terms: BillingTerms
    draft: StatementDraft
    closed_on: date
    existing: Statement | None = None
    waiting: int = 0  # shipped orders of the period that have no paper yet; the closing issues them first

    @property
    def due_on(self) -> date:
        return days.due_of(self.terms, self.closed_on)


def foresee(closing_day: int, closed_on: date, customer_ids: Collection[int] | None = None) -> list[Foreseen]:
    """締めの下見: nothing is written. A few queries for any number of customers."""
    found = monthly_terms(closing_day, closed_on, customer_ids)
    ids = [terms.customer_id for terms in found]
    unbilled = _unbilled(found, closed_on)
    latest = _latest(ids)
    billed = billed_orders(ids)
    for customer, items in unbilled.items():
        billed.setdefault(customer, set()).update(paper.order_id for paper in items)
    received = ports.received({pk: billed.get(pk, set()) for pk in ids})
    asked = _billed_yen(ids)
    waiting = _without_paper(found, closed_on)
    rounding = Rounding(party.company().tax_rounding)
    made = []
    for terms in found:
        pk = terms.customer_id
        last = latest.get(pk)
        previous = last.asked_yen if last else 0
        carried = asked.get(pk, 0) - received.get(pk, 0)
        draft = draft_statement(
            unbilled.get(pk, ()), previous_yen=previous, received_yen=previous - carried, rounding=rounding
        )
        existing = last if last and last.closed_on >= closed_on else None
        made.append(Foreseen(terms, draft, closed_on, existing, len(waiting.get(pk, ()))))
    return made


def monthly_terms(
    closing_day: int, closed_on: date, customer_ids: Collection[int] | None = None
) -> list[BillingTerms]:
    """請求条件 of the customers this closing is for (of these only), by kana."""
    rows = BillingTerms.objects.filter(
        cycle=BillingTerms.Cycle.MONTHLY, closing_day=closing_day, since__lte=closed_on
    )
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=customer_ids)
    return list(rows.select_related("customer").order_by("customer__kana", "customer_id"))


def start(closing_day: int, closed_on: date, *, by: Staff | None) -> ClosingRun:
    """締め処理の記録: one row for a closing day and month, however often it is run. Raises NotInvoiceable too early."""
    if closed_on > days.last_closing(closing_day, clock.today()):
        raise NotInvoiceable(
            f"{closed_on:%Y/%m/%d} はまだ終わっていません。",
            way_out="締め日の翌日から締められます。",
        )
    run, _ = ClosingRun.objects.get_or_create(
        closing_day=closing_day, closed_on=closed_on, defaults={"started_by": by}
    )
    return run


@transaction.atomic
def close(run: ClosingRun, customer_id: int, *, by: Staff | None) -> Statement | None:
    """締める: one customer's statement. None when there is nothing to say; the same one when it was closed before.

    Shipped orders that have no paper yet get theirs first. Two who close at once wait for each other, and the UNIQUE
    columns of BilledItem would refuse the second one a paper that the first has taken.
    """
    lock_papers()
    terms = monthly_terms(run.closing_day, run.closed_on, [customer_id])
    if not terms:
        raise NotInvoiceable(
            "請求条件が変わったため、この締めの対象ではなくなりました。",
            way_out="締めの画面を開き直してください。",
        )
    if waiting := _without_paper(terms, run.closed_on).get(customer_id):
        _issue_missing(waiting, by=by)
    (seen,) = foresee(run.closing_day, run.closed_on, [customer_id])
    if seen.existing:
        return seen.existing if seen.existing.closed_on == run.closed_on else None
    return _write(run, seen, by=by) if seen.draft.says_something else None


def _issue_missing(order_ids: Sequence[int], *, by: Staff | None) -> None:
    """The papers of the period that nobody has issued. One that cannot be issued stops the closing of its customer."""
    result = issue_what_can_be(order_ids, by=by)
    if result.refused:
        first = result.refused[0]
        raise NotInvoiceable(f"{first.number}: {first.reason}", way_out=first.way_out)


def _write(run: ClosingRun, seen: Foreseen, *, by: Staff | None) -> Statement:
    now = clock.now()
    company = company_or_refuse()
    statement = _row(run, seen, company, by)
    statement.issued_at, statement.issued_on = now, timezone.localdate(now)
    statement.number = numbering.take_gapless("statement", on=statement.issued_on)
    statement.search_text = _search_text(statement)
    details = _details(seen.draft)
    pdf = papers.statement_pdf(statement, seen.draft, details=details, bank_text=company.bank_text)
    statement.pdf_sha256 = store.keep(pdf)
    statement.save(force_insert=True)
    _write_lines(statement, seen.draft)
    activity.record(statement, "issue", by=by, summary=f"{run}・{len(seen.draft.papers)} 件")
    activity.record(
        statement.customer, "statement", by=by, summary=f"{statement.number} {statement.asked_yen:,} 円"
    )
    events.emit("statement.issued", statement_id=statement.pk, order_ids=orders_on_statement(statement.pk))
    return statement


def _row(run: ClosingRun, seen: Foreseen, company: Company, by: Staff | None) -> Statement:
    terms, customer, draft = seen.terms, seen.terms.customer, seen.draft
    is_qualified = terms.invoice_is == BillingTerms.Qualified.MONTHLY and bool(company.registration_number)
    earlier = (
        Statement.objects.filter(customer=customer, closed_on=run.closed_on).order_by("-edition").first()
    )
    return Statement(
        customer=customer, run=run, closed_on=run.closed_on, terms=terms.sentence,
        period_from=days.period_from(run.closed_on, run.closing_day),
        edition=earlier.edition + 1 if earlier else 1,
        previous=Statement.objects.filter(LIVE, customer=customer).order_by("-closed_on", "-edition").first(),
        recipient_name=terms.recipient_name or recipient_name(company=customer.company, name=customer.name),
        recipient_address=papers.address_of(customer.postal_code, customer.address),
        issuer=party.issuer_of(company), is_qualified=is_qualified, issued_by=by, rounding=company.tax_rounding,
        previous_yen=draft.previous_yen, received_yen=draft.received_yen, carried_yen=draft.carried_yen,
        net_yen=draft.net_yen, tax_yen=draft.tax_yen, total_yen=draft.total_yen, asked_yen=draft.asked_yen,
        due_on=seen.due_on,
    )  # fmt: skip


def _details(draft: StatementDraft) -> dict[str, list[Line]]:
    """伝票番号 → its lines, two queries."""
    found: dict[str, list[Line]] = defaultdict(list)
    invoices = InvoiceLine.objects.filter(invoice_id__in=[p.invoice_id for p in draft.papers if p.invoice_id])
    notes = CreditNoteLine.objects.filter(
        credit_note_id__in=[p.credit_note_id for p in draft.papers if p.credit_note_id]
    )
    for row in invoices.select_related("invoice").order_by("invoice_id", "line_no"):
        found[row.invoice.number].append(line_of(row))
    for note_row in notes.select_related("credit_note").order_by("credit_note_id", "line_no"):
        found[note_row.credit_note.number].append(line_of(note_row))
    return found


def _write_lines(statement: Statement, draft: StatementDraft) -> None:
    common: list[dict[str, Any]] = [
        {"order_id": p.order_id, "invoice_id": p.invoice_id, "credit_note_id": p.credit_note_id, "amount_yen": p.amount_yen}
        for p in draft.papers
    ]  # fmt: skip
    BilledItem.objects.bulk_create(
        [BilledItem(statement=statement, customer_id=statement.customer_id, **one) for one in common]
    )
    StatementLine.objects.bulk_create(
        [
            StatementLine(statement=statement, line_no=no, on=paper.on, number=paper.number, **one)
            for no, (paper, one) in enumerate(zip(draft.papers, common, strict=True), start=1)
        ]
    )
    StatementTax.objects.bulk_create(
        [StatementTax(statement=statement, **asdict(total)) for total in draft.taxes]
    )


def _search_text(statement: Statement) -> str:
    customer = statement.customer
    words = (
        statement.recipient_name,
        customer.name,
        customer.kana,
        customer.company,
        customer.number,
        statement.number,
    )
    return search_key(" ".join(dict.fromkeys(word for word in words if word)))


@transaction.atomic
def make_void(statement: Statement, *, reason: str, by: Staff | None) -> StatementVoid:
    """合計請求書の取消: its papers wait for the next closing. Only the newest one of a customer, because the later ones
    carry its balance on. Raises NotInvoiceable."""
    lock_papers()
    if not reason.strip():
        raise NotInvoiceable("取り消す理由がありません。", way_out="理由を入力してください。")
    if StatementVoid.objects.filter(statement=statement).exists():
        raise NotInvoiceable(
            f"{statement.number} はすでに取り消されています。", way_out="画面を開き直してください。"
        )
    later = Statement.objects.filter(LIVE, customer=statement.customer_id, pk__gt=statement.pk).first()
    if later:
        raise NotInvoiceable(
            f"{statement.number} のあとに {later.number} を発行しているため、取り消せません。",
            way_out=f"先に {later.number} を取り消すか、返還請求書で直してください。",
        )
    made = StatementVoid.objects.create(statement=statement, reason=reason.strip()[:200], by=by)
    BilledItem.objects.filter(statement=statement).delete()
    activity.record(statement, "void", by=by, summary=made.reason)
    return made


# What is not billed yet -------------------------------------------------------------------------------------------


def _unbilled(found: Sequence[BillingTerms], closed_on: date) -> dict[int, list[Paper]]:
    """顧客 → papers up to the closing day that no statement has."""
    since = {terms.customer_id: terms.since for terms in found}
    made: dict[int, list[Paper]] = defaultdict(list)
    invoices = Invoice.objects.filter(
        customer_id__in=since,
        billed=None,
        transaction_on__lte=closed_on,
        order__payment=PaymentKind.CREDIT_TERMS,
    )
    for row in (
        invoices.select_related("order")
        .defer("issuer", "search_text", "search_grams")
        .prefetch_related("taxes")
    ):
        if row.customer_id and row.transaction_on >= since[row.customer_id]:
            made[row.customer_id].append(
                Paper(row.number, row.transaction_on, row.order_id, 1, row.total_yen, _totals(row.taxes.all()),
                      row.kind == Invoice.Kind.SLIP, invoice_id=row.pk, order_no=row.order.channel_order_no)
            )  # fmt: skip
    notes = CreditNote.objects.filter(
        customer_id__in=since,
        billed=None,
        returned_on__lte=closed_on,
        order__payment=PaymentKind.CREDIT_TERMS,
    )
    for note in notes.select_related("order", "invoice").defer("issuer").prefetch_related("taxes"):
        if note.customer_id and note.original_on >= since[note.customer_id]:
            made[note.customer_id].append(
                Paper(note.number, note.returned_on, note.order_id, -1, note.total_yen, _totals(note.taxes.all()),
                      note.invoice.kind == Invoice.Kind.SLIP, credit_note_id=note.pk, order_no=note.order.channel_order_no)
            )  # fmt: skip
    return made


def _totals(rows: Collection[InvoiceTax | CreditNoteTax]) -> tuple[RateTotal, ...]:
    return tuple(RateTotal(t.rate, t.net_yen, t.tax_yen, t.gross_yen) for t in rows)


def _latest(customer_ids: Collection[int]) -> dict[int, Statement]:
    rows = (
        Statement.objects.filter(LIVE, customer_id__in=list(customer_ids))
        .order_by("customer_id", "-closed_on", "-edition")
        .distinct("customer_id")
    )
    return {row.customer_id: row for row in rows}


def _billed_yen(customer_ids: Collection[int]) -> dict[int, int]:
    """顧客 → everything ever asked for on statements that are not void."""
    rows = Statement.objects.filter(LIVE, customer_id__in=list(customer_ids)).order_by()
    return dict(
        rows.values("customer_id").annotate(total=Sum("total_yen")).values_list("customer_id", "total")
    )


def _without_paper(found: Sequence[BillingTerms], closed_on: date) -> dict[int, list[int]]:
    """顧客 → 掛け orders shipped in the period that have no invoice or slip."""
    since = {terms.customer_id: terms.since for terms in found}
    made: dict[int, list[int]] = defaultdict(list)
    rows = orders.unfinished("shipped_not_invoiced").filter(
        Q(customer_id__in=since) & Q(payment=PaymentKind.CREDIT_TERMS) & Q(invoice_progress=Progress.NONE)
    )
    for pk, customer, at in rows.values_list("pk", "customer_id", F("shipped_at")):
        day = timezone.localdate(at)
        if since[customer] <= day <= closed_on:
            made[customer].append(pk)
    return made
