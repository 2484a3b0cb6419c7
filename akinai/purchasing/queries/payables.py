"""買掛の照会: what has come and is not billed, what is owed, and what was paid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from akinai.catalog import queries as catalog
from akinai.purchasing.models import (
    Discrepancy,
    GoodsReceipt,
    GoodsReceiptLine,
    PayableBalance,
    PayableCorrection,
    PayableEntry,
    PaymentRun,
    SupplierBill,
    SupplierReturn,
    SupplierReturnLine,
    yen_of,
)
from akinai.purchasing.states import CorrectionState, ReceiptState, ReturnState

type ByRate = dict[tuple[int, int], int]  # (receipt, rate) → yen


def unbilled(supplier_id: int, *, until: date) -> list[GoodsReceipt]:
    """未請求の入荷: posted slips up to a day that no posted bill names, the oldest first."""
    rows = GoodsReceipt.objects.filter(
        supplier_id=supplier_id, state=ReceiptState.POSTED, received_on__lte=until
    ).exclude(bill_lines__is_live=True)
    return list(rows.order_by("received_on", "pk"))


def unbilled_suppliers() -> list[tuple[int, str, int]]:
    """未請求の入荷がある仕入先: (id, name, deliveries), most deliveries first."""
    rows = GoodsReceipt.objects.filter(state=ReceiptState.POSTED, supplier__isnull=False).exclude(
        bill_lines__is_live=True
    )
    found = rows.order_by().values("supplier_id", "supplier__name").annotate(n=Count("pk"))
    return [
        (row["supplier_id"], row["supplier__name"], row["n"]) for row in found.order_by("-n", "supplier_id")
    ]


def unbilled_yen(receipt_ids: Iterable[int]) -> ByRate:
    """What each delivery comes to by tax rate (税抜), without what went back. Rounded once per delivery and rate."""
    ids = set(receipt_ids)
    lines = GoodsReceiptLine.objects.filter(receipt_id__in=ids, unit_cost__isnull=False)
    rates = {pk: row.tax_rate for pk, row in catalog.sku_rows({line.sku_id for line in lines}).items()}
    back: dict[int, int] = {}
    returned = Discrepancy.objects.filter(receipt_id__in=ids, state="settled", goods="return")
    for line_id, pieces in returned.values_list("receipt_line_id", "held"):
        back[line_id or 0] = back.get(line_id or 0, 0) + pieces
    sums: dict[tuple[int, int], Decimal] = {}
    for line in lines:
        key = (line.receipt_id, rates[line.sku_id])
        sums[key] = sums.get(key, Decimal(0)) + (line.quantity - back.get(line.pk, 0)) * (line.unit_cost or 0)
    return {key: yen_of(amount) for key, amount in sums.items()}


def undeducted(supplier_id: int) -> list[SupplierReturn]:
    """まだ引かれていない仕入返品."""
    rows = SupplierReturn.objects.filter(supplier_id=supplier_id, state=ReturnState.POSTED)
    return list(rows.exclude(bill_lines__is_live=True).order_by("pk"))


def undeducted_yen(return_ids: Iterable[int]) -> ByRate:
    """What each return takes off by tax rate (税抜, negative)."""
    sums: dict[tuple[int, int], Decimal] = {}
    for line in SupplierReturnLine.objects.filter(supplier_return_id__in=set(return_ids)):
        key = (line.supplier_return_id, line.tax_rate)
        sums[key] = sums.get(key, Decimal(0)) + line.quantity * line.unit_cost
    return {key: -yen_of(amount) for key, amount in sums.items()}


def days_of(receipt_ids: Iterable[int]) -> dict[int, tuple[int | None, date]]:
    """(supplier, day) of posted deliveries."""
    rows = GoodsReceipt.objects.filter(pk__in=set(receipt_ids), state=ReceiptState.POSTED)
    return {pk: (supplier, on) for pk, supplier, on in rows.values_list("pk", "supplier_id", "received_on")}


def for_bill_list() -> QuerySet[SupplierBill]:
    return SupplierBill.objects.select_related("supplier").annotate(total=F("net_yen") + F("tax_yen"))


def owed() -> QuerySet[Any]:
    """未払の請求: bills of the ledger, what was owed before it began and what a correction added, that are neither reversed nor
    settled in full, with what is left."""
    settled = (
        PayableEntry.objects.filter(settles=OuterRef("pk"))
        .order_by()
        .values("settles")
        .annotate(n=Sum("amount_yen"))
    )
    owing = [PayableEntry.Kind.BILL, PayableEntry.Kind.OPENING, PayableEntry.Kind.CORRECTION]
    rows = PayableEntry.objects.filter(kind__in=owing, reversed_by=None)
    return rows.annotate(left_yen=F("amount_yen") + Coalesce(Subquery(settled.values("n")), 0)).filter(
        left_yen__gt=0
    )


def payable_now() -> QuerySet[Any]:
    """支払待ち: owed, and in no live run of payment."""
    return owed().exclude(Q(payments__is_live=True)).select_related("supplier")


def balance_of(supplier_id: int) -> int:
    """買掛残 of a supplier."""
    found = (
        PayableBalance.objects.filter(supplier_id=supplier_id).values_list("balance_yen", flat=True).first()
    )
    return found or 0


def runs() -> QuerySet[PaymentRun]:
    return PaymentRun.objects.select_related("created_by")


def waiting_corrections() -> int:
    """訂正 that wait for a second person."""
    return PayableCorrection.objects.filter(state=CorrectionState.WAITING).count()
