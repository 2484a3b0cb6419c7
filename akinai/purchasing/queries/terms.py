"""仕入条件・仕入先商品の照会."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from akinai.core import clock
from akinai.core.search import matching
from akinai.party import queries as party
from akinai.purchasing.models import SupplierItem, SupplierTerms

type Pair = tuple[int, int]  # supplier, SKU


def terms_of(supplier_id: int) -> SupplierTerms:
    """仕入条件 of a supplier; the usual ones (月末締め翌月末払い) while nobody has told others. Not saved then."""
    found = SupplierTerms.objects.select_related("supplier").filter(supplier_id=supplier_id).first()
    return found or SupplierTerms(supplier_id=supplier_id)


def all_terms(supplier_ids: Iterable[int]) -> dict[int, SupplierTerms]:
    """仕入条件 by supplier, the usual ones where none are told. One query."""
    ids = set(supplier_ids)
    found = {one.supplier_id: one for one in SupplierTerms.objects.filter(supplier_id__in=ids)}
    return {pk: found.get(pk) or SupplierTerms(supplier_id=pk) for pk in ids}


def current_items(pairs: Iterable[Pair], *, on: date | None) -> dict[Pair, SupplierItem]:
    """The row in force on a day (None: the newest, also one of days to come) of each (supplier, SKU). One query."""
    wanted = set(pairs)
    if not wanted:
        return {}
    rows = SupplierItem.objects.filter(
        supplier_id__in={supplier for supplier, _ in wanted}, sku_id__in={sku for _, sku in wanted}
    )
    found = _newest(rows, on)
    return {(row.supplier_id, row.sku_id): row for row in found if (row.supplier_id, row.sku_id) in wanted}


def items_of(supplier_id: int, *, on: date | None = None) -> list[SupplierItem]:
    """取扱商品 of one supplier as they are today (or on a day), without those it no longer sells."""
    day = on or clock.today()
    rows = _newest(SupplierItem.objects.filter(supplier_id=supplier_id).select_related("sku__product"), day)
    return [row for row in rows if row.ended_on is None or row.ended_on > day]


def sellers_of(sku_ids: Iterable[int], *, on: date | None = None) -> dict[int, list[SupplierItem]]:
    """Who sells each SKU today, the preferred one first, then the cheapest. One query."""
    day = on or clock.today()
    rows = _newest(SupplierItem.objects.filter(sku_id__in=set(sku_ids), supplier__is_active=True), day)
    preferred = dict(
        SupplierItem.objects.filter(sku_id__in=set(sku_ids), is_preferred=True).values_list(
            "sku_id", "supplier_id"
        )
    )
    found: dict[int, list[SupplierItem]] = {}
    for row in rows:
        if row.ended_on is None or row.ended_on > day:
            found.setdefault(row.sku_id, []).append(row)
    for sku, sellers in found.items():
        sellers.sort(key=lambda row: (row.supplier_id != preferred.get(sku), row.unit_cost, row.pk))
    return found


def preferred_items(*, on: date) -> dict[int, SupplierItem]:
    """The row in force of the supplier each SKU is usually ordered from; SKUs without one are left out. Two queries."""
    chosen = SupplierItem.objects.filter(is_preferred=True, ended_on=None, supplier__is_active=True)
    pairs = {(supplier, sku) for supplier, sku in chosen.values_list("supplier_id", "sku_id")}
    rows = SupplierItem.objects.filter(sku_id__in={sku for _, sku in pairs})
    return {row.sku_id: row for row in _newest(rows, on) if (row.supplier_id, row.sku_id) in pairs}


def prices_today(supplier_id: int) -> dict[int, Decimal]:
    """価格表 of a supplier: unit cost by SKU, of what it still sells. One query."""
    rows = _newest(SupplierItem.objects.filter(supplier_id=supplier_id, ended_on=None), clock.today())
    return {row.sku_id: row.unit_cost for row in rows}


def skus_by_supplier_code(supplier_id: int, codes: Iterable[str]) -> dict[str, int]:
    """仕入先の商品コード → our SKU, by the newest row that names it. Unknown codes are left out."""
    wanted = {code.strip().upper(): code for code in codes if code.strip()}
    rows = SupplierItem.objects.filter(supplier_id=supplier_id).order_by("valid_from", "pk")
    found = {code.upper(): sku for code, sku in rows.values_list("supplier_code", "sku_id")}
    return {given: found[key] for key, given in wanted.items() if key in found}


def _newest(rows: QuerySet[SupplierItem], on: date | None) -> Sequence[SupplierItem]:
    if on is not None:
        rows = rows.filter(valid_from__lte=on)
    return list(
        rows.order_by("supplier_id", "sku_id", "-valid_from", "-pk").distinct("supplier_id", "sku_id")
    )


def for_item_list() -> QuerySet[SupplierItem]:
    """仕入先商品一覧: the row in force today of each supplier and SKU (else the first to come), with the cost before it."""
    today = clock.today()
    same = SupplierItem.objects.filter(supplier=OuterRef("supplier"), sku=OuterRef("sku"))
    now = same.filter(valid_from__lte=today).order_by("-valid_from", "-pk").values("pk")[:1]
    first = same.order_by("valid_from", "pk").values("pk")[:1]
    before = same.filter(valid_from__lt=OuterRef("valid_from")).order_by("-valid_from", "-pk")
    return (
        SupplierItem.objects.select_related("supplier", "sku__product")
        .filter(pk=Coalesce(Subquery(now), Subquery(first)))
        .annotate(cost_before=Subquery(before.values("unit_cost")[:1]))
    )


def by_item_words(rows: QuerySet[SupplierItem], text: str) -> QuerySet[SupplierItem]:
    """By our code and names, the supplier's code and names, or the supplier."""
    ours = matching(text, grams="sku__search_grams", source="sku__search_text")
    theirs = Q(supplier_code__icontains=text.strip()) | Q(supplier_name__icontains=text.strip())
    return rows.filter(ours | theirs | Q(supplier__in=party.supplier_ids_by_words(text)))


def prices_of(supplier_id: int, sku_id: int) -> list[SupplierItem]:
    """単価の履歴 of one SKU at one supplier, newest first."""
    rows = SupplierItem.objects.filter(supplier_id=supplier_id, sku_id=sku_id)
    return list(rows.order_by("-valid_from", "-pk"))
