"""The invoice's arithmetic, against the law's own examples and against chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.billing import rules
from akinai.billing.errors import NotInvoiceable, TooMuchCredit
from akinai.billing.rules import Charges, Line, MallTax
from akinai.core.tax import RateTotal, Rounding

DOWN, HALF_UP, UP = Rounding.DOWN, Rounding.HALF_UP, Rounding.UP


def goods(amount: int, rate: int = 10, *, quantity: int = 1, includes_tax: bool = True) -> Line:
    return Line("goods", f"商品 {rate}%", quantity, amount, amount * quantity, rate, includes_tax)


def draft(charges: Charges, rounding: Rounding = DOWN) -> rules.Draft:
    return rules.draft_invoice(charges, rounding=rounding, standard_rate=10)


def taxes(found: rules.Draft) -> list[tuple[int, int, int]]:
    return [(total.rate, total.net_yen, total.tax_yen) for total in found.taxes]


def test_tax_is_rounded_once_per_rate_and_not_per_line() -> None:
    lines = [goods(amount, includes_tax=False) for amount in (1_234, 2_345, 3_456)]
    found = draft(Charges(lines, total_yen=7_738, outer_tax_yen=703))
    assert taxes(found) == [(10, 7_035, 703)]
    found = draft(Charges([goods(99, 8), goods(99, 8)], total_yen=198))
    assert taxes(found) == [(8, 184, 14)]


@pytest.mark.parametrize(
    ("amount", "rate", "rounding", "tax"),
    [
        (6_180, 10, DOWN, 561),
        (6_180, 10, HALF_UP, 562),
        (1_250, 8, DOWN, 92),
        (1_250, 8, HALF_UP, 93),
        (1_250, 8, UP, 93),
    ],
)
def test_tax_within_a_sum_follows_the_shops_rounding(
    amount: int, rate: int, rounding: Rounding, tax: int
) -> None:
    assert taxes(draft(Charges([goods(amount, rate)], total_yen=amount), rounding)) == [
        (rate, amount - tax, tax)
    ]


def test_fees_are_at_the_standard_rate_even_when_all_goods_are_reduced() -> None:
    found = draft(
        Charges([goods(1_080, 8)], total_yen=2_180, shipping_yen=550, cod_fee_yen=330, wrapping_yen=220)
    )
    assert taxes(found) == [(10, 1_000, 100), (8, 1_000, 80)]
    assert [(line.kind, line.name, line.amount_yen, line.tax_rate) for line in found.lines[1:]] == [
        ("shipping", "送料", 550, 10), ("cod_fee", "代引手数料", 330, 10), ("wrapping", "ラッピング料", 220, 10),
    ]  # fmt: skip


def test_a_coupon_is_handed_out_by_the_share_of_each_rate() -> None:
    found = draft(Charges([goods(3_300), goods(1_080, 8)], total_yen=3_880, discount_yen=500))
    assert [(line.name, line.amount_yen, line.tax_rate) for line in found.lines[2:]] == [
        ("値引・クーポン（10%対象分）", -377, 10), ("値引・クーポン（8%対象分）", -123, 8),
    ]  # fmt: skip
    assert [(total.rate, total.gross_yen) for total in found.taxes] == [(10, 2_923), (8, 957)]


def test_the_malls_amounts_per_rate_are_followed_to_the_yen() -> None:
    stated = [MallTax(10, 2_900, 264), MallTax(8, 980, 73)]
    found = draft(
        Charges(
            [goods(3_300), goods(1_080, 8)],
            total_yen=3_880,
            discount_yen=300,
            points_yen=200,
            mall_taxes=stated,
        )
    )
    assert taxes(found) == [(10, 2_636, 264), (8, 907, 73)]
    assert [(line.name, line.amount_yen) for line in found.lines[2:]] == [
        ("クーポン・ポイント利用（10%対象分）", -400), ("クーポン・ポイント利用（8%対象分）", -100),
    ]  # fmt: skip
    assert found.warnings == ()


def test_points_that_the_mall_took_as_money_lower_what_is_left_to_pay_and_not_the_price() -> None:
    charges = Charges(
        [goods(13_980)],
        total_yen=9_000,
        discount_yen=4_000,
        points_yen=980,
        mall_taxes=[MallTax(10, 9_980, 907)],
    )
    found = draft(charges)
    assert taxes(found) == [(10, 9_073, 907), (0, -980, 0)]
    assert [(line.name, line.amount_yen) for line in found.lines[1:]] == [
        ("値引・クーポン", -4_000), ("ポイントでのお支払い", -980),
    ]  # fmt: skip
    assert (found.total_yen, found.warnings) == (9_000, ())
    back = rules.draft_credit(found.lines, invoiced=found.taxes, credited=[], rounding=Rounding.DOWN)
    assert (taxes(back), back.total_yen) == (taxes(found), 9_000)
    with pytest.raises(TooMuchCredit):
        rules.draft_credit(
            [*found.lines, *found.lines[-1:]], invoiced=found.taxes, credited=[], rounding=Rounding.DOWN
        )


def test_an_order_paid_by_points_alone_asks_for_nothing_and_still_tells_its_tax() -> None:
    charges = Charges([goods(3_938)], total_yen=0, points_yen=3_938, mall_taxes=[MallTax(10, 3_938, 358)])
    found = draft(charges)
    assert (taxes(found), found.total_yen) == ([(10, 3_580, 358), (0, -3_938, 0)], 0)


def test_a_mall_tax_that_no_rounding_gives_is_kept_and_told() -> None:
    found = draft(Charges([goods(1_100)], total_yen=1_100, mall_taxes=[MallTax(10, 1_100, 98)]))
    assert taxes(found) == [(10, 1_002, 98)]
    assert "切り捨て・四捨五入・切り上げのどれで計算しても" in found.warnings[0]


def test_an_outer_tax_summed_per_line_is_told() -> None:
    lines = [goods(amount, includes_tax=False) for amount in (1_234, 2_345, 3_456)]
    found = draft(Charges(lines, total_yen=7_737, outer_tax_yen=702))
    assert taxes(found) == [(10, 7_035, 702)]
    assert "外税 ¥702 は、税抜 ¥7,035 からどの端数処理で計算しても出ない額です" in found.warnings[0]
    right = draft(Charges(lines, total_yen=7_738, outer_tax_yen=703))
    assert right.warnings == ()


def test_a_total_that_does_not_add_up_is_refused_with_the_difference() -> None:
    with pytest.raises(NotInvoiceable, match=r"合計 ¥1,650 が受注の請求金額 ¥1,600 と合いません（差 ▲¥50）"):
        draft(Charges([goods(1_100)], total_yen=1_600, shipping_yen=550))


def test_a_cut_larger_than_the_bill_is_refused() -> None:
    with pytest.raises(NotInvoiceable, match="ポイント利用 ¥1,200 が請求できる金額 ¥1,100 を超えています"):
        draft(Charges([goods(1_100)], total_yen=0, points_yen=1_200))


def test_an_order_paid_wholly_by_points_is_an_invoice_over_nothing() -> None:
    found = draft(Charges([goods(1_100)], total_yen=0, points_yen=1_100))
    assert (found.total_yen, taxes(found)) == (0, [(10, 0, 0)])


def test_mixed_inner_and_outer_prices_are_brought_to_one_sum_before_rounding() -> None:
    lines = [goods(1_000, includes_tax=False)]
    found = draft(Charges(lines, total_yen=1_650, shipping_yen=550, outer_tax_yen=100))
    assert taxes(found) == [(10, 1_500, 150)]


def test_exempt_goods_bear_no_tax() -> None:
    assert taxes(draft(Charges([goods(1_100), goods(500, 0)], total_yen=1_600))) == [
        (10, 1_000, 100),
        (0, 500, 0),
    ]


yen = st.integers(min_value=0, max_value=200_000)
some_goods = st.lists(st.tuples(yen, st.sampled_from([10, 8, 0]), st.integers(1, 20)), min_size=1, max_size=8)


@given(some_goods, yen, yen, st.integers(0, 100), st.integers(0, 100), st.sampled_from(list(Rounding)))
def test_whatever_is_sold_rates_add_up_to_the_total_and_tax_is_one_rounding_per_rate(
    sold: list[tuple[int, int, int]], shipping: int, fee: int, cut: int, points: int, rounding: Rounding
) -> None:
    lines = [goods(amount, rate, quantity=quantity) for amount, rate, quantity in sold]
    asked = sum(line.amount_yen for line in lines) + shipping + fee
    discount = asked * cut // 200
    used = (asked - discount) * points // 100
    total = asked - discount - used
    charges = Charges(
        lines, total, shipping_yen=shipping, payment_fee_yen=fee, discount_yen=discount, points_yen=used
    )
    found = draft(charges, rounding)
    assert found.total_yen == total == sum(line.amount_yen for line in found.lines)
    assert len({t.rate for t in found.taxes}) == len(found.taxes)
    for each in found.taxes:
        assert (
            each.gross_yen == sum(line.amount_yen for line in found.lines if line.tax_rate == each.rate) >= 0
        )
        assert each.tax_yen == rules.within(each.gross_yen, each.rate, rounding)
        assert each.net_yen + each.tax_yen == each.gross_yen


@given(some_goods, st.lists(st.integers(1, 60), min_size=1, max_size=6), st.sampled_from(list(Rounding)))
def test_credit_notes_in_any_parts_cancel_the_invoice_to_the_yen(
    sold: list[tuple[int, int, int]], parts: list[int], rounding: Rounding
) -> None:
    lines = [goods(amount, rate, quantity=quantity) for amount, rate, quantity in sold]
    invoiced = draft(Charges(lines, total_yen=sum(line.amount_yen for line in lines)), rounding).taxes
    credited: list[RateTotal] = []
    for percent in [*parts, 100]:
        left = rules.remaining(invoiced, credited)
        asked = [
            Line("rest", "返還", 1, a, a, t.rate)
            for t in left.values()
            if (a := t.gross_yen * percent // 100)
        ]
        if asked:
            credited += rules.draft_credit(
                asked, invoiced=invoiced, credited=credited, rounding=rounding
            ).taxes
    for each in rules.remaining(invoiced, credited).values():
        assert (each.net_yen, each.tax_yen, each.gross_yen) == (0, 0, 0)


def test_no_more_than_the_invoice_is_given_back_per_rate() -> None:
    invoiced = [RateTotal(10, 1_000, 100, 1_100), RateTotal(8, 1_000, 80, 1_080)]
    with pytest.raises(
        TooMuchCredit, match="8% 対象の返還額 ¥1,081 が、返還できる残り ¥1,080 を超えています"
    ):
        rules.draft_credit([goods(1_081, 8)], invoiced=invoiced, credited=[], rounding=DOWN)
    with pytest.raises(NotInvoiceable, match="返還する金額がありません"):
        rules.draft_credit([goods(0)], invoiced=invoiced, credited=[], rounding=DOWN)


def test_what_a_line_came_to_after_its_share_of_the_cuts() -> None:
    lines = {
        1: goods(3_000),
        2: goods(1_000),
        3: Line("discount", "値引", 1, -400, -400, 10),
        4: goods(500, 8),
    }
    assert rules.after_cuts(lines) == {1: 2_700, 2: 900, 4: 500}


@pytest.mark.parametrize(
    ("company", "name", "ship", "printed"),
    [
        ("株式会社山田商店", "", "", "株式会社山田商店 御中"),
        ("株式会社山田商店", "山田 太郎", "", "株式会社山田商店 山田 太郎 様"),
        ("", "山田 太郎", "", "山田 太郎 様"),
        ("", "山田 太郎 様", "", "山田 太郎 様"),
        ("", "", "鈴木 一郎", "鈴木 一郎 様"),
        ("株式会社山田商店", "株式会社山田商店", "", "株式会社山田商店 御中"),
        ("", "", "", "お客様"),
    ],
)
def test_a_company_is_onchu_and_a_person_is_sama(company: str, name: str, ship: str, printed: str) -> None:
    assert rules.recipient_name(company=company, name=name, ship_name=ship) == printed
