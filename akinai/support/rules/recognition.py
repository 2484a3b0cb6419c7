"""お客様の判定: whose letter is this? Every clue has its weight; below certainty a person decides. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

CERTAIN = 90
WEIGHTS = {
    "mail": (95, "メールアドレスが一致"),
    "masked": (95, "モールの転送アドレスが注文と一致"),
    "order_mail": (97, "注文番号とメールアドレスが一致"),
    "phone": (80, "電話番号が一致"),
    "order": (70, "注文番号が一致"),
    "name": (30, "お名前が一致"),
}


@dataclass(frozen=True, slots=True)
class Clue:
    """手がかり: this customer, because of that. `kind` is a key of WEIGHTS."""

    customer_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class Guess:
    """判定. `score` 0 to 100."""

    customer_id: int
    score: int
    reasons: tuple[str, ...]

    @property
    def is_certain(self) -> bool:
        return self.score >= CERTAIN


def guesses(clues: Sequence[Clue]) -> list[Guess]:
    """Candidates, the best first. Two customers who both look certain are neither: a person decides."""
    kinds: dict[int, set[str]] = defaultdict(set)
    for clue in clues:
        kinds[clue.customer_id].add(clue.kind)
    found = [_guess(pk, mine) for pk, mine in kinds.items()]
    found.sort(key=lambda one: (-one.score, one.customer_id))
    if len(found) > 1 and found[1].is_certain:
        found = [
            Guess(one.customer_id, min(one.score, CERTAIN - 5), (*one.reasons, "候補が複数")) for one in found
        ]
    return found


def _guess(customer_id: int, kinds: set[str]) -> Guess:
    ordered = sorted(kinds, key=lambda kind: -WEIGHTS[kind][0])
    score = WEIGHTS[ordered[0]][0]
    for kind in ordered[1:]:  # each further clue takes a share of what is missing
        score += (100 - score) * WEIGHTS[kind][0] // 200
    return Guess(customer_id, score, tuple(WEIGHTS[kind][1] for kind in ordered))
