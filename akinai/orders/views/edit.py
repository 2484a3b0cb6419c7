"""受注を直す画面: delivery, payment, amounts; the rules that hold orders; orders by phone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.core import clock, postal
from akinai.orders import rules, services
from akinai.orders.entry_forms import EntryForms
from akinai.orders.forms import AmountsForm, DeliveryForm, HoldRuleForm, PaymentForm
from akinai.orders.models import HoldRule, Order
from akinai.orders.views.page import order_of
from akinai.stock import queries as stock
from akinai.ui.access import clerk, office
from akinai.ui.forms import once

SUGGESTED = 12


def _page(request: HttpRequest, template: str, order: Order, form: Any, **more: Any) -> HttpResponse:
    where = reverse("orders:detail", args=[order.number])
    context = {"order": order, "form": form, "cancel_url": where, **more}
    return render(request, template, context, status=422 if form.is_bound else 200)


@office("orders.change_order")
@once
def delivery(request: HttpRequest, number: str) -> HttpResponse:
    """お届け先を直す."""
    order = order_of(request, number)
    form = DeliveryForm(request.POST or None, initial=_ship_to(order))
    if request.method == "POST" and form.is_valid():
        wishes = {name: form.cleaned_data[name] for name in ("delivery_on", "delivery_slot", "carrier")}
        services.edit_delivery(order.pk, ship_to=form.address(), by=clerk(request), **wishes)
        messages.success(request, f"{order.number} のお届け先を直しました。")
        return redirect("orders:detail", number)
    return _page(request, "orders/delivery.html", order, form)


def _ship_to(order: Order) -> dict[str, Any]:
    ship = ("name", "kana", "company", "postal_code", "prefecture", "city", "line1", "line2", "phone")
    found = {name: getattr(order, f"ship_{name}") for name in ship}
    return found | {name: getattr(order, name) for name in ("delivery_on", "delivery_slot", "carrier")}


@office("orders.change_order")
@once
def payment(request: HttpRequest, number: str) -> HttpResponse:
    """支払方法を決める."""
    order = order_of(request, number)
    initial = {"payment": order.payment, "is_settled": order.payment_settled}
    form = PaymentForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.set_payment(order.pk, by=clerk(request), **form.cleaned_data)
        messages.success(request, f"{order.number} の支払方法を決めました。")
        return redirect("orders:detail", number)
    return _page(request, "orders/payment.html", order, form)


@office("orders.change_order")
@once
def amounts(request: HttpRequest, number: str) -> HttpResponse:
    """金額を直す."""
    order = order_of(request, number)
    form = AmountsForm(
        request.POST or None, initial={name: getattr(order, name) for name in services.AMOUNTS}
    )
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        services.correct_amounts(order.pk, amounts=form.amounts(), reason=reason, by=clerk(request))
        messages.success(request, f"{order.number} の金額を直しました。")
        return redirect("orders:detail", number)
    lines_total = sum(line.subtotal_yen for line in order.lines.all())
    return _page(request, "orders/amounts.html", order, form, lines_total=lines_total)


@office("orders.change_holdrule")
def hold_rules(request: HttpRequest) -> HttpResponse:
    """要確認の規則: switches and limits."""
    shown = [(code, rule, _rule_form(request, code, rule)) for code, rule in rules.RULES.items()]
    forms = [form for _, _, form in shown]
    if request.method == "POST" and not [form for form in forms if not form.is_valid()]:
        services.set_rules(
            [form.save(commit=False) for form in forms if form.has_changed()], by=clerk(request)
        )
        messages.success(request, "要確認の規則を保存しました。次に取り込む受注から効きます。")
        return redirect("orders:hold_rules")
    return render(request, "orders/hold_rules.html", {"shown": shown}, status=422 if request.POST else 200)


def _rule_form(request: HttpRequest, code: str, rule: rules.Rule) -> HoldRuleForm:
    default = rule.default
    setting = HoldRule.objects.filter(code=code).first() or HoldRule(
        code=code, is_enabled=default.is_enabled, limit_yen=default.limit_yen, limit_days=default.limit_days
    )
    return HoldRuleForm(request.POST or None, prefix=code, instance=setting, rule=rule)


@office("orders.add_order")
@once
def enter(request: HttpRequest) -> HttpResponse:
    """電話注文を入力する."""
    forms = EntryForms(request.POST or None)
    if request.method == "POST" and forms.is_valid():
        order = services.enter(forms.entry(), by=clerk(request), now=clock.now())
        messages.success(
            request, f"受注 {order.number} を登録しました。「{order.get_state_display()}」です。"
        )
        return redirect("orders:detail", order.number)
    return render(request, "orders/enter.html", {"forms": forms}, status=422 if request.POST else 200)


@office("orders.view_order")
def towns(request: HttpRequest) -> JsonResponse:
    """郵便番号 → 住所, for the forms' script."""
    try:
        code = postal.parse_postal_code(request.GET.get("code", "")[:20])
    except postal.NotAPostalCode:
        return JsonResponse({"towns": []})
    found = [
        {"prefecture": town.prefecture, "city": f"{town.city}{town.town}"} for town in postal.lookup(code)
    ]
    return JsonResponse({"code": postal.formatted(code), "towns": found})


@office("orders.add_order")
def goods(request: HttpRequest) -> JsonResponse:
    """商品の候補 by code, JAN or name, with price and what is free, for the forms' script."""
    text = request.GET.get("q", "")[:80].replace("\0", "").strip()
    exact = catalog.find_scanned(text) if text else None
    skus = (
        [exact]
        if exact
        else list(catalog.search_skus(text).filter(is_active=True)[:SUGGESTED])
        if text
        else []
    )
    levels = stock.levels([sku.pk for sku in skus])
    found = [
        {
            "code": sku.code, "name": catalog.row_of(sku).title, "price_yen": sku.price_yen,
            "free": max(levels[sku.pk].free - levels[sku.pk].waiting, 0),
        }
        for sku in skus
    ]  # fmt: skip
    return JsonResponse({"exact": exact is not None, "goods": found})
