"""念のため: each kind of slip is asked about beside the order, the price list and the past; measured on northwind's history."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from akinai.purchasing import services
from akinai.purchasing.doubts import Arrived, Asked, Past, Slip, Told, find, is_slip, is_swap, twins
from akinai.purchasing.errors import Doubtful
from akinai.purchasing.services import LineInput
from akinai.purchasing.tests import factories
from bench import receiving_guard
from tests import cast
from tests.samples import sample

DAY = date(2026, 11, 24)
ORDER = Told([Asked(1, "TEA-031", 21, Decimal(1234)), Asked(2, "CUP-001", 100, Decimal(300))])


def asked(
    quantity: int, cost: str | None = None, sku: int = 1, code: str = "TEA-031", told: Told = ORDER
) -> list[str]:
    line = Arrived(sku, code, quantity, Decimal(cost) if cost else None)
    return [doubt.text for doubt in find([line], {}, told)]


@pytest.mark.parametrize(
    ("quantity", "cost", "word"),
    [
        (21, "1234", ""), (20, "1234", ""), (1, None, ""), (22, "1200", ""),
        (12, "1234", "入れ替わり"), (210, "1234", "桁が違い"), (50, "1234", "2倍"), (21, "1324", "入れ替わり"),
        (21, "12340", "30%"), (21, "123.4", "30%"), (21, "1605", "30%"),
    ],
)  # fmt: skip
def test_beside_an_order_only_what_a_finger_does_is_asked_about(
    quantity: int, cost: str | None, word: str
) -> None:
    found = asked(quantity, cost)
    assert bool(found) == bool(word), found
    assert all(word in text for text in found)


def test_a_tenth_of_the_order_is_asked_about_other_parts_are_not() -> None:
    assert "桁が違い" in asked(10, None, 2, "CUP-001")[0]
    assert asked(11, None, 2, "CUP-001") == []


def test_goods_that_were_not_ordered_are_asked_about_with_what_was_meant() -> None:
    assert asked(1, None, 9, "TEA-013") == [
        "TEA-013: この発注にない商品です。 TEA-031 の打ち間違いではありませんか。"
    ]
    assert asked(1, None, 9, "POT-900") == ["POT-900: この発注にない商品です。"]


def test_the_same_paper_typed_twice_is_asked_about() -> None:
    earlier = [Slip("GR-1", DAY, ((1, 5), (2, 3)))]
    assert list(twins([(2, 3), (1, 5)], date(2026, 11, 29), earlier)) == earlier
    assert list(twins([(2, 3), (1, 5)], date(2026, 12, 1), earlier)) == []
    assert list(twins([(1, 5)], DAY, earlier)) == []
    assert list(twins([(1, 5), (2, 3)], DAY, earlier, order=7)) == []


def test_without_an_order_the_price_list_and_the_past_are_the_witnesses() -> None:
    past = {1: Past((12, 10, 14, 12, 12, 11, 10, 12), (Decimal(500),))}
    told = Told(None, {1: Decimal(500)}, {2: "見本陶器"})

    def texts(quantity: int, cost: str) -> list[str]:
        return [doubt.text for doubt in find([Arrived(1, "TEA", quantity, Decimal(cost))], past, told)]

    assert texts(13, "500") == [] and texts(13, "510") == []
    assert "3倍を超えて" in texts(43, "500")[0] and "10倍以上" in texts(120, "500")[0]
    assert "10分の1以下" in texts(1, "500")[0]
    assert "価格表の500 円から30%" in texts(12, "700")[0]
    other = [doubt.text for doubt in find([Arrived(2, "CUP", 1)], {}, told)]
    assert other == ["CUP: この仕入先の取扱商品ではありません（ふだんの仕入先は 見本陶器）。"]


def test_swaps_and_slips_of_one_letter_are_told_apart_from_other_words() -> None:
    assert is_swap("21", "12") and is_swap("1324", "1234")
    assert (
        not is_swap("12", "12")
        and not is_swap("4321", "1234")
        and not is_swap("120", "12")
        and not is_swap("13", "12")
    )
    assert is_slip("TEA-01", "TEA-10") and is_slip("TEA-1", "TEA-10") and is_slip("TEA-11", "TEA-10")
    assert not is_slip("TEA-10", "TEA-10") and not is_slip("CUP-10", "TEA-10")


@pytest.mark.django_db
def test_a_swap_beside_the_order_is_not_posted_before_somebody_says_so() -> None:
    factories.company()
    tea, seller = cast.sku("TEA"), factories.supplier()
    order = factories.sent(seller, (tea, 21, "500"))
    made = services.create_draft(
        lines=[LineInput(tea, 12)],
        received_on=DAY,
        supplier_id=seller.pk,
        purchase_order_id=order.pk,
        by=None,
    )
    text = "TEA: 数量 12 は発注残 21 の数字の入れ替わりではありませんか。"
    with pytest.raises(Doubtful, match="入れ替わり"):
        services.post(made, by=None)
    assert cast.level(tea) == (0, 0)
    services.post(made, confirmed=[text], by=None)
    assert cast.level(tea) == (12, 0)


@pytest.mark.django_db
def test_the_same_goods_from_one_supplier_on_one_day_are_asked_about_as_a_twin() -> None:
    tea, seller = cast.sku("TEA"), factories.supplier()
    first = services.create_draft(
        lines=[LineInput(tea, 12)], received_on=DAY, supplier_id=seller.pk, supplier_slip_no="A-1", by=None
    )
    services.post(first, by=None)
    twin = services.create_draft(
        lines=[LineInput(tea, 12)], received_on=DAY, supplier_id=seller.pk, supplier_slip_no="A-I", by=None
    )
    with pytest.raises(Doubtful, match="同じ荷物ではありませんか"):
        services.post(twin, by=None)
    assert cast.level(tea) == (12, 0)


@pytest.mark.django_db
def test_goods_that_another_supplier_sells_are_asked_about() -> None:
    tea, one, two = cast.sku("TEA"), factories.supplier("S1"), factories.supplier("S2")
    factories.sells(two, tea, "500")
    wrong = services.create_draft(lines=[LineInput(tea, 12)], received_on=DAY, supplier_id=one.pk, by=None)
    with pytest.raises(Doubtful, match="ふだんの仕入先は 見本製茶 S2"):
        services.post(wrong, by=None)


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("with_order", 0.98, 0.03), ("without_order_pieces", 0.98, 0.03), ("without_order_totals", 0.99, 0.03)],
)
def test_planted_slips_on_northwinds_history_are_caught_and_clean_ones_left_alone(
    name: str, least: float, most: float
) -> None:
    """script/bench receiving_guard tells every kind; here every sixth paper is planted, one life."""
    sample("northwind/orders.csv")
    case = next(one for one in receiving_guard.CASES if one.name == name)
    score = receiving_guard.live(case, seed=7, every=6)
    kinds = receiving_guard.KINDS
    assert (
        sum(score.planted[kind] for kind in kinds) > 3_000 and min(score.planted[kind] for kind in kinds) > 0
    )
    assert score.recall() >= least, dict(score.caught)
    assert score.false_alarms <= most
    assert min(score.caught[kind] / score.planted[kind] for kind in kinds) >= 0.9
