"""Forms of categories and code rules (カテゴリとコードの規則の入力)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from akinai.catalog.attribute_words import Asked
from akinai.catalog.checks import Unread, read_slug
from akinai.catalog.models import Attribute, Category
from akinai.catalog.services.own_codes import Rule
from akinai.catalog.slugs import SLUG_HELP
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
    slug = forms.CharField(label="URL", max_length=80, required=False, help_text=f"{SLUG_HELP}。空欄なら番号")
    parent = forms.ModelChoiceField(
        Category.objects.none(), label="親カテゴリ", required=False, empty_label="（いちばん上）",
        help_text="4 段まで。商品は、下のカテゴリのものも一緒に並びます。",
    )  # fmt: skip
    position = QuantityField(
        label="表示順", minimum=0, maximum=32_000, required=False, help_text="小さい順に並びます"
    )
    is_public = forms.BooleanField(label="自社サイトに出す", required=False, initial=True)
    lead = forms.CharField(label="紹介文", max_length=200, required=False)

    def __init__(self, *args: Any, category: Category | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category = category
        others = Category.objects.order_by("position", "name")
        self.fields["parent"].queryset = others.exclude(pk=category.pk) if category else others  # type: ignore[attr-defined]

    def clean_slug(self) -> str | None:
        text = str(self.cleaned_data["slug"]).strip()
        if not text:
            return None
        try:
            slug = read_slug(text)
        except Unread as problem:
            raise forms.ValidationError(str(problem)) from problem
        others = Category.objects.filter(slug=slug).exclude(pk=self.category.pk if self.category else 0)
        if other := others.values_list("name", flat=True).first():
            raise forms.ValidationError(
                f"このURLはカテゴリ「{other}」が使っています。別のURLにしてください。"
            )
        return slug

    def placed(self) -> dict[str, Any]:
        """What the form says of the shop, for the service."""
        names = ("slug", "parent", "is_public", "lead")
        position = self.cleaned_data["position"]
        return {name: self.cleaned_data[name] for name in names} | {
            "position": 100 if position is None else position
        }

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        others = Category.objects.filter(name=name)
        if self.category:
            others = others.exclude(pk=self.category.pk)
        if others.exists():
            raise forms.ValidationError("同じ名前のカテゴリがあります。")
        return name


class AskedForm(forms.Form):
    """属性 that a category asks for."""

    name = forms.CharField(
        label="属性名", max_length=60, required=False, widget=forms.TextInput(attrs={"list": "attributes"})
    )
    kind = forms.ChoiceField(label="種類", choices=Attribute.Kind.choices, required=False)
    choices = forms.CharField(
        label="選択肢",
        max_length=5_000,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "綿、麻、絹"}),
    )
    unit = forms.CharField(label="単位", max_length=10, required=False)
    is_required = forms.BooleanField(label="必須", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        choices = _choices(data.get("choices") or "")
        if data.get("name") and data.get("kind") == Attribute.Kind.CHOICE and len(choices) < 2:
            self.add_error("choices", "選択肢を2つ以上、「、」で区切って入れてください。")
        elif any(len(one) > 100 for one in choices):
            self.add_error("choices", "1つの選択肢は100文字までです。")
        if not data.get("name") and (choices or data.get("unit")):
            self.add_error("name", "属性名を入れてください。")
        return data


def _choices(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[,、，\n]+", text) if part.strip()))


class _AskedSet(BaseFormSet):
    """カテゴリの属性の表."""

    def clean(self) -> None:
        names = [form.cleaned_data.get("name") for form in self.forms if form.is_valid()]
        twice = {name for name in names if name and names.count(name) > 1}
        if twice:
            raise forms.ValidationError(f"属性「{sorted(twice)[0]}」が2つあります。1つにまとめてください。")

    def asked(self) -> list[Asked]:
        """What was filled in, in its order."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]
        return [
            Asked(
                0, row["name"].strip(), row["kind"] or Attribute.Kind.TEXT,
                _choices(row["choices"]) if row["kind"] == Attribute.Kind.CHOICE else (), row["unit"].strip(), row["is_required"],
            )
            for row in rows
        ]  # fmt: skip


def asked_set(data: QueryDict | None, asked: Sequence[Asked] = ()) -> Any:
    """The table of a category's attributes; three empty rows behind them. Unbound when nothing of it was sent."""
    initial = [
        {"name": one.name, "kind": one.kind, "choices": "、".join(one.choices), "unit": one.unit, "is_required": one.is_required}
        for one in asked
    ]  # fmt: skip
    made = formset_factory(AskedForm, formset=_AskedSet, extra=3, max_num=100, absolute_max=100)
    return made(data if data and "asked-TOTAL_FORMS" in data else None, initial=initial, prefix="asked")


class PrefixForm(forms.Form):
    """インストアコードの頭の2桁."""

    head = forms.ChoiceField(label="頭の2桁", choices=[(str(n), str(n)) for n in range(20, 30)])
