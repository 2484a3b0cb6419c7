"""金額・数量の読み書き."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.core.money import NotANumber, parse_quantity, parse_yen, yen


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("1234", 1234),
        ("1,234", 1234),
        ("１，２３４円", 1234),
        ("¥1,234", 1234),
        ("￥１２３４", 1234),
        ("\\7,000", 7000),
        ("1,234.00", 1234),
        ("100.0", 100),
        ("100.0000", 100),
        (" 500 ", 500),
        ("　500　", 500),
        ("+5", 5),
        ("-1,200", -1200),
        ("−1200", -1200),
        ("▲1,200", -1200),
        ("△３００円", -300),
        ("▲¥3", -3),
        ("¥-5", -5),
        ("-¥5", -5),
        ("(1,200)", -1200),
        ("（１，２００）", -1200),
        ("1,200-", -1200),
        ("¥1,000-", 1000),
        ("1,000円－", 1000),
        ("007", 7),
        ("999,999,999,999", 999_999_999_999),
    ],
)
def test_amounts_are_read_as_clerks_write_them(text: str, amount: int) -> None:
    assert parse_yen(text) == amount


@pytest.mark.parametrize(
    "text",
    ["", " ", "円", "¥", "abc", "1.5", "1.234", "1.000", "12,34", "1,2345", ",5", "1.23E+11", "①", "²", "--5", "(-5)",
     "-5-", "▲", "1 234", "1,234ドル", "$5", "=1+1", "1000000000000", "٣", "1_000", "0x10", "∞", "NaN"],
)  # fmt: skip
def test_anything_else_is_no_amount(text: str) -> None:
    with pytest.raises(NotANumber):
        parse_yen(text)


def test_the_message_names_the_value() -> None:
    with pytest.raises(NotANumber, match=r"金額「1\.5」に小数があります。整数にしてください。"):
        parse_yen("1.5")


@given(st.integers(-999_999_999_999, 999_999_999_999))
def test_what_we_print_we_read(amount: int) -> None:
    assert parse_yen(yen(amount)) == amount
    assert parse_yen(f"{amount:,}") == amount


@given(st.text(max_size=20))
def test_reading_either_answers_or_says_why(text: str) -> None:
    try:
        assert isinstance(parse_yen(text), int)
    except NotANumber as refusal:
        assert str(refusal).endswith("。") or "まで" in str(refusal)


def test_yen_is_printed_with_a_triangle_when_negative() -> None:
    assert [yen(12340), yen(0), yen(-1200)] == ["¥12,340", "¥0", "▲¥1,200"]


@pytest.mark.parametrize(
    ("text", "pieces"), [("１２", 12), ("1,000", 1000), ("3.0", 3), ("0", 0), ("999999", 999_999)]
)
def test_quantities_are_read(text: str, pieces: int) -> None:
    assert parse_quantity(text) == pieces


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-3", "数量「-3」がマイナスです。"),
        ("▲3", "数量「▲3」がマイナスです。"),
        ("1000000", "数量「1000000」が大きすぎます（999,999まで）。"),
        ("1.5", "数量「1.5」に小数があります。整数にしてください。"),
        ("", "数量が空欄です。"),
        ("三", "数量「三」を数として読めません。"),
    ],
)
def test_odd_quantities_are_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(NotANumber) as refusal:
        parse_quantity(text)
    assert str(refusal.value) == reason


def test_negative_quantities_pass_where_they_are_allowed() -> None:
    assert parse_quantity("-3", allow_negative=True) == -3
