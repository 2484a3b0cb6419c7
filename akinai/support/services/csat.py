"""満足度を聞く: one mail after a ticket was solved, one answer by a signed link, and low marks back to a person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac

from akinai.content.addresses import absolute
from akinai.core import activity, clock, mail
from akinai.core.errors import DomainError
from akinai.party import queries as party
from akinai.support import ports
from akinai.support.models import Csat, CsatRefusal, Ticket
from akinai.support.services.messages import NewMessage, add
from akinai.support.services.replying import reply_to_of
from akinai.support.services.voice import settings
from akinai.support.states import Direction, Source, TicketState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

SALT = "support.csat"
# Its own, for the address that stops the mails stands in the head of each, where the office can read it.
STOP_SALT = "support.csat.stop"
VALID = timedelta(days=60)
MOST_WORDS = 2000
FACES = {5: "とても満足", 4: "満足", 3: "ふつう", 2: "不満", 1: "とても不満"}


def may_ask(ticket: Ticket) -> str:
    """Why this customer is not asked, "" when he may be."""
    told = ticket.contact_mail.strip().casefold()
    # The malls' rules allow the answer to the order, nothing else.
    if ticket.source == Source.MALL or ports.letters().mall_rule(told) is not None:
        return "モールの中のお客様"
    if not mail.is_address(told):
        return "メールアドレスがない"
    if ticket.first_replied_at is None or not ticket.messages.filter(direction=Direction.OUT).exists():
        return "メールで返信していない"
    if CsatRefusal.objects.filter(mail__in=[told, mark_of(told)]).exists():
        return "聞かないでほしい方"
    since = clock.now() - timedelta(days=settings().rest_days)
    if Csat.objects.filter(mail=told, asked_at__gte=since).exclude(ticket=ticket).exists():
        return "最近聞いた"
    return ""


def mark_of(mail: str) -> str:
    """What stands for an address that was erased, so that its wish is still kept."""
    return f"mark:{salted_hmac('akinai.support.csat', mail, algorithm='sha256').hexdigest()[:40]}"


@transaction.atomic
def ask(ticket: Ticket) -> Csat | None:
    """満足度を聞く, once for a ticket; the mail waits and is taken back when the ticket is opened again. None: not asked."""
    if not settings().asks_customers or ticket.state not in (TicketState.SOLVED, TicketState.CLOSED):
        return None
    if may_ask(ticket) or Csat.objects.filter(ticket=ticket, score__isnull=False).exists():
        return None
    row, _ = Csat.objects.get_or_create(
        ticket=ticket, defaults={"mail": ticket.contact_mail.strip().casefold(), "asked_at": clock.now()}
    )
    mail.enqueue(
        to=row.mail, subject=f"ご対応はいかがでしたか [{ticket.number}]"[:200], body=_body(ticket),
        key=key_of(ticket), reply_to=reply_to_of(ticket), unsubscribe_url=stop_url(row),
        not_before=clock.now() + timedelta(hours=settings().ask_after_hours),
    )  # fmt: skip
    return row


def key_of(ticket: Ticket) -> str:
    return f"csat:{ticket.number}"


def _body(ticket: Ticket) -> str:
    """The links are put in when the mail leaves: whoever reads 送信メール in the office cannot answer in the customer's place."""
    name = f"{ticket.contact_name} 様\n\n" if ticket.contact_name else ""
    return (
        f"{name}お問い合わせ（{ticket.number}）への対応はいかがでしたか。\nよろしければ、下から 1 つ選んでお聞かせください。\n\n"
        f"{mail.SECRET}\n\n{party.signature(party.issuer_of(party.company()))}"
    )


def links(rest: str) -> str:
    """What takes the place of the secret: a link for each face, and the one that stops asking."""
    row = Csat.objects.select_related("ticket").get(ticket__number=rest.partition("#")[0])
    address = answer_url(row)
    faces = "\n".join(f"{word}: {address}?s={score}" for score, word in FACES.items())
    return f"{faces}\n\n今後このおたずねが要らない方: {stop_url(row)}"


def token_of(row: Csat, salt: str = SALT) -> str:
    return signing.dumps(row.pk, salt=salt)


def by_token(token: str, salt: str = SALT) -> Csat | None:
    """The question of a signed link; None for a wrong or old one."""
    try:
        pk = signing.loads(token, salt=salt, max_age=VALID)
    except signing.BadSignature:
        return None
    return Csat.objects.select_related("ticket").filter(pk=pk).first()


def answer_url(row: Csat) -> str:
    return absolute(reverse("support_voice:answer", args=[token_of(row)]))


def stop_url(row: Csat) -> str:
    return absolute(reverse("support_voice:stop", args=[token_of(row, STOP_SALT)]))


@transaction.atomic
def answer(row: Csat, score: int, words: str) -> bool:
    """回答を受ける, once. Out: whether it counted. Raises DomainError for a mark that is none."""
    if score not in FACES:
        raise DomainError("評価が選ばれていません。", way_out="5 つの中から 1 つ選んでください。")
    is_low = score <= settings().low_score
    counted = Csat.objects.filter(pk=row.pk, score=None).update(
        score=score, words=words.strip()[:MOST_WORDS], answered_at=clock.now(), is_low=is_low
    )
    if not counted:
        return False
    ticket = row.ticket
    activity.record(ticket, "csat", by=None, summary=f"満足度 {score}（{FACES[score]}）")
    if words.strip():
        told = f"満足度の回答: {FACES[score]}\n{words.strip()[:MOST_WORDS]}"
        add(ticket, NewMessage(Direction.IN, told, sender="満足度のおたずね"), by=None)
    return True


@transaction.atomic
def stop(row: Csat) -> None:
    """今後は聞かない."""
    CsatRefusal.objects.get_or_create(mail=row.mail)


@transaction.atomic
def see(row: Csat, note: str, *, by: Staff) -> None:
    """低い評価を確かめた. Raises DomainError for an empty note."""
    if not note.strip():
        raise DomainError("どうしたかが空欄です。", way_out="したことを書いてください。")
    Csat.objects.filter(pk=row.pk, seen_at=None).update(
        seen_at=clock.now(), seen_by=by, seen_note=note.strip()[:200]
    )


def on_solved(*, ticket_id: int, key: str = "") -> None:
    """Handler of support.ticket_solved."""
    ticket = Ticket.objects.filter(pk=ticket_id).first()
    if ticket is not None:
        ask(ticket)


def on_reopened(*, ticket_id: int, key: str = "") -> None:
    """Handler of support.ticket_reopened: it was not over, so nobody is asked yet."""
    ticket = Ticket.objects.filter(pk=ticket_id).first()
    if ticket is not None and mail.cancel(key_of(ticket), reason="問い合わせが再開されました"):
        Csat.objects.filter(ticket=ticket, score=None).delete()
