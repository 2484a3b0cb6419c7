"""入金の内訳: how the yen of one bank line are shared out over orders. Pure.

The parts taken from the line never exceed what is left of it, and no order gets more than it owes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from akinai.payments.errors import AmountsDisagree
from akinai.payments.states import FROM_THE_LINE, PaymentSource


class Shortage(StrEnum):
    """不足の扱い: what happens to what an order still owes afterwards."""

    WAIT = "wait"  # 残りを待つ
    FEE = "fee"  # 振込手数料として当社が負担
    SHORT = "short"  # 値引


class Rest(StrEnum):
    """余りの扱い: what happens to money that no order takes."""

    LEAVE = "leave"  # 未消込のまま
    CREDIT = "credit"  # 預り金


@dataclass(frozen=True, slots=True)
class Owed:
    """One order as the money meets it. `amount_yen` is what a person says it gets; None: as much as there is."""

    order_id: int
    owed_yen: int
    customer_id: int | None = None
    amount_yen: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """入金の内訳: `amount_yen` for one order (None: kept for the customer). `source` says what kind of yen it is.

    BANK and CREDIT come out of the bank line; FEE and SHORT are given up by the shop and only close the order.
    """

    order_id: int | None
    amount_yen: int
    source: str = PaymentSource.BANK
    customer_id: int | None = None
    note: str = ""


def allocate(
    left_yen: int,
    orders: Sequence[Owed],
    *,
    shortage: Shortage = Shortage.WAIT,
    rest: Rest = Rest.LEAVE,
    customer_id: int | None = None,
    note: str = "",
) -> list[Part]:
    """The parts of one line, in the order the orders are given.

    `customer_id` is for whom a rest is kept; without it, the one customer of the orders. Raises AmountsDisagree when
    more is wanted than there is, or when nobody says whose the rest is.
    """
    parts: list[Part] = []
    remaining = left_yen
    for order in orders:
        amount = min(order.owed_yen, remaining) if order.amount_yen is None else order.amount_yen
        if amount < 0 or amount > order.owed_yen:
            raise AmountsDisagree(
                f"充てる金額 {amount:,} 円が未入金 {order.owed_yen:,} 円を超えています。",
                way_out="受注ごとの金額を、未入金額までにしてください。余りは預り金にできます。",
            )
        if amount > remaining:
            raise AmountsDisagree(
                f"充てる金額の合計が、入金の残り {left_yen:,} 円を超えています。",
                way_out="受注ごとの金額を減らしてください。",
            )
        remaining -= amount
        if amount:
            parts.append(Part(order.order_id, amount, PaymentSource.BANK, order.customer_id))
        parts += _given_up(order, order.owed_yen - amount, shortage, note)
    if remaining and rest is Rest.CREDIT:
        parts.append(_kept(remaining, orders, customer_id, note))
    return parts


def _given_up(order: Owed, short_yen: int, shortage: Shortage, note: str) -> list[Part]:
    """What the shop bears, so that the order is closed."""
    if not short_yen or shortage is Shortage.WAIT:
        return []
    source = PaymentSource.FEE if shortage is Shortage.FEE else PaymentSource.SHORT
    return [Part(order.order_id, short_yen, source, order.customer_id, note)]


def _kept(amount_yen: int, orders: Sequence[Owed], customer_id: int | None, note: str) -> Part:
    owners = {order.customer_id for order in orders if order.customer_id}
    owner = customer_id or (owners.pop() if len(owners) == 1 else None)
    if owner is None:
        raise AmountsDisagree(
            "誰の預り金にするかが決まっていません。", way_out="預り金にする顧客を選んでください。"
        )
    return Part(None, amount_yen, PaymentSource.CREDIT, owner, note)


def from_the_line(parts: Sequence[Part]) -> int:
    """Yen that come out of the bank line."""
    return sum(part.amount_yen for part in parts if part.source in FROM_THE_LINE)


def per_order(parts: Sequence[Part]) -> Mapping[int, int]:
    """order → yen that count for it, whoever bears them."""
    found: dict[int, int] = {}
    for part in parts:
        if part.order_id:
            found[part.order_id] = found.get(part.order_id, 0) + part.amount_yen
    return found
