"""モール用の商品ファイルの画面: choose a format, see what stands against it, download what is good."""

from __future__ import annotations

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from akinai.catalog import chosen, jobs, ports
from akinai.catalog.models import Category, Product
from akinai.catalog.page_checks import csv_file, look
from akinai.catalog.pages import format_of, pages_of
from akinai.catalog.services.page_limits import limits_of
from akinai.core.intake.models import IntakeMapping
from akinai.ui.access import clerk, office

SHOWN = 300


class PagesForm(forms.Form):
    """Which file, of which goods."""

    format = forms.ChoiceField(label="形式")
    category = forms.ChoiceField(label="カテゴリ", required=False)
    status = forms.ChoiceField(
        label="商品の状態",
        required=False,
        choices=[("", "販売中と準備中"), ("active", "販売中だけ"), ("all", "販売終了も")],
    )

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data)
        mappings = IntakeMapping.objects.filter(kind="products").values_list("pk", "name")
        own = [(f"mapping-{pk}", f"自由な形式（{name}）") for pk, name in mappings]
        self.fields["format"].choices = [*((one.code, one.title) for one in ports.page_formats()), *own]  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", "すべて"), *Category.objects.values_list("pk", "name")]  # type: ignore[attr-defined]

    def page_format(self) -> ports.PageFormat:
        return format_of(str(self.cleaned_data["format"]))

    def products(self, request: HttpRequest) -> QuerySet[Product]:
        """The chosen goods, else those of category and state."""
        if request.GET.get("skus") or request.GET.get("chosen"):
            return Product.objects.filter(skus__in=chosen.ids_of(request)).distinct()
        wanted = {"active": Q(status="active"), "all": Q()}.get(
            self.cleaned_data["status"], ~Q(status="ended")
        )
        if self.cleaned_data["category"]:
            wanted &= Q(category=self.cleaned_data["category"])
        return Product.objects.filter(wanted)


@office("catalog.view_product")
def pages(request: HttpRequest) -> HttpResponse:
    """商品ファイルを書き出す."""
    form = PagesForm(request.GET if "format" in request.GET else None)
    chosen_ids = chosen.ids_of(request)
    context = {
        "form": form, "skus": request.GET.get("skus", ""), "choice": request.GET.get("chosen", ""), "chosen": len(chosen_ids),
    }  # fmt: skip
    if form.is_bound and form.is_valid():
        one = form.page_format()
        products = form.products(request)
        if (many := products.count()) > jobs.AT_ONCE:
            if request.method == "POST":
                ids = list(products.order_by("code").values_list("pk", flat=True))
                job = jobs.start_pages(
                    str(form.cleaned_data["format"]), ids, by=clerk(request), back=reverse("catalog:pages")
                )
                return redirect("jobs:detail", job.pk)
            return render(request, "catalog/pages.html", context | {"one": one, "many": many})
        looked = look([one.rows(page) for page in pages_of(products)], one, limits_of(one))
        good = looked.good
        if "download" in request.GET and good:
            header = content_disposition_header(True, one.filename) or "attachment"
            return HttpResponse(
                csv_file(good, one), content_type="text/csv", headers={"Content-Disposition": header}
            )
        errors = [finding for finding in looked.findings if finding.is_error]
        context |= {
            "one": one, "total": len(looked.pages), "good": len(good), "bad": len(looked.bad), "found": True, "bad_tone": "bad" if looked.bad else "",
            "rows": sum(len(page.rows) for page in good), "findings": sorted(looked.findings, key=lambda f: not f.is_error)[:SHOWN],
            "error_count": len(errors), "note_count": len(looked.findings) - len(errors),
            "rest": max(0, len(looked.findings) - SHOWN),
        }  # fmt: skip
    return render(request, "catalog/pages.html", context)
