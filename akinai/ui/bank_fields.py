"""口座の入力: bank numbers and account names, as people write them in and as Zengin files hold them out."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms

from akinai.core.kana import UnfitKana, half_kana


class BankDigitsField(forms.CharField):
    """銀行・支店・口座番号: digits of a fixed length, filled up with zeros on the left as banks print them."""

    def __init__(self, *, digits: int, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", digits + 6)
        super().__init__(**kwargs)
        self.digits = digits

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().clean(value)).replace("-", "").replace(" ", "")
        if text and (not (text.isascii() and text.isdigit()) or len(text) > self.digits):
            raise forms.ValidationError(f"{self.digits}桁までの数字で入れてください。")
        return text.zfill(self.digits) if text else ""


class BankNameField(forms.CharField):
    """口座名義・依頼人名 in Zengin's half-width kana; nothing is ever cut off."""

    def __init__(self, *, width: int, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 100)
        super().__init__(**kwargs)
        self.width = width

    def clean(self, value: Any) -> str:
        text = super().clean(value).strip()
        try:
            return half_kana(text, width=self.width) if text else ""
        except UnfitKana as problem:
            raise forms.ValidationError(str(problem)) from None


def refuse_half_account(form: Any, names: tuple[str, ...]) -> None:
    """An account is told whole or not at all; the first empty field says so."""
    told = [name for name in names if form.cleaned_data.get(name)]
    missing = [name for name in names if name not in told and name not in form.errors]
    if told and missing:
        form.add_error(missing[0], "口座は、すべての欄を入れるか、すべて空欄にしてください。")
