"""商品の取り込みと、その取消."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from akinai.catalog.goods import LABELS
from akinai.catalog.models import Product, ProductAttribute, ProductImage, Sku
from akinai.catalog.picture_files import Pictures
from akinai.catalog.services.attributes import drop_unused
from akinai.catalog.services.batch import Batch, Edit, category_name, lock_products, write
from akinai.catalog.services.images import attach_file, remove_image
from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many pictures were drawn, and a sentence for each that could not be."""

    count: int
    refused: list[str]


def write_import(batch: Batch, *, by: Staff | None) -> dict[str, Any]:
    """Write what the file changes. Out (JSON): what `undo_import` needs to bring the old values back."""
    write(batch, by=by, verb="import", created="ファイルから登録しました。", changed="ファイルから変更: ")
    new = {product.pk for product in batch.new_products}
    return {
        "products": [product.pk for product in batch.new_products],
        "skus": [sku.pk for sku in batch.new_skus],
        "product_edits": _kept(batch.product_edits),
        "sku_edits": _kept(batch.sku_edits),
        "images": [image.pk for image in batch.images],
        "attributes": [[product.pk, told] for product, told in batch.told if product.pk not in new],
        "new_attributes": [attribute.name for attribute in batch.new_attributes],
    }


def draw_arrived(arrived: Sequence[tuple[int, str]], pictures: Pictures, *, by: Staff | None) -> Drawn:
    """届いた画像を描く: (row id, file name) of each. Safe to run twice: what is drawn already is left alone."""
    rows = ProductImage.objects.in_bulk([pk for pk, _ in arrived])
    done, refused = 0, []
    for pk, name in arrived:
        if pk not in rows or name not in pictures:
            continue
        try:
            done += attach_file(rows[pk], data=pictures.read(name), filename=name, by=by)
        except DomainError as refusal:
            refused.append(refusal.message)
    return Drawn(done, refused)


def _kept(edits: Mapping[int, Edit]) -> dict[str, dict[str, list[Any]]]:
    return {
        str(pk): {name: [_json(before), _json(after)] for name, (before, after) in edit.fields.items()}
        for pk, edit in edits.items()
    }


def _json(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


NAMED = 10


def undo_import(data: Mapping[str, Any], *, by: Staff | None) -> str:
    """取り込みの取消: what nobody touched since goes back, what somebody did stays and is named.

    New goods are taken off sale and stay in the books, because prices and stock may already point at them; those that
    were changed since stay on sale. In: the JSON of `write_import`. Out: a sentence that tells all this.
    """
    told = dict(data.get("attributes", ()))
    lock_products([*data["products"], *map(int, data["product_edits"]), *told])
    batch = Batch()
    kept = _take_back(batch, Product.objects.select_related("category"), data["product_edits"])
    kept += _take_back(batch, Sku.objects.select_related("product"), data["sku_edits"])
    kept += _take_back_attributes(batch, told)
    touched = list(Product.objects.filter(pk__in=data["products"], version__gt=1).order_by("code"))
    for product in Product.objects.filter(pk__in=data["products"], version=1):
        batch.edit(product, "status", Product.Status.ENDED)
    new = Sku.objects.filter(pk__in=data["skus"]).select_related("product")
    ended = [sku for sku in new.exclude(product__in=touched) if batch.edit(sku, "is_active", False)]
    write(batch, by=by, verb="undo_import", created="", changed="取り込みの取消: ")
    for image in ProductImage.objects.filter(pk__in=data.get("images", ())).select_related("product"):
        remove_image(image, by=by)
    drop_unused(data.get("new_attributes", ()))
    restored = len(data["product_edits"]) + len(data["sku_edits"]) + len(told)
    text = f"新しく登録した {len(ended)} SKUは販売終了にし、変更した {restored} 件を元に戻しました。"
    if kept:
        text += f"その後に変えられた {len(kept)} 項目はそのままです（{_some(kept)}）。"
    if touched:
        names = _some([product.code for product in touched])
        text += f"登録した後に変えられた商品 {len(touched)} 件は販売中のままです（{names}）。"
    return text


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:NAMED]) + (f" ほか{len(names) - NAMED}" if len(names) > NAMED else "")


def _take_back(batch: Batch, rows: Any, edits: Mapping[str, Mapping[str, list[Any]]]) -> list[str]:
    """Note the way back for each field; out: those that are no longer what the import left, or whose code another
    SKU has by now."""
    kept = []
    found = list(rows.filter(pk__in=[int(pk) for pk in edits]))
    taken = _taken(edits)
    for obj in found:
        for name, (before, after) in edits[str(obj.pk)].items():
            now = category_name(obj) if name == "category" else getattr(obj, name)
            if _json(now) == after and not (name in CODES and taken.get((name, before), obj.pk) != obj.pk):
                batch.edit(obj, name, Decimal(before) if name == "cost" and before is not None else before)
            else:
                kept.append(f"{obj.code} の{LABELS.get(name, name)}")
    return kept


def _take_back_attributes(batch: Batch, told: Mapping[int, Mapping[str, list[str]]]) -> list[str]:
    """属性: the value from before, unless somebody gave another since."""
    kept = []
    rows = ProductAttribute.objects.filter(product__in=list(told)).values_list(
        "product", "attribute__name", "value"
    )
    now = {(product, name): value for product, name, value in rows}
    for product in Product.objects.filter(pk__in=list(told)):
        back = {}
        for name, (before, after) in told[product.pk].items():
            if now.get((product.pk, name), "") == after:
                back[name] = (after, before)
            else:
                kept.append(f"{product.code} の{name}")
        if back:
            batch.told.append((product, back))
    return kept


CODES = ("jan", "itf", "slug")


def _taken(edits: Mapping[str, Mapping[str, list[Any]]]) -> dict[tuple[str, str], int]:
    """Who has now the codes that shall come back, unless the undoing itself takes it from him."""
    found: dict[tuple[str, str], int] = {}
    for name in CODES:
        wanted = {fields[name][0] for fields in edits.values() if name in fields and fields[name][0]}
        model: Any = Product if name == "slug" else Sku
        rows = model.objects.filter(**{f"{name}__in": wanted}) if wanted else model.objects.none()
        giving = [int(pk) for pk, fields in edits.items() if name in fields]
        found |= {(name, code): pk for pk, code in rows.exclude(pk__in=giving).values_list("pk", name)}
    return found
