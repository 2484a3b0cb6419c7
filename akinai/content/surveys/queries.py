"""アンケートの照会."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from akinai.content.models import Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from akinai.content.surveys.given import Given
from akinai.core import clock

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from akinai.content.surveys.people import Who
    from akinai.staff.models import Staff


def by_slug(slug: str) -> Survey | None:
    return Survey.objects.filter(slug=slug).first()


def questions(survey: Survey) -> list[SurveyQuestion]:
    """The questions as they are asked now, in their order."""
    return list(survey.questions.filter(retired_at=None).order_by("position", "pk"))


def all_versions(survey: Survey) -> list[SurveyQuestion]:
    """Also what was replaced, where somebody has answered it: results keep what was said to the old wording."""
    answered = SurveyAnswer.objects.filter(question=OuterRef("pk"))
    shown = Q(retired_at=None) | Exists(answered)
    return list(survey.questions.filter(shown).order_by("position", "code", "-version"))


def response_of(survey: Survey, who: Who) -> SurveyResponse | None:
    """What this person has answered so far, finished or not."""
    return SurveyResponse.objects.filter(survey=survey, person_key=who.key).first() if who.key else None


def given_of(response: SurveyResponse | None, asked: Sequence[SurveyQuestion]) -> dict[str, Given]:
    """code → answer, of the questions as they stand now."""
    if response is None:
        return {}
    codes = {one.pk: one.code for one in asked}
    rows = response.answers.filter(question__in=codes)
    return {codes[row.question_id]: given(row) for row in rows}


def given(row: SurveyAnswer) -> Given:
    return Given(tuple(row.chosen), row.number, row.day, row.text)


def is_answered(question: SurveyQuestion) -> bool:
    return SurveyAnswer.objects.filter(question=question).exists()


def answered_ids(asked: Sequence[SurveyQuestion]) -> set[int]:
    """Which of these questions somebody has answered: they are replaced, not rewritten."""
    rows = SurveyAnswer.objects.filter(question__in=[one.pk for one in asked])
    return set(rows.values_list("question_id", flat=True).distinct())


def seen_by(user: Staff | AnonymousUser) -> QuerySet[Survey]:
    """Surveys with how many questions they have and how many answered."""
    done = Q(responses__state=SurveyResponse.State.DONE, responses__is_test=False)
    begun = Q(responses__state=SurveyResponse.State.DRAFT, responses__is_test=False)
    rows = Survey.objects.annotate(
        done=Count("responses", filter=done, distinct=True),
        begun=Count("responses", filter=begun, distinct=True),
    )
    return rows if user.has_perm("content.view_survey") else rows.none()


def open_now() -> QuerySet[Survey]:
    """受付中, now."""
    now = clock.now()
    return Survey.objects.filter(
        Q(opens_at=None) | Q(opens_at__lte=now),
        Q(closes_at=None) | Q(closes_at__gt=now),
        state=Survey.State.OPEN,
    )


def choices() -> list[tuple[str, str]]:
    """(address, title) of what may stand in a page: surveys that are or will be open, the newest first."""
    rows = Survey.objects.exclude(state=Survey.State.CLOSED).order_by("-created_at", "-pk")
    return list(rows.values_list("slug", "title")[:200])


def waiting_for(who: Who) -> list[Survey]:
    """Surveys that a member may still answer, for my page."""
    audiences = [Survey.Audience.ANYONE, Survey.Audience.MEMBERS]
    return list(open_now().filter(~_done_by(who), audience__in=audiences).order_by("-created_at")[:5])


def after_order(who: Who) -> list[Survey]:
    """Surveys that ask on the page after an order, and that this buyer has not answered."""
    asking = open_now().filter(asks_after_order=True).exclude(audience=Survey.Audience.MEMBERS)
    return list(asking.filter(~_done_by(who)).order_by("-created_at")[:2])


def _done_by(who: Who) -> Exists:
    done = SurveyResponse.objects.filter(person_key=who.key, state=SurveyResponse.State.DONE)
    return Exists(done.filter(survey=OuterRef("pk")))
