"""名義の読み方: who a payer's text names, and which order numbers stand in it. Pure.

A key is the name folded by `core.kana.payer_key`, without its legal form; the forms stand behind it ("ヤマダ|株式会社"),
so that カ)ヤマダ and ヤマダ(カ are one, and ユ)ヤマダ and the person ヤマダ are others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from akinai.core.kana import katakana, payer_key, strip_legal_form

MIN_DIGITS = 4
STRONG_DIGITS = 6  # a whole order number of so many digits is nobody's by chance
_OFFICES = frozenset({"営業所", "出張所"})
# ヲ is written ｵ in bank files, and ヅ ヂ are as often written ズ ジ.
_ALIKE = str.maketrans({"ヲ": "オ", "ヂ": "ジ", "ヅ": "ズ", "(": None, ")": None})
_ORDER_WORDS = re.compile(
    r"(?:ゴ?(?:注文|受注|チユウモン|チュウモン|ジユチユウ|ジュチュウ)(?:番号|バンゴウ)?|ナンバー)"
)
_NUMBER = re.compile(r"\d[\d\-]*\d|\d")
_MARKED_NUMBER = re.compile(r"(?:NO\.?|[A-Z]{1,3}|[#№])\s?-?\d[\d\-]+\d")
_DIGITS = re.compile(r"\d{3}")
_CACHED = 400_000


@dataclass(frozen=True, slots=True)
class Payer:
    """振込人の読み: `keys` are the ways to read the name, `digits` the numbers beside it.

    `plain` is the key of the name without the numbers, `family` its first word when there are two.
    """

    keys: frozenset[str]
    digits: frozenset[str]
    plain: str = ""
    family: str = ""

    @property
    def bare(self) -> str:
        """The name alone, for names cut short by the bank."""
        return bare_of(self.plain)


def bare_of(key: str) -> str:
    """The name in a key, without its legal form."""
    return key.partition("|")[0]


@lru_cache(maxsize=_CACHED)
def _read(text: str) -> tuple[str, frozenset[str], str]:
    """(key, keys with the two parts swapped as well, family name) of a name. Each name is read once."""
    key = _key(text)
    if not key:
        return "", frozenset(), ""
    parts = text.split()
    if len(parts) != 2 or "|" in key:
        return key, frozenset({key}), ""
    family = _key(parts[0])
    swapped = key[len(family) :] + family if key.startswith(family) else _key(parts[1] + parts[0])
    return key, frozenset({key, swapped}), family


def name_keys(text: str) -> frozenset[str]:
    """Keys of a name as written, and with its two parts swapped. Empty for an empty name."""
    return _read(text)[1] if text else frozenset()


def family_of(text: str) -> str:
    """姓: the first of two words, "" when the name is written in one or is a company's."""
    return _read(text)[2] if text else ""


@lru_cache(maxsize=_CACHED)
def read_payer(text: str) -> Payer:
    """Read "1234ﾔﾏﾀﾞ ﾀﾛｳ", "ﾔﾏﾀﾞ ﾀﾛｳ SO-2026-000123", "ｶ)ﾔﾏﾀﾞｼﾖｳﾃﾝ". Digits may belong to the name (109 シネマズ) or not."""
    plain, keys, family = _read(text)
    if not _DIGITS.search(plain):
        return Payer(keys, frozenset(), plain, family)
    wide = katakana(text).upper()
    named = _ORDER_WORDS.sub(" ", _NUMBER.sub(" ", wide))
    plain, unmarked, family = _read(_ORDER_WORDS.sub(" ", _NUMBER.sub(" ", _MARKED_NUMBER.sub(" ", wide))))
    digits = frozenset(re.findall(rf"\d{{{MIN_DIGITS},}}", payer_key(text)))
    return Payer(keys | name_keys(named) | unmarked, digits, plain, family)


def order_digits(number: str, channel_order_no: str) -> dict[str, bool]:
    """Digit strings that a customer may write for this order → whether that string alone is as good as the number."""
    found: dict[str, bool] = {}
    for text in (number, channel_order_no):
        groups = re.findall(r"\d+", text)
        if not groups:
            continue
        for digits in (groups[-1].lstrip("0"), groups[-1]):
            found.setdefault(digits, False)
        whole = "".join(groups)
        found[whole] = found.get(whole, False) or len(whole) >= STRONG_DIGITS
    return {digits: strong for digits, strong in found.items() if len(digits) >= MIN_DIGITS}


@lru_cache(maxsize=_CACHED)  # family names above all: few, and read again and again
def _key(text: str) -> str:
    found = strip_legal_form(text)
    bare = found.text
    if any(letter in bare for letter in "ヲヂヅ()"):
        bare = bare.translate(_ALIKE)
    if not bare or not found.forms:
        return bare
    return "|".join([bare, *sorted(set(found.forms) - _OFFICES)])
