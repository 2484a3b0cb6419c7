"""仕入条件・仕入先商品の画面."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core import clock
from akinai.party import queries as party
from akinai.purchasing.forms.terms import ItemForm, TermsForm, first_values
from akinai.purchasing.models import SupplierItem
from akinai.purchasing.queries import terms as queries
from akinai.purchasing.services import terms as services
from akinai.purchasing.services.terms import ItemInput
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("purchasing.change_supplierterms")
@once
def terms(request: HttpRequest, supplier_id: int) -> HttpResponse:
    """仕入条件."""
    supplier = party.supplier_or_404(supplier_id)
    found = queries.terms_of(supplier_id)
    form = TermsForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        services.save_terms(form.save(commit=False), by=clerk(request))
        messages.success(request, f"{supplier.name} の仕入条件を保存しました。")
        return redirect("party:supplier", supplier_id)
    context = {
        "form": form, "supplier": supplier, "cancel_url": reverse("party:supplier", args=[supplier_id]),
    }  # fmt: skip
    return render(request, "purchasing/terms.html", context, status=422 if form.errors else 200)


def _item(pk: int) -> SupplierItem:
    """The newest row of the same supplier and SKU as row `pk`."""
    named = get_object_or_404(SupplierItem.objects.select_related("supplier", "sku__product"), pk=pk)
    return next(iter(queries.prices_of(named.supplier_id, named.sku_id)), named)


@office("purchasing.add_supplieritem")
@once
def item_add(request: HttpRequest) -> HttpResponse:
    """仕入先商品の登録."""
    form = ItemForm(
        request.POST or None, initial=first_values(None, supplier=request.GET.get("supplier", ""))
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        code = data["supplier_code"] or form.data["sku"]
        _save(request, ItemInput(sku_id=data["sku"], supplier_id=data["supplier"], **_rest(form, code)))
        return redirect(f"{reverse('purchasing:items')}?f.supplier={data['supplier']}")
    return _item_page(request, form, "仕入先商品の登録", reverse("purchasing:items"))


@office("purchasing.change_supplieritem")
@once
def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """新しい単価・条件: the row of today is corrected, another day becomes a row of its own."""
    item = _item(pk)
    form = ItemForm(request.POST or None, initial=first_values(item), item=item)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["supplier_code"] or item.supplier_code
        _save(request, ItemInput(sku_id=item.sku_id, supplier_id=item.supplier_id, **_rest(form, code)))
        return redirect("purchasing:item", pk)
    return _item_page(
        request, form, f"{item.supplier_code} の新しい単価・条件", reverse("purchasing:item", args=[pk])
    )


def _rest(form: ItemForm, code: str) -> dict[str, Any]:
    names = (
        "supplier_name",
        "unit_cost",
        "valid_from",
        "order_unit",
        "lot",
        "moq",
        "lead_days",
        "is_preferred",
    )
    return {name: form.cleaned_data[name] for name in names} | {"supplier_code": code}


def _save(request: HttpRequest, item: ItemInput) -> None:
    saved = services.save_items([item], by=clerk(request))
    told = "同じ内容が登録されています。" if saved.unchanged else f"{item.supplier_code} を登録しました。"
    messages.success(request, told)


def _item_page(request: HttpRequest, form: ItemForm, title: str, back: str) -> HttpResponse:
    context = {"form": form, "page_title": title, "cancel_url": back}
    return render(request, "purchasing/item_form.html", context, status=422 if form.errors else 200)


@office("purchasing.view_supplieritem")
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """仕入先商品: price history, and who else sells the same goods."""
    found = _item(pk)
    prices = queries.prices_of(found.supplier_id, found.sku_id)
    context = {
        "item": found, "object": found, "prices": prices, "today": clock.today(),
        "chart": [(f"{row.valid_from:%Y/%m/%d}", int(row.unit_cost)) for row in prices[:12][::-1]],
        "sellers": queries.sellers_of([found.sku_id]).get(found.sku_id, []),
    }  # fmt: skip
    return render(request, "purchasing/item.html", context)


@office_post("purchasing.change_supplieritem")
def item_end(request: HttpRequest, pk: int) -> HttpResponse:
    """取扱終了."""
    found = _item(pk)
    services.end_item(found, on=clock.today(), by=clerk(request))
    messages.success(request, f"{found.supplier_code} を取扱終了にしました。補充の提案に出なくなります。")
    return redirect("purchasing:item", pk)
