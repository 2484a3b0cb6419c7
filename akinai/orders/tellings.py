"""同じ注文の言い直し: one order told several times in files that were given together. Pure.

Files of periods that overlap tell an order twice, perhaps with another status; one report has prices and another has
none. Whatever order the files come in, what was told is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from akinai.orders import content
from akinai.orders.ports import OrderDraft

FARTHER = {"open": 0, "hold": 1, "shipped": 2, "returned": 3, "cancelled": 3}


def once(drafts: Iterable[OrderDraft]) -> list[OrderDraft]:
    """Each order once, at its first place. Of equal tellings the farthest status counts; one without prices gives way
    to one with them. Told differently, the second telling stays behind the first and becomes a change to accept.
    """
    told: dict[str, list[OrderDraft]] = {}
    for draft in drafts:
        told.setdefault(draft.channel_order_no, []).append(draft)
    return [draft for same in told.values() for draft in (same if len(same) == 1 else _different(same))]


def _different(same: Sequence[OrderDraft]) -> list[OrderDraft]:
    priced = [_goods(draft) for draft in same if draft.amounts_known]
    kept: dict[str, OrderDraft] = {}
    for draft in same:
        if not draft.amounts_known and _goods(draft) in priced:
            continue
        key = content.digest(draft)
        before = kept.setdefault(key, draft)
        if before is not draft:
            farther = max(before, draft, key=lambda one: FARTHER.get(one.mall_status, 0))
            kept[key] = replace(farther, payment_settled=before.payment_settled or draft.payment_settled)
    return list(kept.values())


def _goods(draft: OrderDraft) -> list[tuple[str, str, int]]:
    return [(line.channel_line_no, line.sku_code, line.quantity) for line in draft.lines]
