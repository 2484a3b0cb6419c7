"""法人番号・登録番号・JAN・郵便番号."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.core import barcodes, corporate_number, postal
from akinai.core.barcodes import BarcodeKind

DIGITS = "0123456789"


@pytest.mark.parametrize("number", ["4011001098993", "2120901007402", "7123456789012"])
def test_true_corporate_numbers(number: str) -> None:
    assert corporate_number.is_corporate_number(number)


def test_a_wrong_check_digit_is_refused_for_a_corporate_number() -> None:
    assert corporate_number.check_digit("234567890123") == 9
    with pytest.raises(corporate_number.NotANumber, match="検査用数字"):
        corporate_number.parse_corporate_number("1234567890123")


def test_a_registration_number_is_read_however_it_is_written() -> None:
    for text in ("T4011001098993", "ｔ４０１１００１０９８９９３", " T-4011-0010-98993 ", "t4011001098993"):
        assert corporate_number.parse_registration_number(text) == corporate_number.RegistrationNumber(
            "T4011001098993"
        )


def test_a_sole_traders_number_only_warns() -> None:
    found = corporate_number.parse_registration_number("T1234567890123")
    assert found.number == "T1234567890123" and "検査用数字が合いません" in found.warning


@pytest.mark.parametrize(
    "text", ["", "4011001098993", "T401100109899", "T40110010989933", "TT011001098993", "T40110010989９x"]
)
def test_other_shapes_are_no_registration_number(text: str) -> None:
    with pytest.raises(corporate_number.NotANumber):
        corporate_number.parse_registration_number(text)


@given(st.text(DIGITS, min_size=12, max_size=12))
def test_a_corporate_check_digit_is_never_zero(base: str) -> None:
    assert 1 <= corporate_number.check_digit(base) <= 9


@pytest.mark.parametrize(
    ("base", "digit"), [("123456789012", 8), ("490123456789", 4), ("4901234", 7), ("1490123456789", 1)]
)
def test_gtin_check_digits(base: str, digit: int) -> None:
    assert barcodes.check_digit(base) == digit


@given(st.text(DIGITS, min_size=12, max_size=12), st.integers(0, 12), st.integers(1, 9))
def test_one_mistyped_digit_never_passes(base: str, at: int, by: int) -> None:
    code = barcodes.with_check_digit(base)
    wrong = code[:at] + str((int(code[at]) + by) % 10) + code[at + 1 :]
    assert barcodes.is_gtin(code) and not barcodes.is_gtin(wrong)


def test_a_jan_is_read_however_it_is_written() -> None:
    assert barcodes.parse_gtin(" ４９０１２３４５６７８９４ ") == "4901234567894"
    assert barcodes.parse_gtin("036000291452") == "0036000291452"
    assert barcodes.parse_gtin("49012347") == "49012347"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("4901234567890", "正しければ 4901234567894"),
        ("4.90123E+12", "Excelで壊れています"),
        ("490123456789", "検査数字が合いません"),
        ("36000291452", "先頭の0が消えているようです（0036000291452）"),
        ("49A1234567894", "数字でない文字"),
        ("", "数字でない文字"),
        ("123", "3桁です"),
    ],
)
def test_a_wrong_jan_is_refused_with_the_way_out(text: str, reason: str) -> None:
    with pytest.raises(barcodes.NotABarcode) as refusal:
        barcodes.parse_gtin(text)
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("base", "kind"),
    [
        ("490123456789", BarcodeKind.JAN),
        ("456012345678", BarcodeKind.JAN),
        ("491012345678", BarcodeKind.MAGAZINE),
        ("978412345678", BarcodeKind.ISBN),
        ("192012345678", BarcodeKind.BOOK_SECOND),
        ("200000000001", BarcodeKind.IN_STORE),
        ("299999999999", BarcodeKind.IN_STORE),
        ("021234567890", BarcodeKind.IN_STORE),
        ("041234567890", BarcodeKind.IN_STORE),
        ("003600029145", BarcodeKind.FOREIGN),
        ("301234567890", BarcodeKind.FOREIGN),
        ("4901234", BarcodeKind.JAN),
        ("2012345", BarcodeKind.IN_STORE),
        ("0012345", BarcodeKind.IN_STORE),
        ("1490123456789", BarcodeKind.CASE),
    ],
)
def test_what_a_code_is_used_for(base: str, kind: BarcodeKind) -> None:
    assert barcodes.kind_of(barcodes.with_check_digit(base)) == kind


def test_our_own_codes_are_in_store_and_never_jan() -> None:
    code = barcodes.in_store_code(1)
    assert code == "2000000000015" and barcodes.is_in_store(code)
    assert not barcodes.is_in_store("4901234567894")
    with pytest.raises(ValueError, match="20 to 29"):
        barcodes.in_store_code(1, prefix="45")


def test_a_case_holds_its_item() -> None:
    assert barcodes.case_code("4901234567894") == "14901234567891"
    assert barcodes.item_of_case("14901234567891") == "4901234567894"


def test_a_postal_code_is_read_however_it_is_written() -> None:
    for text in ("〒１５０－０００１", "150-0001", "1500001", "'1500001", " 150ー0001 "):
        assert postal.parse_postal_code(text) == "1500001"
    assert postal.formatted("1500001") == "150-0001"


def test_a_lost_zero_is_suggested_not_guessed() -> None:
    with pytest.raises(postal.NotAPostalCode, match=r"先頭の0が消えているようです（060-0061）"):
        postal.parse_postal_code("600061")
    assert postal.padded("60", "61") == "0600061"


def test_postal_codes_know_their_towns() -> None:
    (town,) = postal.lookup("1500001")
    assert (town.prefecture, town.city, town.town) == ("東京都", "渋谷区", "神宮前")
    assert [town.prefecture for town in postal.lookup("4980000")] == ["愛知県", "三重県"]
    assert postal.lookup("9999999") == () and postal.lookup("x") == ()
    assert (
        postal.fits("1500001", "東京都"),
        postal.fits("1500001", "大阪府"),
        postal.fits("0000000", "東京都"),
    ) == (
        True,
        False,
        None,
    )


def test_postal_codes_are_found_in_every_thread() -> None:
    from concurrent.futures import ThreadPoolExecutor

    postal.lookup.cache_clear()
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda code: postal.lookup(code)[0].prefecture, ["1000001", "5300001"])) == [
            "東京都",
            "大阪府",
        ]


def test_the_prefecture_is_split_from_an_address() -> None:
    assert postal.split_prefecture("京都府京都市") == ("京都府", "京都市")
    assert postal.split_prefecture("渋谷区神宮前") == ("", "渋谷区神宮前")
    assert len(postal.PREFECTURES) == 47 and postal.PREFECTURES[12] == "東京都"
