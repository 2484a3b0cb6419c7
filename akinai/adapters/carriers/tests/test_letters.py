"""Characters that a label can and cannot carry."""

from __future__ import annotations

import pytest

from akinai.adapters.carriers.letters import narrow, printable, unprintable, width


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("1\u301c2", "1～2"),
        ("1\u22122", "1－2"),
        ("A\u2014B", "A―B"),
        ("\u00a5100", "￥100"),
        ("か\u3099", "が"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ"),
        ("①㈱髙﨑", "①㈱髙﨑"),
        ("\ufa19社", "\ufa19社"),
        ("辻\U000e0101", "辻"),
        ("上\n下\t左", "上 下 左"),
        ("\u200b 山田 　", "山田"),
    ],
)
def test_printed_as(text: str, printed: str) -> None:
    assert printable(text) == printed
    assert unprintable(printed) == []


@pytest.mark.parametrize("char", ["𠮷", "😀", "♡", "鷗", "\ue000"])
def test_not_in_the_carriers_fonts(char: str) -> None:
    assert unprintable(f"山{char}田{char}") == [char]


def test_width_is_bytes() -> None:
    assert width("山田A1") == 6
    assert width("𠮷") == 2


def test_codes_become_narrow() -> None:
    assert narrow("０３－１２３４ー５６７８ ") == "03-1234-5678"
