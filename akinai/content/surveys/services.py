"""アンケートに答える: half-written answers are kept, one finished answer per person, and the thank-you for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from akinai.content import ports
from akinai.content.models import Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from akinai.content.surveys import branching, queries
from akinai.content.surveys.errors import AlreadyAnswered, NotComplete, SurveyClosed
from akinai.content.surveys.given import Given, Unfit, check
from akinai.content.surveys.people import Who
from akinai.core import clock
from akinai.orders import queries as orders

CLOSED_WAY_OUT = "またの機会に、ご意見をお聞かせください。"


def refuse_closed(survey: Survey, who: Who) -> None:
    """Raises SurveyClosed where this person may not answer now."""
    if who.is_trial:
        return
    now = clock.now()
    if survey.state != Survey.State.OPEN or (survey.closes_at and survey.closes_at <= now):
        raise SurveyClosed("このアンケートの受付は終わりました。", way_out=CLOSED_WAY_OUT)
    if survey.opens_at and survey.opens_at > now:
        raise SurveyClosed(
            "このアンケートは、まだ始まっていません。", way_out="受付が始まってからお答えください。"
        )
    if survey.audience == Survey.Audience.MEMBERS and not who.is_member:
        raise SurveyClosed(
            "このアンケートは、会員の方にお願いしています。", way_out="ログインしてからお答えください。"
        )
    if survey.audience == Survey.Audience.BUYERS and not _has_bought(who):
        raise SurveyClosed(
            "このアンケートは、ご購入の方にお願いしています。",
            way_out="お送りしたメールのリンクから開いてください。",
        )


def _has_bought(who: Who) -> bool:
    return who.order_id is not None or (
        who.customer_id is not None and orders.bought_by(who.customer_id).orders > 0
    )


@transaction.atomic
def keep(survey: Survey, who: Who, given: Mapping[str, Given]) -> SurveyResponse:
    """途中の答えを残す: answers by code of question, and goes on where this person stopped.

    An answer to a question that is not asked (any more) is thrown away. Raises SurveyClosed and AlreadyAnswered.
    """
    refuse_closed(survey, who)
    response = _begun(survey, who)
    questions = queries.questions(survey)
    kept = {**queries.given_of(response, questions), **given}
    asked = {one.code: one for one in branching.asked(questions, kept)}
    SurveyAnswer.objects.filter(response=response).exclude(question__in=asked.values()).delete()
    _write(response, {asked[code]: one for code, one in given.items() if code in asked})
    return response


def _begun(survey: Survey, who: Who) -> SurveyResponse:
    """The open answer of this person under a lock. Two that begin at once meet at UNIQUE (survey, person_key)."""
    SurveyResponse.objects.bulk_create(
        [
            SurveyResponse(
                survey=survey, person_key=who.key, customer_id=who.customer_id, order_id=who.order_id,
                is_test=who.is_trial, started_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    response = SurveyResponse.objects.select_for_update(no_key=True).get(survey=survey, person_key=who.key)
    if response.state == SurveyResponse.State.DONE:
        raise AlreadyAnswered(
            "このアンケートには、すでにお答えいただいています。", way_out="ご協力ありがとうございました。"
        )
    return response


def _write(response: SurveyResponse, said: Mapping[SurveyQuestion, Given]) -> None:
    """One statement for what was said, one for what was taken back."""
    emptied = [question for question, given in said.items() if given.is_empty]
    SurveyAnswer.objects.filter(response=response, question__in=emptied).delete()
    SurveyAnswer.objects.bulk_create(
        [
            SurveyAnswer(
                response=response, question=question, chosen=list(given.chosen), number=given.number, day=given.day,
                text=given.text,
            )
            for question, given in said.items()
            if not given.is_empty
        ],
        update_conflicts=True, unique_fields=["response", "question"], update_fields=["chosen", "number", "day", "text"],
    )  # fmt: skip


@transaction.atomic
def finish(survey: Survey, who: Who) -> SurveyResponse:
    """送信する: everything that is asked is answered, and it counts from now on.

    Raises SurveyClosed, AlreadyAnswered, and NotComplete with the page of the first question that waits.
    """
    refuse_closed(survey, who)
    response = _begun(survey, who)
    questions = queries.questions(survey)
    given = queries.given_of(response, questions)
    asked = branching.asked(questions, given)
    if missing := unfit(asked, given):
        raise NotComplete(list(missing), next(one.page for one in asked if one.code in missing))
    SurveyAnswer.objects.filter(response=response).exclude(question__in=asked).delete()
    known = orders.bought_by(who.customer_id).orders if who.customer_id else None
    coupon = (
        ""
        if who.is_trial
        else ports.give_coupon(survey.coupon_campaign, f"survey:{survey.pk}:{who.key}", who.customer_id)
    )
    SurveyResponse.objects.filter(pk=response.pk, state=SurveyResponse.State.DRAFT).update(
        state=SurveyResponse.State.DONE, answered_at=clock.now(), coupon_code=coupon[:40],
        is_repeat=None if known is None else known > 1,
    )  # fmt: skip
    response.refresh_from_db()
    return response


def unfit(asked: Sequence[SurveyQuestion], given: Mapping[str, Given]) -> dict[str, str]:
    """code → what is wrong, of the questions that are asked."""
    found = {}
    for question in asked:
        try:
            check(question, given.get(question.code, Given()))
        except Unfit as wrong:
            found[question.code] = str(wrong)
    return found


@transaction.atomic
def forget_trial(survey: Survey, who: Who) -> None:
    """試しの答えを捨てる, so that the trial begins anew. Of nobody else's."""
    if who.is_trial:
        SurveyResponse.objects.filter(survey=survey, person_key=who.key, is_test=True).delete()
