"""Form of one of several addresses (送付先): who gets which pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from akinai.core import postal
from akinai.orders.forms import SLOTS, AddressForm, FreshForm
from akinai.orders.models import OrderAddress, OrderLine
from akinai.orders.recipients import PARTS
from akinai.orders.services import Destination
from akinai.ui.forms import DateField, QuantityField


class DestinationForm(FreshForm, AddressForm):
    """送付先: address, wishes, and of each line how many go there. `kept`: the address that is corrected."""

    delivery_on = DateField(label="お届け希望日", required=False)
    delivery_slot = forms.ChoiceField(label="お届け時間帯", choices=SLOTS, required=False)
    gift_note = forms.CharField(
        label="のし・ラッピング", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="この送付先だけの指定です。空欄なら受注全体の指定に従います。",
    )  # fmt: skip

    def __init__(
        self, *args: Any, lines: Sequence[OrderLine], kept: OrderAddress | None = None, **kwargs: Any
    ) -> None:
        self.held = {one.order_line_id: one.quantity for one in kept.lines.all()} if kept else {}
        self.lines = [line for line in lines if line.quantity]
        super().__init__(*args, initial=_initial(kept), **kwargs)
        del self.fields["email"]
        for line in self.lines:
            self.fields[_name(line)] = QuantityField(
                label=f"明細 {line.line_no} の数量", required=False, minimum=0, maximum=99_999,
                initial=self.held.get(line.pk, ""),
            )  # fmt: skip

    def room(self, line: OrderLine) -> int:
        """残り: pieces of the line that may go to this address."""
        return line.quantity - line.assigned + self.held.get(line.pk, 0)

    @property
    def rows(self) -> list[tuple[OrderLine, int, forms.BoundField]]:
        """Each line with what is left of it and its field."""
        return [(line, self.room(line), self[_name(line)]) for line in self.lines]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for line in self.lines:
            count, room = data.get(_name(line)) or 0, self.room(line)
            if count > room:
                self.add_error(
                    _name(line),
                    f"残り {room:,} 点です。ほかの送付先の数量を減らすか、ここを減らしてください。",
                )
        if not any(name.startswith("line_") for name in self.errors) and not self._pieces(data):
            self.add_error(None, "この送付先に送る数量を、どれかの明細に入れてください。")
        return data

    def _pieces(self, data: Mapping[str, Any]) -> dict[int, int]:
        return {line.line_no: count for line in self.lines if (count := data.get(_name(line)) or 0)}

    def destination(self) -> Destination:
        """What was entered. Only after `is_valid`."""
        data = self.cleaned_data
        return Destination(
            self.address(), self._pieces(data), data["delivery_on"], data["delivery_slot"], data["gift_note"].strip()
        )  # fmt: skip


def _name(line: OrderLine) -> str:
    return f"line_{line.line_no}"


def _initial(kept: OrderAddress | None) -> dict[str, Any]:
    if kept is None:
        return {}
    told = {name: getattr(kept, name) for name in (*PARTS, "delivery_on", "delivery_slot", "gift_note")}
    return told | {"postal_code": postal.formatted(kept.postal_code)}
