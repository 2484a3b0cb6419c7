"""重なりの判断: files of one account overlap in every way, and each true line is there once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akinai.payments.ports import StatementLine
from akinai.payments.rules.overlap import Seen, seen_of, sort_out
from akinai.payments.tests.factories import DAY, told


def seen(*lines: StatementLine) -> list[Seen]:
    return [seen_of(line) for line in lines]


def new(lines: list[StatementLine], there: list[Seen]) -> list[tuple[int, int]]:
    return sort_out(lines, there).new


def test_the_same_file_again_adds_nothing() -> None:
    lines = [told(3000), told(3000), told(500, "ｻﾄｳ")]
    assert new(lines, seen(*lines)) == []


def test_two_true_equal_payments_of_a_day_are_two_with_and_without_balances() -> None:
    assert new([told(3000), told(3000)], []) == [(0, 1), (1, 2)]
    assert new([told(3000, balance_yen=103_000), told(3000, balance_yen=106_000)], []) == [(0, 1), (1, 1)]


def test_a_file_that_ended_in_the_middle_of_a_day_is_completed_by_the_next() -> None:
    morning = [told(3000)]
    whole = [told(3000), told(3000), told(500, "ｻﾄｳ")]
    assert new(whole, seen(*morning)) == [(1, 2), (2, 1)]
    assert new(whole[::-1], seen(*morning)) == [(0, 1), (2, 2)]  # newest first


def test_money_that_goes_and_comes_back_to_the_same_balance_is_counted() -> None:
    dance = [told(100, balance_yen=200), told(-100, balance_yen=100), told(100, balance_yen=200)]
    assert new(dance, []) == [(0, 1), (1, 1), (2, 2)]
    assert new(dance, seen(dance[0])) == [(1, 1), (2, 2)]
    assert new(dance, seen(*dance)) == []


def test_a_notice_without_balance_and_the_statement_with_it_tell_one_payment() -> None:
    notice, statement = told(3000), told(3000, balance_yen=103_000, text="振込入金")
    assert new([statement], seen(notice)) == []
    assert new([notice], seen(statement)) == []
    assert new([statement, told(3000, balance_yen=106_000)], seen(notice)) == [(1, 1)]


def test_another_wording_of_the_bank_is_still_the_same_line() -> None:
    assert new([told(3000, "アオキ　ミサキ", text="振込＊アオキ　ミサキ")], seen(told(3000, "ｱｵｷ ﾐｻｷ"))) == []


def test_numbers_that_start_anew_in_each_file_are_not_listened_to() -> None:
    first = [told(1, "ｱ", bank_ref="1"), told(2, "ｲ", bank_ref="2"), told(3000, bank_ref="3")]
    second = [told(2, "ｲ", bank_ref="1"), told(3000, bank_ref="2"), told(7, "ｳ", bank_ref="3")]
    assert new(second, seen(*first)) == [(2, 1)]


def test_numbers_that_last_tell_a_second_equal_payment_apart() -> None:
    kept = [told(1, "ｱ", bank_ref="101"), told(2, "ｲ", bank_ref="102")]
    first = [*kept, told(3000, bank_ref="103")]
    assert new([*kept, told(3000, bank_ref="105")], seen(*first)) == [(2, 2)]
    assert new([*kept, told(3000, bank_ref="103")], seen(*first)) == []


def test_the_rest_of_a_day_sent_by_itself_is_new() -> None:
    morning = [told(500, "ｻﾄｳ", bank_ref="000001"), told(3000, bank_ref="000002")]
    evening = [told(3000, bank_ref="000003")]
    assert new(evening, seen(*morning)) == [(0, 2)]


def test_an_equal_line_under_another_number_is_taken_for_the_same_and_told() -> None:
    found = sort_out([told(3000, bank_ref="000009")], seen(told(3000, bank_ref="000001")))
    assert (found.new, found.doubtful) == ([], [0])


@st.composite
def histories(draw: st.DrawFn) -> list[StatementLine]:
    """What truly happened on an account: few names and amounts, so that much is alike."""
    moves = draw(
        st.lists(
            st.tuples(st.integers(0, 3), st.sampled_from([100, 100, -100, 200]), st.sampled_from("ｱｲ")),
            max_size=14,
        )
    )
    balance, lines = 0, []
    for day, amount, payer in sorted(moves, key=lambda move: move[0]):
        balance += amount
        lines.append(told(amount, payer, DAY + timedelta(days=day), balance_yen=balance))
    return lines


def cut(history: list[StatementLine], since: int, until: date, upto: int) -> list[StatementLine]:
    """A download: whole days from `since`, to a moment within the day `until`."""
    kept = [line for line in history if DAY + timedelta(days=since) <= line.on < until]
    today = [line for line in history if line.on == until]
    return kept + today[:upto]


FILES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 6), st.booleans()), min_size=1, max_size=5
)


@pytest.mark.parametrize("with_balances", [True, False])
@settings(max_examples=300)
@given(histories(), FILES)
def test_overlapping_files_in_any_order_make_the_history_and_nothing_twice(
    with_balances: bool, history: list[StatementLine], files: list[tuple[int, int, int, bool]]
) -> None:
    if not with_balances:
        history = [replace(line, balance_yen=None) for line in history]
    there: list[Seen] = []
    expected: dict[date, list[StatementLine]] = {}
    for since, until, upto, newest_first in files:
        lines = cut(history, since, DAY + timedelta(days=until), upto)
        for day in {line.on for line in lines}:
            mine = [line for line in lines if line.on == day]
            expected[day] = max(expected.get(day, []), mine, key=len)
        told_as = lines[::-1] if newest_first and not with_balances else lines
        there += [seen_of(told_as[at]) for at, _ in sort_out(told_as, there).new]
    wanted = [seen_of(line) for lines in expected.values() for line in lines]
    assert sorted(map(str, there)) == sorted(map(str, wanted))


@settings(max_examples=200)
@given(histories(), st.integers(0, 14))
def test_no_two_lines_ever_get_the_same_number_among_their_like(
    history: list[StatementLine], at: int
) -> None:
    first, there = history[:at], []
    keys = set()
    for lines in (first, history, history[::-1]):
        overlap = sort_out(lines, there)
        for place, nth in overlap.new:
            key = (seen_of(lines[place]), nth)
            assert key not in keys
            keys.add(key)
            there.append(seen_of(lines[place]))
