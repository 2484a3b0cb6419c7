"""商品を選ぶ窓: goods by name, kana, code or JAN, ten at a time, by keyboard as well."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from akinai.catalog import public


class ProductFilter(BaseFilterForm):
    """The search field of the window."""

    q = forms.CharField(
        label="商品名・フリガナ・商品コード・JAN",
        required=False,
        widget=forms.TextInput({"placeholder": "商品名・コード・JAN"}),
    )

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        words = (self.cleaned_data.get("q") or "").strip()[:100]
        if not words:
            return objects
        self.is_searching, self.search_query = True, words
        return public.chosen_by(objects, words)


def state_of(product: Any) -> str:
    """Whether it is seen in the shop now."""
    if product.status != "active":
        return str(product.get_status_display())
    return "販売中" if product.is_public else "自社サイトに出さない"


class _Columns:
    filter_form_class = ProductFilter
    ordering = ("name", "pk")

    @property
    def columns(self) -> list[Column]:
        title: TitleColumn = self.title_column  # type: ignore[attr-defined]
        title.label = "商品名"
        return [title, Column("code", label="商品コード"), Column("state", label="状態", accessor=state_of)]


class ChooseProduct(_Columns, ChooseView):
    pass


class ChooseProductResults(_Columns, ChooseResultsView):
    pass


class ChosenProduct(ChosenView):
    def get_display_title(self, instance: Any) -> str:
        return f"{instance.name}（{instance.code}）"

    def get_edit_item_url(self, instance: Any) -> str:
        from django.urls import reverse

        return reverse("catalog:detail", args=[instance.number])


class ProductChooser(ChooserViewSet):
    """商品を選ぶ."""

    model = "catalog.Product"
    icon = "tag"
    choose_one_text = "商品を選ぶ"
    choose_another_text = "別の商品を選ぶ"
    edit_item_text = "商品の画面を開く"
    page_title = "商品を選ぶ"
    per_page = 10
    choose_view_class = ChooseProduct
    choose_results_view_class = ChooseProductResults
    chosen_view_class = ChosenProduct


products = ProductChooser("product_chooser", url_prefix="product-chooser")
