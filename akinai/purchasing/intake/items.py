"""仕入先商品の取込: a supplier's price list. What says nothing new is left alone; a new price is a new row from its day on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from akinai.catalog import queries as catalog
from akinai.core import clock, intake
from akinai.core.money import cost_text
from akinai.core.tables import Row, Table
from akinai.party import queries as party
from akinai.purchasing import doubts
from akinai.purchasing.intake.reading import SupplierReading
from akinai.purchasing.models import SupplierItem
from akinai.purchasing.queries import terms as queries
from akinai.purchasing.services import taking_back
from akinai.purchasing.services import terms as services
from akinai.purchasing.services.terms import ItemInput

if TYPE_CHECKING:
    from akinai.core.intake.models import IntakeFile
    from akinai.staff.models import Staff

FIELDS = (
    intake.Field("supplier", "仕入先コード", names=("仕入先", "仕入先CD", "supplier"), help="空欄なら、下で選んだ仕入先"),
    intake.Field("sku", "商品コード", required=True, help="自社の SKU コードか JAN",
                 names=("SKU", "SKUコード", "自社商品コード", "JAN", "JANコード", "品番", "sku")),
    intake.Field("supplier_code", "仕入先商品コード", names=("仕入先品番", "先方品番", "メーカー品番", "仕入先の商品コード", "supplier_code")),
    intake.Field("supplier_name", "仕入先商品名", names=("先方品名", "仕入先品名", "仕入先の商品名", "品名", "商品名", "supplier_name")),
    intake.Field("cost", "仕入単価", required=True, names=("単価", "原価", "卸価格", "下代", "cost", "unit_cost"), help="税抜の円。小数4桁まで"),
    intake.Field("valid_from", "適用開始日", names=("適用日", "改定日", "開始日", "valid_from"), help="空欄なら今日"),
    intake.Field("order_unit", "発注単位", names=("単位", "荷姿", "order_unit")),
    intake.Field("lot", "入数", names=("ロット", "発注ロット", "ケース入数", "lot")),
    intake.Field("moq", "最小発注数", names=("最低発注数", "最低数量", "moq")),
    intake.Field("lead_days", "納期", names=("納期日数", "リードタイム", "lead_days"), help="日数"),
    intake.Field("preferred", "優先", names=("優先仕入先", "主仕入先", "preferred"), help="1・○・はい なら、この仕入先に発注する"),
)  # fmt: skip
COLUMNS = ("区分", "仕入先", "商品コード", "仕入先商品コード", "今の単価", "新しい単価", "適用開始日")
ACCEPT, SUPPLIER = "accept_jumps", "supplier"
YES = {"1", "○", "◯", "〇", "はい", "優先", "yes", "y", "true", "on"}
NO = {"", "0", "×", "いいえ", "no", "n", "false", "off", "-"}
KEPT = ("supplier_code", "supplier_name", "order_unit", "lot", "moq", "lead_days")
JUMP_WAY_OUT = (
    "誤りなら直してください。このとおりなら、指定「30%を超える値上げ・値下げを認める」を選んで"
    "（--option accept_jumps=1）取り込んでください。"
)


@dataclass(frozen=True, slots=True)
class _Told:
    """One good row, where it stands, and which fields it tells; the others stay as they are."""

    item: ItemInput
    table: Table
    row: Row
    given: frozenset[str] = frozenset()

    def beside(self, known: SupplierItem | None) -> _Told:
        """With what is known of the fields that the row leaves empty."""
        if known is None:
            return self
        kept = {name: getattr(known, name) for name in KEPT if name not in self.given}
        return replace(self, item=replace(self.item, **kept))


class _Reading(SupplierReading):
    """One look at the files: problems gather, good rows become items."""

    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        self.usual = int(options.get(SUPPLIER) or 0) or None
        self.told: list[_Told] = []
        self.seen: dict[tuple[int, int, date], int] = {}
        self.codes: dict[tuple[int, str, date], int] = {}
        for table, row in self.rows:
            if self.is_plain(table, row):
                self._take(table, row)

    def _take(self, table: Table, row: Row) -> None:
        before = len(self.errors)
        supplier = self._supplier(table, row)
        sku, cost = self.sku(table, row), self._cost(table, row)
        on = self.day(table, row, "valid_from") if self.cell(row, "valid_from") else clock.today()
        code = self.text(table, row, "supplier_code", most=64)
        name, unit = (
            self.text(table, row, "supplier_name", most=255),
            self.text(table, row, "order_unit", most=20),
        )
        lot, moq = self._count(table, row, "lot") or 1, self._count(table, row, "moq") or 1
        days, preferred = self._days(table, row), self._preferred(table, row)
        if len(self.errors) > before or not (supplier and sku and on) or cost is None:
            return
        own = code or self.cell(row, "sku")
        item = ItemInput(
            supplier, sku, cost, on, own, name or "", unit or "", lot, max(moq, 1), days, preferred
        )  # fmt: skip
        self._put(item, table, row)

    def _put(self, item: ItemInput, table: Table, row: Row) -> None:
        key = (item.supplier_id, item.sku_id, item.valid_from)
        if key in self.seen:
            return self.wrong(
                table, row, "sku", f"{self.seen[key]}行目に同じ仕入先・商品・適用開始日があります。1行にまとめてください。"
            )  # fmt: skip
        named = (item.supplier_id, item.supplier_code.upper(), item.valid_from)
        if named in self.codes:
            return self.wrong(
                table, row, "supplier_code", f"{self.codes[named]}行目で同じ仕入先商品コードが別の商品を指しています。"
            )  # fmt: skip
        self.seen[key] = self.codes[named] = row.line
        given = frozenset(name for name in KEPT if self.cell(row, name))
        self.told.append(_Told(item, table, row, given))

    def _supplier(self, table: Table, row: Row) -> int | None:
        if not self.cell(row, "supplier") and self.usual:
            return self.usual
        return self.supplier(table, row)

    def _cost(self, table: Table, row: Row) -> Decimal | None:
        if not self.cell(row, "cost"):
            self.wrong(table, row, "cost", "仕入単価が空欄です。税抜の円で書いてください。")
            return None
        return self.cost(table, row)

    def _count(self, table: Table, row: Row, field: str) -> int | None:
        way_out = "1以上の整数を書くか、空欄にしてください。"
        return self.pieces(table, row, field, way_out) if self.cell(row, field) else None

    def _days(self, table: Table, row: Row) -> int | None:
        text = self.cell(row, "lead_days").removesuffix("日").strip()
        if text and not (text.isascii() and text.isdigit() and int(text) <= 365):
            self.wrong(table, row, "lead_days", "納期は 0 から 365 の日数で書いてください。")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None

    def _preferred(self, table: Table, row: Row) -> bool | None:
        text = self.cell(row, "preferred").strip().lower()
        if text not in YES | NO:
            self.wrong(table, row, "preferred", "優先する行に 1 か ○ を書き、ほかは空欄にしてください。")
        return True if text in YES else None


class SupplierItemsKind(intake.Kind):
    """仕入先商品."""

    code: ClassVar[str] = "supplier_items"
    title: ClassVar[str] = "仕入先商品（価格表）"
    permission: ClassVar[str] = "purchasing.change_supplieritem"
    about: ClassVar[str] = (
        "仕入先の価格表を読み、商品ごとの仕入先コード・仕入単価・入数・最小発注数を登録します。前の単価は履歴に残ります。"
    )
    order: ClassVar[int] = 33
    can_undo: ClassVar[bool] = True
    done_url: ClassVar[str] = "purchasing:items"
    generic: ClassVar[str] = "仕入先の価格表（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def options(self) -> Sequence[intake.Option]:
        return (
            intake.Option(SUPPLIER, "仕入先", "ファイルに仕入先コードの列がないときに選びます。",
                          choices=lambda: [(str(pk), name) for pk, name in party.supplier_choices()]),
            intake.Option(ACCEPT, "30%を超える値上げ・値下げを認める", "確かめたうえで登録します。"),
        )  # fmt: skip

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        pairs = [(told.item.supplier_id, told.item.sku_id) for told in reading.told]
        known = queries.current_items(pairs, on=None)
        everything = [
            told.beside(known.get((told.item.supplier_id, told.item.sku_id))) for told in reading.told
        ]
        if not options.get(ACCEPT):
            for told in everything:
                _ask_about_jump(reading, told, known.get((told.item.supplier_id, told.item.sku_id)))
        if reading.errors:
            return intake.Plan.refusal(reading.errors, rows=len(reading.rows))
        fresh = [
            told for told in everything
            if services.is_news(told.item, known.get((told.item.supplier_id, told.item.sku_id)))
        ]  # fmt: skip
        new = sum((told.item.supplier_id, told.item.sku_id) not in known for told in fresh)
        return intake.Plan(
            rows=len(reading.rows), created=new, changed=len(fresh) - new, unchanged=len(everything) - len(fresh),
            columns=COLUMNS, preview=_preview(everything[:50], known), changes=_changes(fresh, known),
            payload=[told.item for told in everything],
        )  # fmt: skip

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        before = taking_back.snapshot(plan.payload)
        saved = services.save_items(plan.payload, by=by)
        return intake.Result(
            data=taking_back.written(plan.payload, before),
            message=f"仕入先商品を登録しました（新規 {saved.created:,} 件、変更 {saved.changed:,} 件、変更なし {saved.unchanged:,} 件）。",
            created=saved.created, changed=saved.changed, unchanged=saved.unchanged,
        )  # fmt: skip

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        return (intake.Made("仕入先商品", intake_file.created + intake_file.changed, "purchasing:items"),)

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        """The whole list goes back; refused while an order, a later price or a correction stands upon it."""
        at = intake_file.applied_at or clock.now()
        count = taking_back.undo_items(intake_file.result["data"], applied_at=at, by=by)
        return f"仕入先商品 {count:,} 件を、取り込む前に戻しました。"


def _ask_about_jump(reading: _Reading, told: _Told, known: SupplierItem | None) -> None:
    if known is not None and doubts.jumps(told.item.unit_cost, known.unit_cost):
        costs = f"{cost_text(told.item.unit_cost)} 円は今の {cost_text(known.unit_cost)} 円"
        reading.wrong(told.table, told.row, "cost", f"{costs}から30%を超えて変わっています。{JUMP_WAY_OUT}")


def _preview(told: Sequence[_Told], known: dict[tuple[int, int], SupplierItem]) -> list[tuple[str, ...]]:
    names = dict(party.supplier_choices())
    skus = catalog.sku_rows(one.item.sku_id for one in told)
    shown: list[tuple[str, ...]] = []
    for one in told:
        item, before = one.item, known.get((one.item.supplier_id, one.item.sku_id))
        sort = "新規" if before is None else "変更" if services.is_news(item, before) else "変更なし"
        shown.append((
            sort, names.get(item.supplier_id, ""), skus[item.sku_id].code, item.supplier_code,
            cost_text(before.unit_cost) if before else "", cost_text(item.unit_cost), f"{item.valid_from:%Y/%m/%d}",
        ))  # fmt: skip
    return shown


def _changes(fresh: Sequence[_Told], known: dict[tuple[int, int], SupplierItem]) -> list[intake.Change]:
    labels = {field.name: str(field.verbose_name) for field in SupplierItem._meta.fields}
    skus = catalog.sku_rows(one.item.sku_id for one in fresh[:200])
    found = []
    for one in fresh[:200]:
        before = known.get((one.item.supplier_id, one.item.sku_id))
        for name in services.SAME if before else ():
            old, new = getattr(before, name), getattr(one.item, name)
            if old != new:
                found.append(intake.Change(
                    skus[one.item.sku_id].code, labels[name], _word(old), _word(new), one.table.file, one.row.line
                ))  # fmt: skip
    return found


def _word(value: object) -> str:
    return cost_text(value) if isinstance(value, Decimal) else "" if value is None else str(value)
