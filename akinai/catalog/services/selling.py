"""取り寄せ・予約の条件を決める."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from akinai.catalog.models import Product, SetPart, Sku
from akinai.core import activity, clock, events
from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff

TITLES = {
    "may_backorder": "取り寄せ",
    "backorder_limit": "上限",
    "preorder_until": "予約受付の終わり",
    "release_on": "発売日",
}


@transaction.atomic
def set_selling_terms(
    sku_id: int,
    *,
    may_backorder: bool,
    backorder_limit: int | None,
    preorder_until: date | None,
    release_on: date | None,
    by: Staff | None,
) -> bool:
    """取り寄せ・予約の条件. Waiting orders hear of another day of release by `catalog.release_changed`. Out: whether it changed."""
    told = {
        "may_backorder": may_backorder, "backorder_limit": backorder_limit, "preorder_until": preorder_until,
        "release_on": release_on,
    }  # fmt: skip
    if preorder_until and not release_on:
        raise DomainError(
            "予約受付の終わりだけがあり、発売日がありません。", way_out="発売日を入れてください。"
        )
    if preorder_until and release_on and preorder_until > release_on:
        raise DomainError("予約受付の終わりが発売日より後です。", way_out="発売日までの日にしてください。")
    sku = Sku.objects.select_for_update(no_key=True, of=("self",)).select_related("product").get(pk=sku_id)
    before = {name: getattr(sku, name) for name in told}
    if before == told:
        return False
    Sku.objects.filter(pk=sku_id).update(**told, updated_at=clock.now())
    Product.objects.filter(pk=sku.product_id).update(version=F("version") + 1, updated_at=clock.now())
    changes = "、".join(
        f"{TITLES[name]} {_word(before[name])} → {_word(value)}"
        for name, value in told.items() if before[name] != value
    )  # fmt: skip
    activity.record(sku.product, "change", by=by, summary=f"{sku.code}: {changes}"[:500])
    if before["release_on"] != release_on:
        sets = list(SetPart.objects.filter(part_sku=sku_id).values_list("set_sku_id", flat=True))
        events.emit("catalog.release_changed", sku_ids=[sku_id, *sets])
    return True


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "受ける" if value else "受けない"
    return f"{value:%Y/%m/%d}" if isinstance(value, date) else "なし" if value is None else str(value)
