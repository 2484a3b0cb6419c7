"""お届け予定のもとの画面: the calendar of shipping, the carriers' days."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core.errors import DomainError
from akinai.shipping import services
from akinai.shipping.delivery_forms import CalendarForm, DaysForm, SeedForm
from akinai.shipping.models import CarrierDays, DeliveryCalendar
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("shipping.change_deliverycalendar")
@once
def calendar(request: HttpRequest) -> HttpResponse:
    """出荷の暦."""
    kept = DeliveryCalendar.objects.first() or DeliveryCalendar(pk=1)
    form = CalendarForm(request.POST or None, instance=kept)
    if request.method == "POST" and form.is_valid():
        services.save_calendar(form.save(commit=False), by=clerk(request))
        messages.success(request, "出荷の暦を保存しました。出荷待ちの受注の出荷期限も計算し直しました。")
        return redirect("shipping:days")
    return _page(request, "shipping/calendar.html", form)


@office("shipping.add_carrierdays")
@once
def add_days(request: HttpRequest) -> HttpResponse:
    """お届け日数を登録する."""
    return _days(request, CarrierDays(has_slots=True), "お届け日数を登録する")


@office("shipping.change_carrierdays")
@once
def edit_days(request: HttpRequest, pk: int) -> HttpResponse:
    """お届け日数を直す."""
    row = get_object_or_404(CarrierDays, pk=pk)
    return _days(request, row, f"{row.place} のお届け日数")


def _days(request: HttpRequest, row: CarrierDays, title: str) -> HttpResponse:
    form = DaysForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_days(form.save(commit=False), by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(
                request, f"{form.instance.place} のお届け日数を {form.instance.days} 日にしました。"
            )
            return redirect("shipping:days")
    return _page(request, "shipping/days_form.html", form, title=title)


def _page(request: HttpRequest, template: str, form: Any, **more: Any) -> HttpResponse:
    context = {"form": form, "cancel_url": reverse("shipping:days"), **more}
    return render(request, template, context, status=422 if form.is_bound else 200)


@office_post("shipping.add_carrierdays")
def seed_days(request: HttpRequest) -> HttpResponse:
    """目安を並べる."""
    form = SeedForm(request.POST)
    if not form.is_valid():
        raise DomainError("運送会社が選ばれていません。", way_out="一覧から選び直してください。")
    count = services.seed_days(form.cleaned_data["carrier"], by=clerk(request))
    messages.success(
        request, f"{count} 都道府県の目安を並べました。運送会社の案内と見比べて、違う日数を直してください。"
    )
    return redirect("shipping:days")
