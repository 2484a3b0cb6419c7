"""在庫のことば: what the page says of a SKU's stock, and how many pieces may be put into the cart. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from akinai.catalog.selling import Terms

FEW = 3
MOST = 99


@dataclass(frozen=True, slots=True)
class Availability:
    """在庫のことば. `most`: pieces that may be asked for at once, 0 when none. `schema`: the word of schema.org."""

    word: str
    tone: str
    most: int
    schema: str
    note: str = ""

    @property
    def can_buy(self) -> bool:
        return self.most > 0


def availability(free: int, terms: Terms, *, today: date, comes_on: date | None = None) -> Availability:
    """In: free pieces, what the SKU allows when it is short, and the day on which more come (None: nobody knows)."""
    if terms.is_preorder(today):
        return _preorder(free, terms, today)
    if free > FEW:
        return Availability("在庫あり", "good", min(free, MOST), "InStock")
    if free > 0:
        return Availability("残りわずか", "few", free, "LimitedAvailability", f"残り {free} 点です。")
    if terms.may_backorder:
        when = f"{_day(comes_on)}ごろ入荷の予定です。" if comes_on else "入荷しだいお送りします。"
        return Availability("取り寄せ", "later", _limit(terms), "BackOrder", when)
    if comes_on:
        return Availability("売り切れ", "none", 0, "OutOfStock", f"{_day(comes_on)}ごろ再入荷の予定です。")
    return Availability("売り切れ", "none", 0, "OutOfStock")


def _preorder(free: int, terms: Terms, today: date) -> Availability:
    out = f"{_day(terms.release_on)}発売"
    if terms.preorder_until and today > terms.preorder_until:
        return Availability("予約受付終了", "none", 0, "OutOfStock", f"{out}。予約の受付は終わりました。")
    until = f"予約は{_day(terms.preorder_until)}まで。" if terms.preorder_until else ""
    return Availability(
        "予約受付中", "later", max(min(free, MOST), _limit(terms)), "PreOrder", f"{out}。{until}"
    )


def _limit(terms: Terms) -> int:
    return MOST if terms.backorder_limit is None else min(MOST, terms.backorder_limit)


def _day(day: date | None) -> str:
    return f"{day.month}月{day.day}日" if day else ""
