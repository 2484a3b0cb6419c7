"""再送: goods that never came, or came wrong, leave once more without any coming back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.support.complaint_states import Severity
from akinai.support.models import Compensation, Complaint, ComplaintCause, Ticket
from akinai.support.services import compensation, complaints
from akinai.support.services.compensation import Ask

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def reship(ticket: Ticket, cause: ComplaintCause, ask: Ask, *, by: Staff) -> Compensation:
    """再送する. It is recorded as a complaint of its cause, so it is counted, bounded by the order and above the limit approved by another.

    Raises DomainError as `complaints.open_complaint` and `compensation.ask` do.
    """
    known = Complaint.objects.filter(ticket=ticket).first()
    if known is None:
        told = complaints.Told(Severity.LIGHT, cause.pk, cause.side, ask.order_id, facts=ask.reason)
        known = complaints.open_complaint(ticket, told, by=by)
    return compensation.ask(known, ask, by=by)
