"""受付: a ticket is opened once for each key, with its promise, its customer and its orders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.core import activity, clock, events, numbering
from akinai.core.errors import DomainError
from akinai.core.kana import search_key
from akinai.support.models import Tag, Ticket, TicketOrder
from akinai.support.rules.sorting import kind_of
from akinai.support.services import clocks, recognising
from akinai.support.states import Priority, Source, TicketState

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.staff.models import Staff

URGENT_WORDS = (
    "至急",
    "大至急",
    "緊急",
    "けが",
    "怪我",
    "やけど",
    "火傷",
    "発火",
    "異物",
    "食中毒",
    "アレルギー",
    "弁護士",
    "消費者センター",
)

NOT_HURT = re.compile(
    r"(?:けが|怪我|やけど|火傷)(?:人)?(?:は|も|など)?(?:ありません|ございません|なく|なし|ない|していません)"
)


@dataclass(frozen=True, slots=True)
class NewTicket:
    """新しい問い合わせ. `key` names where it came from, so that it is opened once."""

    source: Source
    key: str
    subject: str
    text: str = ""
    name: str = ""
    mail: str = ""
    phone: str = ""
    category: str = ""
    priority: int = 0  # 0: by the words of the text
    channel_id: int | None = None
    customer_id: int | None = None  # chosen by a person, or known by login
    order_ids: Sequence[int] = ()
    assignee_id: int | None = None
    at: datetime | None = None


@transaction.atomic
def open_ticket(new: NewTicket, *, by: Staff | None) -> tuple[Ticket, bool]:
    """問い合わせを開く. Out: the ticket, and whether it is new (the same key again is the same ticket)."""
    found = Ticket.objects.filter(key=new.key).first()
    if found is not None:
        return found, False
    at = new.at or clock.now()
    who = recognising.recognise(
        mail=new.mail, phone=new.phone, name=new.name, text=f"{new.subject}\n{new.text}"
    )
    priority = new.priority or priority_of(f"{new.subject}\n{new.text}")
    category = new.category or _category_of(new)
    told = clocks.promise(new.source, priority, category, at)
    customer_id = new.customer_id or who.customer_id
    try:
        with transaction.atomic():
            ticket = Ticket.objects.create(
                number=numbering.take("ticket")[0], source=new.source, channel_id=new.channel_id, priority=priority,
                state=TicketState.NEW, subject=(new.subject.strip() or "（件名なし）")[:300], category=category,
                customer_id=customer_id, contact_name=new.name.strip()[:100], contact_mail=new.mail.strip()[:254],
                contact_phone=new.phone.strip()[:30], recognised_by="" if new.customer_id else who.reason[:200],
                assignee_id=new.assignee_id, opened_at=at, first_reply_due=told.first_reply_due,
                resolution_due=told.resolution_due, first_reply_minutes=told.first_reply_minutes,
                resolution_minutes=told.resolution_minutes, key=new.key,
                search_text=search_text_of(new.subject, new.name, new.mail, new.phone, new.text),
            )  # fmt: skip
    except IntegrityError:
        return Ticket.objects.get(key=new.key), False
    _link_first(ticket, new.order_ids, who.own_orders if not new.customer_id else who.orders)
    activity.record(
        ticket, "open", by=by, summary=f"{ticket.get_source_display()}で受付", to_state=ticket.state
    )
    _tag(ticket, f"{new.subject}\n{new.text}")
    _share(ticket)
    events.emit("support.ticket_opened", ticket_id=ticket.pk)
    return ticket, True


def _tag(ticket: Ticket, text: str) -> None:
    """タグ whose words stand in the text."""
    said = search_key(text[:4000])
    told = Tag.objects.filter(is_active=True).exclude(words="")
    ticket.tags.add(*(tag for tag in told if any(search_key(word) in said for word in tag.words.split())))


def _share(ticket: Ticket) -> None:
    from akinai.support.services import assigning

    assigning.share_new(ticket)


def _category_of(new: NewTicket) -> str:
    """種類 by the words of what customers write themselves; a clerk who left it open had his reason."""
    return kind_of(new.subject, new.text) if new.source in (Source.MAIL, Source.MALL) else ""


def priority_of(text: str) -> int:
    """優先度 by words that cannot wait: danger to people first."""
    said = NOT_HURT.sub("", text)
    return Priority.URGENT if any(word in said for word in URGENT_WORDS) else Priority.NORMAL


def search_text_of(*parts: str) -> str:
    """What the search finds a ticket by; the body's first part is enough."""
    return " ".join(search_key(part[:4000]) for part in parts if part)


def _link_first(ticket: Ticket, order_ids: Sequence[int], named: Sequence[Order]) -> None:
    mine = {order.pk for order in named if order.customer_id == ticket.customer_id and ticket.customer_id}
    TicketOrder.objects.bulk_create(
        [
            TicketOrder(ticket=ticket, order_id=pk, reason="本文の番号" if pk in mine else "受付時に指定")
            for pk in sorted({*order_ids, *mine})
        ]
    )


@transaction.atomic
def link_order(ticket: Ticket, order: Order, *, by: Staff | None) -> None:
    """受注を結び付ける. Only an order of the ticket's customer; a ticket without one gets the order's customer.

    Raises DomainError for another customer's order: his data must never stand beside this letter.
    """
    _hold(ticket)
    if order.customer_id is None or ticket.customer_id not in (None, order.customer_id):
        raise DomainError(
            f"{order.number} は別のお客様の受注です。",
            way_out="お客様を確かめてから、この問い合わせのお客様を変えるか、正しい受注を選んでください。",
        )
    if ticket.customer_id is None:
        choose_customer(ticket, order.customer_id, by=by)
    made = TicketOrder.objects.get_or_create(ticket=ticket, order=order, defaults={"reason": "担当者が選択"})[
        1
    ]
    if made:
        activity.record(ticket, "link_order", by=by, summary=order.number)


def _hold(ticket: Ticket) -> None:
    """Whose ticket it is, until the end of the transaction: while one clerk chooses the customer, no other links an order."""
    rows = Ticket.objects.select_for_update(no_key=True).filter(pk=ticket.pk)
    ticket.customer_id = rows.values_list("customer_id", flat=True).get()


@transaction.atomic
def unlink_order(ticket: Ticket, order_id: int, *, by: Staff | None) -> None:
    """受注を外す."""
    links = TicketOrder.objects.filter(ticket=ticket, order_id=order_id).select_related("order")
    numbers = [link.order.number for link in links]
    if numbers and links.delete()[0]:
        activity.record(ticket, "unlink_order", by=by, summary=numbers[0])


@transaction.atomic
def choose_customer(ticket: Ticket, customer_id: int | None, *, by: Staff | None) -> None:
    """お客様を選ぶ, or take the choice back. Orders of anybody else are taken off the ticket."""
    _hold(ticket)
    links = TicketOrder.objects.filter(ticket=ticket)
    gone = links if customer_id is None else links.exclude(order__customer_id=customer_id)
    gone.delete()
    Ticket.objects.filter(pk=ticket.pk).update(customer_id=customer_id, recognised_by="")
    ticket.customer_id = customer_id
    activity.record(
        ticket, "choose_customer", by=by, summary="お客様を選択" if customer_id else "お客様を外した"
    )
