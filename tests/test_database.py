"""The database of the tests: whatever a test committed, the next one begins where the migrations ended."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, connection, transaction

from akinai.orders.models import CheckRule
from akinai.staff.models import Staff
from akinai.stock.models import StockEntry
from tests import cast, database


def standing() -> dict[str, str]:
    """Every table by its rows, every counter that was used by its number, every guard by whether it wakes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t')
            found[table] = str(cursor.fetchone())
        cursor.execute("SELECT sequencename, last_value::text FROM pg_sequences WHERE last_value IS NOT NULL")
        found.update((f"number {name}", str(value)) for name, value in cursor.fetchall())
        cursor.execute(
            "SELECT tgrelid::regclass, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
        )
        found.update((f"guard {table} {name}", state) for table, name, state in cursor.fetchall())
    return found


@pytest.mark.django_db(transaction=True)
def test_what_was_committed_is_put_back_and_nothing_else_is_touched() -> None:
    database.put_back()  # of the counters, which tests that are rolled back use too
    before = standing()
    cast.sku("A-1", pieces=3)
    assert StockEntry.objects.count() == 1
    assert CheckRule.objects.filter(is_built_in=True).delete()[0]
    Group.objects.filter(name="経理").update(name="会計")
    Permission.objects.order_by("pk")[0].delete()
    Group.objects.create(name="新しい役割")
    changed = {name for name, rows in standing().items() if before.get(name) != rows}
    assert {"stock_stockentry", "orders_checkrule", "auth_group", "auth_permission"} <= changed
    assert {"number stock_stockentry_id_seq", "number auth_group_id_seq"} <= changed

    database.put_back()
    assert standing() == before


@pytest.mark.django_db(transaction=True)
def test_the_guards_of_the_ledgers_wake_again() -> None:
    cast.sku("A-1", pieces=3)
    database.put_back()
    cast.sku("A-1", pieces=2)
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        StockEntry.objects.update(quantity=9)
    assert Staff.objects.count() == 0
