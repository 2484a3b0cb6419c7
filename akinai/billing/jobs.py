"""まとめて処理 of billing: hundreds of invoices issued or sent by a worker, in pieces that may be repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from akinai.billing import archive, services
from akinai.billing.models import ClosingRun, Invoice, Statement
from akinai.core import long_jobs
from akinai.core.errors import DomainError
from akinai.core.long_jobs import Kind, Outcome
from akinai.party import queries as party

if TYPE_CHECKING:
    from akinai.staff.models import Staff

ISSUE, SEND, CLOSE = "billing.issue", "billing.send", "billing.close"
SEND_STATEMENTS = "billing.send_statements"
ZIP = "billing.zip"
AT_ONCE = 20  # so many a request does itself


def issue(order_ids: Sequence[int], options: Mapping[str, Any], by: Staff | None) -> Outcome:
    """請求書の発行."""
    issued_on = date.fromisoformat(options["issued_on"])
    result = services.issue_what_can_be(order_ids, issued_on=issued_on, by=by)
    counts = {
        "発行": len(result.invoices),
        "発行済み": len(result.existing),
        "モールが発行": len(result.not_needed),
    }
    return Outcome(counts, [(one.number, f"{one.reason}{one.way_out}") for one in result.refused])


def send(invoice_ids: Sequence[int], options: Mapping[str, Any], by: Staff | None) -> Outcome:
    """請求書のメール送付."""
    return _sent(list(Invoice.objects.filter(pk__in=invoice_ids).select_related("order").order_by("pk")), by)


def send_statements(statement_ids: Sequence[int], options: Mapping[str, Any], by: Staff | None) -> Outcome:
    """合計請求書のメール送付."""
    return _sent(
        list(Statement.objects.filter(pk__in=statement_ids).select_related("customer").order_by("pk")), by
    )


def _sent(found: Sequence[Invoice | Statement], by: Staff | None) -> Outcome:
    queued, refused = services.send_many(found, by=by)
    counts = {"送信待ちに入れた": queued, "すでに送信待ち": len(found) - queued - len(refused)}
    return Outcome(counts, refused)


def close(customer_ids: Sequence[int], options: Mapping[str, Any], by: Staff | None) -> Outcome:
    """締め処理: a statement for each of these customers. Refusals name the customer."""
    run = ClosingRun.objects.get(pk=options["run"])
    counts = {"締めた": 0, "請求なし": 0}
    refused = []
    for pk in customer_ids:
        try:
            made = services.close(run, pk, by=by)
            counts["締めた" if made else "請求なし"] += 1
        except DomainError as refusal:
            customer = party.customer_by_id(pk)
            refused.append((customer.number if customer else str(pk), f"{refusal.message}{refusal.way_out}"))
    return Outcome(counts, refused)


def register() -> None:
    long_jobs.register(Kind(ISSUE, "請求書の発行", issue, permission="billing.add_invoice", piece=20))
    long_jobs.register(
        Kind(SEND, "請求書のメール送付", send, permission="billing.add_paperdelivery", piece=50)
    )
    long_jobs.register(
        Kind(
            SEND_STATEMENTS,
            "合計請求書のメール送付",
            send_statements,
            permission="billing.add_paperdelivery",
            piece=50,
        )
    )
    long_jobs.register(
        Kind(ZIP, "書類のZIP", archive.pack, "billing.view_documententry", piece=200, finish=archive.join)
    )
    long_jobs.register(Kind(CLOSE, "締め処理", close, permission="billing.add_statement", piece=5))
