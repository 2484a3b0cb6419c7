"""似ていることば: how near a question is to an answer, by pairs of letters. Pure, and nothing is asked outside.

Japanese is written without spaces, so the pairs of neighbouring letters (bigrams) stand for its words. The scheme is lnc.ltc:
what an article is weighed by never changes with the others (1 + log tf, made to length 1), rarity is weighed in the question alone.
So an article is indexed once, when it is published.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from math import log, sqrt

from akinai.core.kana import search_key

MOST_LETTERS = 4000  # of a text that is looked at
MOST_PAIRS = 120  # of a question that are asked for: the rarest decide
NEAR = 0.075  # below this two texts only share ordinary words

# What every letter says, and no answer is about.
_POLITE = re.compile(
    "お世話になっております|お世話になります|よろしくお願い(?:いた)?します|お願い(?:いた)?します|申し訳(?:あり|ござい)ませんが|恐れ入りますが|すみませんが?"
    "|こんにちは|はじめまして|いただけ(?:ます|ません)でしょうか|いただけますか|でしょうか|のですが|んですが|ください|下さい|ありますか|できますか|教えて|"
    "したいです|したい|でした|ですか|ました|ません|ます|です|について|という|ところ|ので|から|けど|どうすれば|いいですか|よいですか|なのか|した|する|して|ある|いる|こと|もの|ほしい|欲しい"
)
_MARKS = re.compile(r"[^0-9a-zぁ-ゖー一-鿿々〆\u4e00-\u9fff]+")

# What customers call by many names is one thing (in search_key form, the longer ones first).
_SAME_THINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("送料", ("配送料金", "配送料", "発送料", "運賃", "送る料金", "送るお金")),
    ("配達", ("お届け", "届きま", "届く", "届いて", "届か", "届き", "到着", "配送", "着く", "着きま", "届け")),
    ("返品", ("返したい", "返却", "送り返", "返送")),
    ("交換", ("取り替え", "取りかえ", "とりかえ", "替えて")),
    ("取消", ("きゃんせる", "取り消し", "取りやめ", "取り消", "やめたい")),
    ("領収書", ("りょうしゅうしょ", "領収証", "れしーと")),
    ("支払", ("支払い", "お支払い", "払い方", "決済", "払う", "払え")),
    ("不良", ("壊れ", "割れ", "われて", "破損", "欠け", "不良品", "傷", "きず")),
    ("在庫", ("売り切れ", "品切れ", "入荷", "欠品")),
    ("会員登録", ("会員", "あかうんと", "まいぺーじ")),
    ("賞味期限", ("消費期限", "日持ち", "期限", "いつまで食べ")),
    ("贈り物", ("ぎふと", "ぷれぜんと", "のし", "熨斗", "らっぴんぐ", "包装", "贈答")),
    ("住所", ("届け先", "お届け先", "宛先", "送り先")),
)  # fmt: skip
_SAME = {told: name for name, many in _SAME_THINGS for told in many}
_SAME_PATTERN = re.compile("|".join(sorted(map(re.escape, _SAME), key=len, reverse=True)))


def folded(text: str) -> str:
    """The text as it is compared: without politeness, one spelling, one name for one thing. Parts stand apart by spaces."""
    bare = _POLITE.sub(" ", text[:MOST_LETTERS])
    parts = (search_key(part) for part in re.split(r"[\s、。，．,.!?！？「」『』()（）・…:：/／\n]+", bare))
    named = (_SAME_PATTERN.sub(lambda found: f" {_SAME[found[0]]} ", part) for part in parts)
    return _MARKS.sub(" ", " ".join(named)).strip()


def counts(text: str) -> Counter[str]:
    """How often each pair of letters stands in a text. A word of one letter counts by itself."""
    found: Counter[str] = Counter()
    for part in folded(text).split():
        found.update((part[at : at + 2] for at in range(len(part) - 1)) if len(part) > 1 else (part,))
    return found


def weights(question: str, words: str, answer: str) -> dict[str, float]:
    """What an article weighs by pair; together of length 1. The question and its other wordings count three times."""
    told: Counter[str] = Counter()
    for text, times in ((question, 3), (words, 3), (answer, 1)):
        for pair, count in counts(text).items():
            told[pair] += count * times
    return _unit({pair: 1 + log(count) for pair, count in told.items()})


def asked(text: str, holders: Mapping[str, int], total: int) -> dict[str, float]:
    """What a question weighs by pair: rare pairs more. `holders`: in how many of the `total` articles a pair stands.

    Pairs that no article knows lengthen the question, so that a text about something else is near to nothing.
    """
    pairs = counts(text)
    rarity = {pair: log(1 + (total + 1) / (holders.get(pair, 0) + 0.5)) for pair in pairs}
    unit = _unit({pair: (1 + log(count)) * rarity[pair] for pair, count in pairs.items()})
    known = sorted((pair for pair in unit if holders.get(pair)), key=lambda pair: -rarity[pair])
    return {pair: unit[pair] for pair in known[:MOST_PAIRS]}


def nearness(question: Mapping[str, float], article: Mapping[str, float]) -> float:
    """The cosine of both, 0 to 1."""
    return sum(weight * article[pair] for pair, weight in question.items() if pair in article)


def _unit(weighed: Mapping[str, float]) -> dict[str, float]:
    length = sqrt(sum(weight * weight for weight in weighed.values()))
    return {pair: weight / length for pair, weight in weighed.items()} if length else {}
