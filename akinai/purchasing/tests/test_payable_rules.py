"""Tax of suppliers' bills by the day of each purchase, and the day they are due: pure rules, without a database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.core.tax import Rounding, deductible_percent
from akinai.purchasing.payable_rules import Billed, due_day, taxes


def test_tax_of_an_unregistered_supplier_is_deducted_in_part_by_the_day_of_each_purchase() -> None:
    lines = [
        Billed(10_000, 10, date(2026, 9, 30)),
        Billed(30_000, 10, date(2026, 10, 1)),
        Billed(999, 8, date(2026, 10, 2)),
    ]
    found = taxes(lines, rounding=Rounding.DOWN, is_registered=False)
    assert [(t.rate, t.net_yen, t.tax_yen, t.deductible_yen) for t in found] == [
        (10, 40_000, 4_000, 1_000 * 80 // 100 + 3_000 * 70 // 100), (8, 999, 79, 55),
    ]  # fmt: skip
    assert taxes(lines, rounding=Rounding.UP, is_registered=True)[1].tax_yen == 80
    told = taxes(lines, rounding=Rounding.DOWN, is_registered=True, written={10: 3_999})
    assert (told[0].tax_yen, told[0].deductible_yen) == (3_999, 3_999)


DAYS = st.dates(date(2023, 10, 1), date(2032, 1, 1))


@given(
    st.lists(st.tuples(st.integers(0, 9_999_999), st.sampled_from((10, 8)), DAYS), min_size=1, max_size=12)
)
def test_what_may_be_deducted_lies_between_the_days_percentages(rows: list[tuple[int, int, date]]) -> None:
    for one in taxes([Billed(*row) for row in rows], rounding=Rounding.HALF_UP, is_registered=False):
        percents = [
            deductible_percent(on, registered=False) for net, rate, on in rows if rate == one.rate and net
        ]
        if percents:
            assert (
                one.tax_yen * min(percents) // 100 - len(percents)
                <= one.deductible_yen
                <= one.tax_yen * max(percents) / 100
            )


@pytest.mark.parametrize(
    ("billed", "terms", "due"),
    [
        (date(2026, 11, 20), (20, 1, 10, "previous"), date(2026, 12, 10)),
        (date(2026, 11, 21), (20, 1, 10, "previous"), date(2027, 1, 8)),
        (date(2026, 11, 30), (31, 1, 31, "previous"), date(2026, 12, 30)),
        (date(2026, 11, 30), (31, 1, 31, "next"), date(2027, 1, 4)),
        (date(2026, 11, 30), (31, 1, 31, "as_is"), date(2026, 12, 31)),
    ],
)  # fmt: skip
def test_the_due_day_follows_the_terms_and_the_banks_calendar(
    billed: date, terms: tuple[int, int, int, str], due: date
) -> None:
    closing, months, paying_day, when = terms
    assert due_day(billed, closing_day=closing, months=months, paying_day=paying_day, when_closed=when) == due
