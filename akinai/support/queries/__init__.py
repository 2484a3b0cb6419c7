"""サポートを読む."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet

from akinai.core import clock
from akinai.core.models import OutgoingMail
from akinai.core.search import looks_like_number, matching
from akinai.orders import queries as orders
from akinai.support.models import CallBack, MailReceipt, Message, Ticket, TicketOrder, Viewing
from akinai.support.models.mailbox import MAIL_GRAMS, MAIL_KEY
from akinai.support.models.tickets import NEXT_DUE
from akinai.support.states import ALIVE, RUNNING, SPOKEN, Direction

if TYPE_CHECKING:
    from akinai.staff.models import Staff
    from akinai.support.models import MessageFile

SEEN_FOR = timedelta(seconds=60)


def for_list() -> QuerySet[Ticket]:
    """問い合わせ for lists, with the moment its next promise ends."""
    return Ticket.objects.select_related("customer", "assignee", "channel").annotate(next_due=NEXT_DUE)


def found(rows: QuerySet[Ticket], text: str) -> QuerySet[Ticket]:
    """探す: by what was written, and by the number (ours or the mall's) of an order it is about."""
    words = matching(text, grams="search_grams", source="search_text")
    if not looks_like_number(text):
        return rows.filter(words)
    named = [one.pk for one in orders.named([text.strip(), text.strip().upper()])]
    links = TicketOrder.objects.filter(order__in=named).values_list("ticket", flat=True)
    return rows.filter(words | Q(pk__in=list(links[:1000]) if named else []))


def by_number(number: str) -> Ticket:
    """問い合わせ of this number, as it is now. Raises Ticket.DoesNotExist."""
    return Ticket.objects.get(number=number)


def overdue(now: datetime) -> Q:
    """約束の時刻を過ぎた."""
    return Q(state__in=RUNNING) & (
        Q(first_replied_at=None, first_reply_due__lt=now)
        | Q(first_replied_at__isnull=False, resolution_due__lt=now)
    )


def next_for(staff: Staff, *, after: str = "") -> str:
    """The number of the ticket that this person should take next, "" when none waits. One query."""
    mine = Ticket.objects.filter(Q(assignee=staff) | Q(assignee=None), state__in=RUNNING).exclude(
        number=after
    )
    rows = mine.annotate(next_due=NEXT_DUE).order_by(F("next_due").asc(nulls_last=True), "priority", "pk")
    return rows.values_list("number", flat=True).first() or ""


def mentioned(username: str) -> Q:
    """呼ばれた: live tickets in whose notes of the last two weeks this person is called by @name."""
    since = clock.now() - timedelta(days=14)
    notes = Message.objects.filter(
        direction=Direction.NOTE,
        at__gte=since,
        ticket__state__in=ALIVE,
        text__iregex=rf"[@＠]{re.escape(username)}(?![\w.\-])",
    )
    return Q(pk__in=notes.values("ticket"), state__in=ALIVE)


def waiting_count() -> int:
    """How many wait for us (the badge of the menu)."""
    return Ticket.objects.filter(state__in=RUNNING).count()


def mails_found(rows: QuerySet[MailReceipt], text: str) -> QuerySet[MailReceipt]:
    """届いたメール by a ticket's number, a Message-ID, or words of the subject and the sender; each way has its index."""
    told = text.strip().replace("\0", "")
    if told.upper().startswith("TK-"):
        return rows.filter(ticket__number=told.upper())
    if told.startswith("<") and told.endswith(">"):
        return rows.filter(message_id=told)
    found = rows.alias(mail_key=MAIL_KEY, mail_grams=MAIL_GRAMS)
    return found.filter(matching(told, grams="mail_grams", source="mail_key"))


# Longer than this, a letter is folded and so are its files and the middle of its thread: the reply stays within reach.
MOST_LINES, SHOWN_LINES, MOST_LETTERS = 60, 40, 6000
SHOWN_FILES, SHOWN_LATEST = 8, 12


@dataclass(frozen=True, slots=True)
class Said:
    """やり取り 1 件 for the screen: the row and how its mail fared."""

    message: Message
    mail: OutgoingMail | None = None

    @property
    def can_take_back(self) -> bool:
        return self.mail is not None and self.mail.state == OutgoingMail.State.QUEUED

    @property
    def has_own_subject(self) -> bool:
        """A subject that says more than an answer's "Re:" of the ticket's."""
        said = re.sub(r"^(?:(?:re|fw|fwd)\s*[:：]\s*)+", "", self.message.subject, flags=re.IGNORECASE)
        return (
            bool(said)
            and said.replace(f"[{self.message.ticket.number}]", "").strip() != self.message.ticket.subject
        )

    @property
    def failure(self) -> str:
        """Why our letter has not arrived (yet), "" where nothing went wrong."""
        state = OutgoingMail.State
        return self.mail.last_error if self.mail and self.mail.state in (state.FAILED, state.QUEUED) else ""

    @property
    def did_not_arrive(self) -> bool:
        return self.mail is not None and self.mail.state == OutgoingMail.State.FAILED

    @property
    def opening(self) -> str:
        """The whole of a usual letter, the beginning of a very long one."""
        return self._cut()[0]

    @property
    def rest(self) -> str:
        """What of a very long letter is opened by a press, "" of a usual one."""
        return self._cut()[1]

    @property
    def rest_lines(self) -> int:
        return self.rest.count("\n") + 1

    def _cut(self) -> tuple[str, str]:
        text = self.message.own_text
        lines = text.split("\n")
        if len(lines) <= MOST_LINES and len(text) <= MOST_LETTERS:
            return text, ""
        at = min(len("\n".join(lines[:SHOWN_LINES])), MOST_LETTERS)
        return text[:at], text[at:].removeprefix("\n")

    @property
    def pictures(self) -> list[MessageFile]:
        """添付 that are seen without being opened, the first of many."""
        return [one for one in self.message.files.all() if one.is_picture][:SHOWN_FILES]

    @property
    def files(self) -> list[MessageFile]:
        return list(self.message.files.all())[:SHOWN_FILES]

    @property
    def more_files(self) -> list[MessageFile]:
        return list(self.message.files.all())[SHOWN_FILES:]


def thread(ticket: Ticket) -> list[Said]:
    """やり取り of a ticket, oldest first. Three queries."""
    rows = list(
        ticket.messages.select_related("by", "moved_from").prefetch_related("files").order_by("at", "pk")
    )
    mails = {
        one.key: one
        for one in OutgoingMail.objects.filter(key__in=[row.mail_key for row in rows if row.mail_key])
    }
    return [Said(row, mails.get(row.mail_key)) for row in rows]


def folded(said: Sequence[Said]) -> tuple[Sequence[Said], Sequence[Said], Sequence[Said]]:
    """(the first, what is folded away, the latest) of a thread; nothing is folded of one that is not long."""
    if len(said) <= 2 * SHOWN_LATEST:
        return said, [], []
    return said[:1], said[1:-SHOWN_LATEST], said[-SHOWN_LATEST:]


def of_customer(customer_id: int, *, but: int = 0, limit: int = 10) -> Sequence[Ticket]:
    """問い合わせ of a customer, newest first."""
    return list(Ticket.objects.filter(customer_id=customer_id).exclude(pk=but).order_by("-opened_at")[:limit])


def of_order(order_id: int, *, limit: int = 10) -> Sequence[Ticket]:
    """問い合わせ about an order, newest first."""
    return list(Ticket.objects.filter(order_links__order_id=order_id).order_by("-opened_at")[:limit])


def open_calls(ticket: Ticket) -> QuerySet[CallBack]:
    """折り返しの約束 that is still open."""
    return ticket.call_backs.filter(done_at=None).select_related("by").order_by("due_at")


def others_here(ticket: Ticket, staff: Staff) -> list[Viewing]:
    """Who else has the ticket open now."""
    since = clock.now() - SEEN_FOR
    return list(ticket.viewings.filter(seen_at__gte=since).exclude(staff=staff).select_related("staff"))


def numbered_by(key: str) -> str:
    """The number of the ticket that was opened for this key, "" when there is none."""
    return Ticket.objects.filter(key=key).values_list("number", flat=True).first() or ""


def newest_word(ticket: Ticket) -> int:
    """The last word that was heard or said; our own notes and acts do not count. 0 when there is none."""
    said = ticket.messages.filter(direction__in=SPOKEN).order_by("-pk").values_list("pk", flat=True)
    return said.first() or 0
