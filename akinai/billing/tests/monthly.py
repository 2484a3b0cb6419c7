"""A customer who buys 掛け, and orders of his that have left."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from akinai.billing import services
from akinai.billing.models import BillingTerms
from akinai.party import services as party
from akinai.party.models import Customer
from akinai.shipping.tests import factories
from akinai.shipping.tests.factories import TOKYO, shipped_order

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 30)


def customer(name: str = "木村 一郎", **fields: Any) -> Customer:
    """木村 of カフェ木村, unless named otherwise."""
    person = party.Person(
        name, "キムラ イチロウ", "株式会社カフェ木村", f"{abs(hash(name))}@example.com", "03-1111-2222", "1500001", "東京都渋谷区神宮前1-2-3"
    )  # fmt: skip
    found = Customer.objects.get(pk=party.ensure_customers([person]).ids[person.identity])
    Customer.objects.filter(pk=found.pk).update(**fields)
    found.refresh_from_db()
    return found


def terms(who: Customer, **fields: Any) -> BillingTerms:
    """末日締め 翌月末払い since 2026-09-01, the statement being the qualified invoice."""
    factories.company()
    values = {"customer": who, "since": date(2026, 9, 1), **fields}
    return services.save_terms(BillingTerms(**values), by=None)


def sold(who: Customer, day: date, *lines: dict[str, Any], **fields: Any) -> Any:
    """An order of 1,100 yen at 10 % (or of these lines) that left on `day`; no paper yet."""
    at = datetime(day.year, day.month, day.day, 15, 0, tzinfo=TOKYO)
    return shipped_order(
        *lines,
        customer=who,
        payment="credit_terms",
        payment_settled=False,
        shipped_at=at,
        ordered_at=at,
        **fields,
    )


def close(who: Customer, closed_on: date, day: int = 31) -> Any:
    """締める one customer."""
    return services.close(services.start_closing(day, closed_on, by=None), who.pk, by=None)
