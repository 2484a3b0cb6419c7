"""お届け時間帯と運送会社の言葉 → our slot and carrier codes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SLOTS = ("am", "1214", "1416", "1618", "1820", "1921", "2021")
_NONE = frozenset({"", "0", "00", "0000", "なし", "無し", "指定なし", "時間指定なし", "指定無し", "希望なし", "未指定", "希望しない",
                   "指定しない", "none", "-", "選択してください"})  # fmt: skip
_MORNING = re.compile(r"(午前中?|am|am指定|0?[89]12|午前中\(.*\)|午前中?0?[89](:00)?[-~](午前)?12(:00)?時?)")
_RANGE = re.compile(
    r"(午後)?(\d{1,2})(?::?00)?時?頃?(?:[-~]|から)(?:午後)?(\d{1,2})(?::?00)?時?(頃|まで|の間|頃まで)*"
)
_CARRIERS = (
    ("yamato", ("ヤマト", "クロネコ", "宅急便", "yamato", "ネコポス", "コンパクト便")),
    ("sagawa", ("佐川", "飛脚", "sagawa")),
    ("japanpost", ("日本郵便", "ゆうパック", "ゆうパケット", "ゆうメール", "郵便", "レターパック", "クリックポスト", "スマートレター",
                   "japanpost", "jppost")),
)  # fmt: skip
_NUMBERS = {"1001": "yamato", "1002": "sagawa", "1003": "japanpost"}  # 楽天 and Yahoo!


@lru_cache(maxsize=2_000)
def slot(text: str) -> str | None:
    """ "午前中" → "am", "18:00-20:00" / "1820" / "18時～20時" → "1820", "指定なし" → "", anything else → None.

    楽天 RMS codes: 0 none, 1 午前, 2 午後 (None: we have no such slot), 9 その他 (None), else hhhh.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()
    plain = re.sub(r"[‐‑–—−ー〜～―]", "-", plain)
    if plain in _NONE:
        return ""
    if plain == "1" or _MORNING.fullmatch(plain):
        return "am"
    if plain in SLOTS:
        return plain
    if found := _RANGE.fullmatch(plain):
        return _of_hours(int(found[2]), int(found[3]), afternoon=bool(found[1]))
    return None


def _of_hours(start: int, end: int, *, afternoon: bool) -> str | None:
    if afternoon and start < 12:
        start, end = start + 12, end + 12
    if start in (8, 9) and end == 12:
        return "am"
    code = f"{start:02d}{end:02d}"
    return code if code in SLOTS else None


@lru_cache(maxsize=1_000)
def carrier(text: str) -> str:
    """ "ヤマト運輸", "クロネコDM", "1001" → "yamato"; 佐川 "sagawa"; 日本郵便 "japanpost"; else ""."""
    plain = re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", text)).lower()
    if plain in _NUMBERS:
        return _NUMBERS[plain]
    return next((code for code, words in _CARRIERS if any(word in plain for word in words)), "")
