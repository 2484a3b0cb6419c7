"""手で選ぶ: what a clerk has picked on the desk so far, and the running difference. Reads the request, writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.http import QueryDict

from akinai.core.money import NotANumber, parse_yen
from akinai.orders import queries as orders
from akinai.payments.errors import AmountsDisagree
from akinai.payments.rules import Owed

if TYPE_CHECKING:
    from akinai.orders.models import Order

MOST = 40  # orders paid by one line


@dataclass(frozen=True, slots=True)
class Picked:
    """One order in the hand. `amount_yen` is what it gets of this line; `wrong` is what was typed and is no amount."""

    order: Order
    amount_yen: int
    wrong: str = ""

    @property
    def short_yen(self) -> int:
        """What it would still owe."""
        return self.order.owed_yen - self.amount_yen


@dataclass(slots=True)
class Hand:
    """The orders picked, those found, and what is left of the money."""

    left_yen: int
    text: str = ""
    picked: list[Picked] = field(default_factory=list)
    found: list[Order] = field(default_factory=list)

    @property
    def taken_yen(self) -> int:
        return sum(one.amount_yen for one in self.picked)

    @property
    def rest_yen(self) -> int:
        """Money no picked order takes; below zero when more is given out than there is."""
        return self.left_yen - self.taken_yen

    @property
    def short_yen(self) -> int:
        return sum(one.short_yen for one in self.picked)

    @property
    def owners(self) -> dict[int, str]:
        """The customers of the picked orders: for whom a rest may be kept."""
        return {one.order.customer_id: one.order.buyer_name for one in self.picked if one.order.customer_id}

    @property
    def is_ready(self) -> bool:
        return bool(self.picked) and self.rest_yen >= 0 and not any(one.wrong for one in self.picked)

    def owed(self) -> list[Owed]:
        """The orders as they are shared out. Raises AmountsDisagree for an amount that cannot be read."""
        for one in self.picked:
            if one.wrong:
                raise AmountsDisagree(
                    f"{one.order.number} の金額「{one.wrong[:20]}」を読めません。",
                    way_out="円の整数で入力してください。",
                )
        return [
            Owed(one.order.pk, one.order.owed_yen, one.order.customer_id, one.amount_yen)
            for one in self.picked
        ]


def read_hand(data: QueryDict, left_yen: int) -> Hand:
    """The hand as the address or the form tells it: `pick` (many), `amount.<id>`, `add`, `drop`, `q`."""
    hand = Hand(left_yen, text=data.get("q", "").strip()[:100])
    dropped = data.get("drop", "")
    wanted = [text for text in (*data.getlist("pick"), data.get("add", "")) if text != dropped]
    ids = [
        int(text) for text in dict.fromkeys(wanted) if text.isascii() and text.isdigit() and len(text) < 19
    ]
    rows = orders.rows_for_matching(ids[:MOST])
    remaining = left_yen
    for order in (rows[pk] for pk in ids[:MOST] if pk in rows):
        one = _picked(order, data, remaining)
        remaining -= one.amount_yen
        hand.picked.append(one)
    if hand.text:
        chosen = {one.order.pk for one in hand.picked}
        hand.found = [order for order in orders.find_owing(hand.text) if order.pk not in chosen]
    return hand


def _picked(order: Order, data: Mapping[str, str], remaining: int) -> Picked:
    """With the amount a person typed, else as much as it owes and there is."""
    text = str(data.get(f"amount.{order.pk}", "")).strip()
    usual = max(0, min(order.owed_yen, remaining))
    if not text:
        return Picked(order, usual)
    try:
        return Picked(order, parse_yen(text))
    except NotANumber:
        return Picked(order, 0, wrong=text)
