"""種類を見分ける: what a letter is about, by its words. Pure.

Only words that leave little doubt: a letter that is put into the wrong drawer waits longer than one in none.
"""

from __future__ import annotations

from akinai.core.kana import search_key

# The first kind whose words stand in the subject, then in the text, is taken; what asks for most comes first.
WORDS = (
    ("cancel", ("キャンセル", "注文を取り消", "注文の取消", "二重に注文")),
    ("return", ("返品", "交換", "返金", "割れて", "割れた", "破損", "欠けて", "壊れて", "不良品")),
    ("invoice", ("領収書", "領収証", "請求書", "納品書", "インボイス", "適格請求書", "見積")),
    ("order", ("届きません", "届かない", "届いていません", "まだ届", "いつ届", "届くのはいつ", "お届け先", "届け先", "配達", "配送", "再配達", "追跡", "お届け日")),
    ("goods", ("賞味期限", "アレルギー", "原材料", "使い方", "作り方", "サイズ", "在庫は", "再入荷", "のし", "包装", "名入れ")),
)  # fmt: skip
MOST_LETTERS = 2000


def kind_of(subject: str, text: str) -> str:
    """The kind of a letter, "" where its words do not say."""
    return _first(search_key(subject)) or _first(search_key(text[:MOST_LETTERS]))


def _first(said: str) -> str:
    return next((kind for kind, words in _KEYS if any(word in said for word in words)), "")


_KEYS = tuple((kind, tuple(search_key(word) for word in words)) for kind, words in WORDS)
