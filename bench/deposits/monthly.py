"""Monthly customers (掛け・合計請求書): orders shipped last month, closed, and one transfer for each statement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bench.deposits.mix import Deposit, Maker

ORDERS = 3


def bill(maker: Maker, customers: int, *, channel: Any) -> list[Deposit]:
    """Through the services: placed, shipped and closed last month. Out: the deposits that pay the statements."""
    from django.utils import timezone

    from akinai.billing import services as billing
    from akinai.core import clock
    from akinai.orders import services as orders
    from akinai.orders.models import Order
    from akinai.party.services import found_company
    from akinai.shipping import services as shipping

    found_company(
        name="株式会社 見本茶舗", registration_number="T4011001098993", postal_code="1010051", prefecture="東京都",
        city="千代田区", line1="神田神保町1-2-3", phone="03-0000-1234", email="shop@example.jp",
    )  # fmt: skip
    last = clock.today().replace(day=1) - timedelta(days=1)
    moment = timezone.make_aware(datetime.combine(last - timedelta(days=5), time(10)))
    drafts, names = [], {}
    with clock.told(moment):
        for nth in range(customers):
            kana = maker.person()
            first = maker.order(kana, payment="credit_terms")
            rest = [
                maker.order(kana, mail=first.buyer.email, payment="credit_terms") for _ in range(ORDERS - 1)
            ]
            mine = [_goods_only(maker, one) for one in (first, *rest)]
            drafts += [replace(one, ordered_at=moment - timedelta(hours=1 + nth % 20)) for one in mine]
            names[first.buyer.email] = kana
        del maker.shop.orders[-len(drafts) :]
        orders.place_many(drafts, channel=channel, by=None)
        rows = Order.objects.filter(
            channel=channel, channel_order_no__in=[one.channel_order_no for one in drafts]
        )
        mine_ids = set(rows.values_list("customer_id", flat=True))
        for customer_id in mine_ids:
            billing.agree_terms(customer_id, since=date(last.year, last.month, 1), by=None)
        ready = list(rows.filter(state="ready").values_list("pk", flat=True))
        for at in range(0, len(ready), 300):
            batch = shipping.instruct(ready[at : at + 300], ship_on=moment.date(), by=None)
            shipping.ship(list(batch.shipments.values_list("pk", flat=True)), by=None)
    return _paid(maker, last, names, mine_ids)


def _goods_only(maker: Maker, draft: Any) -> Any:
    """Another number of pieces instead of the freight, so that the slip adds up line by line."""
    from akinai.orders.ports import TaxDraft

    lines = tuple(replace(line, quantity=maker.dice.randint(1, 9)) for line in draft.lines)
    total = sum(line.subtotal_yen for line in lines)
    taxes = (TaxDraft(8, total, total * 8 // 108),)
    return replace(draft, lines=lines, shipping_yen=0, goods_yen=total, total_yen=total, taxes=taxes)


def _paid(maker: Maker, last: date, names: dict[str, str], customer_ids: Collection[int]) -> list[Deposit]:
    from akinai.billing import services as billing
    from akinai.orders.models import Order
    from akinai.payments.services import statements

    run = billing.start_closing(31, last, by=None)
    for customer_id in customer_ids:
        billing.close(run, customer_id, by=None)
    before = len(maker.shop.deposits)
    for due in statements.dues():
        orders = Order.objects.filter(pk__in=due.order_ids).values_list(
            "channel_order_no", "total_yen", "buyer_email"
        )
        truth = {number: yen for number, yen, _mail in orders}
        mail = next(mail for _number, _yen, mail in orders)
        if mail in names:
            maker.pay(names[mail], due.owed_yen, truth, "monthly")
    made = maker.shop.deposits[before:]
    del maker.shop.deposits[before:]
    return made
