"""月締めの一か月: a café buys 掛け, gets its slips with the goods, one statement, and pays it with one transfer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.core import mail as outbox
from django.utils import timezone

from akinai.billing import jobs
from akinai.billing import queries as billing_queries
from akinai.billing import services as billing
from akinai.billing.models import BillingTerms, CreditNote, Invoice, Statement
from akinai.billing.services import CreditAsk
from akinai.core import clock, long_jobs, mail, proofs
from akinai.orders.models import Order
from akinai.payments import queries as money
from akinai.payments import services as payments
from akinai.payments.models import Payment
from akinai.payments.tests.factories import take, told
from akinai.shipping import services as shipping
from tests.cast import AOKI, company, draft, place, sku, staff

pytestmark = pytest.mark.django_db(transaction=True)
CAFE = replace(
    AOKI, name="木村 一郎", kana="キムラ イチロウ", company="カフェ木村株式会社", email="cafe@example.com"
)


def at(month: int, day: int, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime(2026, month, day, hour))


def broken() -> list[str]:
    return [f"{finding.name}: {finding.broken}" for finding in proofs.run_all() if finding.broken]


def leaves(no: str, day: datetime, *lines: tuple[str, int, int]) -> Order:
    """An order of the café, placed and shipped on this day without waiting for money."""
    with clock.told(day):
        order = place(
            draft(no, *lines, buyer=CAFE, ship_to=CAFE, payment="credit_terms", payment_label="掛け", payment_settled=False,
                  ordered_at=day),
            channel="phone",
        )  # fmt: skip
        assert order.state == "ready"
        shipment = shipping.instruct([order.pk], ship_on=day.date(), by=None).shipments.get()
        shipping.add_tracking(shipment, numbers=[], by=None)
        shipping.ship([shipment.pk], by=None)
        order.refresh_from_db()
    return order


def close(month: int, today: datetime) -> Statement:
    """締め処理 at the end of the month, by the job the screen starts."""
    suzuki = staff("鈴木")
    with clock.told(today):
        run = billing.start_closing(31, date(2026, month, {10: 31, 11: 30}[month]), by=suzuki)
        ids = [row.terms.customer_id for row in billing.foresee(31, run.closed_on)]
        long_jobs.run(long_jobs.start(jobs.CLOSE, ids, by=suzuki, options={"run": run.pk}).pk)
        made = Statement.objects.latest("pk")
        assert billing.send(made, by=suzuki) and mail.send_due() >= 1
    return made


def pay(amount: int, today: datetime, payer: str = "ｶ)ｶﾌｴｷﾑﾗ") -> payments.Outcome:
    with clock.told(today):
        take(told(amount, payer, today.date()))
        return payments.match_all(by=staff("鈴木"))


@pytest.fixture
def cafe() -> Any:
    company()
    sku("TEA-1", pieces=100)
    with clock.told(at(9, 25)):
        first = place(draft("P-0", ("TEA-1", 1, 1080), buyer=CAFE, ship_to=CAFE), channel="phone")
        assert first.customer_id
        billing.save_terms(
            BillingTerms(
                customer_id=first.customer_id,
                since=date(2026, 10, 1),
                credit_limit_yen=30_000,
                payer_kana="カ）カフエキムラ",
            ),
            by=staff("鈴木"),
        )
    return first.customer


def test_two_months_from_orders_to_matched_money(cafe: Any) -> None:
    orders = [leaves(f"P-{n}", at(10, 5 * n), ("TEA-1", n, 1080)) for n in (1, 2, 3)]
    assert [o.invoice_progress for o in orders] == ["sent"] * 3  # the slips lie in the parcels
    assert list(Invoice.objects.values_list("kind", flat=True)) == ["slip"] * 3
    october = close(10, at(11, 1))
    assert (october.asked_yen, october.tax_yen, october.due_on) == (6_480, 480, date(2026, 11, 30))
    (letter,) = [m for m in outbox.outbox if october.number in m.subject]
    assert (letter.to, letter.attachments[0][0]) == (["cafe@example.com"], f"{october.number}.pdf")

    # The whole statement in one transfer: every order is paid, nobody had to look.
    outcome = pay(6_480, at(11, 27))
    assert (outcome.auto, outcome.auto_yen, outcome.proposed) == (1, 6_480, 0)
    for order in orders:
        order.refresh_from_db()
        assert (order.paid_yen, order.payment_progress) == (order.total_yen, "done")
    assert billing_queries.statement_dues() == []

    # November: one more delivery, and two boxes of October come back although they were paid.
    leaves("P-4", at(11, 10), ("TEA-1", 5, 1080))
    with clock.told(at(11, 28)):
        slip = Invoice.objects.get(order=orders[2])
        billing.credit(
            slip,
            asks=[CreditAsk(2_160, line_no=1, quantity=2)],
            reason="箱つぶれ",
            returned_on=date(2026, 11, 28),
            by=None,
        )
    november = close(11, at(12, 1))
    assert (november.previous_yen, november.received_yen, november.carried_yen) == (6_480, 6_480, 0)
    assert (november.total_yen, november.asked_yen) == (5_400 - 2_160, 3_240)
    assert money.credit_of(cafe.pk) == 2_160  # what was paid too much waits for the next transfer
    assert pay(3_240, at(12, 20)).auto == 1
    assert money.credit_of(cafe.pk) == 0 and billing_queries.statement_dues() == []
    assert not Order.objects.filter(
        customer=cafe, payment="credit_terms", payment_progress__in=["none", "partial"]
    ).exists()
    assert CreditNote.objects.count() == 1 and broken() == []


def test_a_return_before_the_money_came_is_no_longer_owed(cafe: Any) -> None:
    order = leaves("P-1", at(10, 5), ("TEA-1", 3, 1080))
    with clock.told(at(10, 20)):
        billing.credit(
            Invoice.objects.get(order=order), asks=[CreditAsk(1_080, line_no=1, quantity=1)], reason="破損",
            returned_on=date(2026, 10, 20), by=None,
        )  # fmt: skip
    october = close(10, at(11, 1))
    order.refresh_from_db()
    assert (october.asked_yen, order.owed_yen) == (2_160, 2_160)
    assert pay(2_160, at(11, 20)).auto == 1
    order.refresh_from_db()
    assert (order.payment_progress, broken()) == ("done", [])
    assert sorted(Payment.objects.filter(order=order).values_list("source", "amount_yen")) == [
        ("bank", 2_160), ("credit_note", 1_080),
    ]  # fmt: skip


def test_a_transfer_that_is_not_exactly_the_statement_waits_for_a_person(cafe: Any) -> None:
    leaves("P-1", at(10, 5), ("TEA-1", 1, 1080))
    leaves("P-2", at(10, 16), ("TEA-1", 2, 1080))
    close(10, at(11, 1))
    assert pay(3_000, at(11, 20)).auto == 0
    assert pay(3_240, at(11, 21), payer="ﾄｵﾘｽｶﾞﾘ").auto == 0  # the amount alone is nobody's name
    assert Order.objects.filter(paid_yen__gt=0, payment="credit_terms").count() == 0


def test_who_would_owe_more_than_his_limit_is_stopped(cafe: Any) -> None:
    leaves("P-1", at(10, 5), ("TEA-1", 20, 1080))
    with clock.told(at(10, 26)):
        fields = {
            "buyer": CAFE,
            "ship_to": CAFE,
            "payment": "credit_terms",
            "payment_settled": False,
            "ordered_at": at(10, 26),
        }
        fits = place(draft("P-2", ("TEA-1", 7, 1080), **fields), channel="phone")
        beyond = place(
            draft("P-3", ("TEA-1", 1, 1080), **fields | {"ordered_at": at(10, 16)}), channel="phone"
        )
    assert (fits.state, beyond.state) == ("ready", "on_hold")
    assert beyond.holds.get().reason == "与信限度額 ¥30,000 を超えます（未入金 ¥29,160 ＋ この注文 ¥1,080）"
