"""Codes of goods (商品コード・JAN): folding, check digits, in-store numbers. Pure.

Source: GS1 General Specifications (check digit, prefixes 02, 04, 20-29 for use inside a company).
"""

from __future__ import annotations

import re
import unicodedata

from akinai.core.barcodes import check_digit

_SPACES = re.compile(r"\s+")
JAN_LENGTHS = (8, 12, 13, 14)


def code_key(text: str) -> str:
    """The folded code that files are matched by: NFKC, upper case, no spaces. "ａ-1 " → "A-1"."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).upper()


def digits_of(text: str) -> str:
    """JAN as written → digits only where nothing else is meant: full width, hyphens, spaces, "JAN:" are dropped."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return re.sub(r"[\s\-‐‑–—ー]", "", re.sub(r"(?i)^jan[:：]?\s*", "", plain))


def jan_problem(digits: str) -> str:
    """Why this is no JAN, in Japanese and with the way out; "" when it is one."""
    if not re.fullmatch(r"[0-9]+", digits):
        return "JANコードは数字だけで書いてください。"
    if len(digits) not in JAN_LENGTHS:
        return (
            f"JANコードは8桁か13桁です（この値は{len(digits)}桁）。先頭の0が消えていないか確かめてください。"
        )
    wanted = check_digit(digits[:-1])
    if wanted != int(digits[-1]):
        return f"JANコードのチェックデジットが合いません（末尾は {wanted} のはずです）。打ち間違いがないか確かめてください。"
    return ""


def is_in_store(digits: str) -> bool:
    """インストアコード: a number that is unique in one company only (EAN-13 02, 04, 20-29; EAN-8 0, 2)."""
    if len(digits) == 13:
        return digits[:2] in {"02", "04"} or digits[0] == "2"
    return len(digits) == 8 and digits[0] in "02"


def same_jans(digits: str) -> tuple[str, ...]:
    """Other ways the same number is written: UPC-A (12 digits) is EAN-13 with a leading 0."""
    if len(digits) == 12:
        return (digits, f"0{digits}")
    if len(digits) == 13 and digits.startswith("0"):
        return (digits, digits[1:])
    return (digits,)
