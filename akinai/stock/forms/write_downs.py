"""評価損の入力."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from akinai.catalog import scanning
from akinai.core.money import NotANumber, parse_unit_cost
from akinai.stock.models import WriteDown


class WriteDownForm(forms.Form):
    """評価損: the goods, what a piece is still worth, and why."""

    sku = forms.CharField(
        label="商品コード",
        max_length=120,
        help_text="バーコードでも入れられます。",
        widget=forms.TextInput(attrs={"autofocus": "", "autocomplete": "off"}),
    )
    unit_yen = forms.CharField(
        label="評価後の単価（税抜）",
        max_length=20,
        help_text="正味売却価額（見込みの売値－売るための費用）。価値がなければ 0。",
    )
    reason = forms.ChoiceField(label="理由", choices=WriteDown.Reason.choices)
    note = forms.CharField(
        label="根拠", max_length=160, help_text="例: 来春モデル発売で 600 円に値下げの予定、箱つぶれ"
    )

    def clean_sku(self) -> Any:
        found = scanning.read(self.cleaned_data["sku"])
        if isinstance(found, scanning.Unknown):
            raise forms.ValidationError(f"{found.message}{found.way_out}")
        return found.sku

    def clean_unit_yen(self) -> Decimal:
        try:
            return parse_unit_cost(self.cleaned_data["unit_yen"])
        except NotANumber as problem:
            raise forms.ValidationError(f"{problem}税抜の円で入れてください。") from None
