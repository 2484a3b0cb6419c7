"""税率の言葉: 10%, ８％, 0.1, 軽減, 標準税率10%, 8%（軽減） … → the kind of tax. Pure.

Nothing is guessed: what is left over when the known words and numbers are taken out, or two that contradict each
other, is refused.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_RATES = {Decimal(10): "standard", Decimal("0.1"): "standard", Decimal(8): "reduced", Decimal("0.08"): "reduced",
          Decimal(0): "exempt"}  # fmt: skip
# Longest first: 非課税 is not 課税, 軽減税率対象 is not 対象外.
_WORDS = (
    ("軽減税率対象", "reduced"), ("軽減税率", "reduced"), ("軽減", "reduced"), ("reduced", "reduced"), ("軽", "reduced"),
    ("非課税", "exempt"), ("不課税", "exempt"), ("免税", "exempt"), ("対象外", "exempt"), ("exempt", "exempt"), ("税なし", "exempt"),
    ("標準税率", "standard"), ("標準", "standard"), ("通常税率", "standard"), ("通常", "standard"), ("一般", "standard"),
    ("standard", "standard"), ("普通", "standard"),
)  # fmt: skip
# Words that say nothing about the kind.
_IDLE = (
    "消費税率",
    "消費税",
    "税率",
    "課税",
    "内税",
    "外税",
    "税込",
    "税抜",
    "パーセント",
    "percent",
    "tax",
    "税",
    "対象",
    "%",
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
WAY_OUT = "「10%」「軽減8%」「非課税」のどれかにしてください。"


class UnknownTax(ValueError):
    """The words say no kind of tax; the message is for the clerk."""


def tax_kind_of(text: str) -> str:
    """standard, reduced or exempt. Raises UnknownTax with the way out."""
    rest = re.sub(r"[\s()\[\]【】・:：/]", "", unicodedata.normalize("NFKC", text)).lower()
    if rest in {"※", "*"}:
        return "reduced"
    found: set[str] = set()
    for word, kind in _WORDS:
        if word in rest:
            found.add(kind)
            rest = rest.replace(word, "")
    taxed = "課税" in rest
    for number in _NUMBER.findall(rest):
        if Decimal(number) not in _RATES:
            raise UnknownTax(f"税率「{number}」は今の税率（10%・8%）にありません。{WAY_OUT}")
        found.add(_RATES[Decimal(number)])
    rest = _NUMBER.sub("", rest)
    for word in _IDLE:
        rest = rest.replace(word, "")
    if not found and taxed and not rest:
        return "standard"  # 課税 alone
    if rest or len(found) != 1:
        raise UnknownTax(f"税区分を読めません。{WAY_OUT}")
    return found.pop()
