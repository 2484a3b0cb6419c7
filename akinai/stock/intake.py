"""在庫数の取込: a list of what lies on the shelves. The ledger gets openings and differences; the same file again, nothing."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from akinai.catalog import queries as catalog
from akinai.core import intake
from akinai.core.errors import DomainError
from akinai.core.money import NotANumber, parse_quantity, parse_unit_cost
from akinai.core.tables import (
    EXCEL_WAY_OUT,
    Row,
    Table,
    is_excel_mangled,
)
from akinai.stock import queries, services
from akinai.stock.adjusting import Counted, Standing, set_on_hand, standing
from akinai.stock.models import Location
from akinai.stock.reading import SkuReading

if TYPE_CHECKING:
    from akinai.core.intake.models import IntakeFile
    from akinai.staff.models import Staff

FIELDS = (
    intake.Field("sku", "商品コード", required=True, help="SKUコードまたはJAN",
                 names=("SKU", "SKUコード", "SKU番号", "SKU管理番号", "商品番号", "品番", "型番", "JAN", "JANコード", "バーコード", "code",
                        "sku code", "sku_code", "item code", "stockcode", "barcode")),
    intake.Field("quantity", "数量", required=True, help="棚にある数",
                 names=("在庫数", "在庫", "現在庫", "現在庫数", "実在庫", "実棚数", "棚卸数", "期首在庫", "quantity", "qty", "stock", "on hand")),
    intake.Field("location", "場所", help="場所コード。空欄なら既定の出荷元",
                 names=("場所コード", "在庫場所", "倉庫", "倉庫コード", "保管場所", "拠点", "location", "warehouse")),
    intake.Field("unit_cost", "単価", help="税抜の円。小数4桁まで",
                 names=("原価", "仕入単価", "仕入原価", "評価単価", "unit cost", "unit_cost", "cost")),
    intake.Field("note", "メモ", names=("備考", "理由", "摘要", "note", "memo")),
)  # fmt: skip
COLUMNS = ("区分", "商品コード", "商品名", "場所", "今の在庫", "取込後", "差")


class _Reading(SkuReading):
    """One look at the files: problems gather, good rows become counts."""

    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        self.seen: dict[tuple[int, int], tuple[str, int]] = {}
        places = list(Location.objects.all())
        self.codes = {place.pk: place.code for place in places}
        self.places = {place.name.upper(): place.pk for place in places}
        self.places |= {place.code.upper(): place.pk for place in places}
        self.usual = (
            self.places.get(str(options.get("location") or "").upper()) or queries.default_location_id()
        )
        self.standing = standing(list(self.skus.values()))

    def counts(self) -> list[Counted]:
        return [one for table, row in self.rows if (one := self.count(table, row))]

    def count(self, table: Table, row: Row) -> Counted | None:
        before = len(self.errors)
        for field in self.columns:
            self.refuse_formula(table, row, field)
        if len(self.errors) > before:
            return None
        sku, place = self.sku(table, row), self._place(table, row)
        quantity, cost = self._quantity(table, row), self._cost(table, row)
        if len(self.errors) > before or sku is None or place is None or quantity is None:
            return None
        return self._compared(
            table, row, Counted(sku, place, quantity, unit_cost=cost, note=self.cell(row, "note"))
        )

    def _place(self, table: Table, row: Row) -> int | None:
        text = self.cell(row, "location")
        if not text:
            return self.usual
        if found := self.places.get(text.upper()):
            return found
        known = "、".join(sorted(self.codes.values()))
        return self.wrong(
            table, row, "location", f"この場所コードはありません。次から選んでください: {known}"
        )

    def _quantity(self, table: Table, row: Row) -> int | None:
        text = self.cell(row, "quantity")
        if is_excel_mangled(text):
            return self.wrong(table, row, "quantity", f"数量がExcelで壊れています。{EXCEL_WAY_OUT}")
        try:
            return parse_quantity(text)
        except NotANumber as problem:
            return self.wrong(table, row, "quantity", f"{problem}棚にある数を0以上の整数で書いてください。")

    def _cost(self, table: Table, row: Row) -> Decimal | None:
        text = self.cell(row, "unit_cost")
        if not text:
            return None
        try:
            return parse_unit_cost(text)
        except NotANumber as problem:
            return self.wrong(table, row, "unit_cost", f"{problem}税抜の円で書いてください。")

    def _compared(self, table: Table, row: Row, one: Counted) -> Counted | None:
        place = (one.sku_id, one.location_id)
        if place in self.seen:
            file, line = self.seen[place]
            return self.wrong(
                table, row, "sku", f"同じ商品が {file} の {line} 行目にもあります。1行にまとめてください。"
            )
        self.seen[place] = (table.file, row.line)
        now = self.standing.get(place, Standing())
        if one.quantity < now.reserved:
            return self.wrong(
                table, row, "quantity",
                f"受注に引当済みの {now.reserved:,} 点を下回ります。先に引当を解除するか、数量を確かめてください。",
            )  # fmt: skip
        return replace(one, before=now.on_hand, is_first=now.is_first)


class StockKind(intake.Kind):
    """在庫数."""

    code: ClassVar[str] = "stock"
    title: ClassVar[str] = "在庫数"
    permission: ClassVar[str] = "stock.add_stockentry"
    about: ClassVar[str] = (
        "商品コードと棚にある数の一覧を読み、はじめての商品は初期在庫、ほかは差を調整として計上します。"
    )
    order: ClassVar[int] = 30
    can_undo: ClassVar[bool] = True
    done_url: ClassVar[str] = "stock:list"
    generic: ClassVar[str] = "在庫数の一覧（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def options(self) -> Sequence[intake.Option]:
        return (
            intake.Option(
                "location", "在庫場所", "場所の列がないときに使います。", choices=queries.location_choices
            ),
        )

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        counts = reading.counts()
        if reading.errors:
            return intake.Plan.refusal(reading.errors, rows=len(reading.rows))
        return _plan_of(counts, reading)

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        reference = plan.record.number if plan.record else self.title
        key = f"stock:{secrets.token_hex(8)}"
        made = set_on_hand(plan.payload, reference=reference, key=key, by=by)
        return intake.Result(
            message=f"初期在庫 {plan.created:,} 件、調整 {plan.changed:,} 件を計上しました（変更なし {plan.unchanged:,} 件）。",
            data={"entries": [entry.pk for entry in made]},
        )

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        count = len(intake_file.result.get("data", {}).get("entries", ()))
        return (intake.Made("この取込の入出庫", count, "stock:ledger", f"f.intake={intake_file.pk}"),)

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        ids = intake_file.result["data"].get("entries", [])
        if not ids:
            raise DomainError("この取込は在庫を動かしていません。", way_out="取り消すものはありません。")
        services.reverse(ids, by=by, note="取込の取消")
        return f"{len(ids):,} 件の入出庫を反対の記録で取り消しました。"


def _plan_of(counts: Sequence[Counted], reading: _Reading) -> intake.Plan:
    moving = [one for one in counts if one.difference]
    first = sum(one.is_first for one in moving)
    shown = sorted(counts, key=lambda one: not one.difference)[:50]
    rows = catalog.sku_rows(one.sku_id for one in [*moving, *shown])
    return intake.Plan(
        rows=len(reading.rows),
        created=first,
        changed=len(moving) - first,
        unchanged=len(counts) - len(moving),
        total_yen=int(sum((one.difference * (one.unit_cost or 0) for one in moving), Decimal(0))),
        columns=COLUMNS,
        preview=[_shown(one, rows[one.sku_id], reading.codes[one.location_id]) for one in shown],
        changes=[
            intake.Change(rows[one.sku_id].code, "在庫数", f"{one.before:,}", f"{one.quantity:,}",
                          *reading.seen[one.sku_id, one.location_id])
            for one in moving if not one.is_first
        ],
        payload=list(counts),
    )  # fmt: skip


def _shown(one: Counted, sku: catalog.SkuRow, place: str) -> tuple[str, ...]:
    verdict = "変更なし" if not one.difference else "初期在庫" if one.is_first else "調整"
    return verdict, sku.code, sku.title, place, f"{one.before:,}", f"{one.quantity:,}", f"{one.difference:+,}"
