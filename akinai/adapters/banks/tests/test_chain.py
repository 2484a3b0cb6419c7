"""Which way round a statement is, told by its balances."""

from __future__ import annotations

from datetime import date

from akinai.adapters.banks.chain import oldest_first
from akinai.payments.ports import StatementLine


def line(day: int, amount: int, balance: int | None, text: str = "") -> StatementLine:
    return StatementLine(date(2026, 11, day), amount, "", text, balance_yen=balance)


OLDEST = [line(1, 100, 1100, "a"), line(1, -50, 1050, "b"), line(2, 30, 1080, "c"), line(2, 20, 1100, "d")]


def ordered(lines: list[StatementLine], *, newest_first: bool = False) -> tuple[str, int]:
    found, warnings = oldest_first(lines, newest_first=newest_first, file="a.csv", column="残高")
    return "".join(each.text for each in found), len(warnings)


def test_oldest_first_stays() -> None:
    assert ordered(OLDEST) == ("abcd", 0)


def test_newest_first_is_turned_whatever_the_bank_usually_does() -> None:
    assert ordered(OLDEST[::-1], newest_first=False) == ("abcd", 0)
    assert ordered(OLDEST, newest_first=True) == ("abcd", 0)


def test_newest_day_first_with_the_day_in_order() -> None:
    a, b, c, d = OLDEST
    assert ordered([c, d, a, b]) == ("abcd", 0)


def test_newest_day_last_with_the_day_turned() -> None:
    a, b, c, d = OLDEST
    assert ordered([b, a, d, c]) == ("abcd", 0)


def test_within_one_day_the_balances_decide() -> None:
    day = [line(3, 10, 110, "a"), line(3, 5, 115, "b"), line(3, 1, 116, "c")]
    assert ordered(day[::-1]) == ("abc", 0)
    assert ordered(day, newest_first=True) == ("abc", 0)


def test_two_lines_that_fit_both_ways_follow_their_dates() -> None:
    assert ordered([line(5, -100, 0, "b"), line(4, 100, 100, "a")]) == ("ab", 0)


def test_a_gap_warns_and_says_where() -> None:
    gap = [*OLDEST[:2], line(2, 20, 1100, "d"), line(3, 1, 1101, "e")]
    found, (warning,) = oldest_first(gap, newest_first=False, file="a.csv", column="残高")
    assert "".join(each.text for each in found) == "abde"
    assert (warning.column, warning.value) == ("残高", "1100")
    assert "前の残高 1,050 に +20 を加えると 1,070" in warning.message


def test_without_balances_the_dates_decide_and_nothing_is_claimed() -> None:
    assert ordered([line(2, 1, None, "b"), line(1, 1, None, "a")]) == ("ab", 0)
    assert ordered([line(1, 1, None, "b"), line(1, 1, None, "a")], newest_first=True) == ("ab", 0)


def test_identical_lines_are_kept() -> None:
    same = [line(1, 100, 100, "a"), line(1, 100, 200, "b"), line(1, -100, 100, "c"), line(1, 100, 200, "d")]
    assert ordered(same) == ("abcd", 0)
