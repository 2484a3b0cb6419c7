"""アンケートの画面: making one, watching it, reading it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.content.models import Survey, SurveyQuestion
from akinai.content.surveys import editing, exporting, queries, showing, words
from akinai.content.surveys import results as counting
from akinai.content.surveys.forms import NarrowForm, QuestionForm, SurveyForm
from akinai.core import long_jobs
from akinai.core.errors import DomainError
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

WAYS = {"up": -1, "down": 1}


@office("content.add_survey")
@once
def add(request: HttpRequest) -> HttpResponse:
    """アンケートを作る."""
    return _survey_form(request, Survey(), "アンケートを作る")


@office("content.change_survey")
@once
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """アンケートの設定."""
    return _survey_form(request, get_object_or_404(Survey, pk=pk), "アンケートの設定")


def _survey_form(request: HttpRequest, survey: Survey, title: str) -> HttpResponse:
    form = SurveyForm(request.POST or None, instance=survey)
    if request.method == "POST" and form.is_valid():
        try:
            saved = editing.save_survey(form.save(commit=False), by=clerk(request))
        except DomainError as refusal:
            form.add_error("slug", f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(request, f"「{saved.title}」を保存しました。")
            return redirect("survey_office:survey", saved.pk)
    back = reverse("survey_office:survey", args=[survey.pk]) if survey.pk else reverse("survey_office:list")
    context = {"form": form, "survey": survey, "title": title, "cancel_url": back}
    return render(request, "content/surveys/form.html", context, status=422 if form.is_bound else 200)


@office("content.view_survey")
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """アンケートと設問."""
    found = get_object_or_404(queries.seen_by(request.user), pk=pk)
    questions = queries.questions(found)
    context = {
        "object": found, "survey": found, "rows": showing.question_rows(questions), "panels_page": "content.survey",
        "invited": found.invitations.count(),
    }  # fmt: skip
    return render(request, "content/surveys/detail.html", context)


@office_post("content.change_survey")
def open_(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Survey, pk=pk)
    editing.open_survey(found, by=clerk(request))
    messages.success(request, f"「{found.title}」の受付を始めました。")
    return redirect("survey_office:survey", pk)


@office_post("content.change_survey")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Survey, pk=pk)
    editing.close_survey(found, by=clerk(request))
    messages.success(request, f"「{found.title}」の受付を終えました。")
    return redirect("survey_office:survey", pk)


@office_post("content.add_survey")
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    made = editing.copy_survey(get_object_or_404(Survey, pk=pk), by=clerk(request))
    messages.success(request, f"「{made.title}」を作りました。題名とアドレスを直してください。")
    return redirect("survey_office:edit", made.pk)


@office_post("content.delete_survey")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Survey, pk=pk)
    editing.remove_survey(found, by=clerk(request))
    messages.success(request, f"「{found.title}」を削除しました。")
    return redirect("survey_office:list")


@office("content.change_survey")
@once
def add_question(request: HttpRequest, pk: int) -> HttpResponse:
    """設問を足す."""
    found = get_object_or_404(Survey, pk=pk)
    kind = request.GET.get("kind", "single")
    return _question_form(request, SurveyQuestion(survey=found, kind=kind), queries.questions(found))


@office("content.change_survey")
@once
def edit_question(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """設問を直す."""
    found = _question(pk, question)
    earlier = [one for one in queries.questions(found.survey) if one.position < found.position]
    return _question_form(request, found, earlier)


def _question(pk: int, question: int) -> SurveyQuestion:
    rows = SurveyQuestion.objects.select_related("survey").filter(retired_at=None)
    return get_object_or_404(rows, survey_id=pk, pk=question)


def _question_form(
    request: HttpRequest, question: SurveyQuestion, earlier: list[SurveyQuestion]
) -> HttpResponse:
    begins = question.pk is not None and (not earlier or question.page > earlier[-1].page)
    form = QuestionForm(request.POST or None, instance=question, earlier=earlier, begins=begins)
    if request.method == "POST" and form.is_valid():
        try:
            begins_page = form.cleaned_data["begins_page"]
            saved = editing.save_question(form.save(commit=False), begins_page=begins_page, by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
        else:
            new = "（前の版への答えは、集計に残ります）" if saved.version > 1 else ""
            messages.success(request, f"設問「{saved.title[:30]}」を保存しました{new}。")
            return redirect("survey_office:survey", saved.survey_id)
    answered = question.pk is not None and queries.is_answered(question)
    known = {one.code: one for one in earlier}
    context = {
        "groups": form.conditions.drawn(form), "condition": showing.condition_in_words(form.conditions.tree, known),
        "form": form, "survey": question.survey, "question": question, "is_answered": answered,
        "title": "設問を直す" if question.pk else "設問を足す",
        "cancel_url": reverse("survey_office:survey", args=[question.survey_id]),
    }  # fmt: skip
    return render(
        request, "content/surveys/question_form.html", context, status=422 if form.is_bound else 200
    )


@office_post("content.change_survey")
def move(request: HttpRequest, pk: int, question: int, way: str) -> HttpResponse:
    """並べ替え."""
    if way not in WAYS:
        raise Http404
    editing.move_question(_question(pk, question), by=WAYS[way], who=clerk(request))
    return redirect(f"{reverse('survey_office:survey', args=[pk])}#questions")


@office_post("content.change_survey")
def remove_question(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    found = _question(pk, question)
    editing.remove_question(found, by=clerk(request))
    messages.success(request, f"設問「{found.title[:30]}」を外しました。")
    return redirect("survey_office:survey", pk)


@office("content.view_survey")
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """集計."""
    found = get_object_or_404(queries.seen_by(request.user), pk=pk)
    form, narrowed = _narrowed(request)
    rows = counting.of(found, narrowed)
    context: dict[str, Any] = {
        "survey": found, "form": form, "results": rows, "answered": narrowed.apply(found).count(),
        "is_narrowed": narrowed != counting.Narrowed(), "kept": showing.kept_query(request.GET),
        **_crossed(request, found, narrowed, rows), **_word(request, rows),
    }  # fmt: skip
    return render(request, "content/surveys/results.html", context)


def _narrowed(request: HttpRequest) -> tuple[NarrowForm, counting.Narrowed]:
    """絞り込み of the address, for the screen and for its CSV alike."""
    form = NarrowForm(request.GET or None)
    return form, counting.Narrowed(**form.cleaned_data) if form.is_valid() else counting.Narrowed()


def _crossed(request: HttpRequest, found: Survey, narrowed: Any, rows: Any) -> dict[str, Any]:
    """クロス集計 of the two questions that were chosen."""
    known = {str(one.question.pk): one.question for one in rows}
    down, across = known.get(request.GET.get("down", "")), known.get(request.GET.get("across", ""))
    table = counting.crossed(found, narrowed, down, across) if down and across and down != across else None
    return {"down": down, "across": across, "table": table}


def _word(request: HttpRequest, rows: Any) -> dict[str, Any]:
    """Which answers to a question say the word that was chosen."""
    word, of = request.GET.get("word", "")[:40], request.GET.get("of", "")
    found = next((one for one in rows if str(one.question.pk) == of), None)
    if not word or found is None:
        return {"word": ""}
    texts = dict(found.texts)
    return {
        "word": word,
        "word_of": found.question.pk,
        "saying": [texts[pk] for pk in words.saying(word, texts)],
    }


@office_post("content.view_survey")
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """回答の CSV, by a job: those that the screen counts. With the names only for who may read them."""
    found = get_object_or_404(queries.seen_by(request.user), pk=pk)
    is_named = bool(request.POST.get("named"))
    if is_named and not request.user.has_perm("content.read_answers"):
        raise DomainError(
            "回答者の入った CSV は、あなたの担当では書き出せません。",
            way_out="名前のない CSV を使ってください。",
        )
    done = _narrowed(request)[1].apply(found).order_by("pk")
    job = long_jobs.start(
        exporting.NAMED if is_named else exporting.NAMELESS, list(done.values_list("pk", flat=True)), by=clerk(request),
        options={"survey": found.pk, "named": is_named}, back=reverse("survey_office:results", args=[pk]),
    )  # fmt: skip
    return redirect("jobs:detail", job.pk)
