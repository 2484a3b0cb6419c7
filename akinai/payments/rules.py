"""Who paid what (消込の判断): candidates for one bank line, each with a score and its reasons. No database.

Rank (japan.md 6): exact amount and name, or exact amount and order number, and nobody else could be meant → certain.
Everything else is a proposal for a person: less the transfer fee, several orders at once, only the amount, only the name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from akinai.core.kana import name_variants, payer_key, strip_legal_form

CERTAIN = 90
MAX_CANDIDATES = 6
MAX_GROUP = 6  # orders paid by one transfer
# Usual transfer fees that a payer takes off, in yen (japan.md 6); the limit lies below the 1万円 of the law.
FEES = frozenset({110, 145, 150, 165, 220, 275, 330, 440, 550, 605, 660, 770, 880})
MIN_NUMBER_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Due:
    """未入金の受注 as matching sees it. `names` are payer keys: kana, name, company, learned aliases."""

    order_id: int
    number: str
    channel_order_no: str
    customer_id: int | None
    label: str
    owed_yen: int
    ordered_on: date
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Credit:
    """入金明細 as matching sees it: what is left of one line."""

    line_id: int
    on: date
    left_yen: int
    payer: str
    edi: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """候補: which orders, how sure (0–100), why, and what happens to the difference.

    `difference_yen` = money − owed; negative is short (a fee within the usual ones, else underpaid).
    """

    order_ids: tuple[int, ...]
    score: int
    reasons: tuple[str, ...]
    difference_yen: int = 0
    kind: str = "exact"  # exact, group, fee, over, short


@dataclass(slots=True)
class Book:
    """All open dues, indexed once, so that each line is looked up and never compared with all of them."""

    by_amount: dict[int, list[Due]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Due]] = field(default_factory=lambda: defaultdict(list))
    by_digits: dict[str, list[Due]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, dues: Iterable[Due]) -> Book:
        book = cls()
        for due in dues:
            book.by_amount[due.owed_yen].append(due)
            for name in due.names:
                book.by_name[name].append(due)
            for digits in order_digits(due.number, due.channel_order_no):
                book.by_digits[digits].append(due)
        return book


def order_digits(number: str, channel_order_no: str) -> set[str]:
    """The digit strings a customer may write before or after the name: all digits, and the last group without zeros."""
    found: set[str] = set()
    for text in (number, channel_order_no):
        groups = re.findall(r"\d+", text)
        if not groups:
            continue
        found.add("".join(groups))
        found.add(groups[-1].lstrip("0"))
        found.add(groups[-1])
    return {digits for digits in found if len(digits) >= MIN_NUMBER_DIGITS}


def split_payer(payer: str) -> tuple[frozenset[str], frozenset[str]]:
    """(name keys, digit strings) of a payer text such as "1234ﾔﾏﾀﾞ ﾀﾛｳ" or "ｶ)ﾔﾏﾀﾞｼﾖｳﾃﾝ"."""
    key = payer_key(payer)
    digits = frozenset(re.findall(rf"\d{{{MIN_NUMBER_DIGITS},}}", key))
    bare = re.sub(r"[-#№]*\d{3,}[-]*", "", key)
    names = {bare, payer_key(bare), strip_legal_form(re.sub(r"\d{3,}", " ", payer)).text}
    names |= set(name_variants(re.sub(r"[0-9０-９]{3,}", " ", payer)))
    return frozenset(name for name in names if name), digits


def candidates(credit: Credit, book: Book, *, rivals: Sequence[Credit] = ()) -> list[Candidate]:
    """Candidates for one line, best first. `rivals` are other open lines of the same payer and amount.

    Two equal candidates, or two lines for one order, are never certain: a person chooses.
    """
    names, digits = split_payer(credit.payer)
    _, edi_digits = split_payer(credit.edi)
    named = {due.order_id: due for name in names for due in book.by_name.get(name, ())}
    numbered = {due.order_id: due for text in digits | edi_digits for due in book.by_digits.get(text, ())}
    found = [
        *_exact(credit, book, named, numbered, rivals),
        *_groups(credit, named, numbered),
        *_near(credit, named | numbered),
    ]
    found.sort(key=lambda c: (-c.score, len(c.order_ids), c.order_ids))
    return found[:MAX_CANDIDATES]


def _exact(
    credit: Credit, book: Book, named: dict[int, Due], numbered: dict[int, Due], rivals: Sequence[Credit]
) -> list[Candidate]:
    same_amount = book.by_amount.get(credit.left_yen, [])
    both = [due for due in same_amount if due.order_id in named or due.order_id in numbered]
    by_number = [due for due in both if due.order_id in numbered]
    found = []
    for due in both:
        reasons = ["金額が一致"]
        if due.order_id in numbered:
            reasons.append("注文番号が一致")
        if due.order_id in named:
            reasons.append("名義が一致")
        score = 97 if due.order_id in named else 93
        for doubt, ceiling in _doubts(credit, due, both, by_number, numbered, rivals):
            reasons.append(doubt)
            score = min(score, ceiling)
        found.append(Candidate((due.order_id,), score, tuple(reasons)))
    if not both:
        alone = len(same_amount) == 1
        for due in same_amount[:3]:
            reason = (
                "金額が一致する受注は 1 件だけ" if alone else f"金額が一致する受注が {len(same_amount)} 件"
            )
            score = (55 if alone else 35) if credit.on >= due.ordered_on else 20
            found.append(Candidate((due.order_id,), score, (reason, "名義は一致しない")))
    return found


def _doubts(
    credit: Credit,
    due: Due,
    both: Sequence[Due],
    by_number: Sequence[Due],
    numbered: dict[int, Due],
    rivals: Sequence[Credit],
) -> list[tuple[str, int]]:
    """Why an exact candidate is not certain, each with the score it cannot pass."""
    is_numbered = due.order_id in numbered
    found = []
    if len(both) > 1 and not (is_numbered and len(by_number) == 1):
        found.append((f"同じ名義・金額の受注が {len(both)} 件", 70))
    if rivals and not is_numbered:
        found.append(("同じ名義・金額の入金がほかにもある", 70))
    if credit.on < due.ordered_on:
        found.append(("入金日が注文日より前", 40))
    return found


def _groups(credit: Credit, named: dict[int, Due], numbered: dict[int, Due]) -> list[Candidate]:
    """Several orders of one payer in one transfer (合算)."""
    pool = sorted((named | numbered).values(), key=lambda due: (due.ordered_on, due.order_id))[
        : MAX_GROUP * 2
    ]
    found = []
    for size in range(2, min(MAX_GROUP, len(pool)) + 1):
        for group in combinations(pool, size):
            if sum(due.owed_yen for due in group) == credit.left_yen:
                score = 85 if size == len(pool) else 65
                reasons = ("名義が一致", f"{size} 件の合計と金額が一致")
                found.append(Candidate(tuple(due.order_id for due in group), score, reasons, kind="group"))
        if found:
            break
    return found


def _near(credit: Credit, known: dict[int, Due]) -> list[Candidate]:
    """The payer is known but the amount differs: a fee taken off, paid too much, paid too little."""
    found = []
    for due in known.values():
        difference = credit.left_yen - due.owed_yen
        if difference == 0 or credit.on < due.ordered_on:
            continue
        if -difference in FEES:
            reasons = ("名義が一致", f"差額 {-difference} 円は振込手数料とみられる")
            found.append(Candidate((due.order_id,), 80, reasons, difference, "fee"))
        elif difference > 0:
            reasons = ("名義が一致", f"{difference:,} 円多い（過入金）")
            found.append(Candidate((due.order_id,), 45, reasons, difference, "over"))
        else:
            reasons = ("名義が一致", f"{-difference:,} 円足りない（一部入金）")
            found.append(Candidate((due.order_id,), 40, reasons, difference, "short"))
    return found
