"""名義の読み方: how banks and people write one name, and what is another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.payments.rules.names import family_of, name_keys, order_digits, read_payer


@pytest.mark.parametrize(
    ("bank", "shop"),
    [
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ　タロウ"),
        ("ﾔﾏﾀﾞﾀﾛｳ", "やまだ たろう"),
        ("ヤマタ゛　タロウ", "ヤマダ タロウ"),
        ("ﾀﾛｳ ﾔﾏﾀﾞ", "ヤマダ タロウ"),
        ("ﾀﾛｳﾔﾏﾀﾞ", "ヤマダ タロウ"),
        ("ｼﾖｳｼﾞ ｷﾖｳｺ", "ショウジ キョウコ"),
        ("ｶ-ﾙｿﾝ ｼﾞﾖ-", "カールソン ジョー"),
        ("ｶﾂｵ ｼﾂﾞｵ", "カツヲ シズヲ"),
        ("SMITH JOHN", "smith john"),
        ("ｶ)ﾔﾏﾀﾞｼﾖｳﾃﾝ", "株式会社ヤマダショウテン"),
        ("ﾔﾏﾀﾞｼﾖｳﾃﾝ(ｶ", "カ）ヤマダショウテン"),
        ("ﾔﾏﾀﾞｼﾖｳﾃﾝ(ｶ)ﾄｳｷﾖｳ", "ヤマダショウテン（カ）トウキョウ"),
        ("ﾕ)ｻﾄｳ", "有限会社サトウ"),
        ("ｶ)ﾔﾏﾀﾞ(ｴｲ", "（株）ヤマダ"),
    ],
)
def test_one_name_written_in_two_ways(bank: str, shop: str) -> None:
    assert read_payer(bank).keys & name_keys(shop)


@pytest.mark.parametrize(
    ("bank", "shop"),
    [
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウマル"),
        ("ﾔﾏﾀﾞ ﾀﾛｳﾏﾙ", "ヤマダ タロウ"),
        ("ﾔﾏﾀﾞ ﾊﾅｺ", "ヤマダ タロウ"),
        ("ｶ)ﾔﾏﾀﾞ", "ユ）ヤマダ"),
        ("ｶ)ﾔﾏﾀﾞ", "ヤマダ"),
        ("ﾊﾀﾞ ｹﾝ", "ハタ ケン"),
        ("", "ヤマダ タロウ"),
        ("1234", "ヤマダ タロウ"),
    ],
)
def test_two_names_that_only_resemble(bank: str, shop: str) -> None:
    assert not read_payer(bank).keys & name_keys(shop)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("1234ﾔﾏﾀﾞﾀﾛｳ", {"1234"}),
        ("ﾔﾏﾀﾞ ﾀﾛｳ 1234", {"1234"}),
        ("１２３４　ヤマダ　タロウ", {"1234"}),
        ("SO-2026-000123 ﾔﾏﾀﾞ ﾀﾛｳ", {"2026000123"}),
        ("NO.000123 ﾔﾏﾀﾞ ﾀﾛｳ", {"000123"}),
        ("ﾁﾕｳﾓﾝ1234 ﾔﾏﾀﾞ ﾀﾛｳ", {"1234"}),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", set()),
        ("ﾔﾏﾀﾞ ﾀﾛｳ 12", set()),
    ],
)
def test_the_order_number_beside_the_name(text: str, digits: set[str]) -> None:
    read = read_payer(text)
    assert read.digits == digits
    if digits or "12" not in text:
        assert read.keys & name_keys("ヤマダ タロウ")
        assert read.plain == "ヤマダタロウ"


def test_digits_may_belong_to_a_companys_name() -> None:
    assert read_payer("ｶ)109ｼﾈﾏｽﾞ").keys & name_keys("株式会社109シネマズ")


def test_what_may_be_written_for_an_order_and_what_is_as_good_as_its_number() -> None:
    assert order_digits("SO-2026-000123", "shop-20261124-0001234567") == {
        "2026000123": True, "000123": False, "202611240001234567": True, "0001234567": False, "1234567": False,
    }  # fmt: skip
    assert order_digits("SO-2026-000123", "A-12") == {"2026000123": True, "000123": False}
    assert order_digits("SO-2026-000123", "1234")["1234"] is False  # four digits alone are anybody's


def test_the_family_name_is_the_first_of_two_words() -> None:
    assert family_of("ﾔﾏﾀﾞ ﾀﾛｳ") == "ヤマダ"
    assert (family_of("ﾔﾏﾀﾞﾀﾛｳ"), family_of("ｶ)ﾔﾏﾀﾞ ﾄｳｷﾖｳ")) == ("", "")


@given(st.text(max_size=40))
def test_whatever_a_bank_writes_can_be_read(text: str) -> None:
    read = read_payer(text)
    assert all(read.keys) and all(digits.isdigit() for digits in read.digits)


KANA = st.text(st.sampled_from("アイウカガキサシタツナハバパマヤラン"), min_size=1, max_size=6)


@given(KANA, KANA)
def test_a_name_is_found_in_any_order_and_width(family: str, given_name: str) -> None:
    from akinai.core.kana import half_kana

    keys = name_keys(f"{family} {given_name}")
    assert read_payer(half_kana(f"{given_name} {family}")).keys & keys
    assert read_payer(half_kana(f"{family}{given_name}")).keys & keys
