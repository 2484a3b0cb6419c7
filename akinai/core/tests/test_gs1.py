"""GS1 の読み取り: lot and expiry as suppliers print them."""

from __future__ import annotations

from datetime import date

import pytest

from akinai.core.gs1 import GS, Label, NotGs1, looks_like_gs1, parse

TODAY = date(2026, 11, 26)
MAY = date(2027, 5, 31)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("(01)04901234567894(17)270531(10)A12", Label("04901234567894", "A12", MAY)),
        ("]C101049012345678941727053110A12", Label("04901234567894", "A12", MAY)),
        (f"]d20104901234567894 10A12{GS}17270531".replace(" ", ""), Label("04901234567894", "A12", MAY)),
        (f"{GS}010490123456789410A-1/2{GS}17270531", Label("04901234567894", "A-1/2", MAY)),
        ("0114901234567891153705003024", Label("14901234567891", "", date(2037, 5, 31), 24)),
        (f"0104901234567894310300012521S1{GS}10L9", Label("04901234567894", "L9")),
        (f"02149012345678913712{GS}10Z", Label("14901234567891", "Z", None, 12)),
        (f"0104901234567894240XY{GS}7003270531120010Q", Label("04901234567894", "")),
    ],
)  # fmt: skip
def test_a_label_tells_its_lot_and_expiry(text: str, label: Label) -> None:
    assert looks_like_gs1(text)
    assert parse(text, today=TODAY) == label


def test_a_day_of_zero_is_the_end_of_the_month_and_the_century_the_nearest() -> None:
    assert parse("(01)04901234567894(17)280200", today=TODAY).expires_on == date(2028, 2, 29)
    assert parse("(01)04901234567894(17)771231", today=TODAY).expires_on == date(1977, 12, 31)
    assert parse("(01)04901234567894(17)761231", today=TODAY).expires_on == date(2076, 12, 31)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(01)04901234567895(10)A", "GTIN"),
        ("(10)A", "GTIN"),
        ("(01)04901234567894(17)271331", "暦にありません"),
        ("(01)04901234567894(17)27MAY1", "日付ではありません"),
        ("]C1010490123456789417270", "途中で切れて"),
        ("(01)04901234567894 17)270531", "かっこ"),
        (f"0104901234567894{GS}ABC", "読めません"),
    ],
)
def test_what_is_no_label_says_why(text: str, said: str) -> None:
    with pytest.raises(NotGs1, match=said):
        parse(text, today=TODAY)


@pytest.mark.parametrize(
    "text", ["4901234567894", "14901234567891", "TEA-030", "01-TEA", "0104901234567894", ""]
)
def test_plain_codes_are_no_labels(text: str) -> None:
    assert not looks_like_gs1(text)
