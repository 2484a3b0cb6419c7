"""Addresses over the lines of a label."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.adapters.carriers.address import full_address, lay_out
from akinai.adapters.carriers.letters import width
from akinai.shipping.ports import Party

YAMATO = (32, 32)
SAGAWA = (32, 32, 32)


def party(prefecture: str, city: str, line1: str, line2: str = "") -> Party:
    return Party("山田太郎", "1000001", prefecture, city, line1, line2)


@pytest.mark.parametrize(
    ("to", "lines"),
    [
        (party("東京都", "千代田区", "丸の内1-9-1"), ["東京都千代田区丸の内1-9-1", ""]),
        (
            party("東京都", "千代田区", "丸の内1-9-1", "東京ビル3階"),
            ["東京都千代田区丸の内1-9-1", "東京ビル3階"],
        ),
        # The street alone is too long: it breaks after the city, and the building stays behind the street.
        (
            party("神奈川県", "横浜市都筑区", "茅ケ崎中央1丁目2番3号", "港北ビル"),
            ["神奈川県横浜市都筑区", "茅ケ崎中央1丁目2番3号　港北ビル"],
        ),
        # The building is too long: its first word moves up, broken at the space.
        (
            party("大阪府", "堺市", "堺区1-1", "コーポ さかい東グランドメゾン1203号"),
            ["大阪府堺市堺区1-1　コーポ", "さかい東グランドメゾン1203号"],
        ),
    ],
)
def test_breaks_where_a_person_would(to: Party, lines: list[str]) -> None:
    assert lay_out(to, YAMATO) == lines


def test_a_third_line_is_used_only_when_needed() -> None:
    short = party("東京都", "千代田区", "丸の内1-9-1", "東京ビル3階")
    assert lay_out(short, SAGAWA) == ["東京都千代田区丸の内1-9-1", "東京ビル3階", ""]
    long = party("神奈川県", "横浜市都筑区", "茅ケ崎中央一丁目23番地45号", "港北ガーデンヒルズ一番館")
    assert lay_out(long, SAGAWA) == [
        "神奈川県横浜市都筑区",
        "茅ケ崎中央一丁目23番地45号",
        "港北ガーデンヒルズ一番館",
    ]


def test_a_number_is_never_broken() -> None:
    to = party("", "", "あああああああああああああ1234-5678-9")
    assert lay_out(to, YAMATO) == ["あああああああああああああ", "1234-5678-9"]


def test_a_word_without_a_break_is_not_cut() -> None:
    assert lay_out(party("東京都", "千代田区", "あ" * 40), YAMATO) is None
    assert lay_out(party("東京都", "千代田区", "1-1", "ビ" * 17), YAMATO) is None


@given(
    st.text("東京都区市丁目番地号一二1239- 　アイ", min_size=1, max_size=30),
    st.text("ビル 　A号室101", max_size=20),
)
def test_nothing_is_lost_and_every_line_fits(line1: str, line2: str) -> None:
    to = party("東京都", "中央区", line1, line2)
    lines = lay_out(to, SAGAWA)
    if lines is not None:
        assert all(width(line) <= 32 for line in lines)
        street, building = full_address(to)
        squeezed = "".join(lines).replace(" ", "").replace("　", "")
        assert squeezed == (street + building).replace(" ", "").replace("　", "")
