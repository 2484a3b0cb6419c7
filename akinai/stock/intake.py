"""在庫数の取込: what is on the shelf becomes ledger rows. The same file again changes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from akinai.catalog import queries as catalog
from akinai.core.intake import GENERIC, Change, Field, Format, Kind, Options, Plan, Result, Upload
from akinai.core.money import NotANumber, parse_quantity
from akinai.core.tables import Row, RowError, dangerous_formula, is_excel_mangled
from akinai.stock import services
from akinai.stock.models import Location, StockEntry, StockLevel

if TYPE_CHECKING:
    from akinai.staff.models import Staff

CODE, QUANTITY, PLACE, COST, NOTE = "code", "quantity", "location", "unit_cost", "note"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One row: how many pieces lie where."""

    sku_id: int
    code: str
    location_id: int
    quantity: int
    unit_cost: Decimal | None
    note: str
    file: str
    line: int


class StockKind(Kind):
    code = "stock"
    title = "在庫数"
    permission = "stock.add_stockentry"
    about = "商品コードと数量の一覧を読み、在庫をその数に合わせます（初めての商品は期首在庫、ほかは調整として記録します）。"
    order = 30

    def formats(self) -> Sequence[Format]:
        return (Format(GENERIC, "在庫数の CSV・Excel"),)

    def fields(self) -> Sequence[Field]:
        return (
            Field(
                CODE,
                "商品コード",
                True,
                ("SKUコード", "SKU", "JAN", "JANコード", "品番", "商品番号", "sku", "code"),
            ),
            Field(QUANTITY, "数量", True, ("在庫数", "在庫", "個数", "現在庫", "quantity", "stock", "qty")),
            Field(PLACE, "場所", False, ("倉庫", "保管場所", "場所コード", "location")),
            Field(COST, "単価", False, ("原価", "仕入単価", "unit_cost", "cost")),
            Field(NOTE, "メモ", False, ("備考", "理由", "note")),
        )

    def accepts(self, files: Sequence[Upload], options: Options) -> str:
        return ""

    def plan(self, files: Sequence[Upload], options: Options) -> Plan:
        columns = dict(options.get("columns") or {})
        plan = Plan(format=GENERIC, columns=("商品コード", "場所", "いまの数", "新しい数", "増減"))
        reader = _Reader(columns, plan)
        for upload in files:
            table = upload.table()
            plan.rows += len(table.rows)
            reader.read(table.file, table.rows)
        plan.refused = bool(plan.errors)
        if not plan.refused:
            _compare(plan, reader.wanted, reader.place_names)
        return plan

    def apply(self, plan: Plan, by: Staff | None) -> Result:
        movements: list[services.Movement] = plan.payload
        services.post(movements, by=by)
        return Result(message=f"期首在庫 {plan.created:,} 件、調整 {plan.changed:,} 件を記録しました。")


