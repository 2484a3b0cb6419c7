"""Addresses and phones (住所・電話番号): prefectures, postal codes and numbers that Excel has shortened."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県", "埼玉県", "千葉県",
    "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
    "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県",
    "香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)  # fmt: skip
_ROMAN = (
    "hokkaido", "aomori", "iwate", "miyagi", "akita", "yamagata", "fukushima", "ibaraki", "tochigi", "gunma", "saitama", "chiba", "tokyo", "kanagawa", "niigata",
    "toyama", "ishikawa", "fukui", "yamanashi", "nagano", "gifu", "shizuoka", "aichi", "mie", "shiga", "kyoto", "osaka", "hyogo", "nara", "wakayama", "tottori",
    "shimane", "okayama", "hiroshima", "yamaguchi", "tokushima", "kagawa", "ehime", "kochi", "fukuoka", "saga", "nagasaki", "kumamoto", "oita", "miyazaki",
    "kagoshima", "okinawa",
)  # fmt: skip
_SHORT = {name: name for name in PREFECTURES} | {name[:-1]: name for name in PREFECTURES if name != "北海道"}
_BY_ROMAN = dict(zip(_ROMAN, PREFECTURES, strict=True))
# Postal codes that begin with 0, so that Excel shortens them: 北海道 00, 04-09; 秋田 01; 岩手 02; 青森 03.
_ZERO_PREFECTURES = frozenset({"北海道", "青森県", "岩手県", "秋田県"})
_ABROAD = re.compile(r"^\+81[-\s(]*0?\)?[-\s]*(?=\d)")  # +81 90-…, +81(0)90-…
_MACRONS = str.maketrans("āīūēōĀĪŪĒŌôÔ", "aiueoAIUEOoO")


def prefecture(text: str) -> str:
    """都道府県 by name, by JIS code ("JP-13", "13") or in Roman letters ("Tokyo"); else the text as it is."""
    if text in _SHORT:
        return _SHORT[text]
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain in _SHORT:
        return _SHORT[plain]
    if found := re.fullmatch(r"(?:JP-?)?(\d{1,2})", plain, re.IGNORECASE):
        number = int(found[1])
        return PREFECTURES[number - 1] if 1 <= number <= 47 else text
    roman = re.sub(r"[-\s](to|fu|ken|do|prefecture)$", "", plain.translate(_MACRONS).lower())
    return _BY_ROMAN.get(roman, text)


def split_prefecture(text: str) -> tuple[str, str]:
    """ "東京都千代田区1-1" → ("東京都", "千代田区1-1"); ("", text) when it begins with no prefecture."""
    for name in PREFECTURES:
        if text.startswith(name):
            return name, text[len(name) :].lstrip(" \u3000")
    return "", text


def without_prefecture(name: str, text: str) -> str:
    """An address line without the prefecture that stands in its own column already."""
    return text[len(name) :].lstrip(" \u3000") if name and text.startswith(name) else text


def _bare(text: str) -> str:
    """Half width, without the apostrophe that keeps Excel from reading a number."""
    return unicodedata.normalize("NFKC", text).strip().lstrip("'’`").strip()


@lru_cache(maxsize=5_000)  # 注文者 and 送付先 are mostly one
def postal(*pieces: str, prefecture: str = "") -> str:
    """郵便番号 as 7 digits, from one cell or two pieces (3+4). As written (joined) when it is no Japanese code.

    Pieces lose their leading zeros in Excel and get them back; one cell of 5 or 6 digits gets them back only where the
    prefecture says that the code begins with 0.
    """
    plain = [_bare(piece) for piece in pieces]
    if (
        len(plain) == 2
        and all(piece.isdigit() for piece in plain)
        and len(plain[0]) <= 3
        and len(plain[1]) <= 4
    ):
        return plain[0].zfill(3) + plain[1].zfill(4)
    text = "-".join(piece for piece in plain if piece)
    digits = re.sub(r"[-‐‑–—−ーｰ〒\s]", "", text)
    if re.fullmatch(r"\d{7}", digits):
        return digits
    if re.fullmatch(r"\d{5,6}", digits) and prefecture in _ZERO_PREFECTURES:
        return digits.zfill(7)
    return text


@lru_cache(maxsize=5_000)
def phone(*pieces: str) -> str:
    """電話番号 with its hyphens, from one cell or three pieces; zeros that Excel took are given back.

    "90", "0", "20" → 090-0000-0020; "9012345678" → 09012345678; "+81 90-1234-5678" → 090-1234-5678.
    """
    if len(pieces) == 3 and all(piece.isdigit() and piece.isascii() for piece in pieces):
        return _padded(*pieces)
    plain = [re.sub(r"[‐‑–—−ーｰ]", "-", _bare(piece)) for piece in pieces]
    if len(plain) == 3 and all(piece.isdigit() for piece in plain):
        return _padded(*plain)
    text = _ABROAD.sub("0", "-".join(piece for piece in plain if piece))
    if text.isdigit() and not text.startswith("0") and _lost_zero(text):
        return "0" + text
    return text


def _lost_zero(digits: str) -> bool:
    """10 digits of a mobile or IP phone, or 9 of a fixed line, as Excel leaves them."""
    return len(digits) == 9 or (len(digits) == 10 and digits[:2] in ("50", "60", "70", "80", "90"))


def _padded(first: str, middle: str, last: str) -> str:
    if first == "0" * len(first):
        return "-".join((first, middle, last))
    if not first.startswith("0"):
        first = "0" + first
    if first in ("0120", "0800"):  # フリーダイヤル: 4-3-3 and 4-3-4
        return "-".join((first, middle.zfill(3), last.zfill(3 if first == "0120" else 4)))
    total = 11 if len(first) == 3 and first in ("050", "060", "070", "080", "090") else 10
    room = total - len(first) - 4
    return "-".join((first, middle.zfill(room) if room > 0 else middle, last.zfill(4)))
