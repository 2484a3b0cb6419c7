"""納期 from real receipts, and what a piece on the shelf costs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.purchasing.replenish import Arrival, LeadTime, Rates, lead_time
from akinai.purchasing.replenish.costs import carrying, lost_margin

TODAY = date(2026, 3, 2)
D = Decimal


def took(days: int | None, pieces: int = 10, *, ago: int = 60) -> Arrival:
    ordered = TODAY - timedelta(days=ago)
    return Arrival(ordered, None if days is None else ordered + timedelta(days=days), pieces)


def test_many_receipts_speak_louder_than_the_promise() -> None:
    made = lead_time([took(10)] * 27, promised=5, today=TODAY)
    assert made == LeadTime(D("9.5"), D("0.6"), 27, 5)


def test_without_receipts_the_promise_counts_with_a_quarter_of_itself_as_spread() -> None:
    assert lead_time([], promised=8, today=TODAY) == LeadTime(D("8.0"), D("2.0"), 0, 8)
    assert lead_time([], promised=1, today=TODAY) == LeadTime(D("1.0"), D("1.0"), 0, 1)
    assert lead_time([], today=TODAY) == LeadTime(D("14.0"), D("3.5"), 0, None)


def test_a_partial_delivery_counts_by_its_pieces() -> None:
    """90 pieces after 4 days and 10 after 24: the usual piece took 6."""
    made = lead_time([took(4, 90), took(24, 10)] * 10, today=TODAY)
    assert made.days == D("6.0")


def test_an_order_that_is_late_counts_with_the_days_it_has_taken() -> None:
    quick = lead_time([took(5)] * 5, today=TODAY)
    late = lead_time([took(5)] * 5 + [took(None, ago=40)], today=TODAY)
    fresh = lead_time([took(5)] * 5 + [took(None, ago=2)], today=TODAY)
    assert late.days > quick.days == fresh.days == D("5.0")
    assert late.spread > quick.spread


def test_an_arrival_before_its_order_is_passed_over() -> None:
    assert lead_time([took(5)] * 5 + [took(-3)], today=TODAY) == lead_time([took(5)] * 5, today=TODAY)


@given(
    st.lists(st.tuples(st.none() | st.integers(-5, 90), st.integers(0, 500)), max_size=12),
    st.none() | st.integers(0, 60),
)
def test_lead_times_are_never_negative_and_between_what_was_seen(
    rows: list[tuple[int | None, int]], promised: int | None
) -> None:
    made = lead_time([took(days, pieces) for days, pieces in rows], promised=promised, today=TODAY)
    known = [days for days, pieces in rows if days is not None and days >= 0 and pieces]
    ends = [*known, 60, 14 if promised is None else promised]
    assert D(min(ends)) - 1 <= made.days <= D(max(ends)) + 1
    assert made.spread >= 0


def test_a_piece_costs_storage_interest_tax_and_decay() -> None:
    """600 yen: 12 × 5 storage, 2 % = 12 interest, 34 % tax paid ahead on that money = 4.08, 8 % decay = 48."""
    held = carrying(D(600), None, Rates())
    assert (held.storage, held.interest, held.tax, held.decay) == (
        D("60.00"),
        D("12.00"),
        D("4.08"),
        D("48.00"),
    )
    assert held.total == D("124.08")
    assert carrying(D(600), D("12.5"), Rates()).storage == D("150.00")


def test_a_lost_sale_costs_price_less_fee_less_cost() -> None:
    assert lost_margin(1080, D(600), Rates()) == D("480.00")
    assert lost_margin(1080, D(600), Rates(selling_fee=D("0.1"))) == D("372.00")
    assert lost_margin(1080, D(600), Rates(goodwill=D("1.5"))) == D("720.00")
    assert lost_margin(500, D(600), Rates()) == 0


@pytest.mark.parametrize("wrong", [{"decay": D("-0.1")}, {"income_tax": D(1)}, {"selling_fee": D("1.2")}])
def test_impossible_rates_are_refused(wrong: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match="impossible rates"):
        Rates(**wrong)
