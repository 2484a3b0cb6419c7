"""ウェーブの画面: the rules, and sending off one wave."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from akinai.core.errors import DomainError
from akinai.shipping import services
from akinai.shipping.lists import tell_refused
from akinai.shipping.models import WaveRule
from akinai.shipping.wave_forms import WaveForm
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("shipping.change_waverule")
@once
def add(request: HttpRequest) -> HttpResponse:
    """ウェーブを登録する."""
    return _rule(request, WaveRule(cutoffs=[]), "ウェーブを登録する")


@office("shipping.change_waverule")
@once
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """ウェーブを直す."""
    rule = get_object_or_404(WaveRule, pk=pk)
    return _rule(request, rule, f"ウェーブ「{rule.name}」")


def _rule(request: HttpRequest, rule: WaveRule, title: str) -> HttpResponse:
    form = WaveForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_wave(form.save(commit=False), by=clerk(request))
        except DomainError as refusal:
            form.add_error("name", f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(request, f"ウェーブ「{form.instance.name}」を保存しました。")
            return redirect("shipping:waves")
    context = {"form": form, "rule": rule, "title": title, "cancel_url": reverse("shipping:waves")}
    return render(request, "shipping/wave_form.html", context, status=422 if form.is_bound else 200)


@office_post("shipping.change_waverule")
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """ウェーブをやめる."""
    rule = get_object_or_404(WaveRule, pk=pk)
    services.retire_wave(rule.pk, by=clerk(request))
    messages.success(request, f"ウェーブ「{rule.name}」を使うのをやめました。")
    return redirect("shipping:waves")


@office_post("shipping.change_waverule")
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """ウェーブをまた使う."""
    rule = get_object_or_404(WaveRule, pk=pk)
    services.resume_wave(rule.pk, by=clerk(request))
    messages.success(request, f"ウェーブ「{rule.name}」をまた使います。")
    return redirect("shipping:waves")


@office_post("shipping.add_shippingbatch")
@once
def instruct(request: HttpRequest, pk: int) -> HttpResponse:
    """このウェーブを出荷指示: on to the batch, whose first step is its picking list by shelf."""
    sent = services.instruct_wave(pk, _moment(request.POST.get("at", "")), by=clerk(request))
    if sent.is_new:
        messages.success(
            request, f"「{sent.batch.wave_title}」の {sent.batch.shipments.count():,} 件を出荷指示しました。"
        )
    else:
        messages.info(request, f"「{sent.batch.wave_title}」はすでに出荷指示されています。")
    tell_refused(request, sent.batch.refused)
    return redirect("shipping:batch", number=sent.batch.number)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None  # type: ignore[assignment]
    if found is None or timezone.is_naive(found):
        raise DomainError(
            "ウェーブの締め切りが読めません。", way_out="画面を開き直して、選び直してください。"
        )
    return found
