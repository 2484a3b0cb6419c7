"""会計の設定の入力: names of accounts in a product, rates of selling costs, targets."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.accounting.models import Account, CostRate
from akinai.ui.forms import DateField, YenField


class BooksForm(forms.Form):
    """会計の設定."""

    starts_on = DateField(
        label="仕訳の開始日",
        required=False,
        help_text="この日より前の売上・入金・在庫は、仕訳にしません。空欄なら全部。",
    )
    fiscal_month = forms.TypedChoiceField(
        label="期首の月", coerce=int, choices=[(n, f"{n}月") for n in range(1, 13)]
    )


class ProductForm(forms.Form):
    """会計ソフトでの科目名と税区分. A field per account and 税区分; what is left as it was is the usual name."""

    def __init__(
        self,
        *args: Any,
        accounts: list[tuple[Account, str, str]],
        taxes: list[tuple[str, str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.accounts, self.taxes = accounts, taxes
        for account, name, sub in accounts:
            self.fields[f"name_{account.pk}"] = forms.CharField(
                label=account.name, max_length=24, initial=name
            )
            self.fields[f"sub_{account.pk}"] = forms.CharField(
                label=f"{account.name} の補助科目", max_length=24, initial=sub, required=False
            )
        for code, label, name in taxes:
            self.fields[f"tax_{code or 'none'}"] = forms.CharField(label=label, max_length=40, initial=name)

    def account_rows(self) -> list[tuple[Account, Any, Any]]:
        """(account, name field, sub name field) for the table."""
        return [(a, self[f"name_{a.pk}"], self[f"sub_{a.pk}"]) for a, _, _ in self.accounts]

    def tax_rows(self) -> list[tuple[str, Any]]:
        """(our 税区分, field) for the table."""
        return [(label, self[f"tax_{code or 'none'}"]) for code, label, _ in self.taxes]


class CostForm(forms.Form):
    """販売費の率."""

    kind = forms.ChoiceField(label="種類", choices=CostRate.Kind.choices)
    subject = forms.ChoiceField(label="対象", required=False)
    zone = forms.CharField(
        label="届け先の都道府県",
        max_length=40,
        required=False,
        help_text="送料だけ。空欄なら全国（例: 沖縄県）。",
    )
    since = DateField(label="適用開始日")
    percent = forms.DecimalField(
        label="率",
        max_digits=6,
        decimal_places=3,
        min_value=0,
        max_value=100,
        required=False,
        help_text="税込売上に対する％。",
    )
    yen = YenField(label="1 件（1 個口）あたり", required=False)
    note = forms.CharField(label="メモ", max_length=100, required=False)

    def __init__(self, *args: Any, subjects: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subjects = subjects
        subject: Any = self.fields["subject"]
        subject.choices = [("", "すべて"), *((name, list(rows)) for name, rows in subjects.items())]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("percent") and not data.get("yen") and not self.errors:
            self.add_error("percent", "率か円のどちらかを入れてください。")
        group = {"channel": "店舗・モール", "points": "店舗・モール", "payment": "支払方法"}.get(
            data.get("kind", ""), "運送会社"
        )
        if data.get("subject") and data["subject"] not in dict(self.subjects.get(group, [])):
            self.add_error("subject", f"この種類では、{group}の中から選んでください。")
        if data.get("zone") and data.get("kind") != "shipping":
            self.add_error("zone", "都道府県は送料のときだけ使います。")
        return data


class TargetForm(forms.Form):
    """売上目標 of one month: a field for the company and one per channel."""

    def __init__(self, *args: Any, rows: list[tuple[str, str, int | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for key, label, yen in rows:
            self.fields[f"t_{key}"] = YenField(label=label, minimum=1, required=False, initial=yen)

    def drawn(self) -> list[Any]:
        return [self[f"t_{key}"] for key, _, _ in self.rows]
