"""納期の実績: days from order to receipt, from what really came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from akinai.purchasing.models import GoodsReceiptLine, PurchaseOrderLine, SupplierItem, SupplierTerms
from akinai.purchasing.queries.orders import IS_OPEN
from akinai.purchasing.replenish.leadtime import Arrival, LeadTime, lead_time
from akinai.purchasing.states import PLACED, ReceiptState

type BySupplier = dict[int, list[Arrival]]


def arrivals(supplier_ids: Iterable[int], *, since: date | None = None) -> BySupplier:
    """Every delivery against an order, and what is still open of orders on the way, by supplier. Two queries."""
    ids = set(supplier_ids)
    came = GoodsReceiptLine.objects.filter(
        order_line__order__supplier_id__in=ids, receipt__state=ReceiptState.POSTED,
        order_line__order__ordered_on__isnull=False,
    )  # fmt: skip
    if since:
        came = came.filter(receipt__received_on__gte=since)
    found: BySupplier = {pk: [] for pk in ids}
    fields = (
        "order_line__order__supplier_id",
        "order_line__order__ordered_on",
        "receipt__received_on",
        "quantity",
    )
    for supplier, ordered, received, quantity in came.values_list(*fields):
        found[supplier].append(Arrival(ordered, received, quantity))
    late = PurchaseOrderLine.objects.filter(IS_OPEN, order__supplier_id__in=ids, order__state__in=PLACED)
    for row in late.select_related("order"):
        if row.order.ordered_on:
            found[row.order.supplier_id].append(Arrival(row.order.ordered_on, None, row.open))
    return found


def of_supplier(terms: SupplierTerms, *, today: date) -> LeadTime:
    """Mean and spread of one supplier, leaning on what it promised."""
    return lead_time(arrivals([terms.supplier_id])[terms.supplier_id], promised=terms.lead_days, today=today)


def backorder_days(sku_ids: Iterable[int]) -> dict[int, int]:
    """取り寄せ日数: days the supplier of each SKU promises, the preferred one's; SKUs without a promise are left out."""
    rows = (
        SupplierItem.objects.filter(sku_id__in=set(sku_ids), ended_on=None)
        .order_by("sku_id", "-is_preferred", "-valid_from", "-id")
        .values_list("sku_id", "lead_days", "supplier__terms__lead_days")
    )
    found: dict[int, int] = {}
    for sku_id, own, usual in rows:
        days = own if own is not None else usual
        if days is not None:
            found.setdefault(sku_id, days)
    return found
