"""GS1 の読み取り: what a GS1-128 or GS1 DataMatrix says besides the GTIN: lot, expiry, pieces. Pure.

A reader sends the element string with its symbology in front (`]C1`, `]d2`, `]Q3`) and FNC1 as GS (ASCII 29) behind
fields of free length; people type it with brackets: `(01)04901234567894(17)270531(10)A12`.
Sources: GS1 General Specifications, sections 3 (application identifiers), 7.8 (lengths) and 7.12 (century of a date).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from akinai.core.barcodes import is_gtin

GS = "\x1d"
# By the first two digits: how long identifier and value are together, where GS1 has fixed it.
FIXED = {
    "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "11": 8, "12": 8, "13": 8, "14": 8, "15": 8, "16": 8, "17": 8, "18": 8,
    "19": 8, "20": 4, "31": 10, "32": 10, "33": 10, "34": 10, "35": 10, "36": 10, "41": 16,
}  # fmt: skip
TWO, FOUR = (
    {"10", "21", "22", "30", "37", *(str(n) for n in range(90, 100))},
    {"39", "70", "80", "81", "82", "43", "72"},
)
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9]")
_BRACKETS = re.compile(r"\(([0-9]{2,4})\)([^()]+)")


class NotGs1(ValueError):
    """The text is no element string, or one that breaks its own rules; the message is Japanese."""


@dataclass(frozen=True, slots=True)
class Label:
    """What the code tells. `gtin` has 14 digits; `pieces` where it says how many are inside (AI 30, 37)."""

    gtin: str
    lot: str = ""
    expires_on: date | None = None
    pieces: int | None = None


def looks_like_gs1(text: str) -> bool:
    """A reader's symbology sign, GS, brackets, or AI 01 with more than a GTIN behind it."""
    told = text.strip()
    if _SYMBOLOGY.match(told) or GS in told or _BRACKETS.match(told):
        return True
    return len(told) > 16 and told[:2] in ("01", "02") and told[2:16].isdecimal() and is_gtin(told[2:16])


def parse(text: str, *, today: date) -> Label:
    """The label. Raises NotGs1 without a GTIN, for a wrong check digit, and for a date that is none."""
    told = text.strip()
    told = told[3:] if _SYMBOLOGY.match(told) else told
    fields = dict(_bracketed(told) if told.startswith("(") else _elements(told.strip(GS)))
    gtin = fields.get("01") or fields.get("02") or ""
    if not is_gtin(gtin) or len(gtin) != 14:
        raise NotGs1("GS1 のコードに、正しい商品コード（GTIN・14桁）がありません。")
    when = fields.get("17") or fields.get("15") or fields.get("16")
    count = fields.get("30") or fields.get("37") or ""
    return Label(
        gtin, fields.get("10", "")[:20], _day(when, today) if when else None,
        int(count) if count.isascii() and count.isdigit() and len(count) <= 8 else None,
    )  # fmt: skip


def _bracketed(told: str) -> Iterator[tuple[str, str]]:
    found = _BRACKETS.findall(told.replace(GS, ""))
    if "".join(f"({name}){value}" for name, value in found) != told.replace(GS, ""):
        raise NotGs1("GS1 のコードを読めません。(01)…(17)…(10)… の順に、かっこを付けて入れてください。")
    return ((name, value.strip()) for name, value in found)


def _elements(told: str) -> Iterator[tuple[str, str]]:
    """Identifier and value, one after another. Fields of free length end with GS or the end of the code."""
    while told:
        size = FIXED.get(told[:2])
        name = told[: 3 if told[:2] == "41" else 4 if told[:2] in _MEASURES else 2] if size else _name(told)
        value, rest = (told[:size], told[size:]) if size else _until_gs(told)
        if size and len(value) < size:
            raise NotGs1("GS1 のコードが途中で切れています。もう一度読み取ってください。")
        yield name, value[len(name) :]
        told = rest.removeprefix(GS)


_MEASURES = {"31", "32", "33", "34", "35", "36"}


def _until_gs(told: str) -> tuple[str, str]:
    value, _, rest = told.partition(GS)
    return value, rest


def _name(told: str) -> str:
    if not told[:2].isdecimal():
        raise NotGs1("GS1 のコードを読めません。もう一度読み取ってください。")
    return told[:2] if told[:2] in TWO else told[:4] if told[:2] in FOUR else told[:3]


def _day(text: str, today: date) -> date:
    """YYMMDD; day 00 is the end of the month, and the century is the nearest one."""
    if not (text.isascii() and text.isdigit() and len(text) == 6):
        raise NotGs1(f"GS1 のコードの期限「{text}」が日付ではありません。")
    short, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    ahead = short - today.year % 100
    century = today.year // 100 + (-1 if ahead >= 51 else 1 if ahead <= -50 else 0)
    try:
        year = century * 100 + short
        return date(year, month, day or monthrange(year, month)[1])
    except ValueError:
        raise NotGs1(f"GS1 のコードの期限「{text}」が暦にありません。") from None
