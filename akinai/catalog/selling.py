"""取り寄せ・予約: what a SKU allows when it is short, and from which day it is shipped. Read here, written by `services.selling`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from akinai.catalog.models import Sku


@dataclass(frozen=True, slots=True)
class Terms:
    """販売の条件 of one SKU. `release_on` is the latest of its own day and those of the parts of a set."""

    code: str
    may_backorder: bool = False
    backorder_limit: int | None = None
    preorder_until: date | None = None
    release_on: date | None = None

    def is_preorder(self, today: date) -> bool:
        """Sold before the day it comes out."""
        return self.release_on is not None and self.release_on > today


def terms_of(sku_ids: Iterable[int]) -> dict[int, Terms]:
    """販売の条件 by SKU id. One query."""
    rows = Sku.objects.filter(pk__in=set(sku_ids)).annotate(of_parts=Max("parts__part_sku__release_on"))
    told = rows.values_list(
        "pk", "code", "may_backorder", "backorder_limit", "preorder_until", "release_on", "of_parts"
    )
    return {
        pk: Terms(code, may, limit, until, max(filter(None, (own, parts)), default=None))
        for pk, code, may, limit, until, own, parts in told
    }


def own_terms(sku_id: int) -> Terms:
    """販売の条件 as they are kept of one SKU, without those of its parts."""
    sku = Sku.objects.get(pk=sku_id)
    return Terms(sku.code, sku.may_backorder, sku.backorder_limit, sku.preorder_until, sku.release_on)
