"""自由記述を言葉で分ける: which words are said often, and in which answers. Our own tokeniser, by the kinds of letters.

A word is a run of kanji with its okurigana (香り, 美味しい), of katakana, or of Latin letters; of hiragana, where no letter tells words
apart, a list of what shoppers say. Endings are folded (早かった, 早くて → 早い), and so are kana (おいしい, オイシイ, 美味しい).
Knows no database.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from akinai.core.kana import bigrams, search_key

KANJI = "一-鿿々〆"
_RUN = re.compile(
    rf"(?P<kanji>[{KANJI}]+)(?P<tail>[ぁ-ゖ]*)|(?P<kata>[ァ-ヺー]{{2,}})|(?P<latin>[A-Za-z][A-Za-z0-9]+)|(?P<hira>[ぁ-ゖー]{{2,}})"
)
PARTICLES = "がをにはもとでのへやてたま"
ALONE = frozenset("味色箱袋缶茶葉量器形音傷蓋瓶粉湯柄紙")  # one kanji that is a word
# Words that hiragana runs are searched for: longest first.
SPOKEN = sorted(
    [
        "おいしい",
        "うれしい",
        "ありがとう",
        "かわいい",
        "かわいらしい",
        "きれい",
        "やさしい",
        "やわらかい",
        "ていねい",
        "まろやか",
        "すっきり",
        "さっぱり",
        "たのしい",
        "たくさん",
        "うすい",
        "にがい",
        "あまい",
        "こわれ",
        "おくりもの",
        "ふしぎ",
        "さわやか",
        "ほっと",
        "ちょうどいい",
        "わかりやすい",
        "わかりにくい",
        "つかいやすい",
        "つかいにくい",
        "はやい",
        "おそい",
        "たかい",
        "やすい",
        "おおきい",
        "ちいさい",
        "おもい",
        "かるい",
    ],
    key=len,
    reverse=True,
)
STOP = {
    "思", "思い", "思う", "感", "感じ", "事", "物", "方", "時", "人", "的", "今", "今回", "前", "後", "中", "上", "下", "私", "自分", "場合", "際",
    "是非", "特に", "少し", "大変", "非常", "本当", "点", "何", "等", "様", "為", "所", "気", "一", "二", "三", "回", "個", "円", "日", "年", "月",
    "出来", "出来る", "有り", "無し", "下さい", "頂き", "頂い", "致し", "御座い", "貴社", "店", "お店", "商品", "購入", "利用", "注文", "買", "買い",
}  # fmt: skip
# Ways of writing one word.
SAME = {
    "おいしい": "美味しい", "うれしい": "嬉しい", "ありがとう": "有難う", "はやい": "早い", "速い": "早い", "きれい": "綺麗", "かわいい": "可愛い",
    "やさしい": "優しい", "たのしい": "楽しい", "ていねい": "丁寧", "たかい": "高い", "やすい": "安い", "あまい": "甘い", "にがい": "苦い",
    "おおきい": "大きい", "ちいさい": "小さい", "おもい": "重い", "かるい": "軽い", "やわらかい": "柔らかい", "うすい": "薄い", "おそい": "遅い",
    "包装": "梱包", "割れ": "割れる", "割れて": "割れる",
}  # fmt: skip
ENDINGS = (
    ("しかった", "しい"), ("しくない", "しくない"), ("しくて", "しい"), ("しく", "しい"), ("しさ", "しい"), ("かった", "い"), ("くない", "くない"),
    ("くて", "い"), ("さ", "い"),
)  # fmt: skip


OWN_TAILS = frozenset({"い", "しい", "り", "れ", "か", "らかい", "やか", "らか", "く", "る", "む", "す"})


@dataclass(frozen=True, slots=True)
class Word:
    """言葉, how many answers say it, and which ones."""

    text: str
    answers: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.answers)


def words_of(text: str) -> set[str]:
    """The words that stand in a text, each once, in their folded form."""
    found: set[str] = set()
    for run in _RUN.finditer(unicodedata.normalize("NFKC", text)):
        found |= _of_run(run)
    return {SAME.get(word, word) for word in found} - STOP


def _of_run(run: re.Match[str]) -> set[str]:
    if run["kanji"]:
        return _with_tail(run["kanji"], run["tail"] or "") | _spoken(run["tail"] or "")
    if run["kata"]:
        folded = search_key(run["kata"])
        return {folded if folded in SPOKEN else run["kata"]}
    if run["latin"]:
        return {run["latin"].lower()}
    return _spoken(run["hira"])


def _with_tail(kanji: str, tail: str) -> set[str]:
    """Kanji with what of the tail belongs to it: up to the particle. Two kanji and more are a word without any tail."""
    for ending, folded in ENDINGS:
        if tail.startswith(ending) and len(kanji) <= 2:
            return {kanji + folded}
    own = re.split(f"[{PARTICLES}]", tail, maxsplit=1)[0]
    if own in OWN_TAILS:
        return {kanji + own}
    return {kanji} if len(kanji) > 1 or kanji in ALONE else set()


def _spoken(run: str) -> set[str]:
    """Of hiragana: words of the list, by their bigrams first, because few runs hold any."""
    pairs = set(bigrams(run))
    found: set[str] = set()
    for word in SPOKEN:
        stem = word[:-1] if word.endswith("い") else word
        if set(bigrams(stem)) <= pairs and stem in run:
            found.add(word)
            run = run.replace(stem, "　")
    return found


def group(texts: Mapping[int, str], *, most: int = 30, least: int = 2) -> list[Word]:
    """The words said in at least `least` answers, the most frequent first. In: answer → text."""
    said: dict[str, list[int]] = defaultdict(list)
    for pk, text in texts.items():
        for word in words_of(text):
            said[word].append(pk)
    rows = [Word(word, tuple(pks)) for word, pks in said.items() if len(pks) >= least]
    return sorted(rows, key=lambda row: (-row.count, row.text))[:most]


def saying(word: str, texts: Mapping[int, str]) -> list[int]:
    """Which answers say this word, however it is written."""
    return [pk for pk, text in texts.items() if word in words_of(text)]
