"""Yen and pieces as people write them (金額・数量の読み書き). Whole yen in `int`; never float.

Pure: knows no Django, so parsers and screens read amounts by the same rule.
"""

from __future__ import annotations

import re
from decimal import Decimal

# 全角 → 半角, only what belongs to an amount. NFKC would also turn ① into 1, which nobody means as an amount.
_NARROW = str.maketrans("０１２３４５６７８９，．（）＋－−‐‑–—ー￥＼＄　", "0123456789,.()+-------¥\\$ ")
_MINUS_MARKS = "-▲△"
_DIGITS = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?", re.ASCII)
MAX_YEN = 999_999_999_999
MAX_QUANTITY = 999_999


class NotANumber(ValueError):
    """The text is no whole amount. The message is Japanese and may be shown to a clerk."""


def parse_yen(text: str) -> int:
    """金額: "１，２３４円", "¥1,234", "▲1,200", "(1,200)", "1,200-", "1,234.00" → whole yen.

    A dash behind an amount with a yen mark ("¥1,000-") is the mark that closes a Japanese price, not a minus.
    Raises NotANumber (a ValueError) for anything else: blank, fractions of a yen, "1.23E+11", over 12 digits.
    """
    plain = text.translate(_NARROW).strip()
    if not plain:
        raise NotANumber("金額が空欄です。")
    body, marked = _without_currency(plain)
    body, negative = _without_sign(body, closing_dash=marked)
    value = _whole(body, text, "金額")
    if value > MAX_YEN:
        raise NotANumber(f"金額「{_short(text)}」が大きすぎます（12桁まで）。")
    return -value if negative else value


def parse_quantity(text: str, *, allow_negative: bool = False, maximum: int = MAX_QUANTITY) -> int:
    """数量: "１２", "1,000", "3.0" → int. Negative ones and those over `maximum` are refused by name."""
    plain = text.translate(_NARROW).strip()
    if not plain:
        raise NotANumber("数量が空欄です。")
    body, negative = _without_sign(plain, closing_dash=False)
    value = _whole(body, text, "数量")
    if negative and value and not allow_negative:
        raise NotANumber(f"数量「{_short(text)}」がマイナスです。")
    if value > maximum:
        raise NotANumber(f"数量「{_short(text)}」が大きすぎます（{maximum:,}まで）。")
    return -value if negative else value


def yen(amount: int) -> str:
    """¥1,234, and ▲¥1,234 for a negative amount."""
    return f"▲¥{-amount:,}" if amount < 0 else f"¥{amount:,}"


def _without_currency(text: str) -> tuple[str, bool]:
    """The text without ¥, \\ (yen in CP932) and 円; True when there was one."""
    bare = re.sub(r"^([-+▲△(]*)\s*[¥\\]\s*", r"\1", text)
    bare = re.sub(r"\s*円(?=[-)]?$)", "", bare)
    return bare.strip(), bare != text


def _without_sign(text: str, *, closing_dash: bool) -> tuple[str, bool]:
    """The digits and whether they are negative. One sign only: "(-5)" or "-5-" are nobody's amount."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    if text[:1] in _MINUS_MARKS:
        return text[1:].strip(), True
    if text.endswith("-"):
        return text[:-1].strip(), not closing_dash
    return text.removeprefix("+").strip(), False


def _whole(body: str, original: str, word: str) -> int:
    found = _DIGITS.fullmatch(body)
    if not found:
        raise NotANumber(f"{word}「{_short(original)}」を数として読めません。")
    digits, decimals = found.groups()
    if decimals is not None and (decimals.strip("0") or len(decimals) == 3):
        # "1.000" is a thousand in some countries and one in others: a person must say.
        raise NotANumber(f"{word}「{_short(original)}」に小数があります。整数にしてください。")
    return int(digits.replace(",", ""))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"


def parse_unit_cost(text: str) -> Decimal:
    """仕入単価: "１，２３４.５" → Decimal("1234.5"), yen with up to four decimals, 0 or more. Raises NotANumber else."""
    plain = text.translate(_NARROW).strip()
    if not plain:
        raise NotANumber("単価が空欄です。")
    body, negative = _without_sign(_without_currency(plain)[0], closing_dash=False)
    found = _DIGITS.fullmatch(body)
    if not found or len(found[1].replace(",", "")) > 9:
        raise NotANumber(f"単価「{_short(text)}」を金額として読めません。")
    if len((found[2] or "").rstrip("0")) > 4:
        raise NotANumber(f"単価「{_short(text)}」の小数は4桁までにしてください。")
    if negative:
        raise NotANumber(f"単価「{_short(text)}」がマイナスです。")
    return Decimal(body.replace(",", ""))


def cost_text(cost: Decimal | None) -> str:
    """仕入単価 without idle zeros: 1,200.5; "" while it is unknown."""
    return "" if cost is None else f"{cost.normalize():,f}"
