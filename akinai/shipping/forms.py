"""Forms of shipping (出荷の入力)."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone

from akinai.shipping import queries
from akinai.ui.forms import DateField


def _carriers() -> list[tuple[str, str]]:
    return [("", "受注の指定・既定の運送会社"), *queries.carrier_choices()]


class InstructForm(forms.Form):
    """出荷指示."""

    ship_on = DateField(label="出荷予定日")
    carrier = forms.ChoiceField(
        label="運送会社",
        required=False,
        choices=_carriers,
        help_text="選ぶと、すべての受注をこの運送会社で出荷します。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ship_on"].initial = timezone.localdate()


class CarrierForm(forms.Form):
    """運送会社の変更."""

    carrier = forms.ChoiceField(label="運送会社", choices=queries.carrier_choices)


class DeliverForm(forms.Form):
    """配達完了."""

    on = DateField(label="配達日")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()


class TrackingForm(forms.Form):
    """送り状番号."""

    numbers = forms.CharField(
        label="送り状番号",
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "inputmode": "numeric"}),
        help_text="複数の個口は改行かスペースで区切ります。",
    )

    def clean_numbers(self) -> list[str]:
        return [part for part in re.split(r"[\s,、]+", self.cleaned_data["numbers"]) if part]


class NoteForm(forms.Form):
    """どのように連絡したか."""

    note = forms.CharField(label="連絡の方法", max_length=200, help_text="例：電話で連絡、はがきを郵送")


class AccountForm(forms.Form):
    """運送会社との契約."""

    customer_code = forms.CharField(label="請求先顧客コード・お客様コード", max_length=20, required=False)
    sub_code = forms.CharField(label="請求先分類コード", max_length=10, required=False)
    freight_no = forms.CharField(label="運賃管理番号", max_length=10, required=False)
    tracking_url = forms.CharField(
        label="追跡ページのURL",
        max_length=200,
        required=False,
        help_text="{no} が送り状番号に変わります。空欄なら標準のURLを使います。",
    )
    extra = forms.CharField(
        label="追加の設定",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="1 行に 1 つ「名前=値」で書きます。",
    )
    is_default = forms.BooleanField(label="既定の運送会社にする", required=False)

    def clean_tracking_url(self) -> str:
        url: str = self.cleaned_data["tracking_url"].strip()
        if url and not re.fullmatch(r"https?://\S+", url):
            raise forms.ValidationError("https:// で始まるURLを入力してください。")
        if url and "{no}" not in url:
            raise forms.ValidationError("送り状番号が入る場所に {no} を書いてください。")
        return url

    def clean_extra(self) -> dict[str, str]:
        found = {}
        for line in self.cleaned_data["extra"].splitlines():
            name, mark, value = line.partition("=")
            if line.strip() and (not mark or not re.fullmatch(r"[a-z_]+", name.strip())):
                raise forms.ValidationError(
                    f"「{line.strip()}」は「名前=値」の形ではありません。名前は英小文字です。"
                )
            if line.strip():
                found[name.strip()] = value.strip()
        return found
