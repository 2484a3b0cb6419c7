"""在庫の帳票: slips and sheets as PDF. Reads and draws; writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from akinai.core import typeset
from akinai.ui.formats import jdate

if TYPE_CHECKING:
    from akinai.stock.models import StockTransfer

TEMPLATES = Path(__file__).resolve().parent / "typst"
MANY_ROWS = 1000


def draw(name: str, data: dict[str, Any], *, rows: int) -> bytes:
    """A short paper here; a long one in a process of its own."""
    if rows > MANY_ROWS:
        return typeset.render_apart(TEMPLATES / name, data)
    return typeset.render(TEMPLATES / name, data, tagged=False)


def transfer_pdf(transfer: StockTransfer) -> bytes:
    """移動伝票: goes with the goods; the receiver writes what came."""
    rows = list(transfer.lines.select_related("sku__product").order_by("sku__shelf", "sku__code"))
    data = {
        "number": transfer.number,
        "facts": [
            ["移動番号", transfer.number], ["移動元", transfer.source.name], ["移動先", transfer.destination.name],
            ["到着予定日", jdate(transfer.arrives_on) if transfer.arrives_on else ""],
        ],
        "lead": f"{len(rows):,} 品目・{sum(row.quantity for row in rows):,} 点",
        "note": transfer.note,
        "lines": [
            {"shelf": row.sku.shelf, "code": row.sku.code, "jan": row.sku.jan or "", "name": row.sku.product.name,
             "variant": row.sku.variant, "quantity": f"{row.quantity:,}"}
            for row in rows
        ],
    }  # fmt: skip
    return draw("transfer.typ", data, rows=len(rows))
