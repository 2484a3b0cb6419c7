"""不一致の照会."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from akinai.core.search import matching
from akinai.party import queries as party
from akinai.purchasing.models import Discrepancy
from akinai.purchasing.states import DiscrepancyState


def for_list() -> QuerySet[Discrepancy]:
    """不一致一覧."""
    return Discrepancy.objects.select_related("supplier", "receipt", "sku__product", "owner")


def by_words(rows: QuerySet[Discrepancy], text: str) -> QuerySet[Discrepancy]:
    """By number, receipt, goods or supplier."""
    word = text.strip()
    numbers = Q(number__istartswith=word) | Q(receipt__number__istartswith=word)
    goods = matching(text, grams="sku__search_grams", source="sku__search_text")
    return rows.filter(numbers | goods | Q(supplier__in=party.supplier_ids_by_words(text)))


def open_count() -> int:
    return Discrepancy.objects.filter(state=DiscrepancyState.OPEN).count()
