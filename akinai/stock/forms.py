"""在庫の入力."""

from __future__ import annotations

from django import forms


class AdjustForm(forms.Form):
    """在庫調整."""

    quantity = forms.IntegerField(label="増減（＋入庫 −出庫）", min_value=-99_999, max_value=99_999)
    reason = forms.CharField(label="理由", max_length=200)

    def clean_quantity(self) -> int:
        quantity = int(self.cleaned_data["quantity"])
        if quantity == 0:
            raise forms.ValidationError("0 以外の数を入力してください。")
        return quantity
