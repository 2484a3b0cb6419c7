"""ご本人への回答 (個人情報の保護に関する法律 第35条: 遅滞なく通知): by mail through the outbox, or on paper.

The address is kept for this answer alone: when the letter has left it goes from the request, from the outbox and from the event
that told of the sending. A letter that comes back makes the request wait again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from akinai.core import activity, clock, mail
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.models import Event, OutgoingMail
from akinai.core.remembering import once
from akinai.party import erasure_letters, keeping, queries
from akinai.party.models import ErasureRequest
from akinai.party.outbox_holding import blank_histories

if TYPE_CHECKING:
    from akinai.staff.models import Staff

WORD = "erasure"
BY_MAIL = "メール"
SOON = 3  # days before a deadline
State, Sending = ErasureRequest.State, OutgoingMail.State
TOLD = (State.DONE, State.REFUSED)
UNANSWERED = Q(state__in=TOLD, answered_at=None) & ~Q(kind=ErasureRequest.Kind.NOT_NEEDED)
# What the person still waits for: an answer, or that somebody decides at all.
WAITS = UNANSWERED | Q(state__in=[State.ASKED, State.RUNNING]) & ~Q(kind=ErasureRequest.Kind.NOT_NEEDED)


def key_of(request: ErasureRequest) -> str:
    return f"{WORD}:{request.number}"


def url_of(rest: str) -> str:
    """The page of the request that a letter answers."""
    return reverse("party:erasure", args=[rest])


def letter_in_outbox(request: ErasureRequest) -> OutgoingMail | None:
    """The answer by mail, waiting, failed or sent."""
    return OutgoingMail.objects.filter(key=key_of(request)).first()


def due_on(request: ErasureRequest) -> date:
    """回答の期限: the day the request came and the days the shop gives itself."""
    return request.received_on + _time_to_answer()


def late() -> Q:
    """期限を過ぎたもの."""
    return WAITS & Q(received_on__lt=clock.today() - _time_to_answer())


def _time_to_answer() -> timedelta:
    return timedelta(days=keeping.settings().answer_days)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of the requests waits for this person: to approve, to answer, and the first day by which one must be answered."""

    to_approve: int
    to_answer: int
    first_due: date | None


def waiting_for(staff: Staff) -> Waiting:
    """For the badge and the desk's list: one question a request of the browser."""
    return once(f"party.erasures.{staff.pk}", lambda: _waiting_for(staff))


def _waiting_for(staff: Staff) -> Waiting:
    told = ErasureRequest.objects.aggregate(
        asked=Count("pk", filter=Q(state=State.ASKED) & ~Q(asked_by=staff.pk)),
        answer=Count("pk", filter=UNANSWERED),
        first=Min("received_on", filter=WAITS),
    )
    first = told["first"] and told["first"] + _time_to_answer()
    return Waiting(told["asked"], told["answer"], first)


@transaction.atomic
def send(request: ErasureRequest, *, to: str, by: Staff) -> OutgoingMail:
    """メールで回答する. The letter waits in the outbox; once it has left, the answer is recorded and the address goes.

    Raises DomainError for a wrong address, ChangedMeanwhile for a request that is answered or whose letter waits already.
    """
    held = ErasureRequest.objects.select_for_update(no_key=True).filter(UNANSWERED, pk=request.pk).first()
    if held is None or mail.is_waiting(key_of(request)):
        raise ChangedMeanwhile(
            "回答は、もう送ったか、送信を待っています。", way_out="画面を開き直してください。"
        )
    sent = mail.enqueue(
        to=to.strip(), subject=erasure_letters.subject_of(held), body=erasure_letters.letter(held), key=key_of(held),
        reply_to=queries.company().email,
    )  # fmt: skip
    ErasureRequest.objects.filter(pk=held.pk).update(answer_to=to.strip()[:300], answered_by=by)
    activity.record(held, "send_answer", by=by)
    return sent


@transaction.atomic
def note(request: ErasureRequest, *, how: str, by: Staff) -> None:
    """ご本人に回答した, by another way than our mail. The address is forgotten, and a letter that has not left stays here.

    Raises DomainError while the letter is on its way, ChangedMeanwhile for a request that is answered.
    """
    letter = OutgoingMail.objects.select_for_update().filter(key=key_of(request)).first()
    if letter is not None and letter.state == Sending.SENDING:
        raise DomainError(
            "回答のメールを送っているところです。", way_out="少したってから、画面を開き直してください。"
        )
    done = ErasureRequest.objects.filter(pk=request.pk, answered_at=None, state__in=TOLD)
    if not done.update(answered_at=clock.now(), answered_by=by, answered_how=how[:40], answer_to=""):
        raise ChangedMeanwhile("回答は、もう記録されています。", way_out="画面を開き直してください。")
    activity.record(request, "answer", by=by, summary=how)
    mail.cancel(key_of(request), reason="")
    _forget(request)


@transaction.atomic
def on_mail_sent(*, key: str, **_: object) -> None:
    """Event mail.sent: the person has been told, and the address is not needed any more. Safe to run twice."""
    request = _request_of(key)
    if request is None:
        return
    open_yet = ErasureRequest.objects.filter(UNANSWERED, pk=request.pk)
    if open_yet.update(
        answered_at=clock.now(), answered_how=BY_MAIL, answer_to="", answered_by=Coalesce("answered_by", "asked_by")
    ):  # fmt: skip
        activity.record(request, "answer", by=request.answered_by, summary=BY_MAIL)
    _forget(request)


@transaction.atomic
def on_mail_given_up(*, key: str, **_: object) -> None:
    """Event mail.given_up: what had left and came back told nobody; the request waits again. Safe to run twice."""
    request = _request_of(key)
    if request is None:
        return
    came_back = OutgoingMail.objects.filter(key=key, state=Sending.FAILED, sent_at__isnull=False).first()
    if came_back is None:
        return
    blank_histories(activity.of(came_back).filter(erased_at=None).exclude(summary="", data={}))
    _forget(request)
    again = ErasureRequest.objects.filter(pk=request.pk, answered_at__isnull=False, answered_how=BY_MAIL)
    if again.update(answered_at=None, answered_by=None, answered_how=""):
        activity.record(request, "answer_returned", by=None)


def _request_of(key: str) -> ErasureRequest | None:
    word, _, rest = key.partition("#")[0].partition(":")
    if word != WORD:
        return None
    return ErasureRequest.objects.select_related("answered_by").filter(number=rest).first()


def _forget(request: ErasureRequest) -> None:
    """The address, wherever the sending has written it. What the letter said names nobody and stays."""
    keys = Q(key=key_of(request)) | Q(key__startswith=f"{key_of(request)}#")
    letters = OutgoingMail.objects.filter(keys).exclude(state__in=[Sending.QUEUED, Sending.SENDING])
    letters.update(to="", headers={}, last_error="")
    for event in Event.objects.filter(name="mail.sent", payload__key__startswith=key_of(request)).order_by(
        "-pk"
    )[:5]:
        Event.objects.filter(pk=event.pk).update(payload={**event.payload, "to": ""})
