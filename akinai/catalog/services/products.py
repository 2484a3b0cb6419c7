"""商品の登録・変更 by hand. Codes stay; what was sold under a code must be found under it later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from akinai.catalog.axes import Axis
from akinai.catalog.codes import code_key
from akinai.catalog.models import Product, Sku
from akinai.catalog.services.attributes import answers_of
from akinai.catalog.services.axes import axes_of
from akinai.catalog.services.batch import Batch, write
from akinai.core.errors import ChangedMeanwhile, DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff

Values = Mapping[str, Any]


def create_product(
    *,
    values: Values,
    skus: Sequence[Values],
    by: Staff | None,
    axes: Sequence[Axis] = (),
    attributes: Mapping[int, str] | None = None,
) -> Product:
    """商品の登録. `values`: code, name, … and `category` by name; `skus`: code, jan, price_yen, … at least one.

    `axes`: the variant axes; every SKU's `variant` must then be one of their combinations. `attributes`: id → value.
    """
    if not skus:
        raise DomainError("SKUがありません。", way_out="SKUを1行以上入力してください。")
    batch = Batch()
    product = Product(**{name: value for name, value in values.items() if name != "category"})
    batch.new_products.append(product)
    batch.categories[id(product)] = values.get("category") or ""
    batch.new_skus += [_new_sku(product, row) for row in skus]
    if axes:
        batch.axes.append((product, axes))
    if filled := {pk: value for pk, value in (attributes or {}).items() if value}:
        batch.attributes.append((product, filled))
    _write(batch, by, "update")
    return product


def update_product(
    product: Product,
    *,
    version: int,
    values: Values,
    skus: Sequence[Values],
    by: Staff | None,
    axes: Sequence[Axis] | None = None,
    attributes: Mapping[int, str] | None = None,
) -> Product:
    """商品の変更: values of the product, and of its SKUs by `id` (a row without id is a new SKU).

    `axes`: the variant axes from now on; None leaves them as they are. `attributes`: id → value, "" takes it away;
    what is not named stays.
    `version` is the one the form was opened with. Raises ChangedMeanwhile, and writes nothing, when somebody saved
    the product since.
    """
    with transaction.atomic():
        current = (
            Product.objects.select_for_update(of=("self",)).select_related("category").get(pk=product.pk)
        )
        if current.version != version:
            raise ChangedMeanwhile(
                f"商品「{current.name}」は、開いている間にほかの人が変更しました。",
                way_out="画面を開き直して、最新の内容に入力し直してください。",
            )
        batch = Batch()
        for name, value in values.items():
            batch.edit(current, name, value)
        own = {sku.pk: sku for sku in current.skus.select_related("product__category")}
        for row in skus:
            _edit_sku(batch, current, own, row)
        if axes is not None and list(axes) != axes_of([current.pk]).get(current.pk, []):
            batch.axes.append((current, axes))
        told = answers_of(current.pk)
        if changed := {pk: value for pk, value in (attributes or {}).items() if told.get(pk, "") != value}:
            batch.attributes.append((current, changed))
        _write(batch, by, "update")
    return current


def _edit_sku(batch: Batch, product: Product, own: Mapping[int, Sku], row: Values) -> None:
    if not row.get("id"):
        batch.new_skus.append(_new_sku(product, row))
        return
    sku = own.get(row["id"])
    if sku is None:
        raise ChangedMeanwhile("SKUが見つかりません。", way_out="画面を開き直してください。")
    for name, value in row.items():
        if name not in {"id", "code"}:
            batch.edit(sku, name, value)
    batch.edit(sku, "needs_review", False)


def _new_sku(product: Product, row: Values) -> Sku:
    values = {name: value for name, value in row.items() if name != "id"}
    return Sku(product=product, code_key=code_key(row["code"]), **values)


def _write(batch: Batch, by: Staff | None, verb: str) -> None:
    try:
        with transaction.atomic():
            write(batch, by=by, verb=verb, created="登録しました。", changed="")
    except IntegrityError as error:
        raise ChangedMeanwhile(
            "同じ商品コード・SKUコード・JAN・ケースのコード・URLの商品がすでに登録されています。",
            way_out="コードとJAN、URLを確かめてから、もう一度保存してください。",
        ) from error


def mark_reviewed(skus: Iterable[Sku], *, by: Staff | None) -> int:
    """仮登録の確認済み. Returns how many were waiting."""
    return _set(skus, "needs_review", False, by)


def end_sale(skus: Iterable[Sku], *, by: Staff | None) -> int:
    """SKUの販売終了. Stock and history stay."""
    return _set(skus, "is_active", False, by)


def resume_sale(skus: Iterable[Sku], *, by: Staff | None) -> int:
    """SKUの販売再開."""
    return _set(skus, "is_active", True, by)


@transaction.atomic
def name_addresses(slugs: Mapping[str, str], *, by: Staff | None) -> int:
    """URL of products by their code, all or none. Returns how many changed."""
    batch = Batch()
    products = Product.objects.filter(code__in=slugs).order_by("pk")
    changed = sum(batch.edit(product, "slug", slugs[product.code]) for product in products)
    _write(batch, by, "update")
    return changed


def show_in_shop(skus: Iterable[Sku], *, by: Staff | None) -> int:
    """自社サイトに出す: the products of these SKUs. Returns how many changed."""
    return _show(skus, True, by)


def hide_from_shop(skus: Iterable[Sku], *, by: Staff | None) -> int:
    """自社サイトに出さない. They go on selling elsewhere."""
    return _show(skus, False, by)


@transaction.atomic
def _show(skus: Iterable[Sku], value: bool, by: Staff | None) -> int:
    batch = Batch()
    products = Product.objects.filter(pk__in={sku.product_id for sku in skus}).order_by("pk")
    changed = sum(batch.edit(product, "is_public", value) for product in products)
    write(batch, by=by, verb="update", created="", changed="")
    return changed


@transaction.atomic
def _set(skus: Iterable[Sku], name: str, value: bool, by: Staff | None) -> int:
    batch = Batch()
    changed = sum(batch.edit(sku, name, value) for sku in skus)
    write(batch, by=by, verb="update", created="", changed="")
    return changed


@transaction.atomic
def note_costs(costs: Mapping[int, Decimal | None], *, by: Staff | None, note: str = "") -> int:
    """最終仕入原価: the cost a receipt has shown (None: unknown again), by SKU id. Returns how many changed."""
    batch = Batch()
    skus = Sku.objects.filter(pk__in=costs).select_related("product").order_by("pk")
    changed = sum(batch.edit(sku, "cost", costs[sku.pk]) for sku in skus)
    write(batch, by=by, verb="note_cost", created="", changed=f"{note} " if note else "")
    return changed
