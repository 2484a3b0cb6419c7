"""消費税: 税率ごとに一回の端数処理."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.core.tax import (
    RateTotal,
    Rounding,
    TaxLine,
    deductible_percent,
    divide,
    is_small_purchase,
    needs_credit_note,
    rates_on,
    share,
    tax_by_rate,
    tax_of,
)

R = Rounding


def tax(amounts: list[int], rate: int, rounding: Rounding, *, inclusive: bool) -> int:
    (total,) = tax_by_rate(
        [TaxLine(amount, rate) for amount in amounts], rounding=rounding, inclusive=inclusive
    )
    return total.tax_yen


def test_three_lines_of_one_rate_are_rounded_once_not_three_times() -> None:
    lines = [1234, 2345, 3456]
    assert tax(lines, 10, R.DOWN, inclusive=False) == 703
    assert sum(tax([line], 10, R.DOWN, inclusive=False) for line in lines) == 702


@pytest.mark.parametrize(
    ("gross", "rate", "rounding", "amount"),
    [(6180, 10, R.DOWN, 561), (6180, 10, R.HALF_UP, 562), (1250, 8, R.DOWN, 92), (1250, 8, R.HALF_UP, 93)],
)
def test_tax_inside_a_gross_amount(gross: int, rate: int, rounding: Rounding, amount: int) -> None:
    assert tax([gross], rate, rounding, inclusive=True) == amount


def test_two_reduced_lines_of_99_bear_15_yen() -> None:
    assert tax([99, 99], 8, R.DOWN, inclusive=False) == 15


def test_half_a_yen_goes_up_unlike_pythons_own_round() -> None:
    assert tax([25], 10, R.HALF_UP, inclusive=False) == 3
    assert round(2.5) == 2


def test_each_rate_stands_for_itself_highest_first() -> None:
    lines = [TaxLine(1080, 8), TaxLine(1100, 10), TaxLine(500, 0), TaxLine(1100, 10)]
    assert tax_by_rate(lines, rounding=R.DOWN, inclusive=True) == [
        RateTotal(10, 2000, 200, 2200),
        RateTotal(8, 1000, 80, 1080),
        RateTotal(0, 500, 0, 500),
    ]


def test_no_lines_no_totals() -> None:
    assert tax_by_rate([], rounding=R.DOWN, inclusive=True) == []


def test_a_credit_note_mirrors_its_invoice() -> None:
    for rounding in R:
        assert tax([-6180], 10, rounding, inclusive=True) == -tax([6180], 10, rounding, inclusive=True)


AMOUNTS = st.integers(-10_000_000, 10_000_000)
MODES = {R.DOWN: ROUND_DOWN, R.HALF_UP: ROUND_HALF_UP, R.UP: ROUND_UP}


@given(AMOUNTS, st.sampled_from([10, 8, 5, 3, 0]), st.sampled_from(list(R)), st.booleans())
def test_tax_is_the_exact_fraction_rounded(
    amount: int, rate: int, rounding: Rounding, inclusive: bool
) -> None:
    exact = Decimal(amount * rate) / Decimal(100 + rate if inclusive else 100)
    assert tax_of(amount, rate, rounding=rounding, inclusive=inclusive) == int(
        exact.quantize(0, MODES[rounding])
    )


@given(
    st.lists(st.builds(TaxLine, AMOUNTS, st.sampled_from([10, 8, 0]))),
    st.sampled_from(list(R)),
    st.booleans(),
)
def test_net_and_tax_make_gross_and_nothing_is_lost(
    lines: list[TaxLine], rounding: Rounding, inclusive: bool
) -> None:
    totals = tax_by_rate(lines, rounding=rounding, inclusive=inclusive)
    assert all(total.net_yen + total.tax_yen == total.gross_yen for total in totals)
    side = "gross_yen" if inclusive else "net_yen"
    assert sum(getattr(total, side) for total in totals) == sum(line.amount_yen for line in lines)


@given(st.lists(st.builds(TaxLine, AMOUNTS, st.sampled_from([10, 8]))), st.randoms())
def test_the_order_of_lines_does_not_matter(lines: list[TaxLine], random: object) -> None:
    mixed = list(lines)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert tax_by_rate(mixed, rounding=R.DOWN, inclusive=True) == tax_by_rate(
        lines, rounding=R.DOWN, inclusive=True
    )


def test_shares_go_to_the_largest_remainder() -> None:
    assert share(100, [1, 1, 1]) == [34, 33, 33]
    assert share(-100, [1, 1, 1]) == [-34, -33, -33]
    assert share(703, [1234, 2345, 3456]) == [123, 234, 346]
    assert share(10, [0, 5, 0]) == [0, 10, 0]
    assert share(0, [0, 0]) == [0, 0]
    assert share(0, []) == []


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**7), min_size=1).filter(any))
def test_shares_add_up_and_lie_within_a_yen_of_the_exact_part(total: int, weights: list[int]) -> None:
    parts = share(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part * sum(weights) - total * weight) < sum(weights)
        for part, weight in zip(parts, weights, strict=True)
    )


def test_sharing_by_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="all weights are zero"):
        share(5, [0, 0])
    with pytest.raises(ValueError, match="negative"):
        share(5, [-1, 2])


def test_division_rounds_by_magnitude() -> None:
    assert [divide(-5, 2, rounding) for rounding in (R.DOWN, R.HALF_UP, R.UP)] == [-2, -3, -3]


@pytest.mark.parametrize(
    ("day", "standard", "reduced"),
    [
        (date(2019, 9, 30), 8, None),
        (date(2019, 10, 1), 10, 8),
        (date(2026, 11, 24), 10, 8),
        (date(2014, 3, 31), 5, None),
        (date(1989, 4, 1), 3, None),
    ],
)
def test_rates_change_on_their_day(day: date, standard: int, reduced: int | None) -> None:
    assert (rates_on(day).standard, rates_on(day).reduced) == (standard, reduced)


def test_the_parts_of_a_rate_make_the_rate() -> None:
    rates = rates_on(date(2026, 11, 24))
    assert rates.reduced_parts is not None
    assert (sum(rates.standard_parts), sum(rates.reduced_parts)) == (10, 8)
    assert rates.all == (10, 8, 0)


def test_before_1989_there_was_no_consumption_tax() -> None:
    with pytest.raises(ValueError, match="1989-03-31"):
        rates_on(date(1989, 3, 31))


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2023, 9, 30), 100),
        (date(2023, 10, 1), 80),
        (date(2026, 9, 30), 80),
        (date(2026, 10, 1), 70),
        (date(2028, 10, 1), 50),
        (date(2030, 10, 1), 30),
        (date(2031, 9, 30), 30),
        (date(2031, 10, 1), 0),
    ],
)
def test_purchases_from_unregistered_suppliers_lose_their_deduction_by_steps(day: date, percent: int) -> None:
    assert deductible_percent(day, registered=False) == percent
    assert deductible_percent(day, registered=True) == 100


def test_small_purchases_and_small_reductions() -> None:
    day = date(2026, 11, 24)
    assert is_small_purchase(9_999, day) and not is_small_purchase(10_000, day)
    assert not is_small_purchase(100, date(2029, 10, 1))
    assert needs_credit_note(10_000) and not needs_credit_note(880)
