"""まとめて処理 of billing: hundreds of invoices issued or sent by a worker, in pieces that may be repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from akinai.billing import services
from akinai.billing.models import Invoice
from akinai.core import long_jobs
from akinai.core.long_jobs import Kind, Outcome

if TYPE_CHECKING:
    from akinai.staff.models import Staff

ISSUE, SEND = "billing.issue", "billing.send"
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
    found = Invoice.objects.filter(pk__in=invoice_ids).select_related("order").order_by("pk")
    queued, refused = services.send_many(list(found), by=by)
    counts = {"送信待ちに入れた": queued, "すでに送信待ち": len(found) - queued - len(refused)}
    return Outcome(counts, refused)


def register() -> None:
    long_jobs.register(Kind(ISSUE, "請求書の発行", issue, permission="billing.add_invoice", piece=20))
    long_jobs.register(
        Kind(SEND, "請求書のメール送付", send, permission="billing.add_paperdelivery", piece=50)
    )
