"""個人情報の閲覧記録: each opening stands there once, in numbers only, and nobody can take it out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from akinai.core import clock, proofs
from akinai.orders.models import Order
from akinai.party import openings, retention
from akinai.party.models import Customer, Opening
from akinai.party.ports import TIMERS
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    cast.company()
    cast.sku("A-1", pieces=5)
    made = cast.place(cast.draft("1001", ("A-1", 1, 1080)))
    return Order.objects.select_related("customer").get(pk=made.pk)


def _as(name: str) -> Client:
    client = Client()
    client.force_login(cast.staff(name))
    return client


def _url(name: str, *args: str) -> str:
    return reverse(name, args=args)


def _rows() -> list[tuple[str, str, str]]:
    return list(Opening.objects.order_by("pk").values_list("page", "subject", "customer_number"))


def test_opening_a_customer_and_his_order_is_written_once_in_ten_minutes(order: Order) -> None:
    customer = order.customer
    sato = _as("佐藤")
    for _ in range(3):
        assert sato.get(_url("party:customer", customer.number)).status_code == 200
        assert sato.get(_url("orders:detail", order.number)).status_code == 200
    assert _rows() == [
        ("customer", customer.number, customer.number),
        ("order", order.number, customer.number),
    ]
    _as("鈴木").get(_url("orders:detail", order.number))
    assert Opening.objects.filter(subject=order.number).count() == 2


def test_the_row_says_which_paper_led_there_and_names_nobody(order: Order) -> None:
    number = order.customer.number
    _as("佐藤").get(
        _url("party:customer", number),
        headers={"Referer": f"http://testserver{_url('orders:detail', order.number)}"},
    )
    row = Opening.objects.get()
    assert row.reason == f"{order.number} から"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(o)::text FROM party_opening o")
        [(text,)] = cursor.fetchall()
    assert not any(word in text for word in (cast.AOKI.name, cast.AOKI.email, cast.AOKI.phone, "神宮前"))


def test_a_file_of_the_list_is_written_each_time_with_its_rows(order: Order) -> None:
    sato = _as("佐藤")
    for address in (_url("party:customers"), _url("orders:list"), _url("orders:list")):
        assert b"".join(sato.get(f"{address}?export=csv"))
    assert list(Opening.objects.order_by("pk").values_list("page", "subject", "rows")) == [
        ("export", "顧客", 1), ("export", "受注", 1), ("export", "受注", 1),
    ]  # fmt: skip


def test_after_ten_minutes_it_is_a_new_opening(order: Order) -> None:
    who, now = cast.staff("佐藤"), clock.now()
    with clock.told(now):
        assert openings.note("order", order.number, by=who)
        assert not openings.note("order", order.number, by=who)
    with clock.told(now + timedelta(minutes=9)):
        assert not openings.note("order", order.number, by=who)
    with clock.told(now + timedelta(minutes=11)):
        assert openings.note("order", order.number, by=who)


def test_the_timer_takes_out_three_years_old_rows_and_leaves_younger_ones(order: Order) -> None:
    who, now = cast.staff("佐藤"), clock.now()
    for days in (1, 400, 1090, 1100, 2000):
        with clock.told(now - timedelta(days=days)):
            openings.note("order", f"{order.number}-{days}", by=who)
    timer = TIMERS["openings"]
    assert retention.run_one(timer, retention.rule_of(timer)) == 2
    assert retention.run_one(timer, retention.rule_of(timer)) == 0
    left = Opening.objects.values_list("subject", flat=True)
    assert {subject.rsplit("-", 1)[1] for subject in left} == {"1", "400", "1090"}


def test_nobody_rewrites_the_log_and_verify_sees_the_guard_gone(order: Order) -> None:
    openings.note("order", order.number, by=cast.staff("佐藤"))
    for act in (lambda: Opening.objects.update(reason=""), lambda: Opening.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert not proofs.run_all("openings_are_guarded")[0].broken
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE party_opening DISABLE TRIGGER akinai_kept_a_year")
    assert proofs.run_all("openings_are_guarded")[0].broken


def test_the_log_is_for_the_manager_alone(order: Order) -> None:
    _as("佐藤").get(_url("party:customer", order.customer.number))
    for name in ("佐藤", "鈴木", "田中", "高橋", "加藤"):
        assert _as(name).get(_url("party:openings")).status_code == 403
    ito = _as("伊藤")
    page = ito.get(
        f"{_url('party:openings')}?f.customer={order.customer.number}&q={order.customer.number[:6]}"
    )
    assert page.status_code == 200 and order.customer.number in page.content.decode()
    assert "閲覧記録" in ito.get(_url("party:customer", order.customer.number)).content.decode()
    assert Customer.objects.count() == 1
