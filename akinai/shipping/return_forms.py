"""返品の入力."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.shipping.models import ReturnLine
from akinai.shipping.return_queries import Returnable
from akinai.shipping.services import Asked, Found
from akinai.shipping.states import Condition, Outcome, Remedy, ReturnReason, ShippingPayer
from akinai.ui.forms import DateField, QuantityField

# What a clerk chooses most often by what is wrong with the goods.
USUAL = {Condition.NEW: Outcome.RESTOCK, Condition.OPENED: Outcome.HOLD}


class ReturnForm(forms.Form):
    """返品の受付: pieces and a reason for each shipped line."""

    requested_on = DateField(label="受付日")
    pays_shipping = forms.ChoiceField(label="返送料の負担", choices=ShippingPayer.choices)
    carrier = forms.CharField(label="返送の運送会社", max_length=40, required=False)
    tracking_no = forms.CharField(
        label="返送の送り状番号",
        max_length=30,
        required=False,
        help_text="分かれば入れておくと、到着したときに読み取れます。",
    )
    note = forms.CharField(
        label="お客様の申し出", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, returnable: Sequence[Returnable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requested_on"].initial = clock.today()
        self.returnable = returnable
        for one in returnable:
            pk = one.line.pk
            self.fields[f"q{pk}"] = QuantityField(
                label="返品する数", required=False, minimum=0, maximum=one.left
            )
            self.fields[f"r{pk}"] = forms.ChoiceField(label="理由", choices=ReturnReason.choices)
            self.fields[f"m{pk}"] = forms.ChoiceField(
                label="希望", choices=[c for c in Remedy.choices if c[0] != "exchange"]
            )
            self.fields[f"d{pk}"] = forms.CharField(label="詳しく", max_length=200, required=False)

    @property
    def rows(self) -> list[tuple[Returnable, Any, Any, Any, Any]]:
        return [
            (one, self[f"q{pk}"], self[f"r{pk}"], self[f"m{pk}"], self[f"d{pk}"])
            for one in self.returnable
            for pk in [one.line.pk]
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.get(f"q{one.line.pk}") for one in self.returnable):
            raise forms.ValidationError("返品する数を 1 点以上入力してください。")
        return data

    def asked(self) -> list[Asked]:
        """What was entered. Only after `is_valid`."""
        data = self.cleaned_data
        keys = [(one.line.pk, data.get(f"q{one.line.pk}") or 0) for one in self.returnable]
        return [Asked(pk, n, data[f"r{pk}"], data[f"d{pk}"], data[f"m{pk}"]) for pk, n in keys if n]


class InspectForm(forms.Form):
    """検品の結果, line by line."""

    def __init__(self, *args: Any, lines: Sequence[ReturnLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            pk = line.pk
            self.fields[f"c{pk}"] = forms.ChoiceField(
                label="状態", choices=Condition.choices, initial=line.condition or "new"
            )
            self.fields[f"o{pk}"] = forms.ChoiceField(
                label="行き先", choices=Outcome.choices, initial=line.outcome or Outcome.RESTOCK
            )
            self.fields[f"m{pk}"] = forms.ChoiceField(
                label="対応", choices=Remedy.choices, initial=line.remedy
            )
            self.fields[f"x{pk}"] = forms.CharField(
                label="交換する商品", max_length=60, required=False, widget=forms.TextInput(attrs={"placeholder": "商品コード・JAN"}),
                initial=line.exchange_sku.code if line.exchange_sku else "",
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[ReturnLine, Any, Any, Any, Any]]:
        return [
            (line, self[f"c{line.pk}"], self[f"o{line.pk}"], self[f"m{line.pk}"], self[f"x{line.pk}"])
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for line in self.lines:
            code = (data.get(f"x{line.pk}") or "").strip()
            sku = catalog.find_scanned(code) if code else None
            data[f"sku{line.pk}"] = sku.pk if sku else None
            if code and sku is None:
                self.add_error(f"x{line.pk}", f"「{code}」という商品コード・JANの商品はありません。")
            elif data.get(f"m{line.pk}") == Remedy.EXCHANGE and sku is None:
                self.add_error(f"x{line.pk}", "交換する商品の商品コードを入力してください。")
            if data.get(f"c{line.pk}") == Condition.GONE and data.get(f"o{line.pk}") != Outcome.NOTHING:
                self.add_error(f"o{line.pk}", "戻っていない商品の行き先は「戻らない」にしてください。")
        return data

    def found(self) -> dict[int, Found]:
        """What was entered. Only after `is_valid`."""
        data = self.cleaned_data
        return {
            pk: Found(data[f"c{pk}"], data[f"o{pk}"], data[f"m{pk}"], data[f"sku{pk}"])
            for pk in (line.pk for line in self.lines)
        }


class ReasonForm(forms.Form):
    """理由 of a refusal or cancellation."""

    reason = forms.CharField(label="理由", max_length=200)
