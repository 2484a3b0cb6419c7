"""What the page says of a SKU's stock, and when the former price may stand there."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from akinai.catalog.former_price import allowed
from akinai.catalog.selling import Terms
from akinai.shop.stock_words import availability

TODAY = date(2026, 11, 27)
PLAIN = Terms("A")


@pytest.mark.parametrize(
    ("free", "terms", "word", "most"),
    [
        (4, PLAIN, "在庫あり", 4),
        (500, PLAIN, "在庫あり", 99),
        (3, PLAIN, "残りわずか", 3),
        (1, PLAIN, "残りわずか", 1),
        (0, PLAIN, "売り切れ", 0),
        (0, Terms("A", may_backorder=True), "取り寄せ", 99),
        (0, Terms("A", may_backorder=True, backorder_limit=5), "取り寄せ", 5),
        (0, Terms("A", release_on=date(2026, 12, 18), preorder_until=date(2026, 11, 27)), "予約受付中", 99),
        (9, Terms("A", release_on=date(2026, 12, 18), preorder_until=date(2026, 11, 26)), "予約受付終了", 0),
        (0, Terms("A", release_on=TODAY), "売り切れ", 0),
    ],
)
def test_each_state_of_the_stock_has_its_word(free: int, terms: Terms, word: str, most: int) -> None:
    told = availability(free, terms, today=TODAY)
    assert (told.word, told.most, told.can_buy) == (word, most, most > 0)


def test_the_day_on_which_more_come_is_told() -> None:
    told = availability(0, PLAIN, today=TODAY, comes_on=date(2026, 12, 3))
    assert told.note == "12月3日ごろ再入荷の予定です。"
    until = Terms("A", release_on=date(2026, 12, 18), preorder_until=date(2026, 12, 11))
    assert availability(0, until, today=TODAY).note == "12月18日発売。予約は12月11日まで。"


NOW = timezone.make_aware(datetime(2026, 11, 27, 12))


def _ago(weeks: float) -> datetime:
    return NOW - timedelta(weeks=weeks)


@pytest.mark.parametrize(
    ("history", "is_allowed"),
    [
        ([(_ago(10), 1000), (_ago(1), 800)], True),
        ([(_ago(10), 1000), (_ago(1), 800), (_ago(0.5), 800)], True),  # a new cost leaves the price as it was
        ([(_ago(10), 1000), (_ago(5), 800)], False),  # the sale lasts longer than half of the eight weeks
        ([(_ago(1.5), 1000), (_ago(1), 800)], False),  # sold at it for less than two weeks
        ([(_ago(10), 900), (_ago(1), 800)], False),  # never sold at it
        ([(_ago(10), 800)], False),
        ([], False),
    ],
)
def test_a_former_price_stands_only_where_the_history_bears_it(
    history: list[tuple[datetime, int]], is_allowed: bool
) -> None:
    assert allowed(history, 1000, now=NOW) is is_allowed
