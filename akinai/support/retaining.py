"""保存期間 of the desk: tickets that ended long ago, what was none, and mails of machines."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from akinai.party import erasing
from akinai.party.erasing import GONE
from akinai.party.ports import Timer, register_need, register_timer
from akinai.support.complaint_states import LIVE, CompensationState
from akinai.support.erasing import blank_receipts, of_tickets
from akinai.support.models import Compensation, Complaint, MailReceipt, Ticket
from akinai.support.states import ENDED, ReceiptOutcome, TicketState

MACHINES = (ReceiptOutcome.BOUNCE, ReceiptOutcome.AUTO, ReceiptOutcome.IGNORED, ReceiptOutcome.REFUSED)


def _settled() -> QuerySet[Ticket]:
    """Tickets with words whose complaint, where there is one, is over."""
    live = Complaint.objects.filter(ticket=OuterRef("pk"), state__in=LIVE)
    waiting = Compensation.objects.filter(complaint__ticket=OuterRef("pk"), state=CompensationState.WAITING)
    return Ticket.objects.exclude(subject=GONE).filter(~Exists(live), ~Exists(waiting))


def _ended(before: datetime) -> QuerySet[Ticket]:
    return _settled().filter(
        Q(state__in=ENDED, solved_at__lt=before)
        | Q(state=TicketState.MERGED, merged_into__state__in=ENDED, merged_into__solved_at__lt=before)
    )


def _dismissed(before: datetime) -> QuerySet[Ticket]:
    return (
        _settled()
        .filter(state=TicketState.SPAM, opened_at__lt=before)
        .filter(Q(last_in_at=None) | Q(last_in_at__lt=before))
    )


def _machines(before: datetime) -> QuerySet[MailReceipt]:
    return MailReceipt.objects.filter(erased_at=None, outcome__in=MACHINES, at__lt=before)


def _blank(rows: QuerySet[Ticket]) -> None:
    keys = list(rows.values_list("pk", flat=True))
    blank_receipts(MailReceipt.objects.filter(ticket__in=keys, erased_at=None))
    for share in of_tickets(keys):
        erasing.take(share)


def _wrote() -> Exists:
    return Exists(Ticket.objects.filter(customer=OuterRef("pk")).exclude(subject=GONE))


def register() -> None:
    register_need(_wrote)
    register_timer(Timer("tickets", "終わった問い合わせの内容・連絡先・添付・元のメール", "対応が終わり、使わなくなったもの（個人情報保護法 第22条）", 1095, _ended, _blank))  # fmt: skip
    register_timer(Timer("spam", "対象外にした問い合わせ（迷惑メールなど）", "使わないもの（個人情報保護法 第22条）", 90, _dismissed, _blank))  # fmt: skip
    register_timer(Timer("machine_mails", "問い合わせにならなかったメール（自動応答・不達・読めないもの）", "使わないもの（個人情報保護法 第22条）", 90, _machines, blank_receipts))  # fmt: skip
