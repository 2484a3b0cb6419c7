"""過去の販売実績の取込: sales by line or by day from another system, so that the forecast begins with a history.

Lines of one SKU and day are counted together, cancellations (negative pieces) taken off. What is known already with the same
number is left alone, with another it is refused. No order comes of it and no stock moves.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import IntegrityError, transaction

from akinai.catalog import queries as catalog
from akinai.core import clock, intake
from akinai.core.business_days import written_day
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.money import NotANumber, parse_quantity
from akinai.core.tables import EXCEL_WAY_OUT, Row, Table, is_excel_mangled, unwrap_text
from akinai.purchasing.models import PastSale

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

FIELDS = (
    intake.Field("on", "販売日", required=True, names=("日付", "注文日", "受注日", "売上日", "InvoiceDate", "date")),
    intake.Field("sku", "商品コード", required=True, names=("SKU", "SKUコード", "JAN", "品番", "StockCode", "sku")),
    intake.Field("quantity", "数量", required=True, names=("個数", "販売数", "Quantity"), help="返品・取消はマイナス"),
    intake.Field("price", "単価", names=("販売価格", "UnitPrice", "price"), help="0 円の行は販売と数えません（在庫の調整など）"),
)  # fmt: skip
SKIP = "skip_unknown"
COLUMNS = ("商品コード", "販売日", "数量")
SHOWN = 50
type Key = tuple[int, date]


class _Reading(intake.Reading):
    """One look at the files: pieces by SKU and day, and what was left out."""

    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        self.pieces: dict[Key, int] = {}
        self.first: dict[Key, tuple[Table, Row]] = {}
        self.unknown: dict[str, int] = {}
        self.free = 0
        self.skips = bool(options.get(SKIP))
        codes = {unwrap_text(self.cell(row, "sku")) for _, row in self.rows}
        self.skus = catalog.ids_by_code(codes | {code.upper() for code in codes})
        self.today = clock.today()
        for table, row in self.rows:
            self._take(table, row)

    def _take(self, table: Table, row: Row) -> None:
        if self._is_free(row):
            self.free += 1
            return
        on, sku, quantity = self._on(table, row), self._sku(table, row), self._quantity(table, row)
        if on and sku and quantity is not None:
            key = (sku, on)
            self.first.setdefault(key, (table, row))
            self.pieces[key] = self.pieces.get(key, 0) + quantity

    def _is_free(self, row: Row) -> bool:
        """Nothing was paid: a correction of stock, a sample, a note."""
        text = self.cell(row, "price").replace(",", "")
        try:
            return bool(text) and float(text) <= 0
        except ValueError:
            return False

    def _sku(self, table: Table, row: Row) -> int | None:
        code = unwrap_text(self.cell(row, "sku"))
        found = self.skus.get(code) or self.skus.get(code.upper())
        if found is None and self.skips:
            self.unknown[code] = self.unknown.get(code, 0) + 1
        elif found is None:
            broken = EXCEL_WAY_OUT if is_excel_mangled(code) else ""
            self.wrong(
                table, row, "sku",
                f"この商品コードは登録されていません。{broken}先に商品を登録するか、指定「登録のない商品の行を飛ばす」を選んでください。",
            )  # fmt: skip
        return found

    def _on(self, table: Table, row: Row) -> date | None:
        try:
            on = written_day(self.cell(row, "on"))
        except ValueError:
            self.wrong(table, row, "on", "日付を読めません。2026/11/24 のように年から書いてください。")
            return None
        if on > self.today:
            self.wrong(table, row, "on", "販売日が未来の日付です。日付を確かめてください。")
            return None
        return on

    def _quantity(self, table: Table, row: Row) -> int | None:
        try:
            return parse_quantity(self.cell(row, "quantity"), allow_negative=True)
        except NotANumber as problem:
            self.wrong(table, row, "quantity", f"{problem}売れた数を整数で書いてください。")
            return None

    def notes(self) -> list[str]:
        found = []
        if self.free:
            found.append(f"0 円の行 {self.free:,} 行は販売と数えません。")
        if self.unknown:
            codes = "、".join(list(self.unknown)[:5])
            found.append(
                f"登録のない商品 {len(self.unknown):,} 種類、{sum(self.unknown.values()):,} 行を飛ばします（{codes} など）。"
            )
        return found


class PastSalesKind(intake.Kind):
    """過去の販売実績."""

    code: ClassVar[str] = "past_sales"
    title: ClassVar[str] = "過去の販売実績"
    permission: ClassVar[str] = "purchasing.add_purchaseorder"
    about: ClassVar[str] = (
        "ほかの仕組みで売れた数を日ごとに読み、適正在庫と補充の提案の計算に使います。受注はできず、在庫も動きません。"
    )
    order: ClassVar[int] = 38
    can_undo: ClassVar[bool] = True
    done_url: ClassVar[str] = "purchasing:outlooks"
    generic: ClassVar[str] = "販売の一覧（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def options(self) -> Sequence[intake.Option]:
        return (
            intake.Option(
                SKIP, "登録のない商品の行を飛ばす", "送料・手数料など、商品でない行が混ざる一覧に使います。"
            ),
        )

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        known = _known(reading.pieces)
        for key, pieces in known.items():
            if pieces != reading.pieces[key]:
                reading.wrong(
                    *reading.first[key], "quantity",
                    f"この日のこの商品は {pieces:,} 点で取り込み済みです（この一覧では {reading.pieces[key]:,} 点）。先の取込を取り消してから取り込んでください。",
                )  # fmt: skip
        if reading.errors:
            return intake.Plan.refusal(reading.errors, rows=len(reading.rows))
        new = {key: pieces for key, pieces in reading.pieces.items() if key not in known}
        codes = catalog.sku_rows({sku for sku, _ in list(new)[:SHOWN]})
        return intake.Plan(
            rows=len(reading.rows), created=len(new), unchanged=len(known), columns=COLUMNS, payload=new,
            notes=reading.notes(),
            preview=[(codes[sku].code, f"{on:%Y/%m/%d}", f"{pieces:,}") for (sku, on), pieces in list(new.items())[:SHOWN]],
        )  # fmt: skip

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        batch = uuid.uuid4()
        rows = [PastSale(sku_id=sku, on=on, pieces=pieces, batch=batch) for (sku, on), pieces in plan.payload.items()]  # fmt: skip
        try:
            with transaction.atomic():
                PastSale.objects.bulk_create(rows, batch_size=5_000)
        except IntegrityError:
            raise ChangedMeanwhile(
                "同じ日の販売実績が、いまほかの取込で登録されました。", way_out="もう一度取り込んでください。"
            ) from None
        pieces = sum(plan.payload.values())
        return intake.Result(
            message=f"販売実績 {len(rows):,} 件（{pieces:,} 点）を登録しました。次の計算から使います。",
            data={"batch": str(batch)},
        )

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        return (
            intake.Made(
                "この取込の販売実績",
                intake_file.created,
                "purchasing:past_sales",
                f"f.intake={intake_file.pk}",
            ),
        )

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        """The rows of this intake go; nothing but the next calculation rests on them."""
        gone, _ = PastSale.objects.filter(batch=intake_file.result["data"]["batch"]).delete()
        if not gone:
            raise DomainError(
                "この取込の販売実績はもう残っていません。", way_out="取り消すものはありません。"
            )
        return f"販売実績 {gone:,} 件を消しました。次の計算から使いません。"


def _known(pieces: dict[Key, int]) -> dict[Key, int]:
    """What is told already of these SKUs and days."""
    if not pieces:
        return {}
    days = [on for _, on in pieces]
    rows = PastSale.objects.filter(sku_id__in={sku for sku, _ in pieces}, on__range=(min(days), max(days)))
    found = {(sku, on): count for sku, on, count in rows.values_list("sku_id", "on", "pieces")}
    return {key: count for key, count in found.items() if key in pieces}
