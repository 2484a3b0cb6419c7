"""請求条件の計算: closing and due days, and what a statement says. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from akinai.billing.rules import within
from akinai.core.business_days import WhenClosed, closing_on, day_in_month, due_on
from akinai.core.tax import RateTotal, Rounding


class Terms(Protocol):
    """The part of BillingTerms that days are computed from."""

    cycle: str
    closing_day: int
    months: int
    paying_day: int
    when_closed: str


def due_of(terms: Terms, closed_on: date) -> date:
    """支払期限 of what was closed on this day."""
    return due_on(
        closed_on, months=terms.months, paying_day=terms.paying_day, when_closed=WhenClosed(terms.when_closed)
    )


def due_of_sale(terms: Terms, day: date) -> date:
    """支払期限 of a sale of `day`: of its closing, or of the day itself when every order is billed alone."""
    return due_of(terms, closing_on(day, terms.closing_day) if terms.cycle == "monthly" else day)


def last_closing(closing_day: int, today: date) -> date:
    """The newest closing day that is over: yesterday at the latest."""
    this_month = day_in_month(today.year, today.month, closing_day)
    return this_month if this_month < today else day_in_month(today.year, today.month - 1, closing_day)


def period_from(closed_on: date, closing_day: int) -> date:
    """The first day of the period that ends with `closed_on`."""
    return day_in_month(closed_on.year, closed_on.month - 1, closing_day) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Paper:
    """One invoice or slip (+) or credit note (−) of a statement. `sign` is 1 or -1; the amounts are positive."""

    number: str
    on: date
    order_id: int
    sign: int
    total_yen: int
    taxes: tuple[RateTotal, ...]
    is_slip: bool
    invoice_id: int | None = None
    credit_note_id: int | None = None
    order_no: str = ""

    @property
    def amount_yen(self) -> int:
        return self.sign * self.total_yen


@dataclass(frozen=True, slots=True)
class StatementDraft:
    """合計請求書の中身 before it has a number."""

    papers: tuple[Paper, ...]
    taxes: tuple[RateTotal, ...]  # highest rate first
    previous_yen: int
    received_yen: int

    @property
    def carried_yen(self) -> int:
        return self.previous_yen - self.received_yen

    @property
    def net_yen(self) -> int:
        return sum(total.net_yen for total in self.taxes)

    @property
    def tax_yen(self) -> int:
        return sum(total.tax_yen for total in self.taxes)

    @property
    def total_yen(self) -> int:
        return self.net_yen + self.tax_yen

    @property
    def asked_yen(self) -> int:
        return self.carried_yen + self.total_yen

    @property
    def says_something(self) -> bool:
        """Is there anything to ask or to tell?"""
        return bool(self.papers) or self.carried_yen != 0


def draft_statement(
    papers: Sequence[Paper], *, previous_yen: int, received_yen: int, rounding: Rounding
) -> StatementDraft:
    """合計請求書 of these papers, by day and number."""
    ordered = tuple(sorted(papers, key=lambda paper: (paper.on, paper.number)))
    return StatementDraft(ordered, statement_taxes(ordered, rounding), previous_yen, received_yen)


def statement_taxes(papers: Iterable[Paper], rounding: Rounding) -> tuple[RateTotal, ...]:
    """税率ごとの合計: what invoices say is added up as it stands; what slips came to is taxed here, once per rate."""
    stated: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    slips: dict[int, int] = defaultdict(int)
    for paper in papers:
        for total in paper.taxes:
            if paper.is_slip:
                slips[total.rate] += paper.sign * total.gross_yen
            else:
                stated[total.rate][0] += paper.sign * total.gross_yen
                stated[total.rate][1] += paper.sign * total.tax_yen
    totals = []
    for rate in sorted(stated.keys() | slips.keys(), reverse=True):
        gross = stated[rate][0] + slips[rate]
        tax = stated[rate][1] + within(slips[rate], rate, rounding)
        totals.append(RateTotal(rate, gross - tax, tax, gross))
    return tuple(totals)
