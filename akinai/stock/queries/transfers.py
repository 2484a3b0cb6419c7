"""在庫移動の照会."""

from __future__ import annotations

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum

from akinai.catalog import queries as catalog
from akinai.stock.models import StockTransfer, StockTransferLine
from akinai.stock.states import TransferState

ON_THE_WAY = F("quantity") - F("received") - F("returned") - F("lost")


def transfers() -> QuerySet[StockTransfer]:
    """在庫移動一覧: pieces, and how many of them are missing, counted for the shown rows only."""
    lines = StockTransferLine.objects.filter(transfer=OuterRef("pk")).order_by().values("transfer")
    return StockTransfer.objects.select_related("source", "destination", "created_by").annotate(
        pieces=Subquery(lines.annotate(n=Sum("quantity")).values("n"), output_field=IntegerField()),
        missing=Subquery(lines.annotate(n=Sum(ON_THE_WAY)).values("n"), output_field=IntegerField()),
    )


def transfers_with(text: str) -> Q:
    """By number, or by goods on them."""
    goods = StockTransferLine.objects.filter(catalog.named(text)).values("transfer")
    return Q(number__startswith=text.strip().upper()) | Q(pk__in=goods)


def on_the_way(sku_ids: list[int]) -> dict[int, int]:
    """移動中: pieces of each SKU between two places; SKUs without any are left out."""
    rows = StockTransferLine.objects.filter(sku_id__in=sku_ids, transfer__state=TransferState.SENT)
    found = rows.order_by().values("sku_id").annotate(n=Sum(ON_THE_WAY)).values_list("sku_id", "n")
    return {pk: pieces for pk, pieces in found if pieces}
