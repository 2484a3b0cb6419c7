"""Forms of 決済."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from akinai.payments.models.requests import KINDS
from akinai.ui.forms import DateField, YenField


class RequestForm(forms.Form):
    """決済の記録: how the buyer pays, and what the provider calls it. Never a card number."""

    kind = forms.ChoiceField(label="支払方法", choices=KINDS)
    provider = forms.CharField(label="決済会社", max_length=40)
    provider_ref = forms.CharField(label="決済会社の番号", max_length=120, required=False)
    amount_yen = YenField(label="金額", minimum=1)

    def clean_provider_ref(self) -> str:
        ref = self.cleaned_data["provider_ref"].strip()
        digits = ref.replace(" ", "").replace("-", "")
        if digits.isdigit() and 13 <= len(digits) <= 19 and _is_card_number(digits):
            raise forms.ValidationError("カード番号のようです。カード番号は入力しないでください。")
        return ref


def _is_card_number(digits: str) -> bool:
    """The check digit of card numbers (Luhn)."""
    doubled = [int(char) * (2 if at % 2 else 1) for at, char in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


class LinkForm(forms.Form):
    """決済リンクを送る: how, to whom, and how long the link is good."""

    kind = forms.ChoiceField(label="支払方法")
    to = forms.EmailField(label="送り先", max_length=254)
    days = forms.IntegerField(label="期限（日）", min_value=1, max_value=60)

    def __init__(self, kinds: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [one for one in KINDS if one[0] in kinds]  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """どう対応したか."""

    note = forms.CharField(label="対応した内容", max_length=200)


class DayForm(forms.Form):
    """与信期限・回答期限."""

    day = DateField(label="期限", required=False)


class RequestRefundForm(forms.Form):
    """決済会社で返金した金額."""

    amount_yen = YenField(label="返金額", minimum=1)
    note = forms.CharField(label="メモ", max_length=100, required=False)


class GiveUpForm(forms.Form):
    """取り消す理由."""

    note = forms.CharField(label="理由", max_length=200)

    def clean_note(self) -> Any:
        return self.cleaned_data["note"].strip()
