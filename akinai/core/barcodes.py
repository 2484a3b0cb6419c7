"""Bar codes (バーコード): GTIN check digits, JAN, ISBN, ITF-14, in-store codes. Pure.

Sources: GS1 General Specifications 7.9 (check digit); GS1 Japan (prefixes 45, 49; in-store 20–29, 02, 04).
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

LENGTHS = (8, 12, 13, 14)


class NotABarcode(ValueError):
    """The text is no GTIN; the message is Japanese with the way out."""


class BarcodeKind(StrEnum):
    """What a valid code is used for."""

    JAN = "jan"  # 45, 49
    FOREIGN = "foreign"  # EAN/UPC of other countries
    IN_STORE = "in_store"  # インストアコード: unique in one shop only
    ISBN = "isbn"  # 978, 979
    BOOK_SECOND = "book_second"  # 書籍の2段目 191, 192
    MAGAZINE = "magazine"  # 491
    CASE = "case"  # ITF-14 集合包装

    @property
    def label(self) -> str:
        return _LABELS[self.value]


_LABELS = {
    "jan": "JANコード",
    "foreign": "EAN・UPCコード（海外）",
    "in_store": "インストアコード",
    "isbn": "ISBN",
    "book_second": "書籍JANの2段目",
    "magazine": "定期刊行物コード",
    "case": "集合包装用コード（ITF-14）",
}


def check_digit(base: str) -> int:
    """The check digit behind `base` (7, 11, 12 or 13 digits): weights 3, 1, 3, 1 … from the right."""
    if not re.fullmatch(r"[0-9]+", base):
        raise ValueError("digits are wanted")
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(base)))
    return (10 - weighted % 10) % 10


def with_check_digit(base: str) -> str:
    return f"{base}{check_digit(base)}"


def is_gtin(code: str) -> bool:
    """8, 12, 13 or 14 digits with the right last one."""
    return (
        bool(re.fullmatch(r"[0-9]+", code))
        and len(code) in LENGTHS
        and int(code[-1]) == check_digit(code[:-1])
    )


def parse_gtin(text: str) -> str:
    """JAN・GTIN: digits only, checked. Full width, spaces and hyphens are fine; UPC-A becomes 13 digits.

    Raises NotABarcode. Excel takes leading zeros away, so the message says when a zero in front would make it right.
    """
    digits = re.sub(r"[\s\-‐−ー]", "", unicodedata.normalize("NFKC", text))
    if re.fullmatch(r"[0-9](\.[0-9]+)?[Ee]\+?[0-9]+", digits):
        raise NotABarcode(f"JANコード「{text}」はExcelで壊れています。元の番号を入れ直してください。")
    if not re.fullmatch(r"[0-9]+", digits):
        raise NotABarcode(f"JANコード「{text}」に数字でない文字があります。")
    if len(digits) not in LENGTHS:
        raise NotABarcode(
            f"JANコード「{text}」は{len(digits)}桁です。8桁か13桁（UPCは12桁）で入れてください。{_zero_hint(digits)}"
        )
    if not is_gtin(digits):
        right = with_check_digit(digits[:-1])
        raise NotABarcode(
            f"JANコード「{text}」の検査数字が合いません（正しければ {right}）。番号を確かめてください。"
        )
    return digits.zfill(13) if len(digits) == 12 else digits


def _zero_hint(digits: str) -> str:
    for length in (13, 12, 8):
        if len(digits) < length and is_gtin(digits.zfill(length)):
            return f"先頭の0が消えているようです（{digits.zfill(length)}）。"
    return ""


def kind_of(code: str) -> BarcodeKind:
    """What a checked code is. Raises NotABarcode when it is none."""
    if not is_gtin(code):
        raise NotABarcode(f"「{code}」はJANコードではありません。")
    if len(code) == 14:
        return BarcodeKind.CASE if code[0] != "0" else kind_of(code[1:])
    if len(code) == 8:
        return _eight(code)
    code = code.zfill(13)
    if code.startswith(("978", "979")):
        return BarcodeKind.ISBN
    if code.startswith(("191", "192")):
        return BarcodeKind.BOOK_SECOND
    if code.startswith("491"):
        return BarcodeKind.MAGAZINE
    if code.startswith(("2", "02", "04")):
        return BarcodeKind.IN_STORE
    return BarcodeKind.JAN if code.startswith(("45", "49")) else BarcodeKind.FOREIGN


def _eight(code: str) -> BarcodeKind:
    if code.startswith(("0", "2")):
        return BarcodeKind.IN_STORE
    return BarcodeKind.JAN if code.startswith(("45", "49")) else BarcodeKind.FOREIGN


def is_in_store(code: str) -> bool:
    """インストアコード: never to be sent to a mall as a JAN."""
    return is_gtin(code) and kind_of(code) == BarcodeKind.IN_STORE


def in_store_code(serial: int, *, prefix: str = "20") -> str:
    """自社で発行するコード: prefix 20–29, ten digits of serial, check digit."""
    if not re.fullmatch(r"2[0-9]", prefix):
        raise ValueError("in-store prefixes are 20 to 29")
    if not 0 <= serial <= 9_999_999_999:
        raise ValueError("the serial must have at most ten digits")
    return with_check_digit(f"{prefix}{serial:010d}")


def case_code(item: str, *, indicator: int = 1) -> str:
    """ITF-14 of a case that holds items of this GTIN-13 (or JAN-8): indicator 1–8 and a new check digit."""
    if not 1 <= indicator <= 8:
        raise ValueError("the package indicator is 1 to 8")
    return with_check_digit(f"{indicator}{parse_gtin(item).zfill(13)[:12]}")


def item_of_case(code: str) -> str:
    """The GTIN-13 inside an ITF-14."""
    if len(code) != 14 or not is_gtin(code):
        raise NotABarcode(f"「{code}」は14桁の集合包装用コードではありません。")
    return with_check_digit(code[1:13])
