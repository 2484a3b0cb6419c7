"""登録番号 and 法人番号: reading, check digit, printing. Pure.

Source: 法人番号の指定等に関する省令 2条 (検査用数字): the first digit is 9 − (Σ weight × digit mod 9) over the other
twelve, weights 1, 2, 1, 2 … from the right.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_NUMBER = re.compile(r"\d{13}")
_DROPS = re.compile(r"[\s\-‐‑–—―−ー－]")


class NotANumber(ValueError):
    """The text is no such number; the message is Japanese with the way out."""


@dataclass(frozen=True, slots=True)
class RegistrationNumber:
    """登録番号. `warning` is set when the check digit does not fit: a sole trader's number need not have one."""

    number: str  # T + 13 digits
    warning: str = ""


def check_digit(base: str) -> int:
    """The check digit (1–9, never 0) in front of twelve digits. Raises ValueError for anything else."""
    if not re.fullmatch(r"[0-9]{12}", base):
        raise ValueError("twelve digits are wanted")
    weighted = sum(int(digit) * (1 if place % 2 == 0 else 2) for place, digit in enumerate(reversed(base)))
    return 9 - weighted % 9


def is_corporate_number(number: str) -> bool:
    """13 digits with the right first one."""
    return bool(re.fullmatch(r"[0-9]{13}", number)) and int(number[0]) == check_digit(number[1:])


def parse_corporate_number(text: str) -> str:
    """法人番号 as 13 digits; full width and hyphens are fine. Raises NotANumber when the check digit is wrong."""
    digits = _plain(text)
    if not _NUMBER.fullmatch(digits):
        raise NotANumber(f"法人番号「{text}」は13桁の数字ではありません。")
    if not is_corporate_number(digits):
        raise NotANumber(f"法人番号「{text}」の検査用数字（先頭の1桁）が合いません。番号を確かめてください。")
    return digits


def parse_registration_number(text: str) -> RegistrationNumber:
    """適格請求書発行事業者の登録番号 as T + 13 digits; "ｔ4011-0010-98993" is fine.

    Raises NotANumber for another shape. A wrong check digit is only a warning: a sole trader's number is not a
    法人番号, and whether the same rule holds for it is not published.
    """
    plain = _plain(text).upper()
    if not re.fullmatch(r"T[0-9]{13}", plain):
        raise NotANumber(f"登録番号「{text}」は「T」と13桁の数字ではありません。")
    if is_corporate_number(plain[1:]):
        return RegistrationNumber(plain)
    return RegistrationNumber(
        plain, "法人番号の検査用数字が合いません。個人事業者の番号でなければ、番号を確かめてください。"
    )


def _plain(text: str) -> str:
    return _DROPS.sub("", unicodedata.normalize("NFKC", text))
