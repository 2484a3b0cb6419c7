"""注意することば are found however they are written, and only where they mean harm."""

from __future__ import annotations

import pytest

from akinai.content.legal import Word, find
from akinai.core.kana import search_key


def word(text: str, *, whole: bool = False, except_in: tuple[str, ...] = ()) -> Word:
    return Word(text, search_key(text), whole, tuple(search_key(one) for one in except_in))


@pytest.mark.parametrize(
    "text", ["ダイエット", "ﾀﾞｲｴｯﾄ", "だいえっと", "ダイ エット", "タ゛イエット", "ダイ\u200bエット"]
)
def test_a_word_is_found_in_every_width_and_kana(text: str) -> None:
    found = find(f"話題の{text}に", [word("ダイエット")])
    assert [one.around for one in found] == [f"話題の【{text.replace(chr(0x200B), chr(0x200B))}】に"]


def test_the_place_is_told_in_the_words_of_the_text() -> None:
    assert find("当店は日本一のお茶です", [word("日本一")])[0].around == "当店は【日本一】のお茶です"


def test_phrases_that_mean_no_harm_are_not_counted() -> None:
    tour = word("日本一", except_in=("日本一周",))
    assert find("日本一周の旅", [tour]) == []
    assert [one.start for one in find("日本一周の旅で出会った日本一の茶", [tour])] == [11]


def test_a_whole_word_is_not_found_inside_another() -> None:
    spot = word("シミ", whole=True)
    assert find("シミュレーションを楽しみに", [spot]) == []
    assert [one.around for one in find("ｼﾐが気になる", [spot])] == ["【ｼﾐ】が気になる"]
    first = word("No.1", whole=True)
    assert find("No.12 の棚", [first]) == [] and len(find("人気No.1！", [first])) == 1


def test_the_longer_word_hides_the_one_inside_it() -> None:
    found = find("売上No.1の店", [word("No.1"), word("売上No.1")])
    assert [one.word.word for one in found] == ["売上No.1"]
