"""Forms of the matching desk (消込の入力)."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.payments.states import PaymentSource

DIFFERENCES = (
    ("partial", "一部入金として残す"),
    ("fee", "振込手数料として値引する"),
    ("credit", "余りを預り金にする"),
)


class NoteForm(forms.Form):
    """理由 of an act."""

    note = forms.CharField(label="理由", max_length=200)


class ManualMatchForm(forms.Form):
    """受注を選んで消し込む."""

    order = forms.IntegerField(widget=forms.HiddenInput)
    difference = forms.ChoiceField(label="差額の扱い", choices=DIFFERENCES, required=False, initial="partial")


class OtherPaymentForm(forms.Form):
    """銀行以外の入金."""

    source = forms.ChoiceField(
        label="種類",
        choices=[(s.value, s.label) for s in (PaymentSource.CARRIER, PaymentSource.CHANNEL, PaymentSource.CASH, PaymentSource.SHORT)],
    )  # fmt: skip
    amount_yen = forms.IntegerField(label="金額", min_value=1)
    received_on = forms.DateField(label="入金日", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="メモ", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("source") == PaymentSource.SHORT and not data.get("note"):
            self.add_error("note", "不足分を値引する理由を書いてください。")
        return data
