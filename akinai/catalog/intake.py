"""商品ファイルの取込: Shopify, EC-CUBE, 楽天 and a shop's own CSV or Excel, through one check and one comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from akinai.catalog.checks import check_all
from akinai.catalog.codes import is_in_store
from akinai.catalog.formats import LAYOUTS, generic
from akinai.catalog.goods import LABELS, Good, RawGood
from akinai.catalog.models import Product, Sku, TaxKind
from akinai.catalog.services.batch import Edit, shown
from akinai.catalog.services.comparing import Comparison, compare
from akinai.catalog.services.importing import undo_import, write_import
from akinai.core import intake

if TYPE_CHECKING:
    from akinai.core.intake.models import IntakeFile
    from akinai.staff.models import Staff

COLUMNS = (
    "区分",
    "SKUコード",
    "商品名",
    "バリエーション",
    "JAN",
    "販売価格",
    "税区分",
    "原価",
    "カテゴリ",
    "画像",
)
VERDICTS = {"created": "新規", "changed": "変更", "unchanged": "変更なし"}


class ProductsKind(intake.Kind):
    """商品・SKU."""

    code: ClassVar[str] = "products"
    title: ClassVar[str] = "商品"
    permission: ClassVar[str] = "catalog.add_product"
    about: ClassVar[str] = (
        "商品とSKUの一覧を読み、新しい商品を登録し、変わった項目を更新します。空欄の項目は変えません。"
    )
    order: ClassVar[int] = 20
    can_undo: ClassVar[bool] = True
    done_url: ClassVar[str] = "catalog:list"

    def formats(self) -> Sequence[intake.Format]:
        return [
            *(intake.Format(one.code, one.title) for one in LAYOUTS.values()),
            intake.Format(intake.GENERIC, "自由な形式"),
        ]

    def fields(self) -> Sequence[intake.Field]:
        return generic.FIELDS

    def options(self) -> Sequence[intake.Option]:
        return (
            intake.Option(
                "assign_codes",
                "コードを自動で付ける",
                "EC-CUBEの商品コードが空の行に「EC-…」のコードを付けます。",
            ),
            intake.Option(
                "round_prices",
                "小数の価格を四捨五入する",
                "9.99 → 10。選ばないと小数の価格は誤りになります。",
            ),
            intake.Option(
                "prices_exclude_tax",
                "ファイルの価格は税抜",
                "税率を掛けて税込に直します（1円未満切り捨て）。",
            ),
        )

    def accepts(self, files: Sequence[intake.Upload], options: intake.Options) -> str:
        for layout in LAYOUTS.values():
            if all(layout.fits(file.table().columns()) for file in files):
                return layout.code
        return ""

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        raws, notes = _read(files, options)
        goods, errors = check_all(raws, options)
        exclude_tax = bool(options.get("prices_exclude_tax"))
        rows = sum(len(file.table().rows) for file in files)
        if errors:
            # What can be compared is compared too, so that one look shows every problem.
            return intake.Plan.refusal([*errors, *compare(goods, exclude_tax=exclude_tax).errors], rows=rows)
        found = compare(goods, exclude_tax=exclude_tax)
        if found.errors:
            return intake.Plan.refusal(found.errors, rows=rows)
        return _plan_of(found, rows, notes)

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        batch = plan.payload
        data = write_import(batch, by=by)
        message = f"新規 {plan.created:,} 件、変更 {plan.changed:,} 件を登録しました（変更なし {plan.unchanged:,} 件）。"
        return intake.Result(message=message, data=data)

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        count = len(intake_file.result.get("data", {}).get("skus", ()))
        return (intake.Made("この取込で登録したSKU", count, "catalog:list", f"f.intake={intake_file.pk}"),)

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        return undo_import(intake_file.result["data"], by=by)


def _read(files: Sequence[intake.Upload], options: intake.Options) -> tuple[list[RawGood], list[str]]:
    layout = LAYOUTS.get(str(options.get("format")))
    raws: list[RawGood] = []
    for file in files:
        table = file.table()
        raws += layout.read(table, options) if layout else generic.read(table, generic.options_of(options))
    return raws, list(layout.notes) if layout else []


def _plan_of(found: Comparison, rows: int, notes: list[str]) -> intake.Plan:
    count = dict.fromkeys(VERDICTS, 0)
    for _, verdict, _ in found.verdicts:
        count[verdict] += 1
    if found.new_categories:
        notes.append(f"新しいカテゴリを作ります: {'、'.join(found.new_categories[:20])}")
    if stores := sum(
        1 for good, _, _ in found.verdicts if good.sku.get("jan") and is_in_store(good.sku["jan"])
    ):
        notes.append(
            f"インストアコード（社内用のJAN）が {stores} 件あります。社内では使えますが、モールにJANとして送らないでください。"
        )
    if found.ended:
        notes.append(
            f"販売終了のSKUが {found.ended} 件あります。販売を再開するには「状態」の列に 販売中 と書いてください。"
        )
    ordered = sorted(found.verdicts, key=lambda one: list(VERDICTS).index(one[1]))
    return intake.Plan(
        rows=rows,
        created=count["created"],
        changed=count["changed"],
        unchanged=count["unchanged"],
        columns=COLUMNS,
        preview=[_shown_row(good, verdict, sku) for good, verdict, sku in ordered[:50]],
        changes=_changes(found),
        notes=notes,
        payload=found.batch,
    )


def _shown_row(good: Good, verdict: str, sku: Sku) -> tuple[str, ...]:
    """The SKU as it will be."""
    product = sku.product
    after = {**{name: getattr(product, name) for name in ("name", "tax_kind")}, **good.product}
    values = {name: getattr(sku, name) for name in ("variant", "jan", "price_yen", "cost")} | good.sku
    category = good.product.get("category") or (product.category.name if product.category else "")
    return (
        VERDICTS[verdict], sku.code, after["name"], values["variant"], values["jan"] or "", f"¥{values['price_yen']:,}",
        TaxKind(after["tax_kind"]).label, "" if values["cost"] is None else f"{values['cost'].normalize():,f}",
        category or "", str(len(good.pictures) or ""),
    )  # fmt: skip


def _changes(found: Comparison) -> list[intake.Change]:
    lines: dict[Any, Good] = {}
    for good, _, sku in found.verdicts:
        lines.setdefault(("sku", sku.pk), good)
        lines.setdefault(("product", sku.product.pk), good)
    changes = [
        change
        for edit in found.batch.product_edits.values()
        for change in _told(edit, edit.obj.code, lines.get(("product", edit.obj.pk)))
    ]
    changes += [
        change
        for edit in found.batch.sku_edits.values()
        for change in _told(edit, edit.obj.code, lines.get(("sku", edit.obj.pk)))
    ]
    known = [image for image in found.batch.images if image.product.pk]
    changes += [intake.Change(image.product.code, "画像", "", image.source_url) for image in known]
    return changes


def _told(edit: Edit, record: str, good: Good | None) -> list[intake.Change]:
    obj: Product | Sku = edit.obj
    return [
        intake.Change(
            record, LABELS.get(name, name), shown(obj, name, before), shown(obj, name, after),
            good.file if good else "", good.line if good else 0,
        )
        for name, (before, after) in edit.fields.items()
    ]  # fmt: skip
