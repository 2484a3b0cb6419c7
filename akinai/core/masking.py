"""連絡先を伏せる: how a telephone number, a mail address and an address look to whom they are no work of. Pure."""

from __future__ import annotations

import re
import unicodedata

from akinai.core import postal

STARS = "****"
DOTS = "•••"
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+")
# A telephone number begins with 0 or +81; numbers of papers have letters in front.
_PHONE = re.compile(r"(?<![0-9A-Za-z\-])(?:\+81|0)(?:[-() ]?[0-9]){8,11}(?![0-9])")


def phone(value: str) -> str:
    """090-0000-1001 → 090-****-1001; 03-1234-5678 → 03-****-5678. Too few digits: all hidden."""
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", value))
    if not value.strip():
        return ""
    if len(digits) < 9:
        return STARS
    parts = re.findall(r"[0-9]+", unicodedata.normalize("NFKC", value))
    head = parts[0] if len(parts) > 2 and len(parts[0]) < 6 else digits[: 3 if len(digits) > 10 else 2]
    return f"{head}-{STARS}-{digits[-4:]}"


def mail(value: str) -> str:
    """aoki@example.com → a•••@example.com."""
    name, at, domain = value.strip().rpartition("@")
    if not value.strip():
        return ""
    return f"{name[:1]}{DOTS}@{domain}" if at else DOTS


def address(value: str) -> str:
    """東京都渋谷区神宮前4-12-3 → 東京都渋谷区…: the prefecture and the city, nothing behind."""
    if not value.strip():
        return ""
    prefecture, bare = postal.split_prefecture(value)
    # 市川市, 四日市市, 郡上市: the city's own name may hold its kind of word.
    city = re.match(
        r"(.{1,6}?郡.{1,5}?[町村]|.{1,7}?市.{1,3}?区|.{1,5}?市(?:市)?|.{1,4}?区|.{1,6}?[町村])", bare
    )
    return f"{prefecture}{city[0] if city else ''}…"


def words(value: str) -> str:
    """Mail addresses and telephone numbers within a text, masked where they stand."""
    plain = _MAIL.sub(lambda found: mail(found[0]), value)
    return _PHONE.sub(lambda found: phone(found[0]), plain)


def hidden(value: str) -> str:
    """Of a postal code, a building: nothing."""
    return "…" if value.strip() else ""
