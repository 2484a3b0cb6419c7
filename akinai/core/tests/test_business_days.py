"""営業日・祝日・締め日."""

from __future__ import annotations

from datetime import date

import pytest

from akinai.core.business_days import (
    END_OF_MONTH,
    WhenClosed,
    add_business_days,
    closing_on,
    due_on,
    era,
    from_reiwa,
    holiday_name,
    holidays,
    is_bank_closed,
    month_end,
    on_or_after,
    on_or_before,
    read_holidays,
    shop_closed,
    written_day,
)


def test_holidays_of_2027_are_as_published() -> None:
    days = [(day.month, day.day) for day in holidays(2027)]
    assert days == [
        (1, 1), (1, 11), (2, 11), (2, 23), (3, 21), (3, 22), (4, 29), (5, 3), (5, 4), (5, 5), (7, 19), (8, 11), (9, 20),
        (9, 23), (10, 11), (11, 3), (11, 23),
    ]  # fmt: skip
    assert holiday_name(date(2027, 3, 22)) == "休日"


def test_years_beyond_the_file_are_known_by_rule() -> None:
    assert holiday_name(date(2031, 1, 1)) == "元日"


@pytest.mark.parametrize(
    "day", [(2026, 12, 31), (2027, 1, 1), (2027, 1, 3), (2026, 11, 23), (2026, 11, 28), (2026, 11, 29)]
)
def test_banks_are_closed(day: tuple[int, int, int]) -> None:
    assert is_bank_closed(date(*day))


@pytest.mark.parametrize("day", [(2026, 11, 24), (2026, 12, 30), (2027, 1, 4)])
def test_banks_are_open(day: tuple[int, int, int]) -> None:
    assert not is_bank_closed(date(*day))


def test_the_year_end_is_jumped_over() -> None:
    assert on_or_after(date(2026, 12, 31)) == date(2027, 1, 4)
    assert on_or_before(date(2027, 1, 3)) == date(2026, 12, 30)
    assert add_business_days(date(2026, 12, 29), 2) == date(2027, 1, 4)
    assert add_business_days(date(2027, 1, 4), -1) == date(2026, 12, 30)
    assert add_business_days(date(2026, 11, 28), 0) == date(2026, 11, 30)


def test_a_calendar_without_open_days_is_refused() -> None:
    with pytest.raises(ValueError, match="no open day"):
        on_or_after(date(2026, 11, 24), shop_closed(range(7)))


def test_a_shop_may_keep_its_own_calendar() -> None:
    closed = shop_closed((2,), {date(2026, 11, 26)}, on_holidays=False)
    assert add_business_days(date(2026, 11, 24), 1, closed) == date(2026, 11, 27)
    assert not closed(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("day", "closing", "closes"),
    [
        (date(2026, 11, 20), 20, date(2026, 11, 20)),
        (date(2026, 11, 21), 20, date(2026, 12, 20)),
        (date(2026, 12, 21), 20, date(2027, 1, 20)),
        (date(2026, 11, 24), END_OF_MONTH, date(2026, 11, 30)),
        (date(2027, 2, 28), END_OF_MONTH, date(2027, 2, 28)),
    ],
)
def test_closing_days(day: date, closing: int, closes: date) -> None:
    assert closing_on(day, closing) == closes


def test_due_days_move_off_bank_holidays_as_the_contract_says() -> None:
    closed_on = date(2026, 11, 30)  # 翌月末 is 12-31, a bank holiday
    due = {
        rule: due_on(closed_on, months=1, paying_day=END_OF_MONTH, when_closed=rule) for rule in WhenClosed
    }
    assert due == {
        WhenClosed.NEXT: date(2027, 1, 4),
        WhenClosed.PREVIOUS: date(2026, 12, 30),
        WhenClosed.AS_IS: date(2026, 12, 31),
    }
    assert month_end(date(2028, 2, 1)) == date(2028, 2, 29)


def test_eras() -> None:
    assert era(date(2026, 11, 24)) == "令和8年11月24日"
    assert era(date(2019, 5, 1)) == "令和元年5月1日"
    assert era(date(2019, 4, 30)) == "平成31年4月30日"
    assert from_reiwa("081124") == date(2026, 11, 24)
    for wrong in ("08112", "081324", "０８１１２４", "abcdef"):
        with pytest.raises(ValueError):
            from_reiwa(wrong)


def test_the_cabinet_offices_file_is_read() -> None:
    data = "国民の祝日・休日月日,国民の祝日・休日名称\r\n2027/1/1,元日\r\n2027/3/22,休日\r\n".encode("cp932")
    assert read_holidays(data) == {date(2027, 1, 1): "元日", date(2027, 3, 22): "休日"}


@pytest.mark.parametrize(
    "text",
    [
        "2026/11/24",
        "2026-11-24 10:00",
        "20261124",
        "２０２６年１１月２４日",
        "令和8年11月24日",
        "R8.11.24",
        "r08/11/24",
        " 2026.11.24 ",
    ],
)
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert written_day(text) == date(2026, 11, 24)


@pytest.mark.parametrize(
    "text", ["11/24", "26/11/24", "2026/11/31", "46350", "", "昨日", "令和元年", "2026/13/1", "2.02611E+07"]
)
def test_a_day_without_a_year_or_out_of_the_calendar_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError):
        written_day(text)


def test_the_first_year_of_an_era_is_read() -> None:
    assert written_day("令和元年5月1日") == date(2019, 5, 1)
    assert written_day("S64.1.7") == date(1989, 1, 7)
