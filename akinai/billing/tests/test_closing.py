"""月締め: one statement a month and customer, every paper on one statement, balances that add up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from akinai.billing import jobs, queries, services
from akinai.billing.errors import NotInvoiceable
from akinai.billing.models import BilledItem, BillingTerms, Invoice, Statement
from akinai.billing.services import CreditAsk
from akinai.billing.tests.monthly import NOVEMBER, OCTOBER, SEPTEMBER, close, customer, sold, terms
from akinai.billing.tests.test_issue import text_of
from akinai.core import clock, long_jobs, proofs
from akinai.core.models import LongJob
from akinai.payments import services as payments
from akinai.shipping.tests import factories
from akinai.shipping.tests.factories import line
from tests.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    """Today is 2026-12-03, so that November can be closed."""
    with clock.told(datetime(2026, 12, 3, 9, 0, tzinfo=factories.TOKYO)):
        yield


def broken() -> list[str]:
    """Proofs of billing that found something (the orders of these tests have no shipments)."""
    return [
        found.name
        for found in proofs.run_all()
        if found.broken and found.name != "shipments_agree_with_orders"
    ]


def receive(order: Any, yen: int) -> None:
    payments.receive_otherwise(
        order_id=order.pk,
        amount_yen=yen,
        source="cash",
        received_on=date(2026, 11, 15),
        key=f"{order.pk}:{yen}",
        by=None,
    )


def taxes(paper: Any) -> list[tuple[int, int, int, int]]:
    return list(paper.taxes.values_list("rate", "net_yen", "tax_yen", "gross_yen"))


def test_the_tax_of_a_month_is_rounded_once_and_not_once_a_slip() -> None:
    kimura = customer()
    terms(kimura)
    for day in (5, 15, 25):
        sold(kimura, date(2026, 11, day), line(999), line(99, rate=8))
    statement = close(kimura, NOVEMBER)
    # 2,997 × 10/110 = 272.45…, and 3 × 90 would be 270; 297 × 8/108 = 22, and 3 × 7 would be 21.
    assert taxes(statement) == [(10, 2_725, 272, 2_997), (8, 275, 22, 297)]
    assert (statement.total_yen, statement.asked_yen, statement.due_on) == (3_294, 3_294, date(2027, 1, 4))
    assert statement.is_qualified
    slips = list(Invoice.objects.order_by("pk"))
    assert [slip.kind for slip in slips] == ["slip"] * 3 and slips[0].number.startswith("DN-2026-")
    assert [slip.issuer["registration_number"] for slip in slips] == [
        ""
    ] * 3  # one qualified invoice for a sale
    assert "T7123456789012" not in text_of(slips[0]) and "適格" not in text_of(slips[0])
    text = text_of(statement)
    for words in ("合計請求書適格請求書", "登録番号T7123456789012", "株式会社カフェ木村木村一郎様", "今回ご請求額¥3,294",
                  "10%対象¥2,725¥272¥2,997", "8%対象※¥275¥22¥297", slips[2].number, "お支払期限2027年1月4日"):  # fmt: skip
        assert words in text, words
    assert broken() == []


def test_where_slips_are_the_invoice_the_statement_is_the_sum_of_its_papers() -> None:
    kimura = customer()
    terms(kimura, invoice_is="slips")
    for day in (5, 15, 25):
        sold(kimura, date(2026, 11, day), line(999))
    statement = close(kimura, NOVEMBER)
    assert taxes(statement) == [(10, 2_727, 270, 2_997)]
    assert not statement.is_qualified and "適格" not in text_of(statement)
    assert [(i.kind, i.tax_yen, i.number[:4]) for i in Invoice.objects.all()] == [("invoice", 90, "INV-")] * 3
    assert broken() == []


def test_closing_twice_gives_the_same_statement_and_late_slips_wait_for_the_next() -> None:
    kimura = customer()
    terms(kimura)
    sold(kimura, date(2026, 10, 5))
    first = close(kimura, OCTOBER)
    late = sold(kimura, date(2026, 10, 31))
    assert close(kimura, OCTOBER) == first
    second = close(kimura, NOVEMBER)
    assert queries.orders_on_statement(second.pk) == [late.pk]
    assert (second.previous, second.previous_yen, second.received_yen, second.carried_yen, second.asked_yen) == (
        first, 1_100, 0, 1_100, 2_200,
    )  # fmt: skip
    assert Statement.objects.count() == 2 and broken() == []


def test_money_that_came_in_is_taken_off_the_balance() -> None:
    kimura = customer()
    terms(kimura)
    order = sold(kimura, date(2026, 10, 5))
    close(kimura, OCTOBER)
    receive(order, 400)
    second = close(kimura, NOVEMBER)
    assert (second.previous_yen, second.received_yen, second.carried_yen, second.total_yen, second.asked_yen) == (
        1_100, 400, 700, 0, 700,
    )  # fmt: skip
    receive(order, 700)
    run = services.start_closing(31, SEPTEMBER, by=None)
    assert (
        services.close(run, kimura.pk, by=None) is None
    )  # what lies before the newest one is closed for good


def test_a_customer_without_sales_and_balance_gets_no_paper() -> None:
    kimura = customer()
    terms(kimura)
    assert close(kimura, NOVEMBER) is None and not Statement.objects.exists()


def test_a_return_after_the_closing_lowers_the_next_statement() -> None:
    kimura = customer()
    terms(kimura)
    sold(kimura, date(2026, 10, 5), line(1_100, quantity=3))
    first = close(kimura, OCTOBER)
    slip = Invoice.objects.get()
    note = services.credit(
        slip,
        asks=[CreditAsk(1_100, line_no=1, quantity=1)],
        reason="破損",
        returned_on=date(2026, 11, 8),
        by=None,
    )
    sold(kimura, date(2026, 11, 20), line(550))
    second = close(kimura, NOVEMBER)
    assert [(row.number, row.amount_yen) for row in second.lines.all()] == [
        (note.number, -1_100),
        (Invoice.objects.latest("pk").number, 550),
    ]
    assert (first.asked_yen, second.total_yen, second.asked_yen) == (3_300, -550, 2_750)
    assert taxes(second) == [(10, -500, -50, -550)]
    assert "返品・値引" in text_of(second) and broken() == []


def test_sales_before_the_terms_and_prepaid_orders_stay_out() -> None:
    kimura = customer()
    terms(kimura, since=date(2026, 11, 1))
    early = sold(kimura, date(2026, 10, 20))
    services.issue([early.pk], by=None)
    card = sold(kimura, date(2026, 11, 2))
    type(card).objects.filter(pk=card.pk).update(payment="card", payment_settled=True)
    mine = sold(kimura, date(2026, 11, 3))
    assert queries.orders_on_statement(close(kimura, NOVEMBER).pk) == [mine.pk]


def test_a_month_is_closed_when_it_is_over() -> None:
    with pytest.raises(NotInvoiceable, match="まだ終わっていません"):
        services.start_closing(31, date(2026, 12, 31), by=None)


def test_an_order_that_cannot_be_invoiced_stops_the_closing_of_its_customer() -> None:
    kimura = customer()
    terms(kimura)
    sold(kimura, date(2026, 11, 2))
    odd = sold(kimura, date(2026, 11, 3), total_yen=999)
    with pytest.raises(NotInvoiceable, match=odd.number), transaction.atomic():
        close(kimura, NOVEMBER)
    assert not Statement.objects.exists() and not Invoice.objects.exists()


def test_a_void_statement_frees_its_papers_for_the_next_edition() -> None:
    kimura = customer()
    terms(kimura)
    sold(kimura, date(2026, 11, 5))
    wrong = close(kimura, NOVEMBER)
    services.make_void(wrong, reason="宛名の誤り", by=None)
    with pytest.raises(NotInvoiceable, match="すでに取り消されています"):
        services.make_void(wrong, reason="もう一度", by=None)
    right = close(kimura, NOVEMBER)
    assert (right.edition, right.asked_yen, right.previous) == (2, 1_100, None)
    assert right.number != wrong.number and broken() == []


def test_only_the_newest_statement_can_be_made_void() -> None:
    kimura = customer()
    terms(kimura)
    sold(kimura, date(2026, 10, 5))
    first = close(kimura, OCTOBER)
    second = close(kimura, NOVEMBER)
    with pytest.raises(NotInvoiceable, match=second.number):
        services.make_void(first, reason="誤り", by=None)


def test_the_database_keeps_a_paper_from_a_second_statement() -> None:
    kimura = customer()
    terms(kimura)
    sold(kimura, date(2026, 10, 5))
    close(kimura, OCTOBER)
    item = BilledItem.objects.get()
    with pytest.raises(IntegrityError, match="invoice"), transaction.atomic():
        BilledItem.objects.create(
            statement_id=item.statement_id, customer_id=item.customer_id, order_id=item.order_id,
            invoice_id=item.invoice_id, amount_yen=item.amount_yen,
        )  # fmt: skip
    for change in (
        BilledItem.objects.filter(pk=item.pk).delete,
        lambda: BilledItem.objects.update(amount_yen=1),
    ):
        with pytest.raises(IntegrityError, match="asks for this paper"), transaction.atomic():
            change()


def test_the_database_refuses_a_statement_that_does_not_add_up() -> None:
    kimura = customer()
    terms(kimura)
    sold(kimura, date(2026, 10, 5))
    statement = close(kimura, OCTOBER)
    with pytest.raises(IntegrityError, match="does not add up"), transaction.atomic():
        statement.pk, statement.number, statement.edition = None, "BL-2026-999999", 9
        statement.save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_shipping_gives_a_monthly_customer_his_slip_at_once() -> None:
    kimura = customer()
    terms(kimura)
    order = sold(kimura, date(2026, 11, 5))
    from akinai.billing.services.issue import issue_what_can_be

    (slip,) = issue_what_can_be([order.pk], by=None).invoices
    order.refresh_from_db()
    assert (slip.kind, slip.due_on, order.invoice_progress) == ("slip", date(2027, 1, 4), "sent")
    assert not queries.to_invoice().exists()


def test_a_job_closes_all_customers_and_goes_on_where_it_was_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [customer(f"顧客 {n}") for n in range(7)]
    for person in people:
        terms(person)
        sold(person, date(2026, 11, 5))
    run = services.start_closing(31, NOVEMBER, by=None)
    job = long_jobs.start(jobs.CLOSE, [p.pk for p in people], by=None, options={"run": run.pk})
    assert long_jobs._piece(job.pk)  # five of them, then the worker is gone
    assert Statement.objects.count() == 5
    again = long_jobs.start(jobs.CLOSE, [p.pk for p in people], by=None, options={"run": run.pk})
    long_jobs.run(again.pk)  # somebody starts it anew meanwhile
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.counts["締めた"], Statement.objects.count()) == (LongJob.State.FINISHED, 7, 7)
    numbers = sorted(Statement.objects.values_list("number", flat=True))
    assert [int(number[-6:]) for number in numbers] == [1, 2, 3, 4, 5, 6, 7] and broken() == []


@pytest.mark.django_db(transaction=True)
def test_two_who_close_one_customer_at_once_write_one_statement() -> None:
    kimura = customer()
    terms(kimura)
    sold(kimura, date(2026, 11, 5))
    services.start_closing(31, NOVEMBER, by=None)
    first, second = together(lambda: close(kimura, NOVEMBER), lambda: close(kimura, NOVEMBER))
    assert first == second and Statement.objects.count() == 1 and BilledItem.objects.count() == 1


def test_terms_tell_days_and_keep_them() -> None:
    kimura = customer()
    made = terms(kimura, closing_day=20, months=1, paying_day=31, when_closed="previous")
    assert made.sentence == "20日締め 翌月末日払い"
    sold(kimura, date(2026, 10, 21))
    sold(kimura, date(2026, 11, 20))
    sold(kimura, date(2026, 11, 21))
    statement = close(kimura, date(2026, 11, 20), day=20)
    assert (statement.period_from, statement.lines.count(), statement.due_on) == (
        date(2026, 10, 21), 2, date(2026, 12, 30),
    )  # fmt: skip
    with pytest.raises(NotInvoiceable, match="適用開始日"):
        made.since = date(2026, 12, 1)
        services.save_terms(made, by=None)


def test_a_month_has_no_29th_as_a_closing_day() -> None:
    with pytest.raises(IntegrityError, match="billingterms_days"), transaction.atomic():
        BillingTerms.objects.create(customer=customer(), closing_day=29, since=date(2026, 11, 1))
    factories.company()
