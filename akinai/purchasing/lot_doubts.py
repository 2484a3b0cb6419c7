"""念のため（ロット・期限）: an expiry that is too near, too far or missing is asked about before anything is posted. Pure.

The trade's rule of thirds: goods come with at least two thirds of their shelf life left (納品期限・3分の1ルール).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from akinai.purchasing.doubts import Doubt


@dataclass(frozen=True, slots=True)
class Dated:
    """One line of goods with lots: what it tells, and what the shop knows of the goods."""

    at: int
    code: str
    lot: str
    expires_on: date | None
    shelf_life_days: int | None = None
    ship_days_before: int = 0

    @property
    def ships_until(self) -> date | None:
        return self.expires_on - timedelta(days=self.ship_days_before) if self.expires_on else None


def find(lines: Sequence[Dated], *, today: date) -> list[Doubt]:
    """One question per line at most."""
    return [doubt for line in lines if (doubt := next(_of(line, today), None))]


def _of(line: Dated, today: date) -> Iterator[Doubt]:
    if not line.lot:
        yield Doubt(
            line.at, "lot", f"{line.code}: ロット番号と期限がありません。「ロット不明」として計上します。"
        )
    if line.expires_on is None or line.ships_until is None:
        return
    day, left = f"{line.expires_on:%Y/%m/%d}", (line.expires_on - today).days
    if line.ships_until < today <= line.expires_on:
        yield Doubt(
            line.at,
            "expires",
            f"{line.code}: 期限 {day} は出荷期限（{line.ship_days_before:,} 日前）を過ぎていて、販売できません。",
        )
    if line.shelf_life_days is None:
        return
    if left > line.shelf_life_days:
        yield Doubt(
            line.at,
            "expires",
            f"{line.code}: 期限 {day} は賞味期間 {line.shelf_life_days:,} 日より先です。年の打ち間違いではありませんか。",
        )
    elif 0 <= left * 3 < line.shelf_life_days * 2:
        yield Doubt(
            line.at,
            "expires",
            f"{line.code}: 期限 {day} まで {left:,} 日です。賞味期間 {line.shelf_life_days:,} 日の 3 分の 2 を切っています。",
        )
