"""定期便のカードの決まりの入力."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.payments.models.cards import MOST_DAYS
from akinai.ui.forms import QuantityField

MOST_TRIES = 6


class CardRulesForm(forms.Form):
    """再請求の日、見送るまでの日数、期限のお知らせ."""

    retry_days = forms.CharField(
        label="もう一度請求する日", max_length=60, required=False,
        help_text="はじめて通らなかった日から何日後か。「1, 3, 5」のように。空欄なら、もう一度は請求しません。",
    )  # fmt: skip
    cancel_days = QuantityField(
        label="見送るまでの日数", minimum=1, maximum=MOST_DAYS,
        help_text="はじめて通らなかった日から。過ぎると、その回の受注を取り消してお客様に知らせます。",
    )  # fmt: skip
    expiry_days = QuantityField(
        label="有効期限のお知らせ", minimum=1, maximum=MOST_DAYS,
        help_text="次の回の請求までにカードの期限が切れるとき、請求の何日前に知らせるか。",
    )  # fmt: skip

    def clean_retry_days(self) -> list[int]:
        told = unicodedata.normalize("NFKC", self.cleaned_data["retry_days"]).replace("、", ",").split(",")
        words = [word.strip() for word in told if word.strip()]
        if not all(word.isascii() and word.isdigit() and 1 <= int(word[:4]) <= MOST_DAYS for word in words):
            raise ValidationError(f"1 から {MOST_DAYS} までの数を、「, 」で区切って入れてください。")
        days = sorted({int(word) for word in words})
        if len(days) > MOST_TRIES:
            raise ValidationError(
                f"{MOST_TRIES} 回までにしてください。カード会社は、たびたびの請求を嫌います。"
            )
        return days

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        days, last = told.get("retry_days"), told.get("cancel_days")
        if days and last and days[-1] > last:
            self.add_error("cancel_days", f"最後の再請求（{days[-1]} 日後）より前に見送ることはできません。")
        return told
