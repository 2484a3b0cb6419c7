"""入金の内訳: the yen of a line are shared out and never multiply."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.payments.errors import AmountsDisagree
from akinai.payments.rules import Owed, Part, Rest, Shortage, allocate
from akinai.payments.rules.parts import from_the_line, per_order


def test_one_order_in_full() -> None:
    assert allocate(3000, [Owed(1, 3000, 7)]) == [Part(1, 3000, "bank", 7)]


def test_several_orders_in_the_order_given_and_the_last_gets_the_rest() -> None:
    parts = allocate(5000, [Owed(1, 3000), Owed(2, 3000)])
    assert parts == [Part(1, 3000), Part(2, 2000)]


def test_a_fee_the_shop_bears_closes_the_order() -> None:
    parts = allocate(2560, [Owed(1, 3000, 7)], shortage=Shortage.FEE)
    assert parts == [Part(1, 2560, "bank", 7), Part(1, 440, "fee", 7)]


def test_a_discount_keeps_its_reason() -> None:
    parts = allocate(2900, [Owed(1, 3000, 7)], shortage=Shortage.SHORT, note="送料の計算違い")
    assert parts[1] == Part(1, 100, "short", 7, "送料の計算違い")


def test_too_much_is_kept_for_the_orders_customer() -> None:
    parts = allocate(3500, [Owed(1, 3000, 7)], rest=Rest.CREDIT)
    assert parts == [Part(1, 3000, "bank", 7), Part(None, 500, "credit", 7)]


def test_too_much_may_stay_open_on_the_line() -> None:
    assert allocate(3500, [Owed(1, 3000, 7)]) == [Part(1, 3000, "bank", 7)]


def test_money_of_a_stranger_is_kept_for_a_chosen_customer() -> None:
    assert allocate(3500, [], rest=Rest.CREDIT, customer_id=9) == [Part(None, 3500, "credit", 9)]


@pytest.mark.parametrize("orders", [[], [Owed(1, 3000)], [Owed(1, 1000, 7), Owed(2, 1000, 8)]])
def test_nobody_guesses_for_whom_a_rest_is_kept(orders: list[Owed]) -> None:
    with pytest.raises(AmountsDisagree, match="誰の預り金にするか"):
        allocate(3500, orders, rest=Rest.CREDIT)


@pytest.mark.parametrize("amount", [-1, 3001])
def test_an_order_never_gets_more_than_it_owes(amount: int) -> None:
    with pytest.raises(AmountsDisagree, match="未入金 3,000 円を超えています"):
        allocate(9000, [Owed(1, 3000, None, amount)])


def test_amounts_by_hand_cannot_exceed_the_line() -> None:
    with pytest.raises(AmountsDisagree, match="入金の残り 3,500 円を超えています"):
        allocate(3500, [Owed(1, 3000, None, 3000), Owed(2, 1000, None, 501)])


ORDERS = st.lists(st.tuples(st.integers(1, 9000), st.sampled_from([None, 7, 8])), max_size=6)


@given(st.integers(1, 20_000), ORDERS, st.sampled_from(Shortage), st.sampled_from(Rest))
def test_what_is_shared_out_is_never_more_than_the_line_and_never_more_than_owed(
    left: int, owed: list[tuple[int, int | None]], shortage: Shortage, rest: Rest
) -> None:
    orders = [Owed(pk, yen, customer) for pk, (yen, customer) in enumerate(owed, 1)]
    try:
        parts = allocate(left, orders, shortage=shortage, rest=rest, customer_id=5)
    except AmountsDisagree:
        pytest.fail("automatic amounts always fit")
    wanted = sum(yen for yen, _ in owed)
    assert from_the_line(parts) == (left if rest is Rest.CREDIT else min(left, wanted))
    assert all(part.amount_yen > 0 for part in parts)
    for order in orders:
        got = per_order(parts).get(order.order_id, 0)
        assert got <= order.owed_yen
        assert shortage is Shortage.WAIT or got == order.owed_yen
