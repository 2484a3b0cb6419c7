"""バーコードの読み取り: what a scanned code means, for the desks of every room: goods, cases and GS1 labels.

A code nobody knows is answered with a sentence that says what kind of code it is and where to register it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from akinai.catalog import queries
from akinai.catalog.codes import digits_of
from akinai.catalog.models import Sku
from akinai.core import clock, gs1
from akinai.core.barcodes import BarcodeKind, check_digit, is_gtin, item_of_case, kind_of

KEPT = "明細は変えていません。"
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Scanned:
    """読み取った商品: `pieces` of it are inside (1, or those of a case); lot and expiry where the label tells them."""

    sku: Sku
    pieces: int = 1
    lot: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """登録のないコード: what it is, the way out, and the page that leads there ("" where none does)."""

    message: str
    way_out: str
    url: str = ""
    label: str = ""


def plain(text: str) -> str:
    """What came from a reader, without what no code holds. GS (FNC1) stays."""
    return text.replace("\0", "").strip(" \t\r\n　")[:LONGEST]


def read(text: str) -> Scanned | Unknown:
    """Our own code first, then JAN, case (ITF-14), GS1 label."""
    told = plain(text)
    if gs1.looks_like_gs1(told):
        return _label(told)
    return _code(told) or _unknown(told)


def find(text: str) -> Scanned | None:
    """The same without a word about what is unknown."""
    found = read(text)
    return found if isinstance(found, Scanned) else None


def _code(told: str) -> Scanned | None:
    if not told:
        return None
    if sku := queries.find_scanned(told):
        return Scanned(sku)
    case = queries.find_case(told)
    return Scanned(*case) if case else None


def _label(told: str) -> Scanned | Unknown:
    try:
        label = gs1.parse(told, today=clock.today())
    except gs1.NotGs1 as problem:
        return Unknown(str(problem), "読み直すか、商品コードを手で入れてください。")
    found = _code(label.gtin) or _code(label.gtin.lstrip("0"))
    if found is None:
        return _unknown(label.gtin if label.gtin[0] != "0" else label.gtin[1:])
    pieces = found.pieces if label.pieces is None else found.pieces * max(1, label.pieces)
    return Scanned(found.sku, pieces, label.lot, label.expires_on)


def _unknown(told: str) -> Unknown:
    digits = digits_of(told)
    if digits.isascii() and digits.isdigit() and len(digits) in (8, 12, 13, 14):
        return _unknown_gtin(digits) if is_gtin(digits) else _misread(digits)
    return Unknown(
        f"「{told[:40]}」は登録されていません。",
        "読み直すか、商品を登録してください。",
        *_to_search(told[:40]),
    )


def _misread(digits: str) -> Unknown:
    right = f"{digits[:-1]}{check_digit(digits[:-1])}"
    return Unknown(
        f"「{digits}」は検査数字が合いません（正しければ {right}）。",
        "読み取りの誤りです。もう一度読み取ってください。",
    )


def _unknown_gtin(digits: str) -> Unknown:
    give = f"{reverse('catalog:give_code')}?{urlencode({'code': digits})}"
    if kind_of(digits) == BarcodeKind.CASE:
        inside = item_of_case(digits)
        known = queries.find_scanned(inside)
        about = f"中身は SKU {known.code} のようです。" if known else ""
        return Unknown(
            f"ケースのコード {digits} は登録されていません。{about}",
            "入数と合わせて商品に登録すると、1 回の読み取りで入数ぶん数えられます。", give, "このケースを登録する",
        )  # fmt: skip
    return Unknown(
        f"JAN {digits} は、どの商品にも登録されていません。", "商品に登録してから読み直してください。", give, "このJANを商品に登録する"
    )  # fmt: skip


def _to_search(text: str) -> tuple[str, str]:
    return f"{reverse('catalog:list')}?{urlencode({'q': text})}", "商品を探す"


def answer(text: str) -> tuple[dict[str, Any], int]:
    """For the desks that scan into lines: (JSON, HTTP status)."""
    found = read(text)
    if isinstance(found, Unknown):
        told = {"message": f"{found.message}{found.way_out}{KEPT}", "url": found.url, "label": found.label}
        return told, 404
    row = queries.row_of(found.sku)
    return {
        "code": row.code, "name": row.title, "codes": [row.code, row.jan] if row.jan else [row.code],
        "pieces": found.pieces, "lot": found.lot if found.sku.tracks_lots else "",
        "expires_on": f"{found.expires_on:%Y/%m/%d}" if found.expires_on and found.sku.tracks_lots else "",
    }, 200  # fmt: skip
