"""受注の入金欄 and まとめて入金: what came, what is owed, and every way to write it down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from akinai.core import clock
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments import services
from akinai.payments.models import Payment
from akinai.payments.services import Part
from akinai.payments.tests.factories import DAY, again, balance, broken, cod, credit, transfer
from akinai.payments.tests.screens import client_of, get, plain, post, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def suzuki() -> Client:
    return client_of("鈴木")


def page_of(client: Client, order: Order) -> str:
    return plain(get(client, "orders:detail", order.number))


def received(**changes: Any) -> dict[str, Any]:
    return {"source": "carrier", "amount_yen": "1,080", "received_on": "2026-11-24", "note": "", **changes}


def test_the_panel_tells_owed_and_paid_and_where_the_money_came_from(suzuki: Client) -> None:
    order, line = transfer("P-1", 2000), credit(1500)
    services.match(line.pk, [Part(order.pk, 1500)], by=None)
    words = page_of(suzuki, order)
    assert "請求 ¥2,000 入金済 ¥1,500 未入金 ¥500" in words
    assert "銀行入金 アオキ ミサキ" in words and "+1,500" in words
    assert reverse("payments:detail", args=[line.pk]) in get(suzuki, "orders:detail", order.number)


def test_cash_on_delivery_has_its_way_out_on_the_order(suzuki: Client) -> None:
    order = cod("R-1")
    page = get(suzuki, "orders:detail", order.number)
    assert '<option value="carrier" selected>' in page and 'id="payments"' in page
    answer = post(suzuki, "payments:receive", order.pk, **received(once="t"))
    assert answer.url == f"{reverse('orders:detail', args=[order.number])}#payments"
    assert again(order).payment_progress == "done"
    again_sent = post(suzuki, "payments:receive", order.pk, **received(once="t"))
    assert (again_sent.url, Payment.objects.count()) == (answer.url, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount_yen": "0"}, "1円以上"),
        ({"amount_yen": "abc"}, "読めません"),
        ({"amount_yen": ""}, "金額"),
        ({"amount_yen": "1081"}, "未入金は ¥1,080 です"),
        ({"source": "refund"}, "種類"),
        ({"source": "short"}, "値引する理由"),
        ({"received_on": "2026-02-30"}, "入金日"),
        ({"received_on": "2999-01-01"}, "今日より先"),
    ],
)
def test_what_is_written_down_is_checked(suzuki: Client, changes: dict[str, str], words: str) -> None:
    order = cod("R-1")
    answer = post(suzuki, "payments:receive", order.pk, **received(**changes))
    assert words in said(answer)
    assert (again(order).paid_yen, Payment.objects.count()) == (0, 0)


def test_a_payment_is_taken_back_from_the_panel(suzuki: Client) -> None:
    order = cod("R-1")
    made = services.receive_otherwise(
        order_id=order.pk, amount_yen=1080, source="cash", received_on=DAY, key="k", by=None
    )
    assert "取り消す理由" in said(post(suzuki, "payments:reverse", made.pk))
    post(suzuki, "payments:reverse", made.pk, note="別の受注")
    assert again(order).paid_yen == 0
    assert "取消済" in page_of(suzuki, order)


def test_a_cancelled_orders_money_is_refunded_or_kept_from_the_panel(suzuki: Client) -> None:
    order = transfer("P-1")
    services.match(credit(1080).pk, [Part(order.pk, 1080)], by=None)
    orders.cancel(order.pk, reason="お客様都合", by=None)
    words = page_of(suzuki, order)
    assert "キャンセルした受注のお金が残っています" in words and "返金済みにする" not in words
    refund = {"amount_yen": "1000", "method": "transfer", "on": "2026-11-25", "note": "11/25 振込"}
    post(suzuki, "payments:refund", order.pk, **refund)
    assert (again(order).paid_yen, again(order).payment_progress) == (80, "exception")
    post(suzuki, "payments:keep_order_money", order.pk, amount_yen="80", note="次の注文に")
    assert (again(order).paid_yen, again(order).payment_progress, balance(order)) == (0, "not_needed", 80)
    assert broken() == []


def test_credit_is_offered_where_the_customer_has_some(suzuki: Client) -> None:
    order = transfer("P-1")
    assert "預り金から" not in page_of(suzuki, order)
    services.match(credit(500, "ｱｵｷ").pk, [Part(None, 500, "credit", order.customer_id)], by=None)
    assert "預り金 ¥500" in page_of(suzuki, order)
    post(suzuki, "payments:use_credit", order.pk, amount_yen="500")
    assert (again(order).paid_yen, balance(order)) == (500, 0)
    assert "預り金の残りは ¥0" in said(post(suzuki, "payments:use_credit", order.pk, amount_yen="1"))


def test_credit_is_used_and_given_back_from_its_own_page(suzuki: Client) -> None:
    order = transfer("P-1")
    services.match(credit(5000, "ｱｵｷ").pk, [Part(None, 5000, "credit", order.customer_id)], by=None)
    words = plain(get(suzuki, "payments:credit", order.customer_id))
    assert "青木 美咲 様の預り金" in words and order.number in words
    give = {"amount_yen": "2000", "method": "transfer", "on": "2026-11-25", "note": "返金"}
    post(suzuki, "payments:give_back", order.customer_id, **give)
    assert balance(order) == 3000
    assert "預り金の残りは ¥3,000" in said(
        post(suzuki, "payments:give_back", order.customer_id, **{**give, "amount_yen": "3001"})
    )
    assert "預り金" in plain(get(suzuki, "party:customer", order.customer.number))


@pytest.mark.parametrize("act", ["receive", "use_credit", "refund", "keep_order_money"])
@pytest.mark.parametrize("name", ["部外者", "佐藤", "高橋"])
def test_only_those_who_keep_the_money_write_it_down(name: str, act: str) -> None:
    order = cod("R-1")
    data = received(method="cash", on="2026-11-24")
    assert post(client_of(name), f"payments:{act}", order.pk, **data).status_code == 403
    assert not Payment.objects.exists()


def test_others_see_the_money_without_the_buttons() -> None:
    order = cod("R-1")
    assert "入金を記録する" not in page_of(client_of("佐藤"), order).split("次の一手")[-1].split("明細")[-1]
    assert 'id="payments"' not in get(client_of("高橋"), "orders:detail", order.number)


# まとめて入金 ---------------------------------------------------------------------------------------------------


def many(rows: list[Order], **changes: Any) -> dict[str, Any]:
    return {
        "pk": [order.pk for order in rows], "go": "1", "source": "carrier", "received_on": "2026-11-24", "batch": "YM-1125",
        "total_yen": "", "note": "", **changes,
    }  # fmt: skip


def test_a_remittance_is_written_for_all_chosen_orders_in_one_act(suzuki: Client) -> None:
    rows = [cod(f"R-{n}", 1000 + n) for n in range(1, 4)]
    page = plain(post(suzuki, "payments:receive_many", pk=[order.pk for order in rows]).content.decode())
    assert "合計 ¥3,006" in page and all(order.number in page for order in rows)
    answer = post(suzuki, "payments:receive_many", **many(rows, total_yen="3006", once="t"))
    assert answer.url == reverse("payments:payments")
    assert "3 件、合計 ¥3,006" in said(answer)
    assert post(suzuki, "payments:receive_many", **many(rows, total_yen="3006", once="t")).status_code == 302
    assert [again(order).paid_yen for order in rows] == [1001, 1002, 1003]
    assert set(Payment.objects.values_list("source", "batch")) == {("carrier", "YM-1125")}
    assert (Payment.objects.count(), broken()) == (3, [])


def test_a_total_that_is_not_the_papers_is_asked_about(suzuki: Client) -> None:
    rows = [cod("R-1"), cod("R-2")]
    answer = post(suzuki, "payments:receive_many", **many(rows, total_yen="2000"))
    assert answer.status_code == 422
    assert "選んだ受注の合計 ¥2,160 と ¥160 違います" in plain(answer.content.decode())
    assert not Payment.objects.exists()


def test_an_amount_may_differ_but_never_exceed_what_is_owed(suzuki: Client) -> None:
    rows = [cod("R-1"), cod("R-2")]
    for odd in ("1081", "0", "x", "-5"):
        answer = post(suzuki, "payments:receive_many", **many(rows, **{f"amount.{rows[0].pk}": odd}))
        assert answer.status_code == 422 and rows[0].number in plain(answer.content.decode())
    assert not Payment.objects.exists()
    post(suzuki, "payments:receive_many", **many(rows, **{f"amount.{rows[0].pk}": "1,000"}))
    assert [again(order).paid_yen for order in rows] == [1000, 1080]


def test_orders_that_owe_nothing_are_left_out(suzuki: Client) -> None:
    order = cod("R-1")
    services.receive_otherwise(
        order_id=order.pk, amount_yen=1080, source="cash", received_on=DAY, key="k", by=None
    )
    for pks in ([order.pk], [], ["x", "99999999999999999999"]):
        answer = post(suzuki, "payments:receive_many", pk=pks)
        assert answer.status_code == 302 and "未入金の受注が選ばれていません" in said(answer)


def test_a_day_to_come_is_no_day_of_receipt(suzuki: Client) -> None:
    rows = [cod("R-1")]
    later = f"{clock.today() + timedelta(days=1):%Y-%m-%d}"
    assert post(suzuki, "payments:receive_many", **many(rows, received_on=later)).status_code == 422


def test_the_order_list_offers_the_remittance_to_those_who_may(suzuki: Client) -> None:
    cod("R-1")
    assert reverse("payments:receive_many") in get(suzuki, "orders:list")
    assert reverse("payments:receive_many") not in get(client_of("佐藤"), "orders:list")
    assert post(client_of("佐藤"), "payments:receive_many", pk=[1]).status_code == 403
