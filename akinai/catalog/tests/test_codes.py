"""Codes and check digits (コードとチェックデジット)."""

import pytest

from akinai.catalog.codes import check_digit, code_key, digits_of, is_in_store, jan_problem, same_jans


@pytest.mark.parametrize(
    ("body", "digit"), [("123456789012", 8), ("490123456789", 4), ("4901234", 7), ("1490123456789", 1)]
)
def test_check_digit_of_known_numbers(body: str, digit: int) -> None:
    assert check_digit(body) == digit


def test_codes_fold_width_case_and_spaces() -> None:
    assert code_key(" ａｂ－０１ ") == "AB-01"


def test_a_jan_may_be_written_wide_or_with_hyphens() -> None:
    assert digits_of("ＪＡＮ：４９０１２３４－５６７８９４") == "4901234567894"


@pytest.mark.parametrize("digits", ["4901234567894", "49012347", "012345678905"])
def test_right_numbers_have_no_problem(digits: str) -> None:
    assert jan_problem(digits) == ""


@pytest.mark.parametrize(
    ("digits", "part"),
    [
        ("4901234567893", "末尾は 4"),
        ("490123456789", "末尾は"),
        ("49012", "5桁"),
        ("49O1234567894", "数字だけ"),
        ("", "数字だけ"),
    ],
)
def test_wrong_numbers_are_told_why(digits: str, part: str) -> None:
    assert part in jan_problem(digits)


def test_in_store_numbers() -> None:
    assert is_in_store("2000000000015") and is_in_store("0200000000013") and is_in_store("20000004")
    assert not is_in_store("4901234567894") and not is_in_store("012345678905")


def test_upc_and_ean_are_one_number() -> None:
    assert same_jans("012345678905") == ("012345678905", "0012345678905")
