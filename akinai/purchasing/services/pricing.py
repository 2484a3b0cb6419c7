"""請求単価の反映: a bill's price that was accepted becomes what the goods cost; the share of those that are sold, 売上原価."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from akinai.catalog import queries as catalog
from akinai.core import activity
from akinai.purchasing.landed import CannotSplit, Carried, Split, split
from akinai.purchasing.models import Discrepancy, GoodsReceiptLine, SupplierBill
from akinai.stock import queries as stock
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def take_price(found: Discrepancy, *, by: Staff | None) -> None:
    """The difference of an accepted bill, over the lines of that delivery and rate by their value. In the caller's
    transaction; nothing where the bill asks for no delivery, or where no line has a cost to share it by."""
    number = found.text.partition(":")[0]
    line = found.receipt and found.receipt.bill_lines.filter(
        bill__number=number, ours_yen=found.expected, net_yen=found.found
    ).first()  # fmt: skip
    if not line or not found.yen:
        return
    came = GoodsReceiptLine.objects.filter(receipt_id=line.receipt_id, quantity__gt=0, unit_cost__gt=0)
    skus = catalog.sku_rows(came.values_list("sku_id", flat=True))
    mine = [one for one in came if skus[one.sku_id].tax_rate == line.tax_rate]
    try:
        shares = split(
            abs(found.yen), [Carried(skus[one.sku_id].code, one.quantity, one.unit_cost) for one in mine], Split.VALUE
        )  # fmt: skip
    except CannotSplit:
        return
    sign = 1 if found.yen > 0 else -1
    changes = [
        stock_services.ValueChange(
            one.sku_id, Decimal(sign * part), "price_correction", number, f"{found.number}/{one.pk}", one.quantity,
            f"{found.number} 請求の単価を受け入れ",
        )
        for one, part in zip(mine, shares, strict=True) if part
    ]  # fmt: skip
    if changes:
        stock_services.add_value(changes, by=by)
        activity.record(found, "value", by=by, summary=f"仕入原価に {found.yen:+,} 円を反映")


def take_price_back(bill: SupplierBill, *, reason: str, by: Staff | None) -> None:
    """The opposite of every such difference, when the bill is taken back."""
    if entries := stock.standing_value_only(bill.number):
        stock_services.reverse_value(entries, reason=reason, by=by)
