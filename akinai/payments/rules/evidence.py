"""証拠: how well an order fits a credit of exactly its amount, with every reason and every doubt. Pure.

A claim of CERTAIN or more names the order by the buyer's own name, a learned name, or a whole order number. Anything
that could make it another's money takes the score below that line, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from akinai.core.kana import payer_key
from akinai.payments.rules.book import PREFIX, Book, Credit, Due
from akinai.payments.rules.names import Payer, bare_of

CERTAIN = 90
AMOUNT_ONLY = 3  # orders shown when nothing but the amount fits
WEAK = {
    "bare": (85, "法人格の書き方を除いて名義が一致"),
    "start": (82, "名義の先頭が一致（銀行で途中まで）"),
    "other": (75, "送付先の名前と一致"),
    "family": (65, "姓が一致（ご家族かもしれません）"),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One order that could be meant. `is_numbered`: a number beside the name is this order's."""

    due: Due
    score: int
    reasons: tuple[str, ...]
    is_numbered: bool = False


def digits_of(credit: Credit, payer: Payer) -> frozenset[str]:
    """Numbers in the payer's text and in the EDI field."""
    edi = re.findall(r"\d{4,}", payer_key(credit.edi)) if credit.edi else ()
    return payer.digits | frozenset(edi)


def known_dues(payer: Payer, digits: Iterable[str], book: Book) -> list[Due]:
    """Orders of whom the text names: by name, by learned name or by a whole order number."""
    found = {due.order_id: due for key in payer.keys for due in book.by_name.get(key, ())}
    for text in digits:
        found |= {due.order_id: due for due, strong in book.by_digits.get(text, ()) if strong}
    return list(found.values())


def claims(credit: Credit, payer: Payer, book: Book) -> list[Claim]:
    """Every order that owes exactly this amount and has something else in common with the credit."""
    same = book.by_amount.get(credit.left_yen)
    if not same:
        return []
    digits = digits_of(credit, payer)
    strong = [
        _claim(credit, payer, due, digits, book)
        for due in known_dues(payer, digits, book)
        if due.owed_yen == credit.left_yen
    ]
    if any(claim.score >= CERTAIN for claim in strong):
        return strong
    seen = {claim.due.order_id for claim in strong}
    weak = [claim for claim in _weak(credit, payer, digits, book) if claim.due.order_id not in seen]
    return [*strong, *weak] or list(_by_amount(credit, same))


def _claim(credit: Credit, payer: Payer, due: Due, digits: frozenset[str], book: Book) -> Claim:
    by_name, by_alias = bool(due.names & payer.keys), bool(due.aliases & payer.keys)
    numbered = any(is_own_number(due, text) for text in digits)
    reasons = ["金額が一致"]
    if by_name or by_alias:
        reasons.append("名義が一致" if by_name else "覚えた名義と一致")
    if numbered:
        reasons.append("注文番号が一致")
    score = (97 if by_name else 95) + 2 * numbered if by_name or by_alias else 93
    for doubt, ceiling in _doubts(credit, payer, due, digits, book, numbered, by_name):
        reasons.append(doubt)
        score = min(score, ceiling)
    return Claim(due, score, tuple(reasons), numbered)


def _doubts(
    credit: Credit, payer: Payer, due: Due, digits: frozenset[str], book: Book, numbered: bool, by_name: bool
) -> Iterator[tuple[str, int]]:
    """Why the claim is not certain, each with the score it cannot pass."""
    if credit.on < due.ordered_on:
        yield "入金日が注文日より前", 40
    if credit.is_rest:
        yield "一部を使った残り", 85
    if not credit.is_transfer:
        yield "振込の明細ではない", 80
    if numbered:
        if not payer.keys & (due.names | due.aliases) and _is_somebody_else(payer, due, book):
            yield "名義は別のお客様", 85
        return
    if digits:
        yield "書かれた番号はこの受注の番号ではない", 80
    if not by_name and payer.keys & book.shared_aliases:
        yield "この名義は複数のお客様に覚えがある", 80
    yield from _ghosts(credit, payer, due, book)


def _ghosts(credit: Credit, payer: Payer, due: Due, book: Book) -> Iterator[tuple[str, int]]:
    """A namesake's order of the same amount that is paid or cancelled: this may be his second payment."""
    for key in payer.keys:
        for ghost in book.ghosts.get((credit.left_yen, key), ()):
            if ghost.customer_id is None or ghost.customer_id != due.customer_id:
                state = "キャンセル済み" if ghost.is_cancelled else "入金済み"
                yield f"同姓同名の別の方に同じ金額の{state}の受注 {ghost.number} がある", 80
                return


def _is_somebody_else(payer: Payer, due: Due, book: Book) -> bool:
    """Does the payer's name belong to another customer who owes us as well?"""
    return any(other.owner != due.owner for key in payer.keys for other in book.by_name.get(key, ()))


def is_own_number(due: Due, digits: str) -> bool:
    """Is this (the end of) one of the order's numbers? Leading zeros are often left out."""
    for text in (due.number, due.channel_order_no):
        groups = re.findall(r"\d+", text)
        if groups and (groups[-1].lstrip("0") == digits.lstrip("0") or "".join(groups).endswith(digits)):
            return True
    return False


def _weak(credit: Credit, payer: Payer, digits: frozenset[str], book: Book) -> Iterator[Claim]:
    """What only resembles: never certain."""
    seen: set[int] = set()
    for text in digits:
        for due, _strong in book.by_digits.get(text, ()):
            if due.owed_yen == credit.left_yen and due.order_id not in seen:
                seen.add(due.order_id)
                yield _resembling(credit, due, 80, "注文番号の一部が一致")
    for kind, name in _hints(payer):
        for due in book.hinted(kind, credit.left_yen, name):
            if due.order_id not in seen and (kind != "start" or _is_cut(payer, due)):
                seen.add(due.order_id)
                yield _resembling(credit, due, *WEAK[kind])


def _hints(payer: Payer) -> Iterator[tuple[str, str]]:
    for key in payer.keys:
        yield "bare", bare_of(key)
        yield "other", key
    if len(payer.bare) >= PREFIX:
        yield "start", payer.bare[:PREFIX]
    if payer.family:
        yield "family", payer.family


def _is_cut(payer: Payer, due: Due) -> bool:
    """Is the payer's name the beginning of the buyer's?"""
    return any(bare_of(name).startswith(payer.bare) for name in due.names)


def _resembling(credit: Credit, due: Due, score: int, reason: str) -> Claim:
    if credit.on < due.ordered_on:
        return Claim(due, min(score, 40), ("金額が一致", reason, "入金日が注文日より前"))
    return Claim(due, score, ("金額が一致", reason))


def _by_amount(credit: Credit, same: Sequence[Due]) -> Iterator[Claim]:
    """Nothing but the amount: the oldest orders of this amount."""
    alone = len(same) == 1
    reason = "金額が一致する受注は 1 件だけ" if alone else f"金額が一致する受注が {len(same)} 件"
    for due in same[:AMOUNT_ONLY]:
        score = (55 if alone else 35) if credit.on >= due.ordered_on else 20
        yield Claim(due, score, (reason, "名義は一致しない" if credit.payer else "名義が空欄"))
