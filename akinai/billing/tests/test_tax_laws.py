"""税の決まり: whatever a customer bought and gave back in a month, the statement rounds once per rate and adds up."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from akinai.billing.rules import within
from akinai.billing.terms import Paper, draft_statement
from akinai.core.tax import RateTotal, Rounding

DAY = date(2026, 11, 1)
amounts = st.dictionaries(st.sampled_from([10, 8]), st.integers(1, 10**7), min_size=1)
roundings = st.sampled_from(list(Rounding))
bought = st.lists(st.tuples(amounts, st.booleans()), min_size=1, max_size=12)


def paper(no: int, gross: dict[int, int], rounding: Rounding, *, is_slip: bool, sign: int = 1) -> Paper:
    taxes = tuple(
        RateTotal(rate, yen - within(yen, rate, rounding), within(yen, rate, rounding), yen) for rate, yen in gross.items()
    )  # fmt: skip
    return Paper(f"P-{no:03}", DAY, no, sign, sum(gross.values()), taxes, is_slip)


@given(bought, roundings, st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_statement_over_slips_is_taxed_once_per_rate(
    told: list[tuple[dict[int, int], bool]], rounding: Rounding, previous: int, received: int
) -> None:
    """Slips bear no tax of their own: the sum of the month does, each rate once."""
    papers = [
        paper(n, gross, rounding, is_slip=True, sign=-1 if back else 1)
        for n, (gross, back) in enumerate(told)
    ]
    draft = draft_statement(papers, previous_yen=previous, received_yen=received, rounding=rounding)
    for total in draft.taxes:
        gross = sum(one.sign * t.gross_yen for one in papers for t in one.taxes if t.rate == total.rate)
        assert total.gross_yen == gross == total.net_yen + total.tax_yen
        assert total.tax_yen == within(gross, total.rate, rounding)
    assert draft.total_yen == sum(one.amount_yen for one in papers)
    assert draft.asked_yen == previous - received + draft.total_yen


@given(bought, roundings)
def test_a_statement_over_invoices_is_their_sum_to_the_yen_of_tax(
    told: list[tuple[dict[int, int], bool]], rounding: Rounding
) -> None:
    papers = [
        paper(n, gross, rounding, is_slip=False, sign=-1 if back else 1)
        for n, (gross, back) in enumerate(told)
    ]
    draft = draft_statement(papers, previous_yen=0, received_yen=0, rounding=rounding)
    for total in draft.taxes:
        mine = [(one.sign, t) for one in papers for t in one.taxes if t.rate == total.rate]
        assert total.tax_yen == sum(sign * t.tax_yen for sign, t in mine)
        assert total.gross_yen == sum(sign * t.gross_yen for sign, t in mine)


@given(bought, roundings)
def test_slips_and_invoices_of_a_month_differ_by_less_than_a_yen_of_tax_a_paper(
    told: list[tuple[dict[int, int], bool]], rounding: Rounding
) -> None:
    one = draft_statement(
        [paper(n, gross, rounding, is_slip=True) for n, (gross, _) in enumerate(told)], previous_yen=0, received_yen=0,
        rounding=rounding,
    )  # fmt: skip
    many = draft_statement(
        [paper(n, gross, rounding, is_slip=False) for n, (gross, _) in enumerate(told)], previous_yen=0, received_yen=0,
        rounding=rounding,
    )  # fmt: skip
    assert one.total_yen == many.total_yen
    assert abs(one.tax_yen - many.tax_yen) < 2 * len(told) + 1
