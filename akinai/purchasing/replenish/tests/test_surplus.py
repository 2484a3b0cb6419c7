"""余剰在庫・死に筋: found, priced, and with proposals that add up."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.purchasing.replenish import Act, Limits, Stuck, surpluses


def stuck(**changes: Any) -> Stuck:
    usual: dict[str, Any] = {
        "sku_id": 1, "code": "CUP-1", "on_hand": 400, "per_day": 0.2, "price_yen": 1980, "unit_cost": Decimal(900),
        "days_since_sale": 5, "known_days": 200,
    }  # fmt: skip
    return Stuck(**{**usual, **changes})


def test_what_sells_within_half_a_year_is_no_surplus() -> None:
    assert surpluses([stuck(on_hand=36)]) == []
    (found,) = surpluses([stuck(on_hand=37)])
    assert (found.surplus, found.tied_up_yen, found.is_dead) == (1, 900, False)


def test_a_young_product_is_given_time() -> None:
    assert surpluses([stuck(known_days=89, per_day=0)]) == []
    assert surpluses([stuck(known_days=90, per_day=0)])


def test_ninety_days_without_a_sale_are_dead_and_never_sold_is_too() -> None:
    dead = [surpluses([stuck(days_since_sale=days)])[0].is_dead for days in (89, 90, None)]
    assert dead == [False, True, True]


def test_the_dearest_surplus_comes_first() -> None:
    made = surpluses([stuck(sku_id=1), stuck(sku_id=2, unit_cost=Decimal(5000)), stuck(sku_id=3, on_hand=50)])
    assert [one.sku_id for one in made] == [2, 1, 3]


def acts(one: Stuck) -> dict[Act, int]:
    (found,) = surpluses([one])
    return {proposal.act: proposal.yen for proposal in found.proposals}


def test_proposals_are_priced_by_hand() -> None:
    """365 days, 0.2 a day: 73 sold at 1,980. Holding of one: 60 + 18 + 6.12 + 72 = 156.12 yen a year."""
    made = acts(stuck(return_share=Decimal("0.8")))
    assert made[Act.KEEP] == 73 * 1980 - round(363.5 * 156.12)
    rest = 36 * 1980 - round(36 * (36 / 73) / 2 * 156.12)
    assert made[Act.RETURN] == 364 * (720 - 50) + rest
    assert made[Act.DISPOSE] == -364 * 30 + rest


def test_a_supplier_who_takes_nothing_back_and_a_product_without_a_partner_are_not_proposed() -> None:
    assert set(acts(stuck())) == {Act.KEEP, Act.MARKDOWN, Act.DISPOSE}
    assert Act.BUNDLE in acts(stuck(partner_per_day=4.0))


def test_a_dead_cheap_product_is_thrown_away_and_a_dear_one_marked_down() -> None:
    cheap = surpluses([stuck(per_day=0, days_since_sale=None, price_yen=100, unit_cost=Decimal(40))])[0]
    dear = surpluses([stuck(on_hand=100, price_yen=9_800, unit_cost=Decimal(4_000))])[0]
    assert cheap.proposals[0].act is Act.DISPOSE
    assert dear.proposals[0].act is Act.MARKDOWN


def test_what_expires_sooner_than_the_horizon_is_only_sold_until_then() -> None:
    long, short = (acts(stuck(shelf_life_left=days))[Act.KEEP] for days in (None, 30))
    assert short < long
    assert acts(stuck(shelf_life_left=0))[Act.KEEP] == 0


@given(
    st.integers(1, 3_000), st.floats(0, 5), st.integers(0, 50_000), st.decimals(0, 30_000, places=2),
    st.none() | st.decimals(0, 1, places=2), st.floats(0, 30),
)  # fmt: skip
def test_proposals_are_sorted_and_their_words_add_up(
    on_hand: int, per_day: float, price: int, cost: Decimal, share: Decimal | None, partner: float
) -> None:
    one = stuck(
        on_hand=on_hand,
        per_day=per_day,
        price_yen=price,
        unit_cost=cost,
        return_share=share,
        partner_per_day=partner,
    )
    for found in surpluses([one], limits=Limits()):
        yen = [proposal.yen for proposal in found.proposals]
        assert yen == sorted(yen, reverse=True)
        assert 0 < found.surplus <= on_hand
        keep = next(proposal for proposal in found.proposals if proposal.act is Act.KEEP)
        for proposal in found.proposals:
            assert 0 <= proposal.pieces <= on_hand
            assert proposal.gain_yen == proposal.yen - keep.yen
            check(proposal.words, proposal.yen)


def check(words: str, yen: int) -> None:
    """Every 「a × b … = c 円」 of the sentence, and its total, is right."""
    numbers = [
        int(text.replace(",", ""))
        for text in re.findall(r"= (-?[\d,]+) 円|合計 (-?[\d,]+) 円", words)[0]
        if text
    ]
    told = words.rsplit("合計 ", 1)[-1] if "合計" in words else f"{numbers[0]:,} 円"
    assert int(told.split(" 円")[0].replace(",", "")) == yen
    for pieces, each, holding, result in re.findall(
        r"日で ([\d,]+) 個 × ([\d,]+) 円 − 保管など ([\d,]+) 円 = (-?[\d,]+) 円", words
    ):
        a, b, c, d = (int(text.replace(",", "")) for text in (pieces, each, holding, result))
        assert a * b - c == d


def test_holding_for_nothing_is_not_free() -> None:
    assert acts(stuck(per_day=0, known_days=4000))[Act.KEEP] == pytest.approx(-400 * 156.12, abs=5)
