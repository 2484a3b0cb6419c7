"""Whatever an order lives through: the journal balances, and what was earned is what was shipped less what was given back."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.db.models import Q, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from akinai.accounting import services
from akinai.accounting.models import JournalEntry, RevenueEntry
from akinai.accounting.proofs import EARNED
from akinai.accounting.rules.earning import split
from akinai.accounting.tests import life
from akinai.billing import services as billing
from akinai.billing.services import CreditAsk
from akinai.core.errors import DomainError
from akinai.flows.return_goods import Plan, settle_return
from akinai.orders import services as order_services
from akinai.orders.gifts import Chosen, Gift
from akinai.orders.models import Order
from akinai.payments import services as payments
from akinai.payments.models import Payment
from akinai.shipping import merging, return_queries
from akinai.shipping import services as shipping
from akinai.shipping.models import Shipment
from tests.cast import company, somebody

ACTS = (
    "ship",
    "unship",
    "invoice",
    "credit",
    "credit_rest",
    "replace",
    "pay",
    "pay_back",
    "refund",
    "return",
    "part",
    "merge",
    "unmerge",
    "gift",
    "tell",
    "post",
)
LIVES = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(1, 3000)), min_size=3, max_size=14
)
PRICES = st.tuples(
    st.integers(1, 9999),
    st.integers(0, 999),
    st.integers(0, 300),
    st.sampled_from([8, 10]),
    st.integers(1, 3),
)


class Lives(TestCase):
    """Random lives of three orders."""

    def setUp(self) -> None:
        company()
        life.goods("TEA-1", cost="600.3333", pieces=1000)
        life.goods("CUP-1", cost="0.0001", pieces=1000, rate=10)

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(LIVES, PRICES)
    def test_books_are_what_was_shipped_less_what_was_given_back(
        self, acts: list[tuple[str, int, int]], prices: tuple[int, int, int, int, int]
    ) -> None:
        price, fee, cut, _, pieces = prices
        cut = min(cut, price)
        lines, same = [("TEA-1", pieces, price), ("CUP-1", 1, 777)], somebody("L-0")
        total = price * pieces + 777 + fee - cut
        orders = [
            life.order(
                f"L-{n}", *lines, total_yen=total, shipping_yen=fee, discount_yen=cut, taxes=(), payment="cod",
                payment_settled=False, channel="phone", **({"buyer": same, "ship_to": same} if n < 2 else {}),
            )
            for n in range(3)
        ]  # fmt: skip
        for one in orders[
            :2
        ]:  # of one customer, so that they may leave together; the second looks like a repeat
            if one.state == "on_hold":
                order_services.release_all(one, note="確認済", by=None)
        for turn, (act, which, yen) in enumerate(acts):
            try:
                do(act, orders[which], yen, turn, orders)
            except DomainError:
                continue
        life.drain()
        services.post_upto()
        with connection.cursor() as cursor:
            cursor.execute(EARNED)
            told = {pk: yen for pk, _, yen in cursor.fetchall()}
        # Of an order that has left in part nobody says the sum: its parcels are held by `parcels_earn_what_they_hold`.
        earned = {one.pk: life.ledger(one) if told[one.pk] is None else told[one.pk] for one in orders}
        for one in orders:
            assert life.ledger(one) == earned[one.pk]
        for entry in JournalEntry.objects.annotate(
            debit=Sum("lines__yen", filter=Q(lines__side="debit")),
            credit=Sum("lines__yen", filter=Q(lines__side="credit")),
        ):
            assert entry.debit == entry.credit
        assert -sum(life.balance(role) for role in ("sales", "charges", "cuts")) == sum(
            RevenueEntry.objects.values_list("net_yen", flat=True)
        )
        paid = sum(Payment.objects.values_list("amount_yen", flat=True))
        assert (
            life.balance("receivable") + life.balance("advance")
            == sum(earned[one.pk] for one in orders) - paid
        )
        assert life.broken() == set()


def do(act: str, one: Order, yen: int, turn: int, every: list[Order]) -> Any:
    """One act of a clerk, who may be refused."""
    one.refresh_from_db()
    if act == "ship":
        life.ship(one)
    elif act == "unship":
        shipping.unship(
            list(Shipment.objects.filter(order=one, state="shipped").values_list("pk", flat=True)),
            reason="x",
            by=None,
        )
    elif act == "invoice":
        billing.issue([one.pk], by=None)
    elif act in ("credit", "credit_rest", "replace"):
        paper = one_invoice(one)
        if act == "credit":
            billing.credit(paper, asks=[CreditAsk(yen, 1, 1)], reason="x", returned_on=life.DAY, by=None)
        elif act == "credit_rest":
            billing.credit_rest(paper, reason="x", returned_on=life.DAY, by=None)
        else:
            billing.replace(paper, reason="x", by=None)
    elif act == "pay":
        payments.receive_otherwise(
            order_id=one.pk, amount_yen=yen, source="carrier", received_on=life.DAY, key=f"p{turn}", by=None
        )
    elif act == "pay_back":
        paid = Payment.objects.filter(order=one, reverses=None, reversed_by=None, source="carrier").first()
        if paid:
            payments.reverse_payment(paid.pk, note="x", by=None)
    elif act == "refund":
        payments.refund_order(
            order_id=one.pk, amount_yen=yen, method="transfer", on=life.DAY, key=f"r{turn}", note="x", by=None
        )
    elif act == "part":
        part(one, yen)
    elif act == "merge":
        shipping.merge_orders([every[0].pk, every[1].pk], by=None)
    elif act == "unmerge":
        if merge := merging.merge_of(one.pk):
            shipping.undo_merge(merge, by=None)
    elif act == "gift":
        options = (Chosen("包装", yen % 700, 1 + yen % 2),) if yen % 3 else ()
        order_services.set_gift(one.pk, line_no=1 + yen % 2, gift=Gift(options=options), by=None)
    elif act == "return":
        give_back(one, yen)
    elif act == "tell":
        life.drain()
    else:
        services.post_upto()


def part(one: Order, yen: int) -> None:
    """One piece leaves alone, now or (instructed only) with a later act."""
    line = one.lines.order_by("line_no")[yen % 2]
    batch = shipping.instruct_part(one.pk, {line.pk: 1}, ship_on=life.DAY, by=None)
    if yen % 4:
        shipping.ship([shipment.pk for shipment in batch.shipments.all()], by=None)
        life.drain()


def give_back(one: Order, yen: int) -> None:
    """A piece comes back, onto the shelf or into the bin, and is paid back or not."""
    shipment = Shipment.objects.filter(order=one, state__in=["shipped", "delivered"]).first()
    if shipment is None:
        raise DomainError("nothing has left")
    line = shipment.lines.order_by("pk")[0]
    with transaction.atomic():
        case = shipping.request_return(shipment.pk, asked=[shipping.Asked(line.pk, 1)], by=None)
        shipping.arrive(case, by=None)
        rows = return_queries.lines_of(case)
        fate = shipping.Found("new", "restock" if yen % 2 else "scrap", "refund" if yen % 3 else "credit")
        shipping.inspect(case, found={row.pk: fate for row in rows}, by=None)
        settle_return(
            case, plan=Plan({rows[0].pk: yen % 500}, refund_way="transfer" if yen % 3 else ""), by=None
        )


def one_invoice(one: Order) -> Any:
    from akinai.billing import queries

    found = queries.current(one.pk)
    if found is None:
        raise DomainError("no invoice")
    return found


@given(st.integers(-10_000, 10_000), st.lists(st.integers(-5000, 5000), max_size=8))
def test_what_is_split_adds_up(total: int, amounts: list[int]) -> None:
    parts = split(total, amounts)
    assert len(parts) == len(amounts)
    assert sum(parts) == (total if amounts else 0)
