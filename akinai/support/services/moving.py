"""状態を動かす: each move of a ticket sets its clocks with it, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from akinai.core import activity, clock, events, transitions
from akinai.core.errors import DomainError
from akinai.support.models import Message, MessageFile, Tag, Ticket, TicketOrder
from akinai.support.services import clocks
from akinai.support.states import CATEGORIES, CLOSED_TO_ALL, RUNNING, Priority, TicketState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

MOST_SNOOZE = timedelta(days=365)


def _held(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_for_update(no_key=True).get(pk=ticket.pk)


@transaction.atomic
def begin(ticket: Ticket, *, by: Staff | None) -> Ticket:
    """対応を始める; a ticket without an assignee becomes his."""
    held = _held(ticket)
    fields: dict[str, Any] = {} if held.assignee_id or by is None else {"assignee": by}
    return transitions.apply(held, "begin", by=by, set_fields=fields)


@transaction.atomic
def wait(ticket: Ticket, *, by: Staff | None, note: str = "") -> Ticket:
    """お客様待ち: the clock of the resolution stops."""
    held = _held(ticket)
    fields = {**clocks.stopped(held, clock.now()), "snoozed_until": None}
    return transitions.apply(held, "wait", by=by, note=note, set_fields=fields)


@transaction.atomic
def snooze(ticket: Ticket, until: datetime, *, by: Staff | None, note: str = "") -> Ticket:
    """保留 until a moment. The promise of a first answer goes on counting. Raises DomainError for a moment gone by."""
    now = clock.now()
    if not now < until <= now + MOST_SNOOZE:
        raise DomainError(
            "保留の期限は、これから 1 年のうちで選んでください。", way_out="日時を選び直してください。"
        )
    held = _held(ticket)
    fields = {**clocks.stopped(held, now), "snoozed_until": until}
    return transitions.apply(held, "snooze", by=by, note=note, set_fields=fields)


@transaction.atomic
def wake(ticket: Ticket, *, by: Staff | None, note: str = "") -> Ticket:
    """対応中に戻す: the clock goes on with what was left."""
    held = _held(ticket)
    fields = {**clocks.running(held, clock.now()), "snoozed_until": None}
    return transitions.apply(held, "wake", by=by, note=note, set_fields=fields)


@transaction.atomic
def solve(ticket: Ticket, *, by: Staff | None, note: str = "") -> Ticket:
    """解決."""
    held, now = _held(ticket), clock.now()
    fields = {**clocks.stopped(held, now), "solved_at": now, "snoozed_until": None}
    moved = transitions.apply(held, "solve", by=by, note=note, set_fields=fields)
    events.emit("support.ticket_solved", ticket_id=held.pk, key=held.key)
    return moved


@transaction.atomic
def reopen(ticket: Ticket, *, by: Staff | None, note: str = "") -> Ticket:
    """再開: it was not over."""
    held = _held(ticket)
    fields = {**clocks.running(held, clock.now()), "solved_at": None, "closed_at": None}
    moved = transitions.apply(held, "reopen", by=by, note=note, set_fields=fields)
    events.emit("support.ticket_reopened", ticket_id=held.pk, key=held.key)
    return moved


def close(ticket: Ticket, *, by: Staff | None) -> Ticket:
    """完了."""
    return transitions.apply(ticket, "close", by=by, set_fields={"closed_at": clock.now()})


@transaction.atomic
def dismiss(ticket: Ticket, *, by: Staff | None, note: str = "") -> Ticket:
    """対象外 (advertising, a wrong address)."""
    held = _held(ticket)
    return transitions.apply(
        held,
        "dismiss",
        by=by,
        note=note,
        set_fields={**clocks.stopped(held, clock.now()), "snoozed_until": None},
    )


@transaction.atomic
def assign(ticket: Ticket, assignee: Staff | None, *, by: Staff | None) -> None:
    """担当を決める."""
    Ticket.objects.filter(pk=ticket.pk).update(assignee=assignee)
    ticket.assignee = assignee
    activity.record(ticket, "assign", by=by, summary=f"担当: {assignee}" if assignee else "担当を外した")


@transaction.atomic
def set_priority(ticket: Ticket, priority: int, *, by: Staff | None) -> None:
    """優先度を変える: the promise is made anew from the moment the ticket came."""
    _promise_anew(_held(ticket), priority=priority)
    activity.record(ticket, "set_priority", by=by, summary=f"優先度: {Priority(priority).label}")


@transaction.atomic
def set_category(ticket: Ticket, category: str, *, by: Staff | None) -> None:
    """種類を決める: the promise is made anew, as by the priority. Raises DomainError for a kind that is none."""
    if category not in CATEGORIES:
        raise DomainError("その種類はありません。", way_out="一覧から選んでください。")
    _promise_anew(_held(ticket), category=category)
    activity.record(ticket, "set_category", by=by, summary=f"種類: {CATEGORIES[category]}")


def _promise_anew(held: Ticket, **fields: Any) -> None:
    """These columns, and while our clock runs the promise that goes with them."""
    if held.state in RUNNING:
        priority, category = fields.get("priority", held.priority), fields.get("category", held.category)
        told = clocks.promise(held.source, priority, category, held.opened_at)
        fields |= {
            "first_reply_due": told.first_reply_due, "first_reply_minutes": told.first_reply_minutes,
            "resolution_due": told.resolution_due, "resolution_minutes": told.resolution_minutes,
        }  # fmt: skip
    Ticket.objects.filter(pk=held.pk).update(**fields)


@transaction.atomic
def set_tags(ticket: Ticket, tags: Sequence[Tag], *, by: Staff | None) -> None:
    """タグを付ける: these and no others."""
    ticket.tags.set(tags)
    activity.record(ticket, "set_tags", by=by, summary="、".join(tag.name for tag in tags) or "タグなし")


@transaction.atomic
def merge(gone: Ticket, kept: Ticket, *, by: Staff | None) -> Ticket:
    """統合: the thread of `gone` is copied to `kept`, which goes on. Raises DomainError for two different customers."""
    first, second = sorted((gone.pk, kept.pk))
    rows = (
        Ticket.objects.select_for_update(no_key=True).filter(pk__in=[first, second]).order_by("pk").in_bulk()
    )
    source, target = rows[gone.pk], rows[kept.pk]
    _check_merge(source, target)
    told = set(target.messages.exclude(act_key="").values_list("act_key", flat=True))
    for message in source.messages.order_by("at", "pk"):
        if message.act_key not in told:  # what was done for one order is told once
            copy_message(message, target)
    links = [
        TicketOrder(ticket=target, order_id=link.order_id, reason=link.reason)
        for link in source.order_links.all()
    ]
    TicketOrder.objects.bulk_create(links, ignore_conflicts=True)
    if target.customer_id is None and source.customer_id:
        Ticket.objects.filter(pk=target.pk).update(customer_id=source.customer_id)
    fields = {"merged_into": target, "snoozed_until": None, "solved_at": None}
    moved = transitions.apply(source, "merge", by=by, note=f"{target.number} に統合", set_fields=fields)
    activity.record(target, "take_in", by=by, summary=f"{source.number} を統合")
    return moved


def _check_merge(source: Ticket, target: Ticket) -> None:
    if source.pk == target.pk or target.state in CLOSED_TO_ALL:
        raise DomainError(
            "この問い合わせには統合できません。", way_out="対応中の問い合わせを選んでください。"
        )
    if source.customer_id and target.customer_id and source.customer_id != target.customer_id:
        raise DomainError(
            f"{source.number} と {target.number} はお客様が違います。",
            way_out="同じ方なら、先に顧客の名寄せをしてください。",
        )


def copy_message(message: Message, target: Ticket) -> Message:
    """A copy of a row of another thread, saying where it came from. Files are named by their digest and need no copy."""
    copy = Message.objects.create(
        ticket=target, direction=message.direction, at=message.at, by=message.by, sender=message.sender,
        recipient=message.recipient, subject=message.subject, text=message.text, quoted_from=message.quoted_from,
        html_digest=message.html_digest, raw_digest=message.raw_digest, message_id=message.message_id,
        in_reply_to=message.in_reply_to, references=message.references, doubts=message.doubts,
        moved_from=message.ticket, copy_of=message.copy_of or message, data=message.data, act_key=message.act_key,
    )  # fmt: skip
    files = list(message.files.all())
    for file in files:
        file.pk, file.message = None, copy
    MessageFile.objects.bulk_create(files)
    return copy


@transaction.atomic
def wake_due() -> int:
    """保留の期限が来た: back to 対応中. Out: how many."""
    due = Ticket.objects.filter(state=TicketState.SNOOZED, snoozed_until__lte=clock.now())
    woken = 0
    for ticket in due.order_by("pk")[:500]:
        wake(ticket, by=None, note="保留の期限")
        woken += 1
    return woken


def close_due() -> int:
    """解決からの日数が過ぎた: 完了. Out: how many."""
    before = clock.now() - timedelta(days=clocks.settings().solved_closes_after_days)
    due = Ticket.objects.filter(state=TicketState.SOLVED, solved_at__lte=before)[:1000]
    return len(transitions.apply_many(list(due), "close", by=None, set_fields={"closed_at": clock.now()}))
