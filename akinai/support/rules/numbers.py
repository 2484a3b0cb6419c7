"""番号を探す: order numbers, phone numbers and addresses that stand in a text. Pure.

Formats of the malls (public seller guides): 楽天 123456-20261102-0123456789, Yahoo! store-10000123, Amazon
250-1234567-1234567, au PAY マーケット 9 digits (too short to be told apart without the word 注文番号).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_OWN = re.compile(r"\b(?:SO|WEB|QT|SH|INV|RT)-\d{4}-\d{4,8}\b")
_RAKUTEN = re.compile(r"(?<!\d)\d{6}-\d{8}-\d{10}(?!\d)")
_AMAZON = re.compile(r"(?<!\d)(?:250|249|503|[0-9]{3})-\d{7}-\d{7}(?!\d)")
_YAHOO = re.compile(r"(?<![\w-])[a-z][a-z0-9-]{2,24}-1\d{7}(?!\d)", re.I)
_TOLD = re.compile(
    r"(?:注文|受注|ご注文|オーダー|order)\s*(?:番号|no\.?|number|id)?\s*[:：#＃]?\s*([A-Z0-9][A-Z0-9\-]{3,39})",
    re.I,
)
_PHONE = re.compile(r"(?<![\d-])(?:\+81[- ]?|0)\d{1,4}[-( ]?\d{1,4}[-) ]?\d{3,4}(?![\d-])")
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－ｰ", "-"))
MOST = 20


def plain(text: str) -> str:
    """The text with letters and figures in half width and one kind of dash."""
    return unicodedata.normalize("NFKC", text).translate(_DASHES)


def order_numbers(text: str) -> list[str]:
    """Numbers of orders in a text, as written and in upper case, without doubles, in their order. At most MOST."""
    found = dict.fromkeys(_order_numbers(plain(text)))
    return list(found)[:MOST]


def _order_numbers(text: str) -> Iterator[str]:
    for pattern in (_OWN, _RAKUTEN, _AMAZON):
        yield from (one.upper() for one in pattern.findall(text.upper()))
    yield from _YAHOO.findall(text)
    for told in _TOLD.findall(text):
        if any(letter.isdigit() for letter in told):
            yield told.strip("-")
            yield told.strip("-").upper()


def phones(text: str) -> list[str]:
    """Phone numbers in a text as digits alone, +81 as 0."""
    found = []
    for told in _PHONE.findall(plain(text)):
        digits = phone_digits(told)
        if 10 <= len(digits) <= 11:
            found.append(digits)
    return list(dict.fromkeys(found))[:MOST]


def phone_digits(text: str) -> str:
    """Digits of a phone number, the country's +81 as 0."""
    digits = re.sub(r"\D", "", plain(text))
    return "0" + digits[2:] if digits.startswith("81") and len(digits) >= 11 else digits


def addresses(text: str) -> list[str]:
    """Mail addresses in a text, in lower case."""
    return list(dict.fromkeys(one.lower() for one in _MAIL.findall(plain(text))))[:MOST]
