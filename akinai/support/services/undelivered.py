"""届かなかった返信: the server refused it, it came back, or somebody called it back. The customer has no answer, so the ticket goes on."""

from __future__ import annotations

from django.db import transaction

from akinai.core import activity
from akinai.core.models import OutgoingMail
from akinai.support.models import Message
from akinai.support.services import moving
from akinai.support.states import TicketState

VERB = "bounce"


@transaction.atomic
def on_mail_given_up(*, key: str, **_: object) -> None:
    """Event mail.given_up, and what receiving learns of a letter that came back. Safe to run twice: told once for a letter."""
    said = Message.objects.filter(mail_key=key).select_related("ticket").first() if key else None
    letter = OutgoingMail.objects.filter(key=key).first()
    if said is None or letter is None or _is_told(said, letter):
        return
    told, note = _words(letter)
    activity.record(said.ticket, VERB, by=None, summary=told, data=_mark(said, letter))
    if said.ticket.state == TicketState.WAITING:
        moving.wake(said.ticket, by=None, note=note)
    elif said.ticket.state == TicketState.SOLVED:
        moving.reopen(said.ticket, by=None, note=note)


def _words(letter: OutgoingMail) -> tuple[str, str]:
    if letter.state == OutgoingMail.State.CANCELLED:
        return "送信メールの画面で、返信の送信を取り消しました。", "返信の取消"
    if letter.sent_at is not None:
        return f"返信が届かずに戻りました。{letter.last_error[:120]}", "返信が不達"
    return f"返信を送れませんでした。{letter.last_error[:120]}", "返信の送信失敗"


def _mark(said: Message, letter: OutgoingMail) -> dict[str, object]:
    """A letter that was sent again and failed again is told again."""
    return {"message": said.pk, "tries": letter.tries, "state": letter.state}


def _is_told(said: Message, letter: OutgoingMail) -> bool:
    return activity.of(said.ticket).filter(verb=VERB, data=_mark(said, letter)).exists()
