"""在庫移動の入力: lines are scanned, typed or pasted from Excel as コード・数量."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.stock import lines, queries
from akinai.stock.models import StockTransfer
from akinai.ui.forms import DateField

PLACEHOLDER = "TEA-030\t12\n4901234567894\t6"


class TransferForm(forms.Form):
    """在庫移動. `transfer` is the draft being rewritten, or None."""

    source = forms.ChoiceField(label="移動元")
    destination = forms.ChoiceField(label="移動先")
    arrives_on = DateField(label="到着予定日", required=False)
    scan = forms.CharField(
        label="バーコード・商品コード", required=False, max_length=80, help_text="読み取るたびに、下の明細に 1 点ずつ足します。",
        widget=forms.TextInput(attrs={"data-scan": "", "data-lines": "id_lines", "autocomplete": "off"}),
    )  # fmt: skip
    lines = forms.CharField(
        label="明細", help_text="1 行に 1 商品。Excelの「商品コード・数量」の列をそのまま貼り付けられます。",
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "placeholder": PLACEHOLDER, "class": "mono"}),
    )  # fmt: skip
    note = forms.CharField(label="メモ", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    takes_expired = forms.BooleanField(
        label="期限の過ぎたロットも出す", required=False,
        help_text="ふだんは期限・出荷期限の過ぎたロットを棚に残します。処分のために移すときだけ選びます。過ぎたものから先に出ます。",
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, transfer: StockTransfer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.transfer = transfer
        places = queries.location_choices(own=True)
        self.fields["source"].choices = places  # type: ignore[attr-defined]
        self.fields["destination"].choices = [("", "選んでください"), *places]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("source") and data.get("source") == data.get("destination"):
            self.add_error("destination", "移動元と同じ場所です。別の場所を選んでください。")
        return data

    def clean_lines(self) -> dict[int, int]:
        typed = lines.read(self.cleaned_data["lines"])
        if typed.errors:
            raise forms.ValidationError(typed.errors)
        return typed.pieces
