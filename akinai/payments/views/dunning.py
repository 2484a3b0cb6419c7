"""督促: the plan of the day, one due with everything done about it, and the ladders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from akinai.core import clock, mail_texts
from akinai.core.business_days import is_bank_closed, on_or_after
from akinai.party import openings
from akinai.payments import papers, queries, services
from akinai.payments.dunning_forms import AnswerForm, DuePauseForm, LadderForm, StepForm
from akinai.payments.dunning_texts import PLACEHOLDERS
from akinai.payments.lists.dunning import late_days
from akinai.payments.models import Due, DunningAct, DunningPause, DunningStep
from akinai.payments.states import DueKind, DunningWay
from akinai.payments.views.order import _valid
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("payments.view_due")
def plan(request: HttpRequest) -> HttpResponse:
    """督促の予定: who gets what today and on the next day that banks are open."""
    today = clock.today()
    coming = on_or_after(today + timedelta(days=1))
    days = [
        {"day": day, "title": title, "rows": rows, "ready": sum(not one.hindrance for one in rows)}
        for title, day in (("今日", today), ("次の営業日", coming))
        for rows in [services.plan(day)]
    ]
    ladders = queries.ladders()
    context = {
        "days": days,
        "is_closed": is_bank_closed(today),
        "is_on": any(one.is_on for one in ladders.values()),
        "ways": DunningWay,
    }
    return render(request, "payments/dunning_plan.html", context)


@office_post("payments.add_dunningact")
@once
def run(request: HttpRequest) -> HttpResponse:
    """今日の督促を行う."""
    outcome = services.run_dunning(by=clerk(request))
    told = (
        f"メール {outcome.mailed} 件、電話・書面 {outcome.to_call} 件、自動キャンセル {outcome.cancelled} 件"
    )
    more = f"、見合わせ {outcome.held_back} 件" if outcome.held_back else ""
    messages.success(request, f"今日の督促を行いました。{told}{more}。")
    return redirect("payments:dunning_plan")


def _due(request: HttpRequest, pk: int) -> Due:
    return get_object_or_404(queries.dues_seen_by(clerk(request)), pk=pk)


@office("payments.view_due")
def due(request: HttpRequest, pk: int) -> HttpResponse:
    """未入金 one: what is owed, what was done, what comes, and the text of the next step."""
    found = queries.dues_seen_by(clerk(request)).filter(pk=pk).first()
    if found is None:
        return _gone(request, pk)
    openings.opened(request, openings.Page.PAYMENT, found.number, found.customer_id)
    chain = services.coming(found)
    ladder = queries.ladders().get(found.kind)
    context: dict[str, Any] = {
        "object": found.order or found.statement, "due": found, "late_days": late_days(found), "chain": chain, "acts": queries.acts_of(found),
        "pauses": queries.pauses_of(found), "is_on": ladder is not None and ladder.is_on,
        "pause_form": DuePauseForm(), "answer_form": AnswerForm(), "paper": found.order or found.statement,
        "panels_page": "payments.due",
    }  # fmt: skip
    if chain:
        step, on = chain[0]
        context["letter"] = services.letter(found, DunningStep.objects.get(pk=step.id), on=on)
    return render(request, "payments/due.html", context)


def _gone(request: HttpRequest, pk: int) -> HttpResponse:
    """Paid or cancelled meanwhile: the paper itself tells what happened."""
    if pk % 2:
        raise Http404
    messages.info(request, "この未入金は、入金されたか、キャンセルされました。")
    return redirect("payments:dunning")


@office_post("payments.add_dunningpause")
@once
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """督促を止める."""
    found = _due(request, pk)
    services.pause(found, by=clerk(request), **_valid(DuePauseForm(request.POST), "督促を止められません"))
    messages.success(request, f"{found.number} の督促を止めました。")
    return redirect("payments:due", pk)


@office_post("payments.add_dunningpause")
@once
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """督促を再開する."""
    found = get_object_or_404(DunningPause, pk=pk)
    services.resume(found.pk, by=clerk(request))
    messages.success(request, "督促を再開しました。")
    due_id = (
        found.order_id * 2 if found.order_id else found.statement_id * 2 + 1 if found.statement_id else None
    )
    back = request.POST.get("due", "")
    if due_id is None and back.isascii() and back.isdigit() and len(back) < 19:
        due_id = int(back)
    return redirect("payments:due", due_id) if due_id else redirect("payments:dunning")


@office_post("payments.add_dunninganswer")
@once
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """電話・書面の結果."""
    act = get_object_or_404(DunningAct, pk=pk)
    services.answer(act.pk, by=clerk(request), **_valid(AnswerForm(request.POST), "結果を記録できません"))
    messages.success(request, "結果を記録しました。")
    return redirect("payments:due", act.order_id * 2 if act.order_id else (act.statement_id or 0) * 2 + 1)


@office("payments.view_dunningact")
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """書面 of one act, to print; the words of the telephone call are read here, too."""
    act = get_object_or_404(queries.acts_seen_by(clerk(request)), pk=pk)
    found = get_object_or_404(queries.dues_seen_by(clerk(request)), pk=queries.due_id_of(act))
    step = DunningStep.objects.get(pk=act.step_id)
    subject, body = services.letter(found, step, on=act.on)
    context = {"act": act, "due": found, "step": step, "subject": subject, "body": body}
    return render(request, "payments/dunning_letter.html", context)


@office("payments.view_dunningact")
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """督促状 of one act, as PDF, dated today."""
    act = get_object_or_404(queries.acts_seen_by(clerk(request)), pk=pk, way=DunningWay.LETTER)
    found = get_object_or_404(queries.dues_seen_by(clerk(request)), pk=queries.due_id_of(act))
    return _printed([(act, found)], f"督促状_{found.number}.pdf")


@office("payments.view_dunningact")
def letters_pdf(request: HttpRequest) -> HttpResponse:
    """督促状をまとめて印刷: every letter that nobody has posted yet and whose money is still owed."""
    waiting = queries.letters_waiting(clerk(request))
    if not waiting:
        messages.info(request, "印刷を待っている書面はありません。")
        return redirect("payments:dunning_acts")
    return _printed(waiting, f"督促状_{clock.today():%Y%m%d}.pdf")


def _printed(waiting: Sequence[tuple[DunningAct, Due]], filename: str) -> HttpResponse:
    steps = DunningStep.objects.in_bulk([act.step_id for act, _ in waiting])
    letters = [papers.Letter(act, due, steps[act.step_id]) for act, due in waiting]
    pdf = papers.letters_pdf(letters, on=clock.today())
    header = content_disposition_header(False, filename) or "inline"
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": header})


# 段取り ------------------------------------------------------------------------------------------------------------


@office("payments.view_dunningladder")
def ladders(request: HttpRequest) -> HttpResponse:
    """督促の段取り: the ladder of each kind of due."""
    known, steps = queries.ladders(), queries.steps()
    rows = [{"kind": kind, "ladder": known.get(kind), "steps": steps.get(kind, [])} for kind in DueKind]
    return render(request, "payments/ladders.html", {"rows": rows})


def _kind(kind: str) -> DueKind:
    if kind not in DueKind.values:
        raise Http404
    return DueKind(kind)


@office("payments.change_dunningladder")
@once
def ladder(request: HttpRequest, kind: str) -> HttpResponse:
    """段取り of one kind: on or off, and for which shops not."""
    found = services.ladder_of(_kind(kind))
    form = LadderForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        left_out = [channel.pk for channel in form.cleaned_data["channels_left_out"]]
        services.set_ladder(
            kind, is_on=form.cleaned_data["is_on"], channels_left_out=left_out, by=clerk(request)
        )
        messages.success(request, f"「{found.get_kind_display()}」の段取りを保存しました。")
        return redirect("payments:ladders")
    context = {"form": form, "kind": _kind(kind), "cancel_url": reverse("payments:ladders")}
    return render(request, "payments/ladder.html", context, status=422 if form.errors else 200)


@office_post("payments.change_dunningladder")
@once
def take_usual(request: HttpRequest, kind: str) -> HttpResponse:
    """ひな形を入れる."""
    made = services.take_usual(_kind(kind), by=clerk(request))
    messages.success(
        request, f"ひな形の {len(made)} 段階を入れました。文面を確かめてから、督促を始めてください。"
    )
    return redirect("payments:ladders")


@office("payments.change_dunningladder")
@once
def add_step(request: HttpRequest, kind: str) -> HttpResponse:
    """段階を足す."""
    return _step(request, DunningStep(kind=_kind(kind)), "段階を足す")


@office("payments.change_dunningladder")
@once
def edit_step(request: HttpRequest, pk: int) -> HttpResponse:
    """段階を直す."""
    step = get_object_or_404(DunningStep, pk=pk, is_live=True)
    return _step(request, step, step.title)


def _step(request: HttpRequest, step: DunningStep, title: str) -> HttpResponse:
    form = StepForm(request.POST or None, instance=step)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and "preview" not in request.POST:
        saved = services.save_step(form.save(commit=False), by=clerk(request))
        messages.success(request, f"段階「{saved}」を保存しました。")
        return redirect("payments:ladders")
    context = {
        "form": form, "title": title, "step": step if step.pk else None, "placeholders": PLACEHOLDERS,
        "kind": DueKind(step.kind), "cancel_url": reverse("payments:ladders"), "sample": _sample(step),
    }  # fmt: skip
    return render(request, "payments/dunning_step.html", context, status=422 if form.errors else 200)


def _sample(step: DunningStep) -> tuple[str, str] | None:
    """The text with samples in its holes."""
    samples = {one.name: one.sample for one in PLACEHOLDERS}
    return mail_texts.filled(step.subject, step.body, samples) if step.body else None


@office_post("payments.change_dunningladder")
@once
def retire_step(request: HttpRequest, pk: int) -> HttpResponse:
    """段階をやめる."""
    step = services.retire_step(get_object_or_404(DunningStep, pk=pk).pk, by=clerk(request))
    messages.success(request, f"段階「{step}」を外しました。これまでの記録は残ります。")
    return redirect("payments:ladders")
