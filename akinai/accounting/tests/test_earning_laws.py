"""売上台帳の決まり: whatever an order charges and gives back, its rows are the invoice to the yen, and tax is never lost."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from akinai.accounting.rules.earning import Row, Sold, earned
from akinai.accounting.services.returns import _tax
from akinai.billing.services import Charges, Line, draft_invoice
from akinai.core.tax import Rounding, tax_of

goods = st.lists(
    st.tuples(st.integers(1, 99_999), st.integers(1, 5), st.sampled_from([8, 10])), min_size=1, max_size=5
)
roundings = st.sampled_from(list(Rounding))


@given(
    goods, st.integers(0, 2000), st.integers(0, 5000), st.integers(0, 3000), roundings, st.integers(0, 99_999)
)
def test_the_rows_of_an_order_are_its_invoice_and_bear_all_its_cost(
    bought: list[tuple[int, int, int]], fee: int, cut: int, points: int, rounding: Rounding, cost: int
) -> None:
    lines = [
        Line("goods", f"商品{n}", pieces, price, price * pieces, rate)
        for n, (price, pieces, rate) in enumerate(bought)
    ]
    whole = sum(line.amount_yen for line in lines) + fee
    assume(cut + points <= whole)
    charges = Charges(lines, whole - cut - points, shipping_yen=fee, discount_yen=cut, points_yen=points)
    draft = draft_invoice(charges, rounding=rounding, standard_rate=10)
    sold = [Sold(n, n % 2, "", line.quantity) for n, line in enumerate(lines)]
    costs = {
        pk: (Decimal(cost) / 3).quantize(Decimal("0.0001"))
        for pk in {one.sku_id for one in sold if one.sku_id is not None}
    }
    rows = earned(draft, sold, costs)
    assert sum(row.gross_yen for row in rows) == charges.total_yen
    for total in draft.taxes:
        mine = [row for row in rows if row.rate == total.rate]
        assert sum(row.tax_yen for row in mine) == total.tax_yen
        assert sum(row.net_yen for row in mine) == total.net_yen
    assert sum((row.cost_yen for row in rows), Decimal(0)) == sum(costs.values(), Decimal(0))


@given(st.lists(st.integers(1, 99_999), min_size=1, max_size=8), st.sampled_from([8, 10]), roundings)
def test_returns_one_after_the_other_give_back_the_tax_of_the_whole_and_no_more(
    parts: list[int], rate: int, rounding: Rounding
) -> None:
    gross = sum(parts)
    tax = tax_of(gross, rate, rounding=rounding, inclusive=True)
    left, given_back = {rate: (gross, tax)}, 0
    for part in parts:
        row = Row("goods", rate, -part)
        _tax([row], left, rounding)
        assert row.net_yen <= 0 and row.tax_yen <= 0
        given_back -= row.tax_yen
        assert given_back <= tax
    assert (given_back, left[rate]) == (tax, (0, 0))
