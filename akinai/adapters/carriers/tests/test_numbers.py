"""送り状番号 and their check digits."""

from __future__ import annotations

import pytest

from akinai.adapters.carriers.japanpost import JapanPost
from akinai.adapters.carriers.numbers import check_s10, check_seven_dr, seven_dr
from akinai.adapters.carriers.other import Other


def test_seven_dr() -> None:
    assert seven_dr("12345678901") == "3"


@pytest.mark.parametrize("number", ["123456789013", "1234-5678-9013", "１２３４５６７８９０１３"])
def test_right_numbers(number: str) -> None:
    assert check_seven_dr(number, "ヤマト運輸") == ""


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("123456789014", "検査数字が合いません"),
        ("123456789017", "検査数字が合いません"),
        ("12345678901", "11桁です"),
        ("1234567890123", "13桁です"),
        ("12345678901A", "数字でない文字"),
        ("", "空です"),
    ],
)
def test_wrong_numbers(number: str, words: str) -> None:
    assert words in check_seven_dr(number, "ヤマト運輸")


def test_international_numbers() -> None:
    assert check_s10("RB123456785GB") == ""
    assert "検査数字" in check_s10("RB123456784GB")
    assert "形が正しくありません" in check_s10("R123")


def test_japan_post_only_looks_at_the_form() -> None:
    post = JapanPost()
    assert post.check_number("193715301010") == ""
    assert post.check_number("193715301011") == ""
    assert "11〜13桁" in post.check_number("19371530")
    assert post.check_number("EE123456785JP") == ""


def test_other_takes_any_short_text() -> None:
    other = Other()
    assert other.check_number("手渡し 11/24") == ""
    assert other.check_number("") == ""
    assert "20文字以内" in other.check_number("あ" * 21)
    assert "見えない文字" in other.check_number("1\n2")
