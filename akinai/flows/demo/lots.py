"""見本の会社のロットと期限: cakes and tea that keep for some months, one forgotten box, and goods written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from akinai.core import clock
from akinai.purchasing.services import LineInput
from akinai.stock import queries as stock
from akinai.stock import services
from akinai.stock.services import LotTag, Movement

# Code → (days it keeps, days before the expiry when shipping stops, days left when it comes).
KEEPS = {"SWT-002": (60, 7, 48), "SWT-004": (180, 14, 150), "TEA-006": (365, 30, 320)}
FORGOTTEN = "SWT-004"
SHABBY = "CUP-002"


def begin(skus: Mapping[str, int], *, by: Any) -> None:
    """What lies there on the first day has a lot of its own."""
    place = stock.default_location_id()
    for code, (keeps, before, left) in KEEPS.items():
        services.start_lots(skus[code], by=by)
        services.set_lot_rule(skus[code], shelf_life_days=keeps, ship_days_before=before, by=by)
        lots = stock.lots_of(skus[code])
        day = clock.today() + timedelta(days=left)
        for row in lots:
            if row.location_id == place:
                services.name_lot(row.lot, code=f"L{clock.today():%y%m%d}", expires_on=day, by=by)


def dated(lines: Sequence[LineInput], skus: Mapping[str, int], on: date) -> list[LineInput]:
    """The lines of a slip with the lots their makers print."""
    known = {skus[code]: left for code, (_, _, left) in KEEPS.items() if code in skus}
    return [
        replace(line, lot=f"L{on:%y%m%d}", expires_on=on + timedelta(days=known[line.sku_id]))
        if line.sku_id in known else line
        for line in lines
    ]  # fmt: skip


def end(skus: Mapping[str, int], *, today: date, warehouse: Any, books: Any) -> None:
    """A box turns up behind the shelf, its day long past; and cups whose boxes are crushed are worth less."""
    place = stock.default_location_id()
    tag = LotTag(f"L{today - timedelta(days=184):%y%m%d}", today - timedelta(days=4))
    found = Movement(
        skus[FORGOTTEN], place, "adjustment", 3, "調整", f"demo:forgotten:{today}", note="棚の奥から見つかった", lot=tag
    )  # fmt: skip
    services.post([found], by=warehouse)
    worth = stock.value_of([skus[SHABBY]]).get(skus[SHABBY])
    if worth is not None and worth.average:
        unit = (worth.average * Decimal("0.6")).quantize(Decimal("1"))
        services.write_down(
            sku_id=skus[SHABBY], unit_yen=unit, reason="damaged", note="箱つぶれ。アウトレットとして売る予定", by=books
        )  # fmt: skip
