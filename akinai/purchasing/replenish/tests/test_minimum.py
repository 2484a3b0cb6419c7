"""仕入先ごとの発注案 and the supplier's least amount."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from akinai.purchasing.replenish import (
    Draft,
    Forecasts,
    Goods,
    Minimum,
    Reach,
    Recommendation,
    drafts,
    recommend,
)
from akinai.purchasing.replenish.minimum import draft
from akinai.purchasing.replenish.tests.shelves import one, rates, shelves


def rows(*on_hand: int) -> list[Recommendation]:
    """Three a day of each, bought at 600 by six; how many lie on the shelf differs."""
    goods = [
        one(sku_id=n, code=f"T{n}", on_hand=pieces, supplier_id=7) for n, pieces in enumerate(on_hand, 1)
    ]
    return recommend(rates([3] * len(goods)), goods)


def told(minimum: Minimum, *on_hand: int) -> Draft:
    return draft(7, rows(*on_hand), minimum)


def test_there_is_one_draft_per_supplier_and_goods_without_one_are_not_lost() -> None:
    goods = [one(sku_id=1, supplier_id=7), one(sku_id=2), one(sku_id=3, supplier_id=8, on_hand=900)]
    made = drafts(recommend(rates([3, 3, 3]), goods), {})
    assert [(one.supplier_id, [line.sku_id for line in one.lines]) for one in made] == [(7, [1]), (None, [2])]


def test_nothing_to_order_is_not_filled_up_to_a_minimum() -> None:
    assert told(Minimum(min_order_yen=50_000), 900, 900).reach is Reach.NOTHING


def test_a_minimum_is_reached_with_what_would_be_ordered_next() -> None:
    (first, soon, later) = rows(0, 70, 90)
    alone = first.level.order * 600
    made = told(Minimum(min_order_yen=alone + 9_000), 0, 70, 90)
    assert made.reach is Reach.FILLED_UP
    assert made.yen >= alone + 9_000
    assert made.yen - alone - 9_000 < 6 * 600, "not a lot more than needed"
    by_sku = {line.sku_id: line.added for line in made.lines}
    assert by_sku[2] > 0, "the SKU that is next to its reorder point comes first"
    assert sum(line.added for line in made.lines) * 600 == made.yen - alone
    assert made.early_yen > 0
    assert "次に発注する順に" in made.words
    assert soon.level.order == later.level.order == 0


def test_what_is_added_to_reach_a_minimum_keeps_to_the_minimum_of_its_own() -> None:
    """A SKU sold in sixes from 24 on joins with 24, not with 6."""
    goods = [one(sku_id=1, code="T1"), one(sku_id=2, code="T2", moq=24, on_hand=70)]
    ordered, waiting = recommend(rates([3, 3]), goods)
    assert waiting.level.order == 0
    made = draft(7, [ordered, waiting], Minimum(min_order_yen=ordered.order_cost_yen + 1))
    assert {line.sku_id: line.quantity for line in made.lines}[2] == 24


def test_a_minimum_too_high_for_the_shop_is_said_not_bought() -> None:
    made = told(Minimum(min_order_yen=9_000_000), 0)
    assert made.reach is Reach.BELOW
    assert f"{9_000_000 - made.yen:,} 円足りません" in made.words
    assert made.lines[0].quantity <= 3 * 180


def test_free_freight_is_taken_when_it_saves_more_than_holding_early_costs() -> None:
    alone = told(Minimum(), 0, 80).yen
    cheap = Minimum(free_shipping_yen=alone + 5_000, shipping_yen=1_500)
    dear = Minimum(free_shipping_yen=alone + 90_000, shipping_yen=10)
    assert told(cheap, 0, 80).yen >= alone + 5_000
    assert told(dear, 0, 80).yen == alone


@given(shelves(), st.integers(0, 500_000), st.integers(0, 500_000), st.integers(0, 3_000))
@settings(max_examples=40)
def test_drafts_stay_orders_a_supplier_accepts_and_never_drop_a_line(
    shelf: tuple[Forecasts, list[Goods]], least: int, free: int, freight: int
) -> None:
    recommended = recommend(*shelf)
    made = drafts(recommended, {1: Minimum(least, free, freight), 2: Minimum(least)})
    goods = {one.sku_id: one for one in shelf[1]}
    wanted = {one.sku_id: one.level.order for one in recommended if one.level.order}
    bought = {line.sku_id: line for one in made for line in one.lines}
    assert wanted.keys() <= bought.keys()
    for sku, line in bought.items():
        assert line.quantity == wanted.get(sku, 0) + line.added
        assert line.quantity >= goods[sku].moq
        assert line.quantity % goods[sku].lot == 0
        assert line.unit_cost == Decimal(goods[sku].unit_cost)
    for one_draft in made:
        assert (one_draft.reach is Reach.BELOW) == (one_draft.yen < one_draft.goal_yen)
