"""見本の手紙: who may write about which order, letters as mail programs send them, and what the desk answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from akinai.core import clock
from akinai.flows.demo import desk
from akinai.orders import queries as orders
from akinai.shipping import return_queries
from akinai.support import ports, queries, services
from akinai.support.states import Source

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.staff.models import Staff
    from akinai.support.models import Ticket

SPACE = UUID("7d1c3c1e-4a40-4d0a-9b4c-6f3a1c0d2e55")
BOX = "お店の受信箱"
SHOP = "shop@example.jp"
FREE = 4  # Monday to Friday the desk answers


def working_day(today: date, ago: int) -> date:
    """The day on which the desk worked, so many working days before today."""
    day = today
    while ago:
        day -= timedelta(days=1)
        ago -= day.weekday() <= FREE
    return day


class Buyers:
    """People whose orders have left, the latest first; each writes about one order and no more."""

    def __init__(self, since: date) -> None:
        gone = (
            orders.shipped()
            .exclude(buyer_email="")
            .exclude(customer=None)
            .filter(shipped_at__date__gte=since)
        )
        self._orders = list(gone.order_by("-shipped_at", "-pk").prefetch_related("lines__sku"))
        self._known: set[int | None] = set()

    def take(self, before: datetime, *goods: str, channels: Sequence[str] = ()) -> Order:
        """One whose box left some time before that moment, with goods whose code begins so."""
        for order in self._orders:
            codes = [line.sku.code for line in order.lines.all() if line.sku]
            if (
                order.customer_id not in self._known
                and order.shipped_at is not None
                and order.shipped_at < before - timedelta(hours=20)
                and (not channels or order.channel.code in channels)
                and (not goods or any(code.startswith(goods) for code in codes))
                and not return_queries.cases_of(order.pk)
            ):
                self._known.add(order.customer_id)
                return order
        raise LookupError(f"nobody has bought {goods}")


def posted(
    at: datetime,
    subject: str,
    text: str,
    sender: tuple[str, str],
    *,
    files: Sequence[tuple[str, bytes]] = (),
    charset: str = "utf-8",
    **head: str,
) -> bytes:
    """A letter as a mail program sends it."""
    letter = EmailMessage()
    name, address = sender
    letter["From"] = f"{name} <{address}>" if name else address
    letter["To"] = SHOP
    letter["Subject"] = subject
    letter["Date"] = at
    letter["Message-ID"] = f"<{uuid5(SPACE, f'{at}{subject}{address}').hex}@example.com>"
    for field, value in head.items():
        letter[field.replace("_", "-")] = value
    letter.set_content(text, charset=charset)
    for title, data in files:
        letter.add_attachment(data, maintype="image", subtype="png", filename=title)
    return letter.as_bytes()


def write(at: datetime, subject: str, text: str, order: Order, **more: object) -> Ticket:
    """The buyer's letter about the order, taken in when it came."""
    body = f"{text.format(no=order.number)}\n\n{order.buyer_name}"
    raw = posted(at, subject, body, (order.buyer_name, order.buyer_email), **more)  # type: ignore[arg-type]
    with clock.told(at):
        receipt = services.receive(ports.read(raw, BOX))
    assert receipt.ticket is not None, receipt.why  # noqa: S101  (a letter of a person becomes a ticket)
    return receipt.ticket


def fill_in(at: datetime, subject: str, text: str, *, name: str, mail: str, kind: str, order: Order | None = None) -> Ticket:  # fmt: skip
    """The contact form of the shop."""
    with clock.told(at):
        ticket, _ = services.open_ticket(
            services.NewTicket(
                Source.FORM, f"demo:{uuid5(SPACE, f'{at}{subject}').hex}", f"{subject}（{name} 様）", text=text, name=name, mail=mail,
                category=kind, customer_id=order.customer_id if order else None, order_ids=[order.pk] if order else (),
            ),
            by=None,
        )  # fmt: skip
        services.hear(ticket, text, sender=f"{name} <{mail}>")
    return ticket


def copy_down(at: datetime, subject: str, text: str, order: Order, *, kind: str, by: Staff) -> Ticket:
    """What was asked on the screen of the mall, copied by hand."""
    with clock.told(at):
        ticket, _ = services.open_ticket(
            services.NewTicket(
                Source.MALL, f"demo:{order.number}", subject, text=text, name=order.buyer_name, category=kind, mail=order.buyer_email,
                customer_id=order.customer_id, order_ids=[order.pk], channel_id=order.channel_id, assignee_id=by.pk,
            ),
            by=by,
        )  # fmt: skip
        services.hear(ticket, text, sender=order.buyer_name)
    return ticket


def say(ticket: Ticket, at: datetime, text: str, then: str, *, by: Staff) -> None:
    """Our answer; it leaves a minute later, when nobody has taken it back."""
    with clock.told(at):
        seen = queries.newest_word(ticket)
        letter = f"{{お名前}} 様\n\nお問い合わせありがとうございます。{{店舗名}}の{{担当者}}です。\n{text}"
        services.reply(ticket, services.Reply(letter, key=f"demo:{at:%d%H%M}", then=then, seen=seen), by=by)
    with clock.told(at + timedelta(minutes=1)):
        desk.send_mails()
