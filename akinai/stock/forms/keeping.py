"""取置の入力."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from akinai.core import clock
from akinai.core.money import MAX_QUANTITY
from akinai.party import queries as party
from akinai.stock import queries
from akinai.ui.forms import DateField, QuantityField

USUAL_DAYS = 7


def in_a_week() -> date:
    return clock.today() + timedelta(days=USUAL_DAYS)


class KeepForm(forms.Form):
    """取置."""

    quantity = QuantityField(label="数量", minimum=1, maximum=MAX_QUANTITY)
    until_on = DateField(
        label="期限", initial=in_a_week, help_text="この日まで取っておき、翌日に自動で解除します。"
    )
    location = forms.ChoiceField(label="場所")
    customer = forms.CharField(
        label="顧客番号", required=False, max_length=40, help_text="CU- で始まる番号。入れると、このお客様の受注に使えます。",
        widget=forms.TextInput(attrs={"placeholder": "CU-2026-000001", "autocomplete": "off"}),
    )  # fmt: skip
    purpose = forms.CharField(label="用途", max_length=200, help_text="例: 青木様 来店受取り、撮影用サンプル")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].choices = queries.location_choices(selling=True)  # type: ignore[attr-defined]

    def clean_customer(self) -> int | None:
        text = self.cleaned_data["customer"].strip()
        if not text:
            return None
        pk = party.customer_numbered(text)
        if pk is None:
            raise forms.ValidationError(
                "この顧客番号は登録されていません。顧客の画面で番号を確かめてください。"
            )
        return pk


class ExtendForm(forms.Form):
    """期限の変更."""

    until_on = DateField(label="新しい期限")
