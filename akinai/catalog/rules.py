"""What a product still lacks (登録の不足). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from akinai.catalog.codes import is_in_store

# What is counted, in the order of the panel: code → its short name in the list's filter.
LACKS = {
    "review": "内容の確認", "price": "販売価格", "attribute": "必須の属性", "image": "画像", "alt": "代替テキスト",
    "cost": "原価", "category": "カテゴリ", "description": "商品説明", "kana": "フリガナ", "jan": "JAN",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What completeness looks at, of one product. `images` are those that can be seen."""

    has_description: bool
    has_category: bool
    images: int
    has_kana: bool = True
    nameless_images: int = 0
    without_price: Sequence[str] = ()
    without_jan: Sequence[str] = ()
    without_cost: Sequence[str] = ()
    unreviewed: Sequence[str] = ()
    unanswered: Sequence[str] = ()
    jans: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing to add: the sentence, and how much it matters (bad, warn, info). `code` "": it is not counted."""

    text: str
    tone: str = "warn"
    code: str = ""

    @property
    def word(self) -> str:
        return {"bad": "必須", "warn": "推奨"}.get(self.tone, "任意")


def lacks(facts: Facts) -> list[Lack]:
    """What to add, the most important first."""
    found = []
    if facts.unreviewed:
        text = f"仮登録のままです（{_some(facts.unreviewed)}）。内容を確かめて保存してください。"
        found.append(Lack(text, "bad", "review"))
    if facts.without_price:
        found.append(Lack(f"販売価格が0円です（{_some(facts.without_price)}）。", "bad", "price"))
    if facts.unanswered:
        text = f"カテゴリで必須の属性がありません（{_some(facts.unanswered)}）。"
        found.append(Lack(text, "bad", "attribute"))
    if not facts.images:
        found.append(Lack("画像がありません。", code="image"))
    if facts.nameless_images:
        text = f"代替テキストのない画像が {facts.nameless_images} 枚あります。検索と読み上げに使われます。"
        found.append(Lack(text, "info", "alt"))
    if facts.without_cost:
        text = f"原価がありません（{_some(facts.without_cost)}）。粗利と在庫評価に要ります。"
        found.append(Lack(text, code="cost"))
    found += _texts(facts)
    if facts.without_jan:
        text = f"JANがありません（{_some(facts.without_jan)}）。バーコードで入荷・検品できます。"
        found.append(Lack(text, "info", "jan"))
    if any(is_in_store(jan) for jan in facts.jans):
        found.append(Lack("インストアコードを使っています。モールにはJANとして送れません。", "info"))
    return found


def _texts(facts: Facts) -> list[Lack]:
    found = []
    if not facts.has_category:
        found.append(Lack("カテゴリがありません。", "info", "category"))
    if not facts.has_description:
        found.append(Lack("商品説明がありません。", "info", "description"))
    if not facts.has_kana:
        found.append(Lack("フリガナがありません。50音順の並びと検索に使います。", "info", "kana"))
    return found


def percent(found: Sequence[Lack]) -> int:
    """登録の完成度: every thing counts alike."""
    return 100 - 100 // len(LACKS) * sum(bool(lack.code) for lack in found)


def _some(codes: Sequence[str]) -> str:
    return "、".join(codes[:3]) + (f" ほか{len(codes) - 3}件" if len(codes) > 3 else "")
