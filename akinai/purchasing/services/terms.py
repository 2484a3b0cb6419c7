"""仕入条件と仕入先商品の操作: terms are rewritten with a history; a new price is a new row beside the old ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction

from akinai.catalog import queries as catalog
from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.core.money import cost_text
from akinai.purchasing.models import SupplierItem, SupplierTerms
from akinai.purchasing.queries import terms as queries

if TYPE_CHECKING:
    from akinai.staff.models import Staff

SAME = ("supplier_code", "supplier_name", "unit_cost", "order_unit", "lot", "moq", "lead_days", "ended_on")
KEY = ["supplier", "sku", "valid_from"]


@dataclass(frozen=True, slots=True)
class ItemInput:
    """仕入先商品 as told. `is_preferred` None: as it was, and preferred when the SKU has no supplier yet."""

    supplier_id: int
    sku_id: int
    unit_cost: Decimal
    valid_from: date
    supplier_code: str
    supplier_name: str = ""
    order_unit: str = ""
    lot: int = 1
    moq: int = 1
    lead_days: int | None = None
    is_preferred: bool | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: rows that are new, rows with a new price or condition, rows that said what was known."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@transaction.atomic
def save_terms(terms: SupplierTerms, *, by: Staff | None) -> SupplierTerms:
    """仕入条件の保存. Bills already entered keep their due days."""
    is_new = terms.pk is None
    terms.changed_at = clock.now()
    terms.save()
    activity.record(terms, "create" if is_new else "change", by=by, summary=str(terms.supplier))
    return terms


def tell_terms(supplier_id: int, *, by: Staff | None, **fields: Any) -> SupplierTerms:
    """仕入条件 from plain values; what is not told stays as it is."""
    terms = queries.terms_of(supplier_id)
    for name, value in fields.items():
        setattr(terms, name, value)
    return save_terms(terms, by=by)


@transaction.atomic
def save_items(items: Sequence[ItemInput], *, by: Staff | None) -> Saved:
    """仕入先商品の登録: rows that change nothing are left out, the same day is corrected, another day is a new row.

    Raises DomainError when a supplier's code would mean two SKUs on one day.
    """
    catalog.refuse_sets(item.sku_id for item in items)
    one_at_a_time()
    known = queries.current_items([(item.supplier_id, item.sku_id) for item in items], on=None)
    fresh = [item for item in items if is_news(item, known.get((item.supplier_id, item.sku_id)))]
    made = _write(fresh)
    _prefer(fresh)
    first = sum((item.supplier_id, item.sku_id) not in known for item in fresh)
    activity.record_many([activity.Fact(row, "change", summary=_told(row)) for row in made], by=by)
    return Saved(first, len(fresh) - first, len(items) - len(fresh))


def is_news(item: ItemInput, known: SupplierItem | None) -> bool:
    """Does this say anything that is not in the newest row?"""
    if known is None or any(getattr(item, name) != getattr(known, name) for name in SAME):
        return True
    return item.is_preferred is not None and item.is_preferred != known.is_preferred


def one_at_a_time() -> None:
    """Price lists are saved one after the other: which row is newest must not change under our hands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('purchasing.supplier_items'))")


def _write(items: Sequence[ItemInput]) -> list[SupplierItem]:
    rows = [
        SupplierItem(
            supplier_id=item.supplier_id, sku_id=item.sku_id, valid_from=item.valid_from,
            **{name: getattr(item, name) for name in SAME},
        )
        for item in items
    ]  # fmt: skip
    try:
        with transaction.atomic():
            return SupplierItem.objects.bulk_create(
                rows, batch_size=2000, update_conflicts=True, unique_fields=KEY, update_fields=list(SAME)
            )
    except IntegrityError:
        raise DomainError(
            "同じ仕入先の商品コードが、同じ適用開始日に 2 つの商品を指しています。",
            way_out="仕入先の商品コードを確かめて、どちらかを直してください。",
        ) from None


def _prefer(items: Sequence[ItemInput]) -> None:
    """The preferred mark stands on the newest row of one supplier per SKU."""
    if not items:
        return
    skus = {item.sku_id for item in items}
    chosen = dict(
        SupplierItem.objects.filter(sku_id__in=skus, is_preferred=True).values_list("sku_id", "supplier_id")
    )
    for item in items:
        if item.is_preferred is False and chosen.get(item.sku_id) == item.supplier_id:
            del chosen[item.sku_id]
        elif item.is_preferred or (item.is_preferred is None and item.sku_id not in chosen):
            chosen[item.sku_id] = item.supplier_id
    SupplierItem.objects.filter(sku_id__in=skus, is_preferred=True).update(is_preferred=False)
    pairs = [(supplier, sku) for sku, supplier in chosen.items()]
    newest = [row.pk for row in queries.current_items(pairs, on=None).values()]
    SupplierItem.objects.filter(pk__in=newest).update(is_preferred=True)


def _told(row: SupplierItem) -> str:
    return f"{row.supplier_code}: {cost_text(row.unit_cost)} 円（{row.valid_from:%Y/%m/%d} から）"


def end_item(item: SupplierItem, *, on: date, by: Staff | None) -> None:
    """取扱終了: the supplier no longer sells it; it is not proposed any more."""
    save_items([replace(as_input(item), ended_on=on, is_preferred=False, valid_from=on)], by=by)


def as_input(item: SupplierItem, **changes: object) -> ItemInput:
    """The row as it would be told again, with changes."""
    told: Mapping[str, object] = {
        "supplier_id": item.supplier_id, "sku_id": item.sku_id, "valid_from": item.valid_from,
        **{name: getattr(item, name) for name in SAME}, **changes,
    }  # fmt: skip
    return ItemInput(**told)  # type: ignore[arg-type]
