"""属性の値を読む: what was typed → the value that is kept, or a sentence with the way out. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

VALUE_LENGTH = 500
YES = ("はい", "有", "あり", "yes", "true", "1", "○")
NO = ("いいえ", "無", "なし", "no", "false", "0", "×")


class Unreadable(ValueError):
    """The message is for the clerk."""


@dataclass(frozen=True, slots=True)
class Asked:
    """属性 as a category asks for it."""

    id: int
    name: str
    kind: str = "text"
    choices: tuple[str, ...] = ()
    unit: str = ""
    is_required: bool = False


def read(asked: Asked, text: str) -> str:
    """ "" for none. Raises Unreadable."""
    plain = " ".join(text.split())
    if not plain:
        return ""
    if len(plain) > VALUE_LENGTH:
        raise Unreadable(f"{asked.name}が長すぎます（{VALUE_LENGTH}文字まで）。")
    return _READERS[asked.kind](asked, plain)


def _number(asked: Asked, text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").removesuffix(asked.unit).strip()
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise Unreadable(
            f"{asked.name}「{text[:30]}」は数ではありません。数字だけで書いてください。"
        ) from error
    if not number.is_finite() or abs(number) >= 10**12:
        raise Unreadable(f"{asked.name}「{text[:30]}」は大きすぎます。")
    return f"{number.normalize():f}"


def _choice(asked: Asked, text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    for choice in asked.choices:
        if unicodedata.normalize("NFKC", choice).casefold() == folded:
            return choice
    raise Unreadable(f"{asked.name}は {_some(asked.choices)} のどれかにしてください。")


def _yes_no(asked: Asked, text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    if folded in YES:
        return "はい"
    if folded in NO:
        return "いいえ"
    raise Unreadable(f"{asked.name}は はい か いいえ にしてください。")


def _some(choices: Sequence[str]) -> str:
    return "・".join(choices[:8]) + (" など" if len(choices) > 8 else "")


_READERS = {"text": lambda asked, text: text, "number": _number, "choice": _choice, "yes_no": _yes_no}
