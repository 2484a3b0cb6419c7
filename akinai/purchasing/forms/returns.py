"""仕入返品の入力."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.core import clock
from akinai.party import queries as party
from akinai.purchasing.forms import typed
from akinai.purchasing.services import LineInput
from akinai.stock import queries as stock
from akinai.ui.forms import DateField


class ReturnForm(forms.Form):
    """仕入返品: lines as コード・数量・単価・ロット."""

    supplier = forms.TypedChoiceField(label="仕入先", coerce=int)
    returned_on = DateField(label="返品日")
    location = forms.ChoiceField(label="出庫元")
    reason = forms.CharField(label="理由", max_length=200)
    lines = typed.lines_field(
        "1 行に 1 商品。商品コード・数量・単価・ロット。単価がなければ（-）、最後に仕入れた単価になります。ロットのある商品は、どのロットを返すかを書きます。",
        "CUP-010\t12\nTEA-030\t6\t-\tA0412",
        rows=6,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier"].choices = [("", "選んでください"), *party.supplier_choices(stopped_too=True)]  # type: ignore[attr-defined]
        self.fields["location"].choices = stock.location_choices(selling=True)  # type: ignore[attr-defined]

    def clean_returned_on(self) -> Any:
        day = self.cleaned_data["returned_on"]
        if day > clock.today():
            raise forms.ValidationError("返品日が未来です。")
        return day

    def clean_lines(self) -> list[LineInput]:
        return typed.read(self.cleaned_data["lines"], lots=True)
