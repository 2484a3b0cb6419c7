"""ラベルの画面: which labels, on which paper, from which place, how many of each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.catalog import labels
from akinai.catalog.chosen import IN_ADDRESS, ids_of
from akinai.catalog.jobs import start_labels
from akinai.catalog.models import Sku
from akinai.ui.access import clerk, office


class PaperForm(forms.Form):
    """What is printed on which paper."""

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

    def clean_start(self) -> int:
        layout = labels.LAYOUTS.get(self.cleaned_data.get("layout", ""))
        start: int = self.cleaned_data["start"]
        if layout and start > layout.per_sheet:
            raise forms.ValidationError(
                f"この用紙は {layout.per_sheet} 面です。1〜{layout.per_sheet} にしてください。"
            )
        return start

    def options(self) -> dict[str, Any]:
        data = self.cleaned_data
        shift = [data["shift_x"], data["shift_y"]]
        return {name: data[name] for name in ("kind", "layout", "start", "shows_price")} | {"shift": shift}


class ManyLabelsForm(PaperForm):
    """The same number of labels for each of thousands of SKUs."""

    each = forms.IntegerField(label="SKUごとの枚数", initial=1, min_value=1, max_value=100)


class LabelsForm(PaperForm):
    """ラベルの印刷. One field for each SKU's count."""

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
    if request.GET.get("chosen"):
        return _many(request)
    counts = labels.counts_of(request.GET.get("skus", ""))
    found = Sku.objects.filter(pk__in=list(counts)[:IN_ADDRESS]).select_related("product")
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


def _many(request: HttpRequest) -> HttpResponse:
    """Labels of more SKUs than a page can list: a worker draws them, ten sheets at a time."""
    found = Sku.objects.filter(pk__in=ids_of(request)).select_related("product")
    rows = list(found.order_by("shelf", "code"))
    if not rows:
        messages.info(request, "ラベルを印刷する商品を、一覧で選んでください。")
        return redirect("catalog:list")
    form = ManyLabelsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lacking = set(labels.without_bars(rows, form.cleaned_data["kind"]))
        wishes = [(sku.pk, form.cleaned_data["each"]) for sku in rows if sku.code not in lacking]
        if wishes:
            job = start_labels(wishes, form.options(), by=clerk(request), back=reverse("catalog:list"))
            if lacking:
                messages.warning(
                    request, f"バーコードにできるコードがない {len(lacking):,} SKUは除きました。"
                )
            return redirect("jobs:detail", job.pk)
        form.add_error("kind", "バーコードにできるコードのあるSKUがありません。")
    context = {"form": form, "count": len(rows), "many": True, "cancel_url": reverse("catalog:list")}
    return render(request, "catalog/labels.html", context, status=422 if form.is_bound else 200)
