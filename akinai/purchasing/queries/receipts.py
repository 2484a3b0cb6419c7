"""What others may ask of receipts (仕入伝票の照会)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)

from akinai.core import clock
from akinai.core.search import matching
from akinai.party import queries as party
from akinai.purchasing.models import GoodsReceipt, GoodsReceiptLine, yen_of
from akinai.purchasing.states import ReceiptState


def for_list() -> QuerySet[GoodsReceipt]:
    """入荷一覧: slips with lines, pieces and amount, counted for the shown rows only."""
    lines = GoodsReceiptLine.objects.filter(receipt=OuterRef("pk")).order_by().values("receipt")
    amount = ExpressionWrapper(F("quantity") * F("unit_cost"), DecimalField(max_digits=20, decimal_places=4))
    return GoodsReceipt.objects.select_related("supplier", "location", "created_by").annotate(
        line_count=Subquery(lines.annotate(n=Count("pk")).values("n"), output_field=IntegerField()),
        pieces=Subquery(lines.annotate(n=Sum("quantity")).values("n"), output_field=IntegerField()),
        amount=Subquery(lines.annotate(n=Sum(amount)).values("n")),
    )


def latest_from(supplier_id: int, *, limit: int = 10) -> list[tuple[GoodsReceipt, int | None]]:
    """The latest slips of one supplier with their yen (None: no cost known), newest first, counted as in the list."""
    rows = for_list().filter(supplier_id=supplier_id).exclude(state=ReceiptState.DISCARDED)
    return [(row, total_yen(row)) for row in rows.order_by("-received_on", "-id")[:limit]]


def total_yen(receipt: Any) -> int | None:
    """金額（税抜） of a slip of `for_list`; None while no cost is known."""
    return None if receipt.amount is None else yen_of(receipt.amount)


def bought_from(supplier_id: int) -> list[tuple[str, int]]:
    """仕入高（税抜・計上済み） of one supplier, this month and the month before: ("今月", yen), ("先月", yen)."""
    first = clock.today().replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    amount = ExpressionWrapper(F("quantity") * F("unit_cost"), DecimalField(max_digits=20, decimal_places=4))
    posted = GoodsReceiptLine.objects.filter(
        receipt__supplier_id=supplier_id, receipt__state=ReceiptState.POSTED, receipt__received_on__gte=before
    )
    now = Q(receipt__received_on__gte=first)
    sums = posted.aggregate(now=Sum(amount, filter=now), then=Sum(amount, filter=~now))
    return [
        ("今月", yen_of(sums["now"] or Decimal(0))),
        ("先月", yen_of(sums["then"] or Decimal(0))),
    ]


def by_words(rows: QuerySet[GoodsReceipt], text: str) -> QuerySet[GoodsReceipt]:
    """Slips whose number or supplier's number holds every word, or whose supplier's name does."""
    return rows.filter(matching(text) | Q(supplier__in=party.supplier_ids_by_words(text)))


def same_slips(*, supplier_id: int | None, slip_no: str, besides: int | None = None) -> list[GoodsReceipt]:
    """Slips of this supplier with this number that are posted or still drafts, the posted one first."""
    if not slip_no.strip():
        return []
    same = Q(supplier_id=supplier_id, supplier_slip_no=slip_no.strip())
    live = Q(state=ReceiptState.POSTED) | Q(state=ReceiptState.DRAFT)
    rows = GoodsReceipt.objects.filter(same & live & ~Q(pk=besides or 0)).order_by("pk")
    return sorted(rows, key=lambda row: row.state != ReceiptState.POSTED)
