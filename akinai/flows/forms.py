"""返品の精算の入力."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from akinai.core import clock
from akinai.flows.return_goods import MONEY, Plan
from akinai.shipping.states import RefundWay, Remedy
from akinai.ui.forms import DateField, YenField

if TYPE_CHECKING:
    from akinai.shipping.models import ReturnLine


class SettleForm(forms.Form):
    """金額 per line that is refunded or kept, and how the money goes back."""

    refund_way = forms.ChoiceField(label="返金の方法", required=False)
    shipping_back_yen = YenField(label="返還する送料（税込）", required=False)
    returned_on = DateField(label="返品の日", required=False, help_text="返還請求書に印字します。")

    def __init__(
        self,
        *args: Any,
        lines: Sequence[ReturnLine],
        usual: Mapping[int, int],
        shipping_yen: int,
        monthly: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        ways = [RefundWay.STATEMENT] if monthly else [way for way in RefundWay if way != RefundWay.STATEMENT]
        self.fields["refund_way"] = forms.ChoiceField(
            label="返金の方法", required=False, choices=[("", "選んでください"), *((way.value, way.label) for way in ways)],
            initial=ways[0].value if monthly else "",
        )  # fmt: skip
        self.fields[
            "shipping_back_yen"
        ].help_text = f"請求した送料 {shipping_yen:,} 円。当店の責めによる返品のときに返します。"
        self.fields["returned_on"].initial = clock.today()
        self.lines, self.usual, self.shipping_yen = lines, usual, shipping_yen
        self.money = [line for line in lines if line.remedy in MONEY]
        for line in self.money:
            self.fields[f"a{line.pk}"] = YenField(
                label="返還額", required=False, initial=usual.get(line.pk, 0)
            )

    @property
    def rows(self) -> list[tuple[ReturnLine, Any, int]]:
        return [
            (line, self[f"a{line.pk}"] if f"a{line.pk}" in self.fields else None, self.usual.get(line.pk, 0))
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        back = data.get("shipping_back_yen") or 0
        if back > self.shipping_yen:
            self.add_error("shipping_back_yen", f"請求した送料は {self.shipping_yen:,} 円です。")
        refund = back + sum(
            data.get(f"a{line.pk}") or 0 for line in self.money if line.remedy == Remedy.REFUND
        )
        if refund and not data.get("refund_way"):
            self.add_error("refund_way", "返金の方法を選んでください。")
        return data

    def plan(self) -> Plan:
        """What was entered. Only after `is_valid`."""
        data = self.cleaned_data
        amounts = {line.pk: data.get(f"a{line.pk}") or 0 for line in self.money}
        return Plan(
            amounts, data.get("shipping_back_yen") or 0, data.get("refund_way") or "", data.get("returned_on")
        )
