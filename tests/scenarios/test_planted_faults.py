"""植えた誤り: after a day's work, whatever is changed or lost behind the office's back is named by verify or the leak check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import Error

from akinai.billing import services as billing
from akinai.core import events, intake, proofs, seals
from akinai.insights.queries import leaks
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments import services as payments
from akinai.shipping import services as shipping
from tests.cast import company, draft, place, sku, staff

pytestmark = pytest.mark.django_db(transaction=True)
BANK = (
    "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分\n"
    '2026/11/24,振込１,アオキ　ミサキ,,"3,240","1,003,240",,,入金\n'
)


@pytest.fixture
def evening() -> Order:
    """The end of a day: one order paid by transfer, shipped and invoiced; the ledgers are sealed."""
    company()
    sku("TEA-1", pieces=10)
    order = place(
        draft("P-1", ("TEA-1", 3, 1080), payment="bank_transfer", payment_settled=False), channel="phone"
    )
    kind = intake.kind_of("bank")
    assert kind
    row, plan = intake.preview(kind, [intake.Upload("mufg.csv", BANK.encode("cp932"))], options={}, by=None)
    assert not plan.refused
    intake.apply(row, by=None)
    payments.match_all(by=staff("鈴木"))
    batch = shipping.instruct([order.pk], ship_on=date(2026, 11, 24), by=None)
    shipping.ship([shipment.pk for shipment in batch.shipments.all()], by=None)
    events.drain()
    billing.issue([order.pk], by=None)
    events.drain()
    seals.seal_all()
    assert broken() == set()
    order.refresh_from_db()
    return order


def broken() -> set[str]:
    return {finding.name for finding in proofs.run_all() if finding.broken}


def guarded() -> list[str]:
    """Every table whose rows the database lets nobody change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'akinai_append_only' ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def tampered(evening: Order) -> Iterator[Any]:
    """tampered(sql): done by somebody who holds the database's password and takes its guards away first."""
    opened: set[str] = set()

    def act(sql: str, *tables: str) -> None:
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
                opened.add(table)
            cursor.execute(sql)
            assert cursor.rowcount
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")

    yield act
    with connection.cursor() as cursor:
        for table in opened:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'akinai%%'",
                [table],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def test_a_superuser_cannot_change_or_take_out_a_row_of_any_ledger(evening: Order) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        told = []
        for table in guarded():
            cursor.execute(f"SELECT count(*) FROM {table}")
            if not cursor.fetchone()[0]:
                continue
            column = _a_column(table)
            for act in (
                f"UPDATE {table} SET {column} = {column}",
                f"DELETE FROM {table}",
                f"TRUNCATE {table} CASCADE",
            ):
                with pytest.raises(Error), transaction.atomic():
                    cursor.execute(act)
            told.append(table)
    assert {
        "stock_stockentry",
        "payments_payment",
        "payments_bankline",
        "billing_invoice",
        "core_activity",
    } <= set(told)
    assert broken() == set()


def _a_column(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 1 AND NOT attisdropped "
            "AND attgenerated = '' LIMIT 1",
            [table],
        )
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("UPDATE stock_stockentry SET quantity = quantity - 1 WHERE quantity < 0", "stock_stockentry"),
        ("UPDATE payments_payment SET amount_yen = amount_yen - 1", "payments_payment"),
        ("UPDATE payments_bankline SET amount_yen = amount_yen + 100", "payments_bankline"),
        ("UPDATE billing_invoice SET recipient_name = '別人 様'", "billing_invoice"),
        ("UPDATE billing_invoicetax SET tax_yen = tax_yen - 1, net_yen = net_yen + 1", "billing_invoicetax"),
        ("UPDATE core_activity SET actor_name = '別人'", "core_activity"),
        ("DELETE FROM stock_stockentry WHERE quantity < 0", "stock_stockentry"),
    ],
)  # fmt: skip
def test_a_row_edited_behind_the_guards_is_named_by_verify(tampered: Any, sql: str, table: str) -> None:
    tampered(sql, table)
    assert "ledgers_are_as_sealed" in broken()
    with pytest.raises(SystemExit) as refused:
        call_command("verify", "--json")
    assert refused.value.code == 1


def test_a_lost_shipment_is_named_by_verify(tampered: Any) -> None:
    tampered(
        "WITH gone AS (DELETE FROM shipping_shipmentline) DELETE FROM shipping_shipment",
        "shipping_shipmentline", "shipping_shipment",
    )  # fmt: skip
    assert broken()


def test_an_order_that_an_intake_made_and_that_is_gone_is_counted_as_lost(evening: Order) -> None:
    from akinai.channels import queries as channels

    made = intake.kind_of("orders")
    assert made
    data = (
        "注文番号,注文日時,注文者名,電話番号,郵便番号,都道府県,住所1,商品コード,商品名,数量,単価,税率,支払方法,合計金額\n"
        "W-9,2026/11/24 9:12,見本 花子,090-0000-1009,150-0001,東京都,渋谷区神宮前4-12-3,TEA-1,煎茶,1,1080,8,クレジットカード,1080\n"
    )
    row, plan = intake.preview(made, [intake.Upload("受注.csv", data.encode())], options={}, by=None)
    assert not plan.refused, plan.errors
    intake.apply(row, by=None)
    lost = Order.objects.get(channel=channels.by_code("generic"), channel_order_no="W-9")
    assert leaks().lost == 0
    orders.cancel(lost.pk, reason="消す", by=None)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in ("orders_orderline", "orders_hold", "orders_orderissue"):
            cursor.execute(f"DELETE FROM {table} WHERE order_id = %s", [lost.pk])
        cursor.execute("DELETE FROM orders_order WHERE id = %s", [lost.pk])
        cursor.execute("SET session_replication_role = origin")
    assert leaks().lost == 1
    assert not leaks().balanced
