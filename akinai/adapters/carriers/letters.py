"""What the carriers' software can print (送り状の文字): CP932, counted in bytes. Pure.

One full-width character is two bytes, so "全角16文字" and "32バイト" are the same limit.
"""

from __future__ import annotations

import re
import unicodedata

# Unicode has two characters for one on the Japanese keyboard; only the right-hand one is in CP932.
_TWINS = str.maketrans(
    {
        "\u301c": "\uff5e",  # 〜 → ～
        "\u2212": "\uff0d",  # − → －
        "\u2013": "\uff0d",  # – → －
        "\u2014": "\u2015",  # — → ―
        "\u2016": "\u2225",  # ‖ → ∥
        "\u00a5": "\uffe5",  # ¥ → ￥
        "\u00a2": "\uffe0",
        "\u00a3": "\uffe1",
        "\u00ac": "\uffe2",
        "\u203e": "\uffe3",
        "\u2011": "\u2010",
        "\u00b7": "\u30fb",  # · → ・
        "\u2022": "\u30fb",  # • → ・
        "\u00a0": " ",
    }
)
# Invisible: zero-width marks, variation selectors (辻󠄀 and 辻 are one character in two drawings), directions.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Marks typed apart (か + ゛ from a Mac). Only these are composed: NFC of a whole name would also replace
# compatibility ideographs such as U+FA19, which CP932 has.
_COMBINED = re.compile("[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+")
_HALF_KANA = re.compile("[\uff66-\uff9f]+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_SPACES = re.compile(r" {2,}")
# Common name characters outside CP932, and the ones printed instead.
_NEAR = {"𠮷": "吉", "𡈽": "土", "𣘺": "橋", "𠀋": "丈", "𦚰": "脇", "𩸽": "ホッケ", "𣷹": "添", "𡌛": "野"}


def printable(text: str) -> str:
    """Text as the label prints it: composed, twins replaced, invisible marks dropped, half-width kana made wide."""
    visible = _INVISIBLE.sub("", text)
    composed = _COMBINED.sub(lambda found: unicodedata.normalize("NFC", found[0]), visible).translate(_TWINS)
    composed = _HALF_KANA.sub(lambda found: unicodedata.normalize("NFKC", found[0]), composed)
    return _SPACES.sub(" ", _CONTROLS.sub(" ", composed)).strip(" 　")


def unprintable(text: str) -> list[str]:
    """Characters of `text` that CP932 does not have, each once."""
    return [char for char in dict.fromkeys(text) if not _fits(char)]


def _fits(char: str) -> bool:
    if unicodedata.category(char) in ("Co", "Cc"):  # 外字 has a code but no drawing on the carrier's machine
        return False
    try:
        char.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def near(char: str) -> str:
    """A character usually written instead ("𠮷" → "吉"), or ""."""
    return _NEAR.get(char, "")


def width(text: str) -> int:
    """Bytes in CP932; a character it does not have counts two."""
    return sum(len(char.encode("cp932")) if _fits(char) else 2 for char in text)


def narrow(text: str) -> str:
    """ＡＢＣ１２３－ → ABC123-, for codes and telephone numbers."""
    return unicodedata.normalize("NFKC", text.translate(str.maketrans("ー－−‐―ｰ", "------"))).strip()
