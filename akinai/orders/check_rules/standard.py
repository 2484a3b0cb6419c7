"""はじめからある規則: the rules that a new shop begins with, in force until staff change them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from akinai.orders.check_rules.conditions import ALL, Condition, Group, Part
from akinai.orders.check_rules.judging import Check
from akinai.orders.states import PaymentKind


@dataclass(frozen=True, slots=True)
class Standard:
    """One of them. `is_live` is false where there is nothing to judge by yet."""

    name: str
    reason: str
    condition: Condition
    is_live: bool = True


_COD = Part("payment", "in", (str(PaymentKind.COD),))
_ISLAND = Part("island", "yes")
STANDARD: Mapping[str, Standard] = {
    "note": Standard("備考あり", "備考あり: 「【備考】」", Group(ALL, (Part("note", "filled"),))),
    "high_amount": Standard(
        "高額", "高額の注文です（【請求金額】、上限 【基準】）", Group(ALL, (Part("total", "ge", number=50_000),))
    ),
    "island": Standard(
        "離島・沖縄", "送付先が離島・沖縄です。送料とお届け日数を確かめてください", Group(ALL, (_ISLAND,))
    ),
    "deferred": Standard(
        "後払い", "後払いです。与信の結果を確かめてください",
        Group(ALL, (Part("payment", "in", (str(PaymentKind.DEFERRED),)), Part("settled", "no"))),
    ),
    "cod_amount": Standard(
        "高額の代引", "高額の代金引換です（【請求金額】、上限 【基準】）",
        Group(ALL, (_COD, Part("total", "ge", number=30_000))),
    ),
    "cod_island": Standard(
        "離島の代引", "離島・沖縄への代金引換です。運送会社が代引を扱うか確かめてください", Group(ALL, (_COD, _ISLAND))
    ),
    "gift": Standard(
        "のし・ラッピング", "のし・ラッピングの指定があります: 「【のし・ラッピング】」", Group(ALL, (Part("gift", "filled"),))
    ),
    "words": Standard(
        "注意する語句", "注意する語句「【語句】」が含まれています", Group(ALL, (Part("words", "has"),)), is_live=False
    ),
}  # fmt: skip


def in_force(known: frozenset[str] | set[str] = frozenset()) -> list[Check]:
    """Those that no rule of the shop has taken the place of."""
    return [
        Check(code, one.name, one.condition, one.reason)
        for code, one in STANDARD.items()
        if one.is_live and code not in known
    ]
