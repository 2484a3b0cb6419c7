"""Forms of 受注の内容を変える: the lines as they are, new ones, the amounts, the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.orders.entry_forms import EntryLineForm
from akinai.orders.forms import AmountsForm
from akinai.orders.models import Order, OrderLine
from akinai.orders.services import EntryLine
from akinai.ui.forms import QuantityField, YenField

NEW_ROWS = 3


class HaveLineForm(forms.Form):
    """明細 as it is."""

    quantity = QuantityField(label="数量", minimum=0, maximum=99_999)
    unit_price_yen = YenField(label="単価", maximum=99_999_999)

    def __init__(self, *args: Any, line: OrderLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        for name in ("quantity", "unit_price_yen"):
            self.fields[name].widget.attrs["aria-label"] = f"明細 {line.line_no} の{self.fields[name].label}"


class ChangeForms:
    """The parts of the screen, validated together. A price left empty in a new row is that of the catalogue."""

    def __init__(self, data: Any, order: Order, lines: Sequence[OrderLine], amounts: dict[str, int]) -> None:
        self.order = order
        self.terms = AmountsForm(data, initial=amounts, order=order)
        for name in ("payment_fee_yen", "outer_tax_yen", "adjustment_yen"):
            if not amounts[name]:
                del self.terms.fields[name]
        self.have = [
            HaveLineForm(
                data, prefix=f"line{line.line_no}", line=line,
                initial={"quantity": line.quantity, "unit_price_yen": line.unit_price_yen},
            )
            for line in lines
        ]  # fmt: skip
        self.new = [EntryLineForm(data, prefix=f"new{no}") for no in range(NEW_ROWS)]

    @property
    def parts(self) -> list[Any]:
        return [self.terms, *self.have, *self.new]

    @property
    def is_bound(self) -> bool:
        return bool(self.terms.is_bound)

    @property
    def invalid(self) -> list[Any]:
        """Parts with mistakes, for the summary above the form."""
        return [part for part in self.parts if part.is_bound and part.errors]

    def is_valid(self) -> bool:
        return not [part for part in self.parts if not part.is_valid()]

    def lines(self) -> dict[int, tuple[int, int]]:
        """Line number → (pieces, price). Only after `is_valid`."""
        return {
            form.line.line_no: (form.cleaned_data["quantity"], form.cleaned_data["unit_price_yen"]) for form in self.have
        }  # fmt: skip

    def added(self) -> list[EntryLine]:
        return [line for form in self.new if (line := form.line())]

    def refuse(self, message: str) -> None:
        self.terms.add_error(None, ValidationError(message))
