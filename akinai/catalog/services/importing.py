"""商品の取り込みと、その取消."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from akinai.catalog.models import Product, Sku
from akinai.catalog.services.batch import Batch, Edit, category_name, write

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def write_import(batch: Batch, *, by: Staff | None) -> dict[str, Any]:
    """Write what the file changes. Out (JSON): what `undo_import` needs to bring the old values back."""
    write(batch, by=by, verb="import", created="ファイルから登録しました。", changed="ファイルから変更: ")
    return {
        "products": [product.pk for product in batch.new_products],
        "skus": [sku.pk for sku in batch.new_skus],
        "product_edits": _kept(batch.product_edits),
        "sku_edits": _kept(batch.sku_edits),
    }


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
