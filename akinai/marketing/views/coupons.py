"""クーポンの画面: make, change, look at its effect, make codes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.channels import queries as channels
from akinai.core.errors import DomainError
from akinai.core.gathering import counts
from akinai.marketing import jobs, lists, queries
from akinai.marketing.forms import BatchForm, CouponForm
from akinai.marketing.models import Coupon
from akinai.marketing.services import keeping
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


def _form(request: HttpRequest, coupon: Coupon, title: str, cancel_url: str) -> HttpResponse:
    form = CouponForm(request.POST or None, instance=coupon)
    if request.method == "POST" and form.is_valid():
        saved = keeping.save_coupon(form, by=clerk(request))
        messages.success(request, f"クーポン「{saved.code}」を保存しました。")
        return redirect("marketing:coupon", saved.pk)
    context = {"form": form, "form_title": title, "cancel_url": cancel_url, "coupon": coupon}
    return render(request, "marketing/coupon_form.html", context, status=422 if form.is_bound else 200)


@office("marketing.add_coupon")
@once
def new(request: HttpRequest) -> HttpResponse:
    """クーポンを作る."""
    return _form(request, Coupon(), "クーポンを作る", reverse("marketing:coupons"))


@office("marketing.change_coupon")
@once
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """クーポンを変える."""
    coupon = get_object_or_404(Coupon, pk=pk)
    return _form(request, coupon, f"{coupon.code} を変える", reverse("marketing:coupon", args=[pk]))


@office("marketing.view_coupon")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """クーポンの詳細と効果."""
    coupon = get_object_or_404(Coupon.objects.prefetch_related("products", "categories"), pk=pk)
    word, tone = lists.state_of(coupon)
    codes, used = counts(coupon.codes.all(), coupon.codes.filter(is_used=True))
    context = {
        "object": coupon, "coupon": coupon, "state_word": word, "state_tone": tone, "effect": queries.effect_of(pk),
        "codes": codes, "codes_used": used, "batch_form": BatchForm(),
        "channel_names": [name for code, name in (channels.every_choice() if coupon.channels else ()) if code in coupon.channels],
        "panels_page": "marketing.coupon",
    }  # fmt: skip
    return render(request, "marketing/coupon.html", context)


@office_post("marketing.change_coupon")
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """使い始める・止める."""
    get_object_or_404(Coupon, pk=pk)
    on = request.POST.get("on") == "1"
    coupon = keeping.switch(pk, on=on, by=clerk(request))
    messages.success(request, f"{coupon.code} を{'使えるように' if on else '使えないように'}しました。")
    return redirect("marketing:coupon", pk)


@office_post("marketing.add_couponcode")
@once
def make_codes(request: HttpRequest, pk: int) -> HttpResponse:
    """コードの束を作る: by a worker, one CSV to download from the job's page."""
    coupon = get_object_or_404(Coupon, pk=pk)
    form = BatchForm(request.POST)
    if not form.is_valid():
        raise DomainError(
            f"コードを作れません。{next(iter(form.errors.values()))[0]}", way_out="入力を直してください。"
        )
    back = reverse("marketing:coupon", args=[pk])
    job = jobs.start(coupon, **form.cleaned_data, by=clerk(request), back=back)
    return redirect("jobs:detail", job.pk)