class _Reader:
    """Rows into wishes, with every error by line and column."""

    def __init__(self, columns: dict[str, str], plan: Plan) -> None:
        self.columns, self.plan = columns, plan
        self.wanted: list[_Wanted] = []
        self.seen: dict[tuple[int, int], int] = {}
        places = list(Location.objects.all())
        self.places = {place.code: place.pk for place in places} | {place.name: place.pk for place in places}
        self.place_names = {place.pk: place.name for place in places}
        self.default = next((place.pk for place in places if place.is_default), None)

    def read(self, file: str, rows: Sequence[Row]) -> None:
        codes = [self._text(row, CODE) for row in rows]
        own = catalog.by_code_keys(codes)
        jans = catalog.by_jans(codes)
        for row, code in zip(rows, codes, strict=True):
            sku_id = own.get(catalog.code_key(code)) or jans.get(code)
            self._row(file, row, code, sku_id)

    def _text(self, row: Row, field: str) -> str:
        return row.get(self.columns.get(field, "")) if field in self.columns else ""

    def _say(self, file: str, row: Row, field: str, message: str) -> None:
        column = self.columns.get(field, "")
        self.plan.errors.append(RowError(file, row.line, column, self._text(row, field), message))

    def _row(self, file: str, row: Row, code: str, sku_id: int | None) -> None:
        before = len(self.plan.errors)
        self._check_code(file, row, code, sku_id)
        quantity = self._quantity(file, row)
        cost = self._cost(file, row)
        place = self._place(file, row)
        if len(self.plan.errors) > before or sku_id is None or place is None:
            return
        if earlier := self.seen.get((sku_id, place)):
            self._say(
                file, row, CODE, f"同じ商品・場所が {earlier} 行目にもあります。1 行にまとめてください。"
            )
            return
        self.seen[sku_id, place] = row.line
        self.wanted.append(
            _Wanted(sku_id, code, place, quantity, cost, self._text(row, NOTE)[:200], file, row.line)
        )

    def _check_code(self, file: str, row: Row, code: str, sku_id: int | None) -> None:
        if not code:
            self._say(file, row, CODE, "商品コードが空です。コードを入れるか、行を削除してください。")
        elif is_excel_mangled(code):
            self._say(
                file,
                row,
                CODE,
                "コードがExcelの指数表示に壊れています。元のファイルから文字列として書き出し直してください。",
            )
        elif dangerous_formula(code):
            self._say(file, row, CODE, "計算式が入っています。値だけにしてください。")
        elif sku_id is None:
            self._say(
                file,
                row,
                CODE,
                "この商品コードは登録されていません。先に商品を取り込むか、コードを確かめてください。",
            )

    def _quantity(self, file: str, row: Row) -> int:
        try:
            return parse_quantity(self._text(row, QUANTITY))
        except NotANumber as error:
            self._say(file, row, QUANTITY, f"{error} 0 以上の整数で入力してください。")
            return 0

    def _cost(self, file: str, row: Row) -> Decimal | None:
        text = self._text(row, COST).replace(",", "").lstrip("¥\\").rstrip("円")
        if not text:
            return None
        try:
            cost = Decimal(text)
        except InvalidOperation:
            cost = Decimal(-1)
        if not cost.is_finite() or cost < 0 or cost > 99_999_999:
            self._say(file, row, COST, "単価を 0 以上の金額として読めません。数字だけで入力してください。")
            return None
        return cost

    def _place(self, file: str, row: Row) -> int | None:
        name = self._text(row, PLACE)
        found = self.places.get(name) if name else self.default
        if found is None:
            self._say(file, row, PLACE, f"場所「{name}」は登録されていません。場所コードを確かめてください。")
        return found


def _compare(plan: Plan, wanted: Sequence[_Wanted], names: dict[int, str]) -> None:
    """Wishes against the ledger: nothing yet → 期首在庫, else the difference as 調整."""
    ids = [w.sku_id for w in wanted]
    levels = {(lv.sku_id, lv.location_id): lv for lv in StockLevel.objects.filter(sku_id__in=ids)}
    moved = set(StockEntry.objects.filter(sku_id__in=ids).values_list("sku_id", "location_id").distinct())
    stamp = uuid.uuid4().hex[:12]
    movements, changes, preview = [], [], []
    for w in wanted:
        level = levels.get((w.sku_id, w.location_id))
        now, promised = (level.on_hand, level.reserved) if level else (0, 0)
        difference = w.quantity - now
        if difference == 0:
            plan.unchanged += 1
            continue
        if w.quantity < promised:
            text = f"引当済みが {promised} 点あります。{w.quantity} 点にはできません。先に受注の引当を解除してください。"
            plan.errors.append(RowError(w.file, w.line, "数量", str(w.quantity), text))
            continue
        is_first = (w.sku_id, w.location_id) not in moved
        kind = StockEntry.Kind.OPENING if is_first else StockEntry.Kind.ADJUSTMENT
        plan.created, plan.changed = plan.created + is_first, plan.changed + (not is_first)
        key = f"intake:{stamp}:{w.sku_id}:{w.location_id}"
        movements.append(
            services.Movement(
                w.sku_id, w.location_id, kind, difference, f"取込 {w.file}"[:60], key, w.unit_cost, w.note
            )
        )
        changes.append(Change(w.code, "在庫数", str(now), str(w.quantity), w.file, w.line))
        preview.append([w.code, names[w.location_id], str(now), str(w.quantity), f"{difference:+d}"])
    plan.refused = bool(plan.errors)
    plan.changes, plan.preview, plan.payload = changes, preview[:200], movements
