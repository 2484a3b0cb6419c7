"""読み取ったコードの登録: a code nobody knows is given to the goods it stands on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.catalog import checks, queries, services
from akinai.catalog.codes import digits_of
from akinai.core.barcodes import BarcodeKind, is_gtin, item_of_case, kind_of
from akinai.ui.access import clerk, office
from akinai.ui.forms import QuantityField, once


class GiveCodeForm(forms.Form):
    """JAN かケースのコードと、それが付いている商品."""

    code = forms.CharField(label="読み取ったコード", max_length=20)
    sku = forms.CharField(
        label="商品コード", max_length=64, help_text="このコードが付いている商品のSKUコード。"
    )
    pieces = QuantityField(
        label="ケース入数", minimum=1, required=False, help_text="ケース（14桁）のコードのときだけ。"
    )

    replaces = forms.BooleanField(label="今のコードを置き換える", required=False)

    def clean_code(self) -> str:
        digits = digits_of(self.cleaned_data["code"])
        if not is_gtin(digits):
            raise forms.ValidationError(
                "JAN（8・13桁）かケースのコード（14桁）を、正しい検査数字で入れてください。"
            )
        return digits

    def clean_sku(self) -> Any:
        found = queries.find_scanned(self.cleaned_data["sku"])
        if found is None:
            raise forms.ValidationError("この商品コードは登録されていません。先に商品を登録してください。")
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if is_case(data.get("code", "")) and not data.get("pieces") and "pieces" not in self.errors:
            self.add_error("pieces", "ケースに何点入っているかを入れてください。")
        self._ask_to_replace(data)
        return data

    def _ask_to_replace(self, data: dict[str, Any]) -> None:
        """A code that stands on the goods already is not lost in silence."""
        sku, digits = data.get("sku"), data.get("code", "")
        if sku is None or not digits:
            return
        now = sku.itf if is_case(digits) else sku.jan
        if now and now != digits and not data.get("replaces"):
            self.add_error(
                "replaces", f"{sku.code} には {now} が登録されています。置き換えるときは印を付けてください。"
            )


def is_case(digits: str) -> bool:
    """14 digits that name a case, not an item with a zero in front."""
    return len(digits) == 14 and is_gtin(digits) and kind_of(digits) == BarcodeKind.CASE


@office("catalog.change_product")
@once
def give_code(request: HttpRequest) -> HttpResponse:
    """コードを商品に登録する."""
    form = GiveCodeForm(request.POST or None, initial=_first(request))
    if request.method == "POST" and form.is_valid():
        told, sku = form.cleaned_data, form.cleaned_data["sku"]
        cells = _cells(sku, told["code"], told["pieces"])
        saved = services.save_grid(cells, by=clerk(request))
        if not saved.errors:
            messages.success(
                request, f"{told['code']} を {sku.code} に登録しました。もう一度読み取ってください。"
            )
            return redirect("catalog:detail", queries.row_of(sku).product_number)
        for text in saved.errors.values():
            form.add_error(None, text)
    digits = str(form["code"].value() or "")
    context = {
        "form": form, "is_case": is_case(digits_of(digits)), "submit_label": "登録する",
        "cancel_url": reverse("catalog:list"), "digits": digits,
    }  # fmt: skip
    return render(request, "catalog/give_code.html", context, status=422 if form.errors else 200)


def _first(request: HttpRequest) -> dict[str, str]:
    """The code that was scanned, and of a case the goods whose JAN lies inside."""
    digits = digits_of(request.GET.get("code", "").replace("\0", "")[:20])
    inside = queries.find_scanned(item_of_case(digits)) if is_case(digits) else None
    return {"code": digits, "sku": inside.code if inside else ""}


def _cells(sku: Any, digits: str, pieces: int | None) -> list[services.Typed]:
    if not is_case(digits):
        return [services.Typed(sku.pk, "jan", sku.jan or "", checks.read_jan(digits) or "")]
    was = "" if sku.pieces_per_case is None else str(sku.pieces_per_case)
    return [
        services.Typed(sku.pk, "itf", sku.itf or "", digits),
        services.Typed(sku.pk, "pieces_per_case", was, str(pieces)),
    ]
