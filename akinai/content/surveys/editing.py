"""アンケートを作る: surveys and their questions. A question that somebody answered is replaced by a new version, never rewritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from akinai.content.models import Survey, SurveyQuestion
from akinai.content.surveys import branching, queries
from akinai.core import activity, clock, transitions
from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff

MOST_QUESTIONS = 60
WORDING = ("kind", "title", "options", "settings")  # what an answer was given to


@transaction.atomic
def save_survey(survey: Survey, *, by: Staff | None) -> Survey:
    """アンケートの登録・変更. Raises DomainError when the address is taken."""
    is_new = survey.pk is None
    survey.created_by = by if is_new else survey.created_by
    try:
        with transaction.atomic():
            survey.save()
    except IntegrityError as error:
        raise DomainError(
            f"アドレス「{survey.slug}」は、ほかのアンケートが使っています。",
            way_out="別のアドレスにしてください。",
        ) from error
    activity.record(survey, "create" if is_new else "update", by=by, summary=f"「{survey.title}」")
    return survey


def make_survey(*, by: Staff | None, **fields: Any) -> Survey:
    """アンケートを作る from its fields, for who knows no tables of ours."""
    return save_survey(Survey(**fields), by=by)


def add_question(
    survey: Survey, kind: str, title: str, *, begins_page: bool = False, by: Staff | None, **fields: Any
) -> str:
    """設問を足す at the end. Out: its code, for conditions."""
    made = SurveyQuestion(survey=survey, kind=kind, title=title, **fields)
    return save_question(made, begins_page=begins_page, by=by).code


@transaction.atomic
def open_survey(survey: Survey, *, by: Staff | None) -> None:
    """受付を始める. Raises DomainError without questions, or where a condition looks at what is not asked before."""
    questions = queries.questions(survey)
    if not questions:
        raise DomainError("設問がありません。", way_out="設問を 1 つ以上足してから始めてください。")
    for at, question in enumerate(questions):
        _check_condition(question, questions[:at])
    transitions.apply(survey, "open", by=by)


def close_survey(survey: Survey, *, by: Staff | None) -> None:
    """受付を終える. What was answered stays; half-written answers can no longer be sent."""
    transitions.apply(survey, "close", by=by)


@transaction.atomic
def remove_survey(survey: Survey, *, by: Staff | None) -> None:
    """削除, while nobody has answered. Raises DomainError else."""
    try:
        with transaction.atomic():
            survey.responses.filter(is_test=True).delete()
            survey.delete()
    except ProtectedError as error:
        raise DomainError(
            "回答のあるアンケートは削除できません。", way_out="受付を終えれば、お客様には見えなくなります。"
        ) from error


@transaction.atomic
def save_question(question: SurveyQuestion, *, begins_page: bool = False, by: Staff | None) -> SurveyQuestion:
    """設問の登録・変更. Out: the question as it is asked now: of one that was answered, its new version.

    `begins_page`: a new page begins with it. Raises DomainError for a condition over what is not asked before, and beyond so many questions.
    """
    survey = Survey.objects.select_for_update().get(pk=question.survey_id)
    others = [one for one in queries.questions(survey) if one.pk != question.pk]
    if question.pk is None:
        if len(others) >= MOST_QUESTIONS:
            raise DomainError(f"設問は {MOST_QUESTIONS} 個までです。", way_out="アンケートを分けてください。")
        question.code = _free_code(survey)
        question.position = (others[-1].position if others else 0) + 1
        question.page = others[-1].page if others else 1
    _check_condition(question, [one for one in others if one.position < question.position])
    saved = _replaced(question) or _kept(question)
    _renumber(survey, {saved.pk: begins_page})
    activity.record(survey, "update", by=by, summary=f"設問 {saved.code}「{saved.title[:40]}」を保存")
    return saved


def _kept(question: SurveyQuestion) -> SurveyQuestion:
    question.save()
    return question


def _replaced(question: SurveyQuestion) -> SurveyQuestion | None:
    """The new version where an answered question gets other words; None where it may be rewritten."""
    before = SurveyQuestion.objects.filter(pk=question.pk).first() if question.pk else None
    if before is None or all(getattr(before, name) == getattr(question, name) for name in WORDING):
        return None
    if not queries.is_answered(before):
        return None
    SurveyQuestion.objects.filter(pk=before.pk).update(retired_at=clock.now())
    question.pk, question.version, question._state.adding = None, before.version + 1, True
    question.save()
    return question


def _free_code(survey: Survey) -> str:
    """q1, q2 … never one that was used before: what was said then keeps its name."""
    used = set(survey.questions.values_list("code", flat=True))
    return next(code for code in (f"q{n}" for n in range(1, len(used) + 2)) if code not in used)


def _check_condition(question: SurveyQuestion, earlier: Sequence[SurveyQuestion]) -> None:
    try:
        branching.check(question.condition, earlier)
    except branching.WrongCondition as wrong:
        raise DomainError(
            f"設問 {question.code}「{question.title[:30]}」: {wrong}",
            way_out="表示する条件を直してください。",
        ) from wrong


@transaction.atomic
def move_question(question: SurveyQuestion, *, by: int, who: Staff | None) -> None:
    """並べ替え by one place up (-1) or down (1). Raises DomainError when a condition would look ahead."""
    survey = Survey.objects.select_for_update().get(pk=question.survey_id)
    rows = queries.questions(survey)
    at = next(n for n, one in enumerate(rows) if one.pk == question.pk)
    to = at + by
    if not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    rows[at].page, rows[to].page = rows[to].page, rows[at].page
    for n, one in enumerate(rows):
        _check_condition(one, rows[:n])
        SurveyQuestion.objects.filter(pk=one.pk).update(position=n + 1, page=one.page)
    _renumber(survey)
    activity.record(survey, "update", by=who, summary=f"設問 {question.code} の順番を変更")


def _renumber(survey: Survey, begins: Mapping[int, bool] | None = None) -> None:
    """Positions 1, 2, 3 …, pages without gaps. `begins`: question → does a page begin with it, where that was just told."""
    page, before = 0, 0
    for n, one in enumerate(sorted(queries.questions(survey), key=lambda row: (row.position, row.pk)), 1):
        if page == 0 or (begins or {}).get(one.pk, one.page > before):
            page += 1
        before = max(before, one.page)
        if (one.position, one.page) != (n, page):
            SurveyQuestion.objects.filter(pk=one.pk).update(position=n, page=page)


@transaction.atomic
def remove_question(question: SurveyQuestion, *, by: Staff | None) -> None:
    """設問を外す. What was said to it stays in the results. Raises DomainError where another question's condition looks at it."""
    survey = Survey.objects.select_for_update().get(pk=question.survey_id)
    others = [one for one in queries.questions(survey) if one.pk != question.pk]
    asking = next((one for one in others if question.code in branching.codes_in(one.condition)), None)
    if asking is not None:
        raise DomainError(
            f"設問 {asking.code}「{asking.title[:30]}」の表示する条件が、この設問を見ています。",
            way_out="先にその条件を外してください。",
        )
    if queries.is_answered(question):
        SurveyQuestion.objects.filter(pk=question.pk).update(retired_at=clock.now())
    else:
        question.delete()
    _renumber(survey)
    activity.record(
        survey, "update", by=by, summary=f"設問 {question.code}「{question.title[:40]}」を外しました"
    )


