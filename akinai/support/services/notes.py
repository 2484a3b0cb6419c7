"""社内メモ・電話メモ・手入力の受付."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity, clock, mail
from akinai.core.errors import DomainError
from akinai.staff import queries as staff
from akinai.support.models import CallBack, Message, Ticket
from akinai.support.services import messages, opening
from akinai.support.states import Direction, Source

if TYPE_CHECKING:
    from akinai.staff.models import Staff

MENTION = re.compile(r"[@＠]([\w.\-]{2,60})")


@transaction.atomic
def note(ticket: Ticket, text: str, *, by: Staff) -> Message:
    """社内メモ. @名前 calls a colleague: he gets a mail with the way to the ticket. Raises DomainError for an empty one."""
    told = text.strip()
    if not told:
        raise DomainError("メモが空です。", way_out="内容を書いてください。")
    message = messages.add(ticket, messages.NewMessage(Direction.NOTE, told), by=by)
    _call(ticket, message, by=by)
    return message


def _call(ticket: Ticket, message: Message, *, by: Staff) -> None:
    names = set(MENTION.findall(message.text))
    if not names:
        return
    for colleague in staff.colleagues():
        if colleague.username not in names or colleague.pk == by.pk:
            continue
        activity.record(ticket, "mention", by=by, summary=f"{colleague} を呼びました")
        if mail.is_address(colleague.email):
            mail.enqueue(
                to=colleague.email, key=f"mention:{ticket.number}:{message.pk}:{colleague.pk}",
                subject=f"{ticket.number} で呼ばれています", body=f"{by} さんが {ticket.number} のメモであなたを呼びました。",
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Call:
    """電話メモ. `call_back_at`: the moment by which we promised to call back."""

    key: str
    text: str
    phone: str = ""
    name: str = ""
    category: str = ""
    customer_id: int | None = None
    order_ids: tuple[int, ...] = ()
    call_back_at: datetime | None = None
    is_solved: bool = False


@transaction.atomic
def take_call(call: Call, *, by: Staff) -> Ticket:
    """電話を受けた: a ticket with the memo, solved at once or with the promise to call back. Raises DomainError without a word."""
    from akinai.support.services import moving

    if not call.text.strip():
        raise DomainError("用件がありません。", way_out="ひとことで構いません。")
    if call.call_back_at and call.call_back_at <= clock.now():
        raise DomainError("折り返しの時刻が過ぎています。", way_out="これからの時刻にしてください。")
    first = call.text.strip().splitlines()[0][:60]
    ticket, is_new = opening.open_ticket(
        opening.NewTicket(
            Source.PHONE, f"call:{call.key}", first, text=call.text, name=call.name, phone=call.phone,
            category=call.category, customer_id=call.customer_id, order_ids=call.order_ids, assignee_id=by.pk,
        ),
        by=by,
    )  # fmt: skip
    if not is_new:
        return ticket
    message = messages.add(ticket, messages.NewMessage(Direction.CALL, call.text.strip()), by=by)
    # We spoke with the customer: that was the first answer.
    Ticket.objects.filter(pk=ticket.pk).update(first_replied_at=message.at, last_in_at=message.at)
    if call.call_back_at:
        CallBack.objects.create(
            ticket=ticket, phone=call.phone or ticket.contact_phone, due_at=call.call_back_at, by=by
        )
        activity.record(
            ticket, "promise_call", by=by, summary=f"{call.call_back_at:%m/%d %H:%M} までに折り返し"
        )
    if call.is_solved:
        moving.solve(ticket, by=by)
    else:
        moving.begin(ticket, by=by)
    return ticket


@transaction.atomic
def called_back(promise: CallBack, outcome: str, *, by: Staff) -> None:
    """折り返した. Once: a second clerk is told that it was done."""
    done = CallBack.objects.filter(pk=promise.pk, done_at=None).update(
        done_at=clock.now(), done_by=by, outcome=outcome.strip()[:200]
    )
    if not done:
        raise DomainError("この折り返しはもう済んでいます。", way_out="画面を開き直してください。")
    text = f"{promise.phone} に折り返し。{outcome.strip()}"
    messages.add(promise.ticket, messages.NewMessage(Direction.CALL, text), by=by)
