"""ラベルの画面: which labels, on which paper, from which place, how many of each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.catalog import labels
from akinai.catalog.chosen import MOST
from akinai.catalog.models import Sku
from akinai.ui.access import office


class LabelsForm(forms.Form):
    """ラベルの印刷. One field for each SKU's count."""

    kind = forms.ChoiceField(label="ラベルの種類", choices=list(labels.KINDS.items()))
    layout = forms.ChoiceField(
        label="用紙", choices=[(one.code, one.title) for one in labels.LAYOUTS.values()], initial="a4-44"
    )
    start = forms.IntegerField(
        label="始める位置", initial=1, min_value=1, help_text="使いかけの用紙で、左上から数えて何枚目か"
    )
    shows_price = forms.BooleanField(label="価格を印刷する", required=False, initial=True)
    shift_x = forms.FloatField(label="右へずらす", initial=0, min_value=-10, max_value=10)
    shift_y = forms.FloatField(label="下へずらす", initial=0, min_value=-10, max_value=10)

    def __init__(self, data: QueryDict | None, *, wanted: list[tuple[Sku, int]]) -> None:
        super().__init__(data)
        self.wanted = wanted
        for sku, count in wanted:
            field = forms.IntegerField(min_value=0, max_value=labels.MOST, initial=min(count, labels.MOST))
            field.widget.attrs |= {"aria-label": f"{sku.code} の枚数", "class": "amount"}
            self.fields[f"count-{sku.pk}"] = field

    def rows(self) -> list[tuple[Sku, forms.BoundField]]:
        return [(sku, self[f"count-{sku.pk}"]) for sku, _ in self.wanted]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        layout = labels.LAYOUTS.get(data.get("layout", ""))
        if layout and (data.get("start") or 1) > layout.per_sheet:
            self.add_error(
                "start", f"この用紙は {layout.per_sheet} 面です。1〜{layout.per_sheet} にしてください。"
            )
        total = sum(data.get(f"count-{sku.pk}") or 0 for sku, _ in self.wanted)
        if not self.errors and not 0 < total <= labels.MOST:
            raise forms.ValidationError(
                f"枚数の合計を 1〜{labels.MOST:,} にしてください（今は {total:,} 枚）。"
            )
        if lacking := labels.without_bars([wish.sku for wish in self.wishes()], data.get("kind", "")):
            names = "、".join(lacking[:5]) + (" など" if len(lacking) > 5 else "")
            self.add_error(
                "kind",
                f"バーコードにできるコードがないSKUがあります: {names}。枚数を0にするか、コードを登録してください。",
            )
        return data

    def wishes(self) -> list[labels.Wish]:
        counted = [(sku, self.cleaned_data.get(f"count-{sku.pk}") or 0) for sku, _ in self.wanted]
        return [labels.Wish(sku, count) for sku, count in counted if count]


@office("catalog.view_product")
def sheet(request: HttpRequest) -> HttpResponse:
    """ラベルの印刷 for the SKUs and counts that the address names (`?skus=12x3.15`)."""
    counts = labels.counts_of(request.GET.get("skus", ""))
    found = Sku.objects.filter(pk__in=list(counts)[:MOST]).select_related("product")
    skus = list(found.order_by("shelf", "code"))
    if not skus:
        messages.info(request, "ラベルを印刷する商品を、一覧で選んでください。")
        return redirect("catalog:list")
    form = LabelsForm(request.POST or None, wanted=[(sku, counts[sku.pk]) for sku in skus])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = labels.pdf(
            form.wishes(), labels.LAYOUTS[data["layout"]], kind=data["kind"], start=data["start"],
            shows_price=data["shows_price"], shift=(data["shift_x"], data["shift_y"]),
        )  # fmt: skip
        headers = {"Content-Disposition": 'inline; filename="labels.pdf"'}
        return HttpResponse(made, content_type="application/pdf", headers=headers)
    total = sum(counts[sku.pk] for sku in skus)
    context = {"form": form, "total": total, "cancel_url": reverse("catalog:list")}
    return render(request, "catalog/labels.html", context, status=422 if form.is_bound else 200)
