"""例外ごとの答え方: for each open exception the one act that answers it first, and the others that may. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from akinai.orders.repeats import Repeats
from akinai.orders.states import IssueCode as C

# What may be pressed, by name; the template of the questions knows how each looks.
REPEATS, SKU, CREATE, LINE, TAKE_OUT, AMOUNTS, DELIVERY, ADDRESSES, ACCEPT = (
    "repeats", "sku", "create", "line", "take_out", "amounts", "delivery", "addresses", "accept",
)  # fmt: skip
FIRST: Mapping[str, tuple[str, ...]] = {
    C.UNKNOWN_SKU: (SKU, CREATE, TAKE_OUT),
    C.TOTAL_MISMATCH: (AMOUNTS, ACCEPT),
    C.TAX_MISMATCH: (ACCEPT, AMOUNTS),
    C.BAD_QUANTITY: (LINE, TAKE_OUT, ACCEPT),
    C.BAD_PRICE: (LINE, TAKE_OUT, ACCEPT),
    C.BAD_DATE: (ACCEPT,),
    C.BAD_TEXT: (ACCEPT,),
    C.CURRENCY: (AMOUNTS, ACCEPT),
    C.MISSING_COLUMN: (ACCEPT,),
    C.MANGLED: (ACCEPT,),
    C.MULTI_SHIP: (ADDRESSES, DELIVERY, ACCEPT),
    C.DUPLICATE_ROW: (ACCEPT,),
    C.CANCELLED_LINE: (TAKE_OUT, LINE, ACCEPT),
    C.MALL_HOLD: (ACCEPT,),
    C.OTHER: (ACCEPT,),
}
# What the button says, and the reason that stands ready, where accepting is the usual answer.
WORDS: Mapping[str, tuple[str, str]] = {
    C.TAX_MISMATCH: ("モールの税額のまま進める", "モールの税額に従う"),
    C.MALL_HOLD: ("モールで確認できた", "モールの画面で確認済み"),
    C.BAD_DATE: ("確かめた", "日付を確かめた"),
    C.BAD_TEXT: ("確かめた", "内容を確かめた"),
    C.MISSING_COLUMN: ("確かめた", "モールの画面で確かめた"),
    C.MANGLED: ("確かめた", "モールの画面で確かめた"),
    C.MULTI_SHIP: ("この送付先に全部送る", "1か所にまとめて送る"),
    C.DUPLICATE_ROW: ("このままでよい", "内容を確かめた"),
}
_ADDRESS = re.compile(r"送付先|住所|郵便|電話|番地|建物|都道府県|市区町村|お届け|配送|届け先")
_WHERE_NOT_SHIPPED = {LINE, TAKE_OUT, AMOUNTS, DELIVERY, ADDRESSES}


@dataclass(frozen=True, slots=True)
class Answers:
    """The first act and the rest, by name; the words of accepting."""

    first: str
    others: tuple[str, ...]
    word: str = "そのまま受け入れる"
    reason: str = ""


def answers(code: str, *, line_no: int, column: str, is_open: bool, repeats: Repeats) -> Answers:
    """How this exception is answered. `is_open`: the order may still be corrected (nothing has been shipped)."""
    wanted = list(FIRST.get(code, (ACCEPT,)))
    if code in (C.BAD_TEXT, C.MANGLED, C.BAD_DATE) and not line_no and _ADDRESS.search(column):
        wanted.insert(0, DELIVERY)
    if code == C.BAD_PRICE and not line_no:
        wanted = [AMOUNTS, ACCEPT]
    if repeats and (code == C.DUPLICATE_ROW or (code == C.TOTAL_MISMATCH and not line_no)):
        wanted.insert(0, REPEATS)
    if not is_open:
        wanted = [name for name in wanted if name not in _WHERE_NOT_SHIPPED] or [ACCEPT]
    word, reason = WORDS.get(code, ("そのまま受け入れる", ""))
    return Answers(wanted[0], tuple(wanted[1:]), word, reason)
