"""商品の取り込みと、その取消."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from akinai.catalog.models import Product, ProductImage, Sku
from akinai.catalog.picture_files import Pictures
from akinai.catalog.services.batch import Batch, Edit, category_name, write
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
    return {
        "products": [product.pk for product in batch.new_products],
        "skus": [sku.pk for sku in batch.new_skus],
        "product_edits": _kept(batch.product_edits),
        "sku_edits": _kept(batch.sku_edits),
        "images": [image.pk for image in batch.images],
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


def undo_import(data: Mapping[str, Any], *, by: Staff | None) -> str:
    """取り込みの取消: old values come back where nobody changed them since; new goods are taken off sale.

    Goods stay in the books because prices and stock may already point at them. In: the JSON of `write_import`.
    """
    batch = Batch()
    kept = _take_back(batch, Product.objects.select_related("category"), data["product_edits"])
    kept += _take_back(batch, Sku.objects.select_related("product"), data["sku_edits"])
    for product in Product.objects.filter(pk__in=data["products"]):
        batch.edit(product, "status", Product.Status.ENDED)
    for sku in Sku.objects.filter(pk__in=data["skus"]).select_related("product"):
        batch.edit(sku, "is_active", False)
    write(batch, by=by, verb="undo_import", created="", changed="取り込みの取消: ")
    for image in ProductImage.objects.filter(pk__in=data.get("images", ())).select_related("product"):
        remove_image(image, by=by)
    restored = len(data["product_edits"]) + len(data["sku_edits"])
    text = f"新しく登録した {len(data['skus'])} SKUは販売終了にし、変更した {restored} 件を元に戻しました。"
    return text + (f"その後に変えられた {kept} 項目はそのままです。" if kept else "")


def _take_back(batch: Batch, rows: Any, edits: Mapping[str, Mapping[str, list[Any]]]) -> int:
    """Note the way back for each field; returns how many are no longer what the import left."""
    kept = 0
    for obj in rows.filter(pk__in=[int(pk) for pk in edits]):
        for name, (before, after) in edits[str(obj.pk)].items():
            now = category_name(obj) if name == "category" else getattr(obj, name)
            if _json(now) == after:
                batch.edit(obj, name, Decimal(before) if name == "cost" and before is not None else before)
            else:
                kept += 1
    return kept
