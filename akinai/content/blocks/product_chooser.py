"""商品を選ぶ欄: keeps the product's id and asks the catalogue for nothing until the page is drawn."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.functional import cached_property
from wagtail.blocks import ChooserBlock


class ProductChooserBlock(ChooserBlock):
    """商品 by name, code or JAN. Its value is the id; Wagtail's own would load a product for each."""

    target_model = "catalog.Product"

    @cached_property
    def model_class(self) -> Any:
        return apps.get_model(self.target_model)

    @cached_property
    def widget(self) -> Any:
        from akinai.content.choosers import products

        return products.widget_class()

    def to_python(self, value: Any) -> int | None:
        return int(value) if value else None

    def bulk_to_python(self, values: Any) -> list[int | None]:
        return [self.to_python(value) for value in values]

    def get_prep_value(self, value: Any) -> int | None:
        return getattr(value, "pk", value)

    def value_from_form(self, value: Any) -> int | None:
        return self.to_python(getattr(value, "pk", value))

    def clean(self, value: Any) -> int | None:
        return self.get_prep_value(super().clean(value))

    def extract_references(self, value: Any) -> Any:
        if value:
            yield self.model_class, str(value), "", ""

    class Meta:
        icon = "tag"
