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


class LotRuleForm(forms.Form):
    """ロットの決まり."""

    shelf_life_days = QuantityField(label="賞味期間（日）", minimum=1, required=False)
    ship_days_before = QuantityField(label="出荷をやめる日（期限の何日前）", minimum=0)

    def clean_ship_days_before(self) -> int:
        days: int = self.cleaned_data["ship_days_before"]
        if days > 3650:
            raise forms.ValidationError("3,650 日までです。")
        return days
