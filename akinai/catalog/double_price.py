"""二重価格の確認: may the former price be shown beside the sale's? Pure.

Source: 景品表示法, 価格表示ガイドライン (最近相当期間にわたって販売されていた価格): sold at that price for more than half of the
8 weeks before, for at least 2 weeks in all, and until less than 2 weeks before the sale.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

WINDOW = timedelta(weeks=8)
LEAST = timedelta(weeks=2)
SINCE = timedelta(weeks=2)

type Spell = tuple[int, datetime, datetime]  # price, from, until


def warnings(
    history: Sequence[tuple[datetime, int]],
    compare_yen: int,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
) -> list[str]:
    """What stands against showing `compare_yen` as the former price, in sentences; empty when nothing does.

    `history`: (moment, price) in rising order, as the price history tells it. A price of 0 is not on sale.
    """
    spells = [spell for spell in _spells(history, starts_at) if spell[0] > 0]
    at_price = [spell for spell in spells if spell[0] == compare_yen]
    if not at_price:
        return [f"¥{compare_yen:,} で販売した記録がありません。"]
    found = []
    whole = sum((until - since for _, since, until in at_price), timedelta())
    if whole < LEAST:
        found.append(f"¥{compare_yen:,} で販売した期間が合わせて {whole.days} 日です（2週間以上が必要）。")
    last = max(until for _, _, until in at_price)
    if starts_at - last > SINCE:
        found.append(
            f"¥{compare_yen:,} で最後に販売してから {(starts_at - last).days} 日たっています（2週間以内が必要）。"
        )
    share = _share(spells, compare_yen, starts_at)
    if share <= 0.5:
        found.append(f"開始前の8週間のうち ¥{compare_yen:,} だった期間が {share:.0%} です（過半が必要）。")
    elif ends_at and ends_at - starts_at > WINDOW / 2:
        found.append("期間が4週間を超えます。途中から「過去8週間の過半」を満たさなくなります。")
    return found


def _spells(history: Sequence[tuple[datetime, int]], until: datetime) -> Iterator[Spell]:
    """Each price with the time it stood, up to `until`."""
    for at, (since, price) in enumerate(history):
        end = history[at + 1][0] if at + 1 < len(history) else until
        if since < until and since < end:
            yield price, since, min(end, until)


def _share(spells: Sequence[Spell], price: int, moment: datetime) -> float:
    """How much of the time on sale in the 8 weeks before `moment` stood at `price`; newer goods count since they came."""
    since = moment - WINDOW
    times = [(one, max(begin, since), end) for one, begin, end in spells if end > since]
    whole = sum(((end - begin) for _, begin, end in times), timedelta())
    mine = sum(((end - begin) for one, begin, end in times if one == price), timedelta())
    return mine / whole if whole else 0.0