@transaction.atomic
def copy_survey(survey: Survey, *, by: Staff | None) -> Survey:
    """写して作る: the questions without any answers, not open, at an address of its own."""
    rows = queries.questions(survey)
    slug = next(
        one for one in (f"{survey.slug[:52]}-{n}" for n in range(2, 1000)) if queries.by_slug(one) is None
    )
    made = Survey(
        slug=slug, title=f"{survey.title[:74]}（写し）", intro=survey.intro, thanks=survey.thanks, audience=survey.audience,
        coupon_campaign=survey.coupon_campaign,
    )  # fmt: skip
    save_survey(made, by=by)
    for one in rows:
        one.pk, one.survey, one.version, one._state.adding = None, made, 1, True
        one.save()
    return made


def options_from(
    labels: Sequence[str], before: Sequence[dict[str, Any]], *, with_other: bool
) -> list[dict[str, Any]]:
    """選択肢 from lines of text. A label that was there keeps its key, so that conditions and old answers still fit."""
    keys = {one["label"]: one["key"] for one in before if not one.get("other")}
    used = set(keys.values())
    fresh = (key for n in range(1, 500) if (key := f"o{n}") not in used)
    made: list[dict[str, Any]] = [{"key": keys.get(label) or next(fresh), "label": label} for label in labels]
    return [*made, {"key": "other", "label": "その他", "other": True}] if with_other else made
