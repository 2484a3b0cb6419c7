"""ウェーブの判断, without a database: cut-offs, the first rule that fits, what rolls over and what is missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from akinai.shipping.delivery_rules import ShopDays
from akinai.shipping.wave_rules import (
    Board,
    Waiting,
    WaveTerms,
    board,
    first_cutoff,
    fits,
    in_words,
    todays_waves,
)

TOKYO = ZoneInfo("Asia/Tokyo")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026: the 24th is a Tuesday, the 23rd a holiday, the 21st a Saturday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


TODAY = WaveTerms(1, "当日便", (time(15),), since=at(1, 0))
SHOP = ShopDays()
MORNING = at(24, 9)


def order(order_id: int = 1, ready_at: datetime = MORNING, **more: Any) -> Waiting:
    values = {
        "channel": "rakuten", "channel_id": 1, "carrier": "yamato", "temperature": "", "location_id": 7, "ship_by": None, **more
    }  # fmt: skip
    return Waiting(order_id, ready_at=ready_at, **values)


def ids(found: Board) -> dict[str, list[int]]:
    return {f"{one.wave.at:%d %H:%M}": [o.order_id for o in one.orders] for one in found.loads}


def test_todays_cutoffs_stand_in_order_with_the_minutes_left() -> None:
    rules = [
        replace(TODAY, cutoffs=(time(15), time(11))),
        replace(TODAY, rule_id=2, name="冷凍便", cutoffs=(time(13),)),
    ]
    waves = todays_waves(rules, SHOP, at(24, 12, 30))
    assert [(w.title, w.is_past, w.minutes_left) for w in waves] == [
        ("当日便 11:00", True, -90), ("冷凍便 13:00", False, 30), ("当日便 15:00", False, 150),
    ]  # fmt: skip


def test_an_order_leaves_with_a_cutoff_that_its_carriers_pickup_still_meets() -> None:
    twice = replace(TODAY, cutoffs=(time(11), time(15)))
    orders = [
        order(1, at(24, 12)), order(2, at(24, 12), pickup_at=time(15)), order(3, at(24, 12), pickup_at=time(14)),
        order(4, at(24, 12), pickup_at=time(10)),
    ]  # fmt: skip
    found = board([twice], orders, SHOP, at(24, 12, 30))
    assert ids(found) == {"24 11:00": [], "24 15:00": [1, 2, 4], "25 11:00": [3]}
    assert found.missed == ()


@pytest.mark.parametrize("day", [21, 22, 23])
def test_no_wave_leaves_on_a_day_of_rest(day: int) -> None:
    assert todays_waves([TODAY], SHOP, at(day, 10)) == []
    assert first_cutoff(TODAY, SHOP, at(day, 10)) == at(24, 15)


def test_a_rule_leaves_on_its_own_weekdays_only() -> None:
    thursdays = replace(TODAY, weekdays=frozenset({3}))
    assert todays_waves([thursdays], SHOP, at(24, 10)) == []
    assert first_cutoff(thursdays, SHOP, at(24, 10)) == at(26, 15)
    assert first_cutoff(replace(TODAY, weekdays=frozenset({6})), SHOP, at(24, 10)) is None


def test_an_order_before_the_cutoff_is_in_the_wave_and_one_at_that_minute_rolls_to_the_next_business_day() -> (
    None
):
    found = board([TODAY], [order(1, at(27, 14, 59)), order(2, at(27, 15))], SHOP, at(27, 14, 59))
    assert ids(found) == {"27 15:00": [1], "30 15:00": [2]}
    assert (found.missed, found.outside) == ((), ())


def test_an_order_after_the_first_cutoff_rolls_to_the_second() -> None:
    twice = replace(TODAY, cutoffs=(time(11), time(15)))
    found = board([twice], [order(1, at(24, 10)), order(2, at(24, 11, 5))], SHOP, at(24, 11, 30))
    assert ids(found) == {"24 11:00": [1], "24 15:00": [2]}
    assert [(one.order.order_id, one.at) for one in found.missed] == [(1, at(24, 11))]
    assert [load.late for load in found.loads] == [1, 0]
    assert found.next is found.loads[0] and board([twice], [], SHOP, at(24, 10)).next is None


def test_what_was_missed_on_an_earlier_day_goes_with_the_next_wave_and_stays_missed() -> None:
    found = board([TODAY], [order(1, at(20, 9), pieces=3)], SHOP, at(24, 10))
    assert ids(found) == {"24 15:00": [1]}
    assert [(one.order.order_id, one.at) for one in found.missed] == [(1, at(20, 15))]
    evening = board([TODAY], [order(1, at(20, 9))], SHOP, at(24, 18))
    assert ids(evening) == {"24 15:00": [1], "25 15:00": []}
    holiday = board([TODAY], [order(1, at(20, 9))], SHOP, at(23, 10))
    assert ids(holiday) == {"24 15:00": [1]}


def test_the_first_rule_that_fits_takes_the_order_and_the_rest_is_named() -> None:
    cold = replace(TODAY, rule_id=2, name="冷凍便", cutoffs=(time(11),), temperature="frozen")
    mall = replace(TODAY, channels=frozenset({"rakuten"}))
    waiting = [order(1, temperature="frozen"), order(2), order(3, channel="yahoo")]
    found = board([cold, mall], waiting, SHOP, at(24, 10))
    assert {load.wave.name: [o.order_id for o in load.orders] for load in found.loads} == {
        "冷凍便": [1],
        "当日便": [2],
    }
    assert [one.order_id for one in found.outside] == [3]
    turned = board([mall, cold], waiting, SHOP, at(24, 10))
    assert ids(turned) == {"24 11:00": [], "24 15:00": [1, 2]}


@pytest.mark.parametrize(
    ("terms", "fitting", "other"),
    [
        ({"channels": frozenset({"rakuten"})}, {}, {"channel": "yahoo"}),
        ({"carriers": frozenset({"yamato"})}, {}, {"carrier": "sagawa"}),
        ({"temperature": "normal"}, {}, {"temperature": "chilled"}),
        ({"temperature": "chilled"}, {"temperature": "chilled"}, {}),
        ({"location_id": 7}, {}, {"location_id": 8}),
        ({"due_days": 2}, {"ship_by": date(2026, 11, 26)}, {"ship_by": date(2026, 11, 27)}),
        ({"due_days": 0}, {"ship_by": None}, {"ship_by": date(2026, 11, 25)}),
    ],
)
def test_each_part_of_a_rule_takes_and_leaves(terms: Any, fitting: Any, other: Any) -> None:
    rule = replace(TODAY, **terms)
    assert fits(rule, order(**fitting), date(2026, 11, 24))
    assert not fits(rule, order(**other), date(2026, 11, 24))


def test_nobody_is_late_for_a_rule_before_it_was_said_or_before_the_due_date_came_near() -> None:
    new = replace(TODAY, since=at(24, 16))
    assert ids(board([new], [order(1, at(19, 9))], SHOP, at(24, 17))) == {"24 15:00": [], "25 15:00": [1]}
    near = replace(TODAY, due_days=2)
    found = board([near], [order(1, at(12, 9), ship_by=date(2026, 11, 26))], SHOP, at(24, 10))
    assert (ids(found), found.missed) == ({"24 15:00": [1]}, ())


def test_the_time_left_is_said_in_words() -> None:
    assert [in_words(n) for n in (80, 60, 0, -35)] == [
        "あと 1 時間 20 分",
        "あと 1 時間",
        "あと 0 分",
        "締め切りから 35 分",
    ]
