"""精算の入金: which deposit is surely which settlement's. Pure.

Sure when amount, day and payer agree and no other deposit and no other settlement fits. Equal ones wait for a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Expected:
    """A settlement whose money has not been seen. `payers`: keys of names under which its provider pays."""

    settlement_id: int
    provider_id: int
    on: date
    net_yen: int
    payers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deposit:
    """A credit at the bank that is nobody's yet."""

    line_id: int
    on: date
    amount_yen: int
    payer_key: str

    def is_signed_by(self, payers: Iterable[str]) -> bool:
        """Banks cut long names, so the beginning decides; never fewer than four letters."""
        mine = self.payer_key
        return any(
            len(name) >= 4 and len(mine) >= 4 and (mine.startswith(name) or name.startswith(mine))
            for name in payers
        )


def sure_pairs(
    waiting: Sequence[Expected], deposits: Sequence[Deposit], *, early: timedelta, late: timedelta
) -> list[tuple[int, int]]:
    """(settlement, deposit) that fit each other and nobody else."""
    by_amount: dict[int, list[Deposit]] = defaultdict(list)
    for deposit in deposits:
        by_amount[deposit.amount_yen].append(deposit)
    fits: dict[int, list[int]] = {}
    wanted: dict[int, list[int]] = defaultdict(list)
    for one in waiting:
        fits[one.settlement_id] = [
            found.line_id
            for found in by_amount[one.net_yen]
            if one.on - early <= found.on <= one.on + late and found.is_signed_by(one.payers)
        ]
        for line_id in fits[one.settlement_id]:
            wanted[line_id].append(one.settlement_id)
    return [
        (settlement_id, lines[0])
        for settlement_id, lines in fits.items()
        if len(lines) == 1 and len(wanted[lines[0]]) == 1
    ]
