"""付帯費用の入力."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.core import clock
from akinai.purchasing.models import GoodsReceipt, LandedCost
from akinai.purchasing.states import ReceiptState
from akinai.ui.forms import DateField, YenField


class LandedForm(forms.Form):
    """運賃・関税など, and the deliveries they brought."""

    kind = forms.ChoiceField(label="種類", choices=LandedCost.Kind.choices)
    yen = YenField(label="金額（税抜）", minimum=1)
    by_what = forms.ChoiceField(
        label="按分の基準",
        choices=LandedCost.By.choices,
        help_text="関税は金額、運賃は重量で分けるのが普通です。",
    )
    on = DateField(label="日付")
    paper_no = forms.CharField(
        label="請求・送り状番号", max_length=60, required=False, help_text="二重の計上を防ぎます。"
    )
    receipts = forms.CharField(
        label="入荷番号", help_text="1 行に 1 件。この費用で届いた入荷をすべて書きます。",
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono", "placeholder": "GR-2026-000123", "spellcheck": "false"}),
    )  # fmt: skip
    note = forms.CharField(label="メモ", max_length=200, required=False)

    def clean_receipts(self) -> list[int]:
        numbers = list(dict.fromkeys(self.cleaned_data["receipts"].upper().split()))
        found = GoodsReceipt.objects.filter(number__in=numbers, state=ReceiptState.POSTED)
        ids = dict(found.values_list("number", "pk"))
        if missing := [number for number in numbers if number not in ids]:
            raise forms.ValidationError(
                f"{missing[0][:30]} は計上済みの入荷ではありません。番号を確かめてください。"
            )
        return list(ids.values())

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError("日付が未来です。")
        return day
