"""The value of everything that moved before there was a ledger of values, by moving average in the order it was written."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from django.db import migrations

LIVES = """
SELECT e.sku_id, e.id, e.kind, e.quantity, e.unit_cost, e.reference, e.note, e.at, e.by_id, e.reverses_id, o.kind, s.cost
FROM stock_stockentry e JOIN catalog_sku s ON s.id = e.sku_id LEFT JOIN stock_stockentry o ON o.id = e.reverses_id
WHERE coalesce(o.kind, e.kind) <> 'transfer' ORDER BY e.sku_id, e.id
"""
KINDS = {
    "opening": "receipt", "receipt": "receipt", "return_out": "receipt", "shipment": "issue", "return": "issue",
    "adjustment": "adjustment", "count": "adjustment", "reversal": "reversal",
}  # fmt: skip
CENT = Decimal("0.0001")


def value_of(pieces, value, quantity, told, guess):
    if quantity >= 0:
        unit = value / pieces if pieces else guess
        return (quantity * unit if told is None else told).quantize(CENT, ROUND_HALF_UP)
    if pieces + quantity <= 0:
        return -value
    if told is not None and value + told > 0:
        return told.quantize(CENT, ROUND_HALF_UP)
    return (value / pieces * quantity).quantize(CENT, ROUND_HALF_UP)


def fill(apps, schema_editor):
    entry, worth = apps.get_model("stock", "ValueEntry"), apps.get_model("stock", "StockValue")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(LIVES)
        rows = cursor.fetchall()
    waiting, worths = [], []

    def write():
        entry.objects.bulk_create(waiting, batch_size=2000)
        waiting.clear()

    for sku_id, life in groupby(rows, key=lambda row: row[0]):
        pieces, value, given = 0, Decimal(0), {}
        for _, pk, kind, quantity, cost, reference, note, at, by_id, reverses, _, guess in life:
            told = None
            if reverses in given:
                told = -given[reverses].value_yen
                if given[reverses].pk is None:
                    write()  # the row that is answered must have its number first
            elif cost is not None and (quantity > 0 or kind == "return_out"):
                told = quantity * cost
            change = value_of(pieces, value, quantity, told, guess or Decimal(0))
            pieces, value = pieces + quantity, value + change
            given[pk] = entry(
                sku_id=sku_id, stock_entry_id=pk, kind=KINDS[kind], quantity=quantity, value_yen=change,
                is_estimated=quantity > 0 and told is None, reference=reference, key=f"stock:{pk}",
                reverses_id=given[reverses].pk if reverses in given else None, note=note, at=at, by_id=by_id,
            )  # fmt: skip
            waiting.append(given[pk])
        worths.append(worth(sku_id=sku_id, quantity=pieces, value_yen=value))
        if len(waiting) >= 2000:
            write()
    write()
    worth.objects.bulk_create(worths, batch_size=2000)


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0006_fields_of_stock_and_list_indexes"),
        ("stock", "0012_guard_value_ledger"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
