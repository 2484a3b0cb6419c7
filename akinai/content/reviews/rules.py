"""気を付けるところ: what a person should look at before a review or a question is shown. Nothing is decided by it. Knows no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from akinai.core.kana import search_key

PHONE = re.compile(r"(?<!\d)0\d{1,4}[-‐－ー(（ ]?\d{1,4}[-‐－ー)） ]?\d{3,4}(?!\d)")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|net|jp|xyz|info)\b", re.IGNORECASE)
POSTAL = re.compile(r"〒|(?<![\d-])\d{3}[-‐－]\d{4}(?![\d-])")
CONTACTS = (("電話番号", PHONE), ("メールアドレス", MAIL), ("リンク", LINK), ("住所・郵便番号", POSTAL))
# Said against a person, which no shop wants to show, and claims of effect that a shop may not repeat (薬機法).
RUDE = ("死ね", "殺す", "バカ", "馬鹿", "アホ", "クズ", "詐欺")
CLAIMS = (
    "治った",
    "治る",
    "完治",
    "効能",
    "痩せた",
    "血圧が下が",
    "血糖値",
    "アンチエイジング",
    "デトックス",
)


def flags(*texts: str, own: Iterable[str] = ()) -> list[str]:
    """What stands out in these texts, in words for the one who checks. `own`: words of the shop's list."""
    text = unicodedata.normalize("NFKC", "\n".join(texts))
    key = search_key(text)
    found = [word for word, pattern in CONTACTS if pattern.search(text)]
    for title, listed in (("不適切な言葉", RUDE), ("効能の表現", CLAIMS), ("確認する言葉", own)):
        found += [f"{title}「{word}」" for word in listed if search_key(word) and search_key(word) in key]
    return list(dict.fromkeys(found))


def words_of(lines: str) -> list[str]:
    """The shop's list, one word a line."""
    return [line.strip() for line in lines.splitlines() if line.strip()]
