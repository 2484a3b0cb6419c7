"""Forms of categories and code rules (カテゴリとコードの規則の入力)."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from akinai.catalog.models import Category
from akinai.catalog.services.own_codes import Rule
from akinai.ui.forms import QuantityField


class RuleForm(forms.Form):
    """自社コードの規則; all blank is no rule."""

    head = forms.CharField(
        label="頭の文字", max_length=20, required=False, help_text="例: TEA-（続けて番号が付きます）"
    )
    digits = QuantityField(
        label="数字の桁数", minimum=1, maximum=9, required=False, help_text="4 なら 0001 から"
    )
    next_number = QuantityField(label="次の番号", minimum=1, maximum=999_999_999, required=False)

    def clean_head(self) -> str:
        prefix = str(self.cleaned_data["head"]).strip()
        if prefix and not re.fullmatch(r"[A-Za-z0-9_.\-]+", prefix):
            raise forms.ValidationError("英数字と - _ . だけで書いてください。")
        return prefix

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("digits") and (data.get("head") or data.get("next_number")):
            self.add_error("digits", "数字の桁数を入れてください。規則をやめるときは3つとも空欄にします。")
        if data.get("digits") and (data.get("next_number") or 1) >= 10 ** data["digits"]:
            self.add_error(
                "next_number", f"次の番号が {data['digits']} 桁に収まりません。桁数を増やしてください。"
            )
        return data

    def rule(self) -> Rule | None:
        """What was filled in; None for no rule."""
        data = self.cleaned_data
        return (
            Rule(data["head"], data["digits"], data.get("next_number") or 1) if data.get("digits") else None
        )


class CategoryForm(RuleForm):
    """カテゴリ."""

    name = forms.CharField(label="カテゴリ名", max_length=100)

    def __init__(self, *args: Any, category: Category | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category = category

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        others = Category.objects.filter(name=name)
        if self.category:
            others = others.exclude(pk=self.category.pk)
        if others.exists():
            raise forms.ValidationError("同じ名前のカテゴリがあります。")
        return name


class PrefixForm(forms.Form):
    """インストアコードの頭の2桁."""

    head = forms.ChoiceField(label="頭の2桁", choices=[(str(n), str(n)) for n in range(20, 30)])
