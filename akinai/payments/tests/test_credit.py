"""預り金: kept, used, moved, given back; never below zero."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from akinai.core.errors import DomainError
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments import services
from akinai.payments.errors import AlreadyMatched, AmountsDisagree, NotEnoughCredit
from akinai.payments.models import CreditBalance, Payment
from akinai.payments.services import Part
from akinai.payments.tests.factories import DAY, again, balance, broken, credit, transfer
from tests.cast import AOKI, draft, place, sku, staff

pytestmark = pytest.mark.django_db


def kept(order: Order, amount: int) -> None:
    """A customer whose money of a stray transfer we keep."""
    services.match(credit(amount).pk, [Part(None, amount, "credit", order.customer_id)], by=None)


def test_credit_pays_a_later_order_in_two_rows() -> None:
    order = transfer("P-1")
    kept(order, 3000)
    out, into = services.use_credit(order_id=order.pk, amount_yen=1080, on=DAY, key="k", by=staff("鈴木"))
    assert (out.order_id, out.customer_id, out.amount_yen) == (None, order.customer_id, -1080)
    assert (into.order_id, into.amount_yen, into.source) == (order.pk, 1080, "credit_used")
    assert (balance(order), again(order).paid_yen, again(order).payment_progress) == (1920, 1080, "done")
    assert broken() == []


def test_what_is_not_there_cannot_be_used() -> None:
    order = transfer("P-1")
    with pytest.raises(NotEnoughCredit, match="預り金の残りは ¥0 です"):
        services.use_credit(order_id=order.pk, amount_yen=1, on=DAY, key="k", by=None)
    assert (again(order).paid_yen, Payment.objects.count(), CreditBalance.objects.count()) == (0, 0, 0)


def test_no_order_gets_more_credit_than_it_owes() -> None:
    order = transfer("P-1")
    kept(order, 3000)
    with pytest.raises(DomainError, match="未入金は ¥1,080"):
        services.use_credit(order_id=order.pk, amount_yen=1081, on=DAY, key="k", by=None)
    assert (balance(order), again(order).paid_yen) == (3000, 0)


def test_the_same_act_sent_twice_is_done_once() -> None:
    order = transfer("P-1")
    kept(order, 3000)
    services.use_credit(order_id=order.pk, amount_yen=500, on=DAY, key="k", by=None)
    with pytest.raises(AlreadyMatched):
        services.use_credit(order_id=order.pk, amount_yen=500, on=DAY, key="k", by=None)
    assert (balance(order), again(order).paid_yen) == (2500, 500)


def test_both_rows_of_a_use_are_undone_together_once() -> None:
    order = transfer("P-1")
    kept(order, 3000)
    _, into = services.use_credit(order_id=order.pk, amount_yen=1080, on=DAY, key="k", by=None)
    services.reverse_payment(into.pk, note="別の受注に使う", by=None)
    assert (balance(order), again(order).paid_yen) == (3000, 0)
    with pytest.raises(AlreadyMatched):
        services.reverse_payment(into.pk, note="もう一度", by=None)
    assert broken() == []


def test_credit_goes_back_to_the_customer() -> None:
    order = transfer("P-1")
    kept(order, 3000)
    assert order.customer_id
    give = {"customer_id": order.customer_id, "method": "transfer", "on": DAY, "by": None}
    services.return_credit(amount_yen=2000, key="a", note="11/25 振込", **give)
    with pytest.raises(NotEnoughCredit):
        services.return_credit(amount_yen=1001, key="b", note="11/26 振込", **give)
    row = Payment.objects.get(source="refund")
    assert (row.amount_yen, row.method, balance(order)) == (-2000, "transfer", 1000)
    services.reverse_payment(row.pk, note="振込が戻った", by=None)
    assert (balance(order), broken()) == (3000, [])


def test_money_of_a_cancelled_order_stays_for_the_next_one() -> None:
    order, later = transfer("P-1"), transfer("P-2")
    services.match(credit(1080).pk, [Part(order.pk, 1080, customer_id=order.customer_id)], by=None)
    orders.cancel(order.pk, reason="お客様都合", by=None)
    assert again(order).payment_progress == "exception"
    services.keep_as_credit(order_id=order.pk, amount_yen=1080, on=DAY, key="k", note="次の注文に", by=None)
    assert (again(order).paid_yen, again(order).payment_progress, balance(order)) == (0, "not_needed", 1080)
    services.use_credit(order_id=later.pk, amount_yen=1080, on=DAY, key="k", by=None)
    assert (again(later).paid_yen, balance(order), broken()) == (1080, 0, [])


def test_moving_to_credit_and_back_leaves_the_cancelled_order_to_be_refunded() -> None:
    order = transfer("P-1")
    services.match(credit(1080).pk, [Part(order.pk, 1080, customer_id=order.customer_id)], by=None)
    orders.cancel(order.pk, reason="お客様都合", by=None)
    rows = services.keep_as_credit(order_id=order.pk, amount_yen=1080, on=DAY, key="k", note="", by=None)
    services.reverse_payment(rows[1].pk, note="やはり返金", by=None)
    assert (again(order).paid_yen, again(order).payment_progress, balance(order)) == (1080, "exception", 0)
    assert broken() == []


def test_an_order_of_nobody_in_particular_has_no_credit() -> None:
    from dataclasses import replace

    sku("TEA-1")
    nobody = replace(AOKI, email="", phone="", postal_code="")
    order = place(draft("N-1", ("TEA-1", 1, 1080), payment="cod", payment_settled=False, buyer=nobody))
    with pytest.raises(AmountsDisagree, match="顧客が付いていない"):
        services.use_credit(order_id=order.pk, amount_yen=1, on=DAY, key="k", by=None)


def test_the_database_itself_refuses_a_balance_below_zero() -> None:
    order = transfer("P-1")
    kept(order, 100)
    with pytest.raises(IntegrityError, match="credit_never_below_zero"), transaction.atomic():
        CreditBalance.objects.update(balance_yen=-1)


def test_a_balance_changed_behind_the_ledgers_back_is_found() -> None:
    order = transfer("P-1")
    kept(order, 100)
    CreditBalance.objects.update(balance_yen=101)
    assert [line.split(":")[0] for line in broken()] == ["credit_balances_are_their_payments"]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM payments_creditbalance")
    assert [line.split(":")[0] for line in broken()] == ["credit_balances_are_their_payments"]
