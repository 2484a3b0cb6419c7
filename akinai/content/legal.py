"""注意することばを探す: pure. ﾀﾞｲｴｯﾄ, だいえっと and ダイエット are one word, and what is found tells where in the text it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from akinai.core.kana import search_key

_VOICED = "ﾞﾟ゛゜\u3099\u309a"
AROUND = 16


@dataclass(frozen=True, slots=True)
class Word:
    """One expression to look for."""

    word: str
    key: str
    whole_word: bool = False
    except_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One place: `start` and `end` in the text as it was written, `around` with the word between 【】."""

    word: Word
    start: int
    end: int
    around: str


def fold(text: str) -> tuple[str, list[int], list[int]]:
    """The folded text, and of each of its characters where it begins and ends in the original."""
    key: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for char in _folded(text[start:end]):
            key.append(char)
            starts.append(start)
            ends.append(end)
    return "".join(key), starts, ends


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Characters with the voicing marks behind them: ﾀ and ﾞ are one."""
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and text[end] in _VOICED:
            end += 1
        yield at, end
        at = end


@lru_cache(maxsize=10_000)
def _folded(cluster: str) -> str:
    if unicodedata.category(cluster[0]) == "Cf":  # soft hyphens and zero-width spaces hide nothing
        return search_key(cluster[1:])
    return search_key(cluster)


_SCRIPTS = (
    ("hiragana", re.compile(r"[ぁ-ゖ]")),
    ("katakana", re.compile(r"[ァ-ヺーｦ-ﾟ]")),
    ("kanji", re.compile(r"[一-鿿々〆]")),
    ("latin", re.compile(r"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]")),
)  # fmt: skip


def script_of(char: str) -> str:
    """hiragana, katakana, kanji, latin (with figures), or "" for marks and spaces."""
    return next((name for name, pattern in _SCRIPTS if pattern.fullmatch(char)), "")


def find(text: str, words: Iterable[Word]) -> list[Found]:
    """Every place of every word, in the order of the text; a longer word hides the shorter ones inside it."""
    key, starts, ends = fold(text)
    found = [
        Found(word, starts[at], ends[at + len(word.key) - 1], "")
        for word in words
        for at in _places(key, word.key)
        if not _is_harmless(key, at, word)
        and (not word.whole_word or _stands_alone(text, starts[at], ends[at + len(word.key) - 1], word.word))
    ]
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Found] = []
    for one in found:
        if not any(other.start <= one.start and one.end <= other.end for other in kept):
            kept.append(one)
    return [Found(one.word, one.start, one.end, around(text, one.start, one.end)) for one in kept]


def _places(key: str, wanted: str) -> Iterator[int]:
    at = key.find(wanted) if wanted else -1
    while at >= 0:
        yield at
        at = key.find(wanted, at + 1)


def _is_harmless(key: str, at: int, word: Word) -> bool:
    """Does the place lie inside one of the phrases in which the word means no harm?"""
    for phrase in word.except_in:
        inside = phrase.find(word.key)
        while inside >= 0:
            begin = at - inside
            if begin >= 0 and key.startswith(phrase, begin):
                return True
            inside = phrase.find(word.key, inside + 1)
    return False


def _stands_alone(text: str, start: int, end: int, word: str) -> bool:
    """Written in the script of the word itself, and not going on in the same script on either side."""
    if script_of(text[start]) != script_of(word[0]):
        return False
    before = start > 0 and script_of(text[start - 1]) == script_of(text[start]) != ""
    behind = end < len(text) and script_of(text[end]) == script_of(text[end - 1]) != ""
    return not before and not behind


def around(text: str, start: int, end: int) -> str:
    """The words around a place on one line: …この【日本一】のお茶…"""
    left, right = max(0, start - AROUND), min(len(text), end + AROUND)
    said = f"{'…' if left else ''}{text[left:start]}【{text[start:end]}】{text[end:right]}{'…' if right < len(text) else ''}"
    return re.sub(r"\s+", " ", said)
