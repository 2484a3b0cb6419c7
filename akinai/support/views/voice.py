"""お客様の声の画面: low marks, spikes, the second person's sheet, and the settings."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.support.forms import KINDS
from akinai.support.models import Csat, ReplyGrade, Spike, VoiceSettings
from akinai.support.queries import voice as queries
from akinai.support.queries.reasons import words
from akinai.support.queries.reports import Period
from akinai.support.report_forms import SettingsForm, SheetForm
from akinai.support.rules.spikes import FALSE_ALARMS
from akinai.support.services import alarms, csat, grading
from akinai.support.services import voice as services
from akinai.ui.access import clerk, office

GRADED_DAYS = 90


class NoteForm(forms.Form):
    """どうしたか."""

    note = forms.CharField(label="どうしたか", max_length=200)


@office("support.view_csat")
def see_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """満足度 1 件; a low one is seen to here."""
    row = get_object_or_404(Csat.objects.select_related("ticket__assignee", "seen_by"), pk=pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST":
        _must(request, "support.change_csat")
        if form.is_valid():
            csat.see(row, form.cleaned_data["note"], by=clerk(request))
            messages.success(request, "確かめたことを残しました。")
            return redirect("support:marks")
    face = csat.FACES.get(row.score or 0, "")
    return render(
        request, "support/mark.html", {"row": row, "form": form, "face": face}, status=422 if form.is_bound else 200
    )  # fmt: skip


@office("support.view_spike")
def spike(request: HttpRequest, pk: int) -> HttpResponse:
    """急増 1 件 with the tickets behind it."""
    row = get_object_or_404(Spike.objects.select_related("seen_by"), pk=pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST":
        _must(request, "support.change_spike")
        if form.is_valid():
            alarms.see(row, form.cleaned_data["note"], by=clerk(request))
            messages.success(request, "確かめたことを残しました。")
            return redirect("support:spikes")
    tickets = row.tickets.select_related("customer").order_by("-opened_at")[:100]
    context = {
        "row": row,
        "form": form,
        "tickets": tickets,
        "false_alarms": FALSE_ALARMS * 100,
        "reasons": words(row.reasons, dict(KINDS)),
    }
    return render(request, "support/spike.html", context, status=422 if form.is_bound else 200)


def _must(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


@office("support.view_replygrade")
def grades(request: HttpRequest) -> HttpResponse:
    """返信の点検: what waits for this person, and the results by who wrote."""
    today = clock.today()
    period = Period(today - timedelta(days=GRADED_DAYS - 1), today)
    context = {
        "open": grading.open_for(clerk(request)) if request.user.has_perm("support.change_replygrade") else [],
        "people": queries.graded_by_person(period), "days": GRADED_DAYS, "size": services.settings().sample_size,
    }  # fmt: skip
    return render(request, "support/grades.html", context)


@office("support.change_replygrade")
def grade(request: HttpRequest, pk: int) -> HttpResponse:
    """点検の用紙."""
    row = get_object_or_404(
        ReplyGrade.objects.select_related("message__ticket", "author"), pk=pk, graded_at=None
    )
    if row.author_id == clerk(request).pk:
        messages.info(request, "自分の返信は、自分では点検できません。ほかの人が点検します。")
        return redirect("support:grades")
    form = SheetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            grading.grade(row, form.told(), by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(request, "点検しました。")
            return redirect("support:grades")
    asked = (
        row.message.ticket.messages.filter(direction__in=["in", "call"], pk__lt=row.message_id)
        .order_by("-pk")
        .first()
    )
    return render(
        request, "support/grade.html", {"row": row, "form": form, "asked": asked}, status=422 if form.is_bound else 200
    )  # fmt: skip


@office("support.change_voicesettings")
def settings(request: HttpRequest) -> HttpResponse:
    """お客様の声の設定."""
    row: VoiceSettings = services.settings()
    form = SettingsForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        activity.record(row, "change", by=clerk(request), summary="、".join(form.changed_data))
        messages.success(request, "設定を保存しました。")
        return redirect("support:reports")
    return render(
        request, "support/voice_settings.html", {"form": form}, status=422 if form.is_bound else 200
    )
