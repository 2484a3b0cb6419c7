"""電話注文の画面: the form, and what it asks for while the clerk types (address, goods, buyer, sums)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from akinai.catalog import queries as catalog
from akinai.core import clock, postal
from akinai.core.errors import DomainError
from akinai.core.tax import Rounding, rates_on
from akinai.orders import buyers, charging, content, outlook, quoting, services
from akinai.orders.delivery_ports import DeliveryAsk
from akinai.orders.entry_forms import EntryForms
from akinai.orders.gifts import OMOTE
from akinai.orders.ports import Address
from akinai.orders.services.entering import CHANNEL
from akinai.party import queries as party
from akinai.stock import queries as stock
from akinai.ui.access import clerk, office
from akinai.ui.forms import once

SUGGESTED = 12
MOST_YEN = 10**12
PART = re.compile(r"(\d{1,2}):(\d{1,13})", re.ASCII)


@office("orders.add_order")
@once
def enter(request: HttpRequest) -> HttpResponse:
    """電話注文を入力する."""
    forms = EntryForms(request.POST or None)
    if request.method == "POST" and forms.is_valid():
        try:
            order = services.enter(forms.entry(), by=clerk(request), now=clock.now())
        except DomainError as refusal:  # shown in the form, so that what was typed on the phone is not lost
            forms.refuse(f"{refusal.message}{refusal.way_out}")
        else:
            done = f"受注 {order.number} を登録しました。「{order.get_state_display()}」です。"
            messages.success(request, done)
            return redirect("orders:detail", order.number)
    return render(
        request, "orders/enter.html", {"forms": forms, "omote": OMOTE}, status=422 if request.POST else 200
    )


def _text(request: HttpRequest, name: str = "q", limit: int = 80) -> str:
    return request.GET.get(name, "")[:limit].replace("\0", "").strip()


@office("orders.view_order")
def towns(request: HttpRequest) -> JsonResponse:
    """郵便番号 → 住所, for the forms' script."""
    try:
        code = postal.parse_postal_code(_text(request, "code", 20))
    except postal.NotAPostalCode:
        return JsonResponse({"towns": []})
    found = [
        {"prefecture": town.prefecture, "city": f"{town.city}{town.town}"} for town in postal.lookup(code)
    ]
    return JsonResponse({"code": postal.formatted(code), "towns": found})


@office("orders.view_order")
def goods(request: HttpRequest) -> JsonResponse:
    """商品の候補 by code, JAN or name, with price, tax and what is free, for the forms' script."""
    text = _text(request)
    exact = catalog.find_scanned(text) if text else None
    skus = (
        [exact]
        if exact
        else list(catalog.search_skus(text).filter(is_active=True)[:SUGGESTED])
        if text
        else []
    )
    levels = stock.levels([sku.pk for sku in skus])
    found = [_goods(catalog.row_of(sku), levels[sku.pk]) for sku in skus]
    return JsonResponse({"exact": exact is not None, "items": found})


def _goods(row: catalog.SkuRow, level: stock.Level) -> dict[str, Any]:
    """Nothing is free while older orders wait for the goods."""
    return {
        "value": row.code, "title": row.title, "about": f"{row.code}　¥{row.price_yen:,}", "price_yen": row.price_yen,
        "rate": row.tax_rate, "free": max(level.free - level.waiting, 0), "waiting": level.waiting,
        "is_sold": row.is_active,
    }  # fmt: skip


@office("orders.add_order")
def customers(request: HttpRequest) -> JsonResponse:
    """お客様の候補 by name, kana, phone, mail or number, with the address to fill in."""
    text = _text(request)
    may_see = clerk(request).has_perm("party.view_customer")
    found = buyers.find(text) if len(text) >= 2 and may_see else []
    return JsonResponse({"items": [_buyer(one) for one in found]})


def _buyer(one: buyers.Buyer) -> dict[str, Any]:
    last = f"・前回 {timezone.localtime(one.last_at):%Y/%m/%d}" if one.last_at else ""
    return {
        "value": one.name, "title": one.name, "about": one.about, "number": one.number, "memo": one.memo,
        "side": f"ご注文 {one.orders} 回",
        "orders": f"ご注文 {one.orders} 回{last}", "fields": one.fields, "others": list(one.others),
    }  # fmt: skip


@office("orders.add_order")
def quote(request: HttpRequest) -> JsonResponse:
    """合計と税 of what is typed so far: `goods=8:1080,10:660`, `fees`, `discount`."""
    lines = [(int(rate), int(amount)) for rate, amount in PART.findall(_text(request, "goods", 4000))]
    asked = quoting.quote(
        lines, fees_yen=_yen(request, "fees"), discount_yen=_yen(request, "discount"),
        standard_rate=rates_on(clock.today()).standard, rounding=Rounding(party.company().tax_rounding),
    )  # fmt: skip
    taxes = [{"rate": t.rate, "gross_yen": t.gross_yen, "tax_yen": t.tax_yen} for t in asked.taxes]
    return JsonResponse({"total_yen": asked.total_yen, "taxes": taxes, "too_much": asked.is_cut_too_much})


@office("orders.view_order")
def shipping_charge(request: HttpRequest) -> JsonResponse:
    """送料 by the fee table of what is typed so far: `code`, `prefecture`, `city`, `goods_yen`, `besides` (wrapping), `discount`, `cod`,
    `goods` (a code on each line)."""
    to = _typed_address(request)
    if not to.prefecture:
        return JsonResponse({"told": ""})
    is_cod = _text(request, "cod", 1) == "1"
    charge = charging.of_goods(
        to, _yen(request, "goods_yen"), channel=CHANNEL[0], on=clock.today(), is_cod=is_cod,
        besides_yen=_yen(request, "besides") - _yen(request, "discount"),
        sku_ids=catalog.by_code_keys(_text(request, "goods", 8000).split("\n")).values(),
    )  # fmt: skip
    return JsonResponse({"yen": charge.yen, "cod_yen": charge.cod_yen, "told": charge.told})


def _typed_address(request: HttpRequest) -> Address:
    """The address as far as it is typed; the prefecture by its postal code where none is chosen."""
    code, prefecture = _text(request, "code", 20), _text(request, "prefecture", 10)
    try:
        code = postal.parse_postal_code(code)
    except postal.NotAPostalCode:
        code = ""
    towns = postal.lookup(code)
    found = prefecture or (towns[0].prefecture if towns else "")
    return Address(postal_code=code, prefecture=found, city=_text(request, "city", 100))


@office("orders.view_order")
def delivery_outlook(request: HttpRequest) -> HttpResponse:
    """お届けの見通し of what is typed so far, as a piece of page: `code`, `prefecture`, `city`, `wish`, `slot`, `carrier`,
    `goods=SKU:2,…`."""
    to = _typed_address(request)
    asked = DeliveryAsk(
        clock.now(), to.prefecture, to.postal_code, content.is_island(to), _text(request, "carrier", 20), _day(request),
        _text(request, "slot", 10),
    )  # fmt: skip
    wanted = {
        sku.pk: min(int(count), 99_999)
        for text, count in GOODS.findall(_text(request, "goods", 4000))
        if (sku := catalog.find_scanned(text))
    }
    return render(request, "orders/_outlook.html", {"outlook": outlook.of_goods(asked, wanted)})


GOODS = re.compile(r"([^,:]{1,120}):(\d{1,6})", re.ASCII)


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(_text(request, "wish", 10))
    except ValueError:
        return None


def _yen(request: HttpRequest, name: str) -> int:
    text = _text(request, name, 13)
    return min(int(text), MOST_YEN) if text.isascii() and text.isdigit() else 0
