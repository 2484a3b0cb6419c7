"""表で編集したものを書く: one save for many SKUs, all or nothing, and nobody's change is written over unseen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from akinai.catalog import grid
from akinai.catalog.checks import Unread
from akinai.catalog.codes import same_jans
from akinai.catalog.models import Product, Sku
from akinai.catalog.services.batch import Batch, lock_products, write
from akinai.core.errors import ChangedMeanwhile
from akinai.core.money import NotANumber

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Typed:
    """One cell that was changed: what stood there when the grid was opened, and what was typed."""

    sku_id: int
    name: str
    was: str
    text: str


@dataclass(slots=True)
class Saved:
    """How many SKUs changed; or the sentences by (SKU id, column), and then nothing was written."""

    count: int = 0
    errors: dict[tuple[int, str], str] = field(default_factory=dict)


def save_grid(cells: Sequence[Typed], *, by: Staff | None) -> Saved:
    """Write the cells. The products are held first, so what is compared here is what is written over."""
    try:
        with transaction.atomic():
            return _save(cells, by)
    except IntegrityError as error:
        raise ChangedMeanwhile(
            "保存の途中で、同じJANかケースのコードが別の商品に登録されました。何も保存していません。",
            way_out="もう一度保存してください。",
        ) from error


def _save(cells: Sequence[Typed], by: Staff | None) -> Saved:
    ids = {cell.sku_id for cell in cells}
    lock_products(Sku.objects.filter(pk__in=ids).values_list("product", flat=True))
    rows = Sku.objects.filter(pk__in=ids).select_related("product__category")
    skus = {sku.pk: sku for sku in rows}
    products: dict[int, Product] = {}
    for sku in skus.values():
        sku.product = products.setdefault(sku.product_id, sku.product)
    saved, batch = Saved(), Batch()
    values = _read(cells, skus, saved)
    _refuse_twins(values, skus, saved)
    _refuse_half_cases(values, skus, saved)
    if saved.errors:
        return saved
    for (pk, name), value in values.items():
        sku = skus[pk]
        batch.edit(sku.product if grid.BY_NAME[name].of_product else sku, name, value)
    saved.count = len({pk for pk, _ in values})
    write(batch, by=by, verb="update", created="", changed="表で変更: ")
    return saved


def _read(cells: Iterable[Typed], skus: dict[int, Sku], saved: Saved) -> dict[tuple[int, str], Any]:
    """Values by (SKU id, column). A cell that somebody else changed since is told, not written over."""
    values: dict[tuple[int, str], Any] = {}
    for cell in cells:
        sku, key = skus.get(cell.sku_id), (cell.sku_id, cell.name)
        if sku is None or cell.name not in grid.BY_NAME:
            continue
        now = grid.text_of(sku, cell.name)
        try:
            value = grid.read(cell.name, cell.text)
        except (Unread, NotANumber) as problem:
            saved.errors[key] = str(problem)
            continue
        if now not in (cell.was, cell.text.strip()):
            saved.errors[key] = (
                f"開いている間に「{now or '（空）'}」に変わりました。このまま保存すると上書きします。"
            )
            continue
        values[key] = value
    return values


def _refuse_twins(values: dict[tuple[int, str], Any], skus: dict[int, Sku], saved: Saved) -> None:
    """A JAN and a case code belong to one SKU: within the grid and in the books."""
    for name in ("jan", "itf"):
        told = {pk: value for (pk, column), value in values.items() if column == name and value}
        spellings = {same: pk for pk, value in told.items() for same in same_jans(value)}
        others = Sku.objects.filter(**{f"{name}__in": spellings}).exclude(
            pk__in=[pk for pk, column in values if column == name]
        )
        for code, value in others.values_list("code", name):
            saved.errors[spellings[value], name] = f"SKU {code} に登録済みです。"
        first: dict[str, int] = {}
        for pk, value in told.items():
            other = first.setdefault(value.zfill(14), pk)
            if other != pk:
                saved.errors[pk, name] = f"SKU {skus[other].code} と同じです。"


def _refuse_half_cases(values: dict[tuple[int, str], Any], skus: dict[int, Sku], saved: Saved) -> None:
    for pk in {pk for pk, name in values if name in {"itf", "pieces_per_case"}}:
        itf = values.get((pk, "itf"), skus[pk].itf)
        if itf and not values.get((pk, "pieces_per_case"), skus[pk].pieces_per_case):
            saved.errors[pk, "pieces_per_case"] = "ケースのコードがあるSKUには、入数も書いてください。"
