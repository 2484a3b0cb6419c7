"""What a product still lacks (登録の不足). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from akinai.catalog.codes import is_in_store


@dataclass(frozen=True, slots=True)
class Facts:
    """What completeness looks at, of one product."""

    has_description: bool
    has_category: bool
    images: int
    without_price: Sequence[str] = ()
    without_jan: Sequence[str] = ()
    without_cost: Sequence[str] = ()
    unreviewed: Sequence[str] = ()
    jans: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing to add: the sentence, and how much it matters (bad, warn, info)."""

    text: str
    tone: str = "warn"

    @property
    def word(self) -> str:
        return {"bad": "必須", "warn": "推奨"}.get(self.tone, "任意")


def lacks(facts: Facts) -> list[Lack]:
    """What to add, the most important first."""
    found = []
    if facts.unreviewed:
        found.append(
            Lack(f"仮登録のままです（{_some(facts.unreviewed)}）。内容を確かめて保存してください。", "bad")
        )
    if facts.without_price:
        found.append(Lack(f"販売価格が0円です（{_some(facts.without_price)}）。", "bad"))
    if not facts.images:
        found.append(Lack("画像がありません。"))
    if facts.without_cost:
        found.append(Lack(f"原価がありません（{_some(facts.without_cost)}）。粗利と在庫評価に要ります。"))
    if not facts.has_category:
        found.append(Lack("カテゴリがありません。", "info"))
    if not facts.has_description:
        found.append(Lack("商品説明がありません。", "info"))
    if facts.without_jan:
        found.append(
            Lack(f"JANがありません（{_some(facts.without_jan)}）。バーコードで入荷・検品できます。", "info")
        )
    if any(is_in_store(jan) for jan in facts.jans):
        found.append(Lack("インストアコードを使っています。モールにはJANとして送れません。", "info"))
    return found


def percent(facts: Facts) -> int:
    """登録の完成度: seven things count alike."""
    points = [
        facts.has_description, facts.has_category, facts.images > 0, not facts.without_price, not facts.without_cost,
        not facts.without_jan, not facts.unreviewed,
    ]  # fmt: skip
    return round(100 * sum(points) / len(points))


def _some(codes: Sequence[str]) -> str:
    return "、".join(codes[:3]) + (f" ほか{len(codes) - 3}件" if len(codes) > 3 else "")
