"""銀行以外の入金と返金: written down once, all or nothing, and taken back by a mirror row."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from akinai.core.errors import DomainError
from akinai.orders import services as orders
from akinai.payments import services
from akinai.payments.errors import AlreadyMatched
from akinai.payments.models import Payment
from akinai.payments.services import Part
from akinai.payments.tests.factories import DAY, again, broken, cod, credit, transfer
from tests.cast import staff

pytestmark = pytest.mark.django_db


def test_cash_on_delivery_brought_by_the_carrier() -> None:
    order = cod("R-1")
    made = services.receive_otherwise(
        order_id=order.pk,
        amount_yen=1080,
        source="carrier",
        received_on=DAY,
        key="k",
        note="11月分",
        by=staff("鈴木"),
    )
    assert (made.number[:3], made.note, again(order).payment_progress) == ("PY-", "11月分", "done")
    assert broken() == []


def test_a_carriers_remittance_is_one_act() -> None:
    rows = [cod(f"R-{n}", 1000 + n) for n in range(1, 4)]
    made = services.receive_many(
        {order.pk: order.total_yen for order in rows},
        source="carrier",
        received_on=DAY,
        key="k",
        batch="YM-1125",
        by=None,
    )
    assert [(row.amount_yen, row.batch) for row in made] == [
        (1001, "YM-1125"),
        (1002, "YM-1125"),
        (1003, "YM-1125"),
    ]
    assert [again(order).paid_yen for order in rows] == [1001, 1002, 1003]
    assert broken() == []


def test_the_same_remittance_sent_twice_is_written_once() -> None:
    order = cod("R-1")
    act = {"source": "carrier", "received_on": DAY, "key": "k", "by": None}
    services.receive_many({order.pk: 500}, **act)
    with pytest.raises(AlreadyMatched):
        services.receive_many({order.pk: 500}, **act)
    assert (again(order).paid_yen, Payment.objects.count()) == (500, 1)


def test_one_order_that_owes_less_refuses_the_whole_remittance() -> None:
    rows = [cod("R-1"), cod("R-2")]
    with pytest.raises(DomainError, match="未入金は ¥1,080"):
        services.receive_many(
            {rows[0].pk: 1080, rows[1].pk: 1081}, source="carrier", received_on=DAY, key="k", by=None
        )
    assert ([again(order).paid_yen for order in rows], Payment.objects.count()) == ([0, 0], 0)


@pytest.mark.parametrize("source", ["bank", "credit", "credit_used", "refund", "fee", "gold"])
def test_only_some_kinds_of_money_are_written_by_hand(source: str) -> None:
    order = cod("R-1")
    with pytest.raises(DomainError, match="種類または金額"):
        services.receive_otherwise(
            order_id=order.pk, amount_yen=1, source=source, received_on=DAY, key="k", by=None
        )


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_than_nothing_are_no_payment(amount: int) -> None:
    order = cod("R-1")
    with pytest.raises(DomainError, match="1 円以上"):
        services.receive_otherwise(
            order_id=order.pk, amount_yen=amount, source="cash", received_on=DAY, key="k", by=None
        )


def test_a_payment_is_taken_back_once_and_with_a_reason() -> None:
    order = cod("R-1")
    made = services.receive_otherwise(
        order_id=order.pk, amount_yen=1080, source="cash", received_on=DAY, key="k", by=None
    )
    with pytest.raises(DomainError, match="理由"):
        services.reverse_payment(made.pk, note="", by=None)
    (mirror,) = services.reverse_payment(made.pk, note="別の受注", by=None)
    assert (mirror.amount_yen, mirror.reverses_id, again(order).paid_yen) == (-1080, made.pk, 0)
    for pk, words in ((made.pk, "すでに取り消されています"), (mirror.pk, "ここでは取り消せません")):
        with pytest.raises(DomainError, match=words):
            services.reverse_payment(pk, note="もう一度", by=None)
    assert broken() == []


def test_what_a_match_has_made_is_taken_back_by_unmatching() -> None:
    order = transfer("P-1")
    services.match(credit(1080).pk, [Part(order.pk, 1080)], by=None)
    with pytest.raises(DomainError, match="消込の画面から"):
        services.reverse_payment(Payment.objects.get().pk, note="x", by=None)


# 返金 -------------------------------------------------------------------------------------------------------------


def test_the_money_of_a_cancelled_order_goes_back_and_then_it_is_at_rest() -> None:
    order = transfer("P-1")
    services.match(credit(1080).pk, [Part(order.pk, 1080)], by=None)
    orders.cancel(order.pk, reason="お客様都合", by=None)
    back = {"method": "transfer", "on": DAY, "note": "11/25 振込", "by": staff("鈴木")}
    services.refund_order(order_id=order.pk, amount_yen=1000, key="a", **back)
    assert (again(order).paid_yen, again(order).payment_progress) == (80, "exception")
    with pytest.raises(DomainError, match="入金済額は ¥80"):
        services.refund_order(order_id=order.pk, amount_yen=81, key="b", **back)
    services.refund_order(order_id=order.pk, amount_yen=80, key="c", **back)
    assert (again(order).paid_yen, again(order).payment_progress) == (0, "not_needed")
    assert broken() == []


def test_a_refund_that_never_left_is_taken_back_and_asks_again() -> None:
    order = transfer("P-1")
    services.match(credit(1080).pk, [Part(order.pk, 1080)], by=None)
    orders.cancel(order.pk, reason="お客様都合", by=None)
    row = services.refund_order(
        order_id=order.pk, amount_yen=1080, method="transfer", on=DAY, key="a", note="", by=None
    )
    services.reverse_payment(row.pk, note="口座違いで戻った", by=None)
    assert (again(order).paid_yen, again(order).payment_progress) == (1080, "exception")
    assert broken() == []


def test_part_of_the_money_of_a_living_order_goes_back_and_is_owed_again() -> None:
    order = transfer("P-1")
    services.match(credit(1080).pk, [Part(order.pk, 1080)], by=None)
    services.refund_order(order_id=order.pk, amount_yen=80, method="cash", on=DAY, key="a", note="", by=None)
    assert (again(order).paid_yen, again(order).payment_progress) == (1000, "partial")
    assert broken() == []


@pytest.mark.parametrize(("amount", "method"), [(0, "transfer"), (-1, "transfer"), (1, "gold"), (1, "")])
def test_a_refund_says_how_much_and_how(amount: int, method: str) -> None:
    order = transfer("P-1")
    with pytest.raises(DomainError, match="返金の金額か方法"):
        services.refund_order(
            order_id=order.pk, amount_yen=amount, method=method, on=DAY, key="a", note="", by=None
        )


# The database's own guards -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_payment SET amount_yen = 1",
        "DELETE FROM payments_payment",
        "TRUNCATE payments_payment CASCADE",
    ],
)
def test_the_ledger_only_grows(statement: str) -> None:
    order = cod("R-1")
    services.receive_otherwise(
        order_id=order.pk, amount_yen=1080, source="cash", received_on=DAY, key="k", by=None
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises((IntegrityError, InternalError), match="only grows"), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"source": "bank", "amount_yen": 0}, "payment_moves_something"),
        ({"source": "bank", "amount_yen": -5}, "payment_sign"),
        ({"source": "refund", "amount_yen": 5}, "payment_sign"),
        ({"source": "credit", "amount_yen": 5, "order_id": None}, "payment_belongs_to_somebody"),
    ],
)
def test_rows_that_make_no_sense_are_refused_by_the_database(
    fields: dict[str, object], constraint: str
) -> None:
    order = cod("R-1")
    row = Payment(**{"number": "PY-X", "key": "x", "received_on": DAY, "order_id": order.pk, **fields})
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save()
