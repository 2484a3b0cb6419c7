"""Forms of the order desk (受注の入力)."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from akinai.orders.models import HoldRule
from akinai.orders.rules import Rule


class ReasonForm(forms.Form):
    """理由."""

    reason = forms.CharField(label="理由", max_length=200)


class ReleaseForm(forms.Form):
    """解除のメモ."""

    note = forms.CharField(label="メモ", max_length=200, required=False)


class AssignSkuForm(forms.Form):
    """商品を選ぶ."""

    sku = forms.CharField(label="SKUコードまたはJAN", max_length=64)
    remember = forms.BooleanField(label="今後もこのコードはこの商品", required=False, initial=True)


class CorrectLineForm(forms.Form):
    """明細を直す."""

    quantity = forms.IntegerField(label="数量", min_value=0, max_value=9_999)
    unit_price_yen = forms.IntegerField(label="単価", min_value=0, max_value=99_999_999)


class HoldRuleForm(forms.ModelForm):
    """要確認の規則: only the limits that the rule has are asked for."""

    words = forms.CharField(
        label="語句", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="読点（、）か改行で区切ります。全角・半角、ひらがな・カタカナは区別しません。",
    )  # fmt: skip

    class Meta:
        model = HoldRule
        fields = ["is_enabled", "limit_yen", "limit_days"]

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["words"] = "、".join(self.instance.words)
        wanted = {"limit_yen": rule.has_limit_yen, "limit_days": rule.has_limit_days, "words": rule.has_words}
        for name, is_wanted in wanted.items():
            if not is_wanted:
                del self.fields[name]
            elif name != "words":
                self.fields[name].required = True

    def clean_words(self) -> list[str]:
        parts = re.split(r"[、,\n]", self.cleaned_data["words"])
        return list(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def save(self, commit: bool = True) -> HoldRule:
        self.instance.words = self.cleaned_data.get("words", [])
        return super().save(commit)
