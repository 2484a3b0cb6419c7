"""振替伝票の計算: what a clerk writes 税込 becomes lines 税抜 with the tax on lines of its own. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from akinai.accounting.rules import tax_classes
from akinai.core.tax import Rounding, divide, tax_of


@dataclass(frozen=True, slots=True)
class Asked:
    """1 行 as the clerk writes it: 税込."""

    account_id: int
    side: str
    yen: int
    tax_class: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """1 行 of the entry; lines of tax name the role of their account instead of the account."""

    account_id: int | None
    role: str
    side: str
    yen: int
    tax_class: str
    tax_yen: int
    is_tax: bool


def gap(lines: Sequence[Asked]) -> int:
    """借方 less 貸方."""
    return sum(line.yen if line.side == "debit" else -line.yen for line in lines)


def booked(lines: Sequence[Asked], rounding: Rounding) -> list[Booked]:
    """Debits first, the tax below what it belongs to. Tax that may not be deducted (経過措置) is a cost."""
    found: list[Booked] = []
    for line in lines:
        sort, rate, percent = tax_classes.parts(line.tax_class)
        tax = tax_of(line.yen, rate, rounding=rounding, inclusive=True)
        found.append(Booked(line.account_id, "", line.side, line.yen - tax, line.tax_class, tax, False))
        deductible = divide(tax * percent, 100, Rounding.DOWN)
        role = "tax_paid" if sort == "p" else "tax_received"
        found += [
            Booked(None, of, line.side, part, line.tax_class, 0, True)
            for of, part in ((role, deductible), ("lost_tax", tax - deductible)) if part
        ]  # fmt: skip
    return sorted(found, key=lambda one: (one.side != "debit", one.is_tax))
