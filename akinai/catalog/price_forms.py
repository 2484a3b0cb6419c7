"""Form of a price schedule (価格の予約の入力)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from akinai.catalog import checks
from akinai.catalog.models import Sku
from akinai.catalog.services.prices import Plan
from akinai.core import clock
from akinai.ui.forms import YenField

HOW = (("fixed", "この価格にする（円）"), ("percent", "値引率（%）"), ("minus", "値引額（円）"))


class MomentField(forms.DateTimeField):
    """日時: the browser's own picker; also reads 2026/12/01 10:00."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)


class ScheduleForm(forms.Form):
    """価格の予約 for the chosen SKUs."""

    how = forms.ChoiceField(label="新しい価格", choices=HOW)
    amount = YenField(label="価格・率・額", minimum=1, maximum=checks.MAX_PRICE)
    starts_at = MomentField(label="開始日時")
    ends_at = MomentField(
        label="終了日時",
        required=False,
        help_text="過ぎると元の価格に戻します。空欄なら戻しません（値上げ・改定）。",
    )
    shows_former = forms.BooleanField(
        label="今の価格を「表示価格」として並べて見せる（二重価格）", required=False
    )
    reason = forms.CharField(label="理由", max_length=200, help_text="例: 年末セール、仕入価格の改定")
    is_checked = forms.BooleanField(
        label="二重価格の警告を確かめた", required=False, help_text="警告が出ても予約するときだけ選びます。"
    )

    def __init__(self, *args: Any, skus: Sequence[Sku], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.skus = skus
        self.plans: list[Plan] = []

    def clean_starts_at(self) -> datetime:
        starts: datetime = self.cleaned_data["starts_at"]
        if starts <= clock.now():
            raise forms.ValidationError("開始日時が過ぎています。これからの日時にしてください。")
        return starts

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", "終了日時は開始日時より後にしてください。")
        if data.get("how") == "percent" and (data.get("amount") or 0) >= 100:
            self.add_error("amount", "値引率は99%までです。")
        elif data.get("how") and data.get("amount"):
            self._plan(data["how"], data["amount"], data["shows_former"])
        return data

    def _plan(self, how: str, amount: int, shows_former: bool) -> None:
        """The new price of each; SKUs whose price would not stand are named."""
        wrong = []
        for sku in self.skus:
            price = _price(sku.price_yen, how, amount)
            if price < 1 or (shows_former and price >= sku.price_yen):
                wrong.append(f"{sku.code}（¥{sku.price_yen:,} → ¥{price:,}）")
            self.plans.append(Plan(sku, price, sku.price_yen if shows_former else None))
        if wrong:
            names = "、".join(wrong[:5]) + (" など" if len(wrong) > 5 else "")
            self.add_error("amount", f"1円以上で、並べて見せる今の価格より低くしてください: {names}")


def _price(now: int, how: str, amount: int) -> int:
    """Percent is cut off to whole yen, in the customer's favour."""
    return {"fixed": amount, "percent": now * (100 - amount) // 100, "minus": now - amount}[how]
