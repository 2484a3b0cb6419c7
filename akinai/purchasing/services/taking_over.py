"""発注の引き継ぎ: orders that another system placed, as they were placed; they wait for their goods like our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from akinai.catalog import queries as catalog
from akinai.core import activity, numbering, transitions
from akinai.core.errors import ChangedMeanwhile
from akinai.core.kana import search_key
from akinai.purchasing.models import PurchaseOrder, PurchaseOrderLine, yen_of
from akinai.stock import queries as stock

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class PastLine:
    """発注明細 as it was placed."""

    sku_id: int
    quantity: int
    unit_cost: Decimal
    supplier_code: str = ""
    due_on: date | None = None


@dataclass(slots=True)
class PastOrder:
    """発注 placed elsewhere: `outside_no` is its number there, once per supplier."""

    supplier_id: int
    outside_no: str
    ordered_on: date
    due_on: date | None = None
    lines: list[PastLine] = field(default_factory=list)

    @property
    def net_yen(self) -> int:
        return yen_of(sum((line.quantity * line.unit_cost for line in self.lines), Decimal(0)))


@transaction.atomic
def draft_from(orders: Sequence[PastOrder], *, by: Staff | None) -> list[PurchaseOrder]:
    """下書き from a list: to be looked at, submitted and sent like orders written by hand."""
    made = _orders(orders, by)
    _lines(made, orders)
    # It is ordered when it is sent.
    PurchaseOrder.objects.filter(pk__in=[row.pk for row in made]).update(sent_at=None, ordered_on=None)
    activity.record_many([activity.Fact(row, "import", summary=row.outside_no) for row in made], by=by)
    return made


@transaction.atomic
def take_over(orders: Sequence[PastOrder], *, by: Staff | None) -> list[PurchaseOrder]:
    """引き継ぎ: all of them or none, a handful of statements for thousands. They were approved where they were placed.

    Raises ChangedMeanwhile when one of them is here already.
    """
    made = _orders(orders, by)
    _lines(made, orders)
    transitions.apply_many(made, "take_over", by=by, note="ほかで発注済みのものを引き継ぎ")
    return made


def _lines(made: Sequence[PurchaseOrder], orders: Sequence[PastOrder]) -> None:
    skus = catalog.sku_rows(line.sku_id for order in orders for line in order.lines)
    PurchaseOrderLine.objects.bulk_create(
        (
            PurchaseOrderLine(
                order=row, line_no=no, sku_id=line.sku_id, supplier_code=line.supplier_code, quantity=line.quantity,
                unit_cost=line.unit_cost, tax_rate=skus[line.sku_id].tax_rate, due_on=line.due_on,
            )
            for row, told in zip(made, orders, strict=True)
            for no, line in enumerate(told.lines, 1)
        ),
        batch_size=5000,
    )  # fmt: skip


def _orders(orders: Sequence[PastOrder], by: Staff | None) -> list[PurchaseOrder]:
    numbers = numbering.take("purchase_order", len(orders)) if orders else []
    place = stock.default_location_id()
    rows = [
        PurchaseOrder(
            number=number, supplier_id=one.supplier_id, outside_no=one.outside_no, ordered_on=one.ordered_on,
            due_on=one.due_on, net_yen=one.net_yen, location_id=place, created_by=by,
            sent_at=timezone.make_aware(datetime.combine(one.ordered_on, time(9))),
            search_text=search_key(f"{number}|{one.outside_no}"),
        )
        for number, one in zip(numbers, orders, strict=True)
    ]  # fmt: skip
    try:
        with transaction.atomic():
            return PurchaseOrder.objects.bulk_create(rows, batch_size=2000)
    except IntegrityError:
        raise ChangedMeanwhile(
            "同じ番号の発注が、取り込んでいる間に登録されました。", way_out="もう一度取り込んでください。"
        ) from None
