"""Carrier, service, packing check and label text, without a database."""

from __future__ import annotations

import pytest

from akinai.core.bar_patterns import code128
from akinai.core.tax import Rounding, TaxLine
from akinai.shipping import rules
from akinai.shipping.errors import WrongItem
from akinai.shipping.rules import BoxLine

BOX = [
    BoxLine(1, "りんごジュース", ("APPLE-6", "4901234567894", "rakuten-apple"), 2),
    BoxLine(2, "ほうじ茶", ("TEA-1", ""), 1),
]


def test_the_mall_names_the_carrier_and_the_default_fills_the_gap() -> None:
    assert rules.choose_carrier(asked="sagawa", known=["yamato", "sagawa"], default="yamato") == "sagawa"
    assert rules.choose_carrier(asked="", known=["yamato"], default="yamato") == "yamato"
    assert rules.choose_carrier(asked="seino", known=["yamato"], default="yamato") == "yamato"


def test_cash_on_delivery_is_collected_in_full_and_never_by_letter_box() -> None:
    assert rules.cod_yen(payment="cod", total_yen=5_500) == 5_500
    assert rules.cod_yen(payment="card", total_yen=5_500) == 0
    assert rules.choose_service(delivery_method="ネコポス", cod_yen=5_500) == "cod"
    assert rules.choose_service(delivery_method="ﾈｺﾎﾟｽ", cod_yen=0) == "mail"
    assert rules.choose_service(delivery_method="宅配便", cod_yen=0) == "parcel"


def test_any_code_on_the_label_counts_and_the_box_closes_when_all_is_in() -> None:
    checked = rules.check_scans(BOX, ["apple-6", "4901234567894"])
    assert (checked.scanned, checked.missing, checked.is_complete) == ({1: 2, 2: 0}, 1, False)
    assert rules.check_scans(BOX, ["APPLE-6", "ＲＡＫＵＴＥＮ-ＡＰＰＬＥ", " tea-1 "]).is_complete


def test_a_wrong_item_is_refused_by_its_code() -> None:
    with pytest.raises(WrongItem, match="「TEA-2」はこの出荷の商品ではありません。"):
        rules.check_scans(BOX, ["TEA-2"])


def test_one_piece_too_many_is_refused() -> None:
    with pytest.raises(WrongItem, match="「ほうじ茶」は 1 点で足りています。2 点目は入れられません。"):
        rules.check_scans(BOX, ["TEA-1", "TEA-1"])


def test_an_empty_code_never_matches_a_line_without_a_jan() -> None:
    with pytest.raises(WrongItem):
        rules.check_scans(BOX, [""])


def test_a_12_digit_upc_is_read_as_its_jan() -> None:
    assert rules.scan_key("012345678905") == "0012345678905"


def test_goods_on_the_label_lose_decoration_and_fit_16_wide_characters() -> None:
    assert rules.label_goods("【送料無料】信州りんごジュース[ギフト] 1L") == "信州りんごジュース 1L"
    assert rules.label_goods("あ" * 40) == "あ" * 16
    assert rules.label_goods("A" * 60) == "A" * 32
    assert rules.label_goods("🎁𠮷野") == "野"
    assert rules.label_goods("【予約】") == "商品"
    assert rules.label_goods("=SUM(1)") == "SUM(1)"


def test_bar_code_widths_have_start_check_and_stop() -> None:
    widths = code128("SH-2026-000121")
    assert len(widths) == 6 * (1 + 14 + 1) + 7
    assert widths[:6] == [2, 1, 1, 2, 1, 4] and widths[-7:] == [2, 3, 3, 1, 1, 1, 2]
    assert sum(widths) == 11 * 16 + 13
    with pytest.raises(ValueError):
        code128("出荷")


@pytest.mark.parametrize(
    ("lines", "total", "tax"),
    [
        ([(1_100, 10)], 1_100, 100),
        ([(2_160, 8), (990, 10)], 3_150, 160 + 90),
        ([(1_080, 8), (1_100, 10)], 1_962, 72 + 90),  # a cut of 218, by the share of each rate
        ([(1_100, 10)], 1_200, 0),  # something is charged that has no line
        ([(1_100, 10)], 0, 0),
    ],
)
def test_tax_within_what_the_driver_collects(lines: list[tuple[int, int]], total: int, tax: int) -> None:
    found = rules.tax_within([TaxLine(*one) for one in lines], total_yen=total, rounding=Rounding.DOWN)
    assert found == tax
