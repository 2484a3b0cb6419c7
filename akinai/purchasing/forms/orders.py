"""発注書の入力: lines are scanned, typed or pasted from Excel as コード・数量・単価."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.core import clock
from akinai.party import queries as party
from akinai.purchasing.forms import typed
from akinai.purchasing.models import PurchaseOrder
from akinai.purchasing.services.ordering import OrderLineInput
from akinai.stock import queries as stock
from akinai.ui.forms import DateField

PLACEHOLDER = "TEA-030\t24\nCUP-010\t12\t300"


class OrderForm(forms.Form):
    """発注書. `order` is the draft being rewritten, or None. `kept` are the reasons of lines that a proposal made."""

    supplier = forms.TypedChoiceField(label="仕入先", coerce=int)
    due_on = DateField(label="希望納期", required=False)
    location = forms.ChoiceField(label="納入場所", required=False)
    scan = typed.scan_field()
    lines = typed.lines_field(
        "1 行に 1 商品。単価を書かなければ、仕入先商品の今日の単価が入ります。", PLACEHOLDER
    )
    note = forms.CharField(
        label="仕入先への連絡", required=False, max_length=1000, help_text="発注書に印字します。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    memo = forms.CharField(
        label="社内メモ", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: PurchaseOrder | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self.fields["supplier"].choices = [("", "選んでください"), *party.supplier_choices()]  # type: ignore[attr-defined]
        self.fields["location"].choices = stock.location_choices(selling=True)  # type: ignore[attr-defined]

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day and day < clock.today():
            raise forms.ValidationError("希望納期が過ぎています。今日以降の日を入れてください。")
        return day

    def clean_lines(self) -> list[OrderLineInput]:
        rows = typed.read(self.cleaned_data["lines"])
        kept = {} if self.order is None else dict(self.order.lines.values_list("sku_id", "reason"))
        return [
            OrderLineInput(one.sku_id, one.quantity, one.unit_cost, reason=kept.get(one.sku_id, ""))
            for one in rows
        ]

    def told(self) -> dict[str, Any]:
        """What the form says, as the services want it."""
        data = self.cleaned_data
        place = stock.location_ids().get(data["location"]) or stock.default_location_id()
        return {
            "supplier_id": data["supplier"], "lines": data["lines"], "due_on": data["due_on"], "location_id": place,
            "note": data["note"], "memo": data["memo"],
        }  # fmt: skip


class ReplyForm(forms.Form):
    """仕入先の返事."""

    promised_on = DateField(label="回答納期", required=False, help_text="空欄なら希望納期")
    supplier_order_no = forms.CharField(label="仕入先の受注番号", required=False, max_length=60)


class SendForm(forms.Form):
    """発注書を送る."""

    to = forms.EmailField(label="送り先のメールアドレス", required=False)
