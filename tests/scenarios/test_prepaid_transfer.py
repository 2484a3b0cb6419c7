"""銀行振込（前払い）: goods wait for the money; paid they leave with their invoice, unpaid they go back to the shelf."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.utils import timezone

from akinai.accounting import services as accounting
from akinai.accounting.tests import life
from akinai.billing.models import Invoice
from akinai.core import clock, events, intake, mail
from akinai.orders.models import Order
from akinai.payments import services as payments
from akinai.payments.models import DunningAct
from akinai.payments.tests.factories import take, told
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
ORDERED = timezone.make_aware(datetime(2026, 11, 24, 9, 0))


def at(day: date, hour: int = 10) -> Any:
    return clock.told(timezone.make_aware(datetime(day.year, day.month, day.day, hour)))


@pytest.fixture(autouse=True)
def shop() -> None:
    cast.company()
    life.goods("TEA-1")
    payments.take_usual("bank_transfer", by=None)
    payments.set_ladder("bank_transfer", is_on=True, by=None)


def ordered(no: str = "P-1") -> Order:
    draft = cast.draft(no, ("TEA-1", 2, 1080), payment="bank_transfer", payment_settled=False)
    return cast.place(draft, channel="phone")


def again[T: Any](row: T) -> T:
    row.refresh_from_db()
    return row


def statement(*rows: str) -> None:
    """The bank's file as it is downloaded."""
    header = "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分"
    kind = intake.kind_of("bank")
    assert kind is not None
    data = "\n".join([header, *rows, ""]).encode("cp932")
    row, plan = intake.preview(kind, [intake.Upload("mufg.csv", data)], by=cast.staff("鈴木"))
    intake.apply(row, by=cast.staff("鈴木"), files=plan.files)


def test_paid_shipped_and_invoiced() -> None:
    order = ordered()
    assert (order.state, order.payment_due_on) == ("awaiting_payment", date(2026, 12, 1))
    assert cast.level(cast.sku("TEA-1")) == (100, 2)  # promised, not gone
    with at(date(2026, 12, 2)):  # a day late: one kind reminder
        take(told(3, "", date(2026, 12, 2), kind="利息", is_transfer=False, text="利息"))
        assert payments.run_dunning(by=None).mailed == 1
        mail.send_due()
    assert [one.subject for one in outbox.outbox] == [
        "【株式会社 見本茶舗】お支払いのお願い（ご注文番号 P-1）"
    ]

    with at(date(2026, 12, 3)):
        statement('2026/12/3,振込１,アオキ　ミサキ,,"2,160","1,002,160",,,入金')
        assert payments.match_all(by=cast.staff("鈴木")).auto == 1
        assert (again(order).state, order.paid_yen) == ("ready", 2160)
        accounting.post_upto()
        # with the 3 yen of interest
        assert (life.balance("bank"), life.balance("advance"), life.ledger(order)) == (2163, -2160, 0)
        life.ship(order, on=date(2026, 12, 3))
        life.invoice(order)
        accounting.post_upto()
    paper = Invoice.objects.get(order=order)
    assert (paper.total_yen, paper.tax_yen) == (2160, 160)
    assert (life.ledger(order), life.balance("advance"), life.balance("receivable")) == (2160, 0, 0)
    assert cast.level(cast.sku("TEA-1")) == (98, 0)
    with at(date(2026, 12, 11)):  # the chase has ended by itself
        assert payments.run_dunning(by=None).mailed == 0
    assert life.broken() == set()


def test_unpaid_reminded_cancelled_and_the_goods_back_on_the_shelf() -> None:
    order = ordered()
    day = date(2026, 12, 1)
    while again(order).state == "awaiting_payment" and day < date(2026, 12, 31):
        day += timedelta(days=1)
        with at(day, 9):
            take(told(3, "", day, kind="利息", is_transfer=False, text="利息", balance_yen=day.toordinal()))
        with at(day):
            payments.run_dunning(by=None)
    assert (again(order).state, day) == ("cancelled", date(2026, 12, 11))
    assert list(DunningAct.objects.order_by("pk").values_list("way", flat=True)) == ["mail", "mail", "cancel"]
    while events.drain():
        pass
    with at(day):
        mail.send_due()
        accounting.post_upto()
    assert outbox.outbox[-1].subject == "【株式会社 見本茶舗】ご注文をキャンセルしました（ご注文番号 P-1）"
    assert cast.level(cast.sku("TEA-1")) == (100, 0)
    assert (life.ledger(order), life.balance("receivable"), life.balance("advance")) == (0, 0, 0)
    assert life.broken() == set()
