"""受注の金額を行に: what billing makes of an order that left."""

from __future__ import annotations

from collections.abc import Iterable

from akinai.accounting.rules.earning import plain
from akinai.accounting.services.facts import Fact
from akinai.billing.services import Draft, Line, draft_invoice
from akinai.core.errors import DomainError
from akinai.core.tax import RateTotal, Rounding, rates_on, tax_of


def draft_of(fact: Fact, rounding: Rounding) -> Draft:
    """What billing makes of the order; where its parts do not add up, the lines as they are and a 差額."""
    standard = rates_on(fact.on).standard
    try:
        return draft_invoice(fact.charges, rounding=rounding, standard_rate=standard)
    except DomainError:
        lines = plain(fact.charges.goods, fact.charges.total_yen, standard)
        return Draft(tuple(lines), tuple(_totals(lines, rounding)))


def _totals(lines: Iterable[Line], rounding: Rounding) -> list[RateTotal]:
    sums: dict[int, int] = {}
    for line in lines:
        sums[line.tax_rate] = sums.get(line.tax_rate, 0) + line.amount_yen
    taxes = {rate: tax_of(gross, rate, rounding=rounding, inclusive=True) for rate, gross in sums.items()}
    return [RateTotal(rate, gross - taxes[rate], taxes[rate], gross) for rate, gross in sums.items()]
