"""一件の受注について分かっていること: the draft, and what was looked up for it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from akinai.core.kana import search_key
from akinai.orders.ports import Address, OrderDraft
from akinai.orders.rules import Looked

_DIGITS = re.compile(r"\D")


@dataclass(frozen=True, slots=True)
class History:
    """この顧客のこれまで, this order left out."""

    orders: int = 0
    cancelled: int = 0
    unpaid: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Nearby:
    """直前の注文: how many hours before this one others came for the same address, from the same phone."""

    address: tuple[float, ...] = ()
    phone: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Goods:
    """One line's goods. `attributes`: name → value."""

    codes: frozenset[str] = frozenset()
    category: str = ""
    brand: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What a condition may ask. `history` is None while nobody knows who buys: what asks for it is then not met."""

    draft: OrderDraft
    looked: Looked
    channel: str = ""
    history: History | None = None
    nearby: Nearby = Nearby()
    goods: tuple[Goods, ...] = ()


def address_key(address: Address) -> str:
    """The place as far as spelling tells: prefecture to building, folded, without spaces and hyphens."""
    whole = f"{address.prefecture}{address.city}{address.line1}{address.line2}"
    return re.sub(r"[\s\-ー−‐―]", "", search_key(whole))


def phone_key(phone: str) -> str:
    return _DIGITS.sub("", search_key(phone))


def goes_elsewhere(draft: OrderDraft) -> bool:
    """注文者 ≠ 送付先: another name or another place. What one of them does not say is no difference."""
    buyer, to = draft.buyer, draft.ship_to
    pairs = (
        (re.sub(r"\s", "", search_key(buyer.name)), re.sub(r"\s", "", search_key(to.name))),
        (address_key(buyer), address_key(to)),
    )
    return any(ours and theirs and ours != theirs for ours, theirs in pairs)


def percent_off(draft: OrderDraft) -> int | None:
    """値引率: of the goods, whole percent cut off; None where there are no goods to cut."""
    return draft.discount_yen * 100 // draft.goods_yen if draft.goods_yen > 0 else None
