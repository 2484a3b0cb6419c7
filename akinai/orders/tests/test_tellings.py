"""One order in several files that come together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from akinai.orders.tellings import once
from tests.cast import draft

NEW = draft("R-1", ("TEA-001", 1, 1080))
OTHER = draft("R-2", ("TEA-001", 2, 1080))


def test_orders_keep_their_places_and_come_once() -> None:
    assert once([NEW, OTHER, NEW]) == [NEW, OTHER]


@pytest.mark.parametrize("turned", [False, True])
def test_the_farthest_status_counts_in_whatever_order_the_files_come(turned: bool) -> None:
    sent = replace(NEW, mall_status="shipped", source_file="later.csv")
    told = [sent, NEW] if turned else [NEW, sent]
    (kept,) = once(told)
    assert (kept.mall_status, kept.source_file) == ("shipped", "later.csv")


@pytest.mark.parametrize("turned", [False, True])
def test_money_that_one_file_has_seen_is_seen(turned: bool) -> None:
    waiting, paid = replace(NEW, payment_settled=False), replace(NEW, payment_settled=True)
    (kept,) = once([paid, waiting] if turned else [waiting, paid])
    assert kept.payment_settled


@pytest.mark.parametrize("turned", [False, True])
def test_a_telling_without_prices_gives_way_to_one_with_them(turned: bool) -> None:
    bare = replace(
        NEW,
        amounts_known=False,
        total_yen=0,
        goods_yen=0,
        lines=tuple(replace(li, unit_price_yen=0) for li in NEW.lines),
    )
    assert once([NEW, bare] if turned else [bare, NEW]) == [NEW]


def test_two_different_tellings_both_stay_the_second_as_a_change() -> None:
    moved = replace(NEW, ship_to=replace(NEW.ship_to, line1="べつの町1-1"))
    assert once([NEW, OTHER, moved]) == [NEW, moved, OTHER]
