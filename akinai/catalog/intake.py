"""商品ファイルの取込: Shopify, EC-CUBE, 楽天 and a shop's own CSV or Excel, through one check and one comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from akinai.catalog.checks import check_all
from akinai.catalog.codes import is_in_store
from akinai.catalog.formats import LAYOUTS, generic
from akinai.catalog.goods import LABELS, Good, RawGood
from akinai.catalog.models import Attribute, Product, Sku, TaxKind
from akinai.catalog.picture_files import ENDINGS, Pictures, is_archive, is_picture
from akinai.catalog.services.batch import Edit, shown
from akinai.catalog.services.comparing import Comparison, compare
from akinai.catalog.services.importing import draw_arrived, undo_import, write_import
from akinai.catalog.tasks import defer_drawing
from akinai.core import intake
from akinai.core.money import cost_text

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
DRAWN_AT_ONCE = 20  # more pictures are drawn by a job, because a request should not wait so long
MOST_ATTRIBUTES = 100  # more would make the page of the mapping unreadable; columns called 属性:… need none
ALWAYS = 3  # columns of the preview shown even when empty
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
    beside: ClassVar[tuple[str, ...]] = (".zip", *ENDINGS)
    beside_hint: ClassVar[str] = "商品の画像（JPEG・PNG・WebP・GIF、まとめたZIP）も一緒に選べます。"

    def is_beside(self, file: intake.Upload) -> bool:
        return is_picture(file.data) or is_archive(file.data)

    def formats(self) -> Sequence[intake.Format]:
        return [
            *(intake.Format(one.code, one.title) for one in LAYOUTS.values()),
            intake.Format(intake.GENERIC, "自由な形式"),
        ]

    def fields(self) -> Sequence[intake.Field]:
        names = Attribute.objects.values_list("name", flat=True)[:MOST_ATTRIBUTES]
        return (*generic.FIELDS, *generic.attribute_fields(names))

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
        tables = [file for file in files if not self.is_beside(file)]
        pictures = self.pictures([file for file in files if file not in tables])
        raws, notes = _read(tables, options)
        goods, errors = check_all(raws, options)
        coded = [good for good in goods if good.code or not good.has_sku]
        found = compare(coded, exclude_tax=bool(options.get("prices_exclude_tax")), pictures=pictures)
        rows = sum(len(file.table().rows) for file in tables)
        # What can be compared is compared too, so that one look shows every problem.
        told = {(error.file, error.line, error.column) for error in errors}
        more = [error for error in found.errors if (error.file, error.line, error.column) not in told]
        if problems := [*pictures.errors, *errors, *more]:
            order = {file.filename: at for at, file in enumerate(files)}
            problems.sort(key=lambda error: (order.get(error.file, 0), error.line))
            return intake.Plan.refusal(problems, rows=rows)
        return _plan_of(found, pictures, rows, notes)

    @staticmethod
    def pictures(files: Sequence[intake.Upload]) -> Pictures:
        return Pictures([(file.filename, file.data) for file in files])

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        work: _Work = plan.payload
        data = write_import(work.found.batch, by=by)
        arrived = [(image.pk, image.source_url) for image in work.found.pictures.arrived]
        message = f"新規 {plan.created:,} 件、変更 {plan.changed:,} 件を登録しました（変更なし {plan.unchanged:,} 件）。"
        if len(arrived) > DRAWN_AT_ONCE and plan.record:
            defer_drawing(plan.record.pk)
            message += f"画像 {len(arrived):,} 枚は裏で登録しています。"
        elif arrived:
            drawn = draw_arrived(arrived, work.pictures, by=by)
            message += f"画像 {drawn.count:,} 枚を登録しました。{''.join(drawn.refused[:3])}"
        return intake.Result(message=message, data=data | {"arrived": arrived})

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        count = len(intake_file.result.get("data", {}).get("skus", ()))
        return (intake.Made("この取込で登録したSKU", count, "catalog:list", f"f.intake={intake_file.pk}"),)

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        return undo_import(intake_file.result["data"], by=by)


def draw_of(intake_pk: int) -> None:
    """Draw the pictures that wait for an intake, from its originals; what is drawn already is left alone."""
    from akinai.core.models import IntakeFile

    row = IntakeFile.objects.filter(pk=intake_pk).select_related("applied_by").first()
    if row is None or row.state != row.State.APPLIED:
        return
    kind = ProductsKind()
    files = [file for file in intake.originals_of(row) if kind.is_beside(file)]
    arrived = [(int(pk), str(name)) for pk, name in row.result["data"].get("arrived", ())]
    draw_arrived(arrived, kind.pictures(files), by=row.applied_by)


def _read(files: Sequence[intake.Upload], options: intake.Options) -> tuple[list[RawGood], list[str]]:
    layout = LAYOUTS.get(str(options.get("format")))
    raws: list[RawGood] = []
    for file in files:
        table = file.table()
        raws += layout.read(table, options) if layout else generic.read(table, generic.options_of(options))
    if layout:
        return raws, list(layout.notes)
    unread = dict.fromkeys(
        name for file in files for name in generic.unread(file.table(), generic.options_of(options))
    )
    return raws, [f"使わない列があります: {'、'.join(list(unread)[:12])}"] if unread else []


@dataclass(frozen=True, slots=True)
class _Work:
    """The plan's payload."""

    found: Comparison
    pictures: Pictures


