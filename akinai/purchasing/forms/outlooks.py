"""在庫の目標の入力."""

from __future__ import annotations

from decimal import Decimal

from django import forms


class AimForm(forms.Form):
    """水準 as a share of pieces served; empty: the cheapest for every SKU."""

    level = forms.DecimalField(
        label="水準",
        required=False,
        min_value=Decimal("0.8"),
        max_value=Decimal("0.999"),
        max_digits=6,
        decimal_places=4,
    )

    def clean_level(self) -> Decimal | None:
        level: Decimal | None = self.cleaned_data["level"]
        return level.quantize(Decimal("0.001")) if level is not None else None
