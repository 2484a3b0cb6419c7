"""価格表の取込を取り消す: a price list goes back as a whole, as long as nothing was built upon it.

What the list wrote is noted beside the intake: for each row what stood there before (nothing, or the values of the same
day) and what stands there now, and which supplier was preferred. Orders keep their own prices, so an order that was
written at a new price since, a later price or a correction by hand stand in the way and are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from akinai.catalog import queries as catalog
from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.purchasing.models import PurchaseOrderLine, SupplierItem
from akinai.purchasing.services.terms import SAME, ItemInput, one_at_a_time
from akinai.purchasing.states import OrderState

if TYPE_CHECKING:
    from datetime import datetime

    from akinai.staff.models import Staff

NAMED = 3


def snapshot(items: Sequence[ItemInput]) -> dict[str, Any]:
    """What stands where these items will be written (JSON)."""
    skus = {item.sku_id for item in items}
    rows = SupplierItem.objects.filter(sku_id__in=skus)
    keys = {(item.supplier_id, item.sku_id, item.valid_from) for item in items}
    return {
        "rows": {
            _key(row): _values(row) for row in rows if (row.supplier_id, row.sku_id, row.valid_from) in keys
        },
        "preferred": {str(row.sku_id): row.pk for row in rows if row.is_preferred},
    }


def written(items: Sequence[ItemInput], before: Mapping[str, Any]) -> dict[str, Any]:
    """What `undo_items` needs: each row that changed with its values before and after, and the preferred marks."""
    after = snapshot(items)
    changed = {
        key: [before["rows"].get(key), values]
        for key, values in after["rows"].items()
        if before["rows"].get(key) != values
    }
    return {"rows": changed, "preferred": before["preferred"], "preferred_after": after["preferred"]}


def undo_items(data: Mapping[str, Any], *, applied_at: datetime, by: Staff | None) -> int:
    """Take the rows back and return how many. Raises DomainError, naming what was built upon them; then nothing goes."""
    one_at_a_time()
    told = {_parsed(key): pair for key, pair in data["rows"].items()}
    rows = {
        (row.supplier_id, row.sku_id, row.valid_from): row
        for row in SupplierItem.objects.filter(sku_id__in={key[1] for key in told})
    }
    _refuse_what_is_built_upon(told, rows, data, applied_at)
    preferred = {int(sku): pk for sku, pk in data["preferred"].items()}
    skus = {key[1] for key in told}
    SupplierItem.objects.filter(sku_id__in=skus, is_preferred=True).update(is_preferred=False)
    gone = [rows[key].pk for key, (before, _) in told.items() if before is None]
    SupplierItem.objects.filter(pk__in=gone).delete()
    back = [_restored(rows[key], before) for key, (before, _) in told.items() if before is not None]
    SupplierItem.objects.bulk_update(back, list(SAME), batch_size=500)
    SupplierItem.objects.filter(pk__in=[preferred[sku] for sku in skus if sku in preferred]).update(
        is_preferred=True
    )
    activity.record_many(
        [activity.Fact(row, "change", summary="価格表の取込を取り消しました。") for row in back], by=by
    )
    return len(told)


type Key = tuple[int, int, date]


def _refuse_what_is_built_upon(
    told: Mapping[Key, Sequence[Any]],
    rows: Mapping[Key, SupplierItem],
    data: Mapping[str, Any],
    since: datetime,
) -> None:
    reasons = [*_changed(told, rows), *_newer(told, rows, since), *_ordered(told, since)]
    marks = {int(sku): pk for sku, pk in data["preferred_after"].items()}
    now = {row.sku_id: row.pk for row in rows.values() if row.is_preferred}
    moved = [key[1] for key in told if now.get(key[1]) != marks.get(key[1])]
    reasons += [f"{code} の優先の仕入先が変えられました" for code in _codes(moved)]
    if reasons:
        some = "、".join(dict.fromkeys(reasons[:NAMED])) + (" など" if len(reasons) > NAMED else "")
        raise DomainError(
            f"この価格表のあとに、{some}。",
            way_out="取り込みは取り消せません。違う商品だけ、仕入先商品の画面で直してください。",
        )


def _changed(told: Mapping[Key, Sequence[Any]], rows: Mapping[Key, SupplierItem]) -> list[str]:
    """Rows that are no longer what the list left."""
    wrong = [key[1] for key, (_, after) in told.items() if key not in rows or _values(rows[key]) != after]
    return [f"{code} の仕入先商品が直されました" for code in _codes(wrong)]


def _newer(told: Mapping[Key, Sequence[Any]], rows: Mapping[Key, SupplierItem], since: datetime) -> list[str]:
    """A price that was written later for another day."""
    pairs = {key[:2] for key in told}
    later = [
        key[1] for key, row in rows.items() if key not in told and key[:2] in pairs and row.created_at > since
    ]
    return [f"{code} に新しい単価が登録されました" for code in _codes(later)]


def _ordered(told: Mapping[Key, Sequence[Any]], since: datetime) -> list[str]:
    """Orders written since, with goods of the list."""
    lines = (
        PurchaseOrderLine.objects.filter(order__created_at__gt=since, sku_id__in={key[1] for key in told})
        .filter(order__supplier_id__in={key[0] for key in told})
        .exclude(Q(order__state=OrderState.CANCELLED))
        .values_list("order__number", "order__supplier_id", "sku_id")
    )
    pairs = {key[:2] for key in told}
    numbers = dict.fromkeys(number for number, supplier, sku in lines if (supplier, sku) in pairs)
    return [f"発注 {number} が作られました" for number in numbers]


def _codes(skus: Iterable[int]) -> list[str]:
    wanted = list(dict.fromkeys(skus))
    names = catalog.sku_rows(wanted)
    return [names[pk].code for pk in wanted]


def _key(row: SupplierItem) -> str:
    return f"{row.supplier_id}/{row.sku_id}/{row.valid_from.isoformat()}"


def _parsed(key: str) -> Key:
    supplier, sku, day = key.split("/")
    return int(supplier), int(sku), date.fromisoformat(day)


def _values(row: SupplierItem) -> dict[str, Any]:
    return {name: _json(getattr(row, name)) for name in SAME}


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.4f}"
    return value.isoformat() if isinstance(value, date) else value


def _restored(row: SupplierItem, before: Mapping[str, Any]) -> SupplierItem:
    for name, value in before.items():
        if name == "ended_on":
            value = date.fromisoformat(value) if value else None
        setattr(row, name, Decimal(value) if name == "unit_cost" else value)
    return row