def _plan_of(found: Comparison, pictures: Pictures, rows: int, notes: list[str]) -> intake.Plan:
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
    if free := sum(1 for _, verdict, sku in found.verdicts if verdict == "created" and not sku.price_yen):
        notes.append(
            f"販売価格のない新しいSKUが {free:,} 件あります。0円で登録し、商品の画面に「必須」と出します。"
        )
    notes += _attribute_notes(found) + _picture_notes(found)
    ordered = sorted(found.verdicts, key=lambda one: list(VERDICTS).index(one[1]))
    columns, shown = _filled([_shown_row(good, verdict, sku) for good, verdict, sku in ordered[:50]])
    return intake.Plan(
        rows=rows,
        created=count["created"],
        changed=count["changed"],
        unchanged=count["unchanged"],
        columns=columns,
        preview=shown,
        changes=_changes(found),
        notes=notes,
        payload=_Work(found, pictures),
    )


def _filled(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The columns that hold something, and the first ones always."""
    kept = [at for at in range(len(COLUMNS)) if at < ALWAYS or any(row[at] for row in rows)]
    return tuple(COLUMNS[at] for at in kept), [tuple(row[at] for at in kept) for row in rows]


def _attribute_notes(found: Comparison) -> list[str]:
    """What becomes of the attributes, in sentences."""
    notes = []
    if new := [attribute.name for attribute in found.batch.new_attributes]:
        notes.append(f"新しい属性を作ります: {'、'.join(new[:20])}")
    if varied := sorted(found.attributes.varied):
        notes.append(f"SKUによって値の違う属性は、商品の属性にしません: {'、'.join(varied[:10])}")
    if lacking := sorted(found.attributes.lacking):
        some = "、".join(lacking[:3]) + (" など" if len(lacking) > 3 else "")
        notes.append(
            f"カテゴリの必須の属性が足りない商品が {len(lacking):,} 件あります（{some}）。登録はします。"
        )
    return notes


def _picture_notes(found: Comparison) -> list[str]:
    """What becomes of the pictures, in sentences."""
    notes = []
    if found.pictures.arrived:
        notes.append(f"画像 {len(found.pictures.arrived):,} 枚を登録します。")
    if missing := [image.source_url for image in found.pictures.missing]:
        notes.append(
            f"画像ファイル {len(missing):,} 枚がまだありません（{_some(missing)}）。名前だけを控えます。"
            "画像をZIPにまとめ、このファイルと一緒に選んで取り込むと付きます。"
        )
    if found.pictures.strangers:
        notes.append(
            f"どの商品のものか分からない画像が {len(found.pictures.strangers):,} 枚あります（{_some(found.pictures.strangers)}）。"
            "使いません。画像の列に名前を書くか、ファイル名を商品コードかJANにしてください。"
        )
    return notes


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:3]) + (f" ほか{len(names) - 3}枚" if len(names) > 3 else "")


def _shown_row(good: Good, verdict: str, sku: Sku) -> tuple[str, ...]:
    """The SKU as it will be."""
    product = sku.product
    after = {**{name: getattr(product, name) for name in ("name", "tax_kind")}, **good.product}
    values = {name: getattr(sku, name) for name in ("variant", "jan", "price_yen", "cost")} | good.sku
    category = good.product.get("category") or (product.category.name if product.category else "")
    return (
        VERDICTS[verdict], sku.code, after["name"], values["variant"], values["jan"] or "", f"¥{values['price_yen']:,}",
        TaxKind(after["tax_kind"]).label, cost_text(values["cost"]),
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
    changes += _told_attributes(found)
    known = [image for image in found.batch.images if image.product.pk]
    changes += [intake.Change(image.product.code, "画像", "", image.source_url) for image in known]
    return changes


def _told_attributes(found: Comparison) -> list[intake.Change]:
    lines = found.attributes.lines
    return [
        intake.Change(
            product.code, name, before or "（空）", after or "（空）",
            lines[id(product), name].file, lines[id(product), name].line,
        )
        for product, values in found.batch.told
        if product.pk
        for name, (before, after) in values.items()
    ]  # fmt: skip


def _told(edit: Edit, record: str, good: Good | None) -> list[intake.Change]:
    obj: Product | Sku = edit.obj
    return [
        intake.Change(
            record, LABELS.get(name, name), shown(obj, name, before), shown(obj, name, after),
            good.file if good else "", good.line if good else 0,
        )
        for name, (before, after) in edit.fields.items()
    ]  # fmt: skip
