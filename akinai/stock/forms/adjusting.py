"""Forms of stock (在庫の入力)."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.stock import queries
from akinai.ui.forms import QuantityField

HOWS = (("counted", "棚にある数にする"), ("change", "増やす・減らす（▲や－で減らす）"))


class AdjustForm(forms.Form):
    """在庫の調整."""

    location = forms.ChoiceField(label="在庫場所")
    how = forms.ChoiceField(label="入れ方", choices=HOWS, widget=forms.RadioSelect, initial="counted")
    quantity = QuantityField(label="数量", minimum=None)
    reason = forms.CharField(label="理由", max_length=200, help_text="例: 破損、数え直し、サンプルに使用")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].choices = queries.location_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") == "counted" and (data.get("quantity") or 0) < 0:
            self.add_error("quantity", "棚にある数は0以上で入力してください。")
        return data
