"""お問い合わせ・購入手続きの管理画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from akinai.party import openings
from akinai.shop.inquiry_forms import CheckoutTermsForm, PayingWayForm
from akinai.shop.models import Inquiry, PayingWay
from akinai.shop.services import checkout, inquiries, terms
from akinai.support.queries import numbered_by
from akinai.ui.access import clerk, office, office_post


@office("shop.view_inquiry")
def inquiry(request: HttpRequest, number: str) -> HttpResponse:
    """お問い合わせ 1 件."""
    found = get_object_or_404(Inquiry.objects.select_related("order", "done_by"), number=number)
    openings.opened(
        request, openings.Page.INQUIRY, found.number, found.order.customer_id if found.order else None
    )
    return render(
        request,
        "shop/office_inquiry.html",
        {
            "object": found,
            "inquiry": found,
            "panels_page": "shop.inquiry",
            "ticket_number": numbered_by(inquiries.key_of(found)),
        },
    )


@office_post("shop.change_inquiry")
def finish(request: HttpRequest, number: str) -> HttpResponse:
    """対応済みにする."""
    inquiries.finish(get_object_or_404(Inquiry, number=number), by=clerk(request))
    messages.success(request, f"{number} を対応済みにしました。")
    return redirect("shop_office:inquiries")


@office_post("shop.change_inquiry")
def open_again(request: HttpRequest, number: str) -> HttpResponse:
    """未対応に戻す."""
    inquiries.open_again(get_object_or_404(Inquiry, number=number), by=clerk(request))
    return redirect("shop_office:inquiry", number)


@office("shop.change_payingway")
def checkout_settings(request: HttpRequest) -> HttpResponse:
    """支払方法・購入手続き: what the shop offers and says at the checkout."""
    context = {"ways": PayingWay.objects.all(), "terms": checkout.terms()}
    return render(request, "shop/office_checkout.html", context)


@office("shop.change_payingway")
def paying_way(request: HttpRequest, kind: str) -> HttpResponse:
    """支払方法の案内を変える."""
    way = get_object_or_404(PayingWay, kind=kind)
    form = PayingWayForm(request.POST or None, instance=way)
    if request.method == "POST" and form.is_valid():
        terms.save_way(form.save(commit=False), by=clerk(request))
        messages.success(request, f"{way} の案内を変えました。")
        return redirect("shop_office:checkout")
    return render(
        request,
        "shop/office_form.html",
        {"form": form, "title": str(way)},
        status=422 if form.is_bound else 200,
    )


@office("shop.change_checkoutterms")
def checkout_terms(request: HttpRequest) -> HttpResponse:
    """購入手続きの文を変える."""
    form = CheckoutTermsForm(request.POST or None, instance=checkout.terms())
    if request.method == "POST" and form.is_valid():
        terms.save_terms(form.save(commit=False), by=clerk(request))
        messages.success(request, "購入手続きの文を変えました。")
        return redirect("shop_office:checkout")
    context = {"form": form, "title": "購入手続きの文"}
    return render(request, "shop/office_form.html", context, status=422 if form.is_bound else 200)
