"""What others may ask of receipts (仕入伝票の照会)."""

from __future__ import annotations

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

from akinai.core.search import matching
from akinai.party import queries as party
from akinai.purchasing.models import GoodsReceipt, GoodsReceiptLine
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
