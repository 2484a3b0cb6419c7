"""数えた数の取込: a list of what was counted, from a hand terminal or a sheet, into an open stocktake. Stock itself does not move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from akinai.catalog import queries as catalog
from akinai.core import clock, intake
from akinai.core.money import NotANumber, parse_quantity
from akinai.core.tables import Row, Table, unwrap_text
from akinai.stock import services
from akinai.stock.lines import NO_LOTS, read_lot
from akinai.stock.models import Stocktake
from akinai.stock.queries.lots import known_expiries
from akinai.stock.queries.stocktakes import lots_by_sku
from akinai.stock.reading import SkuReading
from akinai.stock.services import LotTag
from akinai.stock.services.lots import UNKNOWN as UNKNOWN_LOT
from akinai.stock.states import StocktakeState

if TYPE_CHECKING:
    from akinai.core.intake.models import IntakeFile
    from akinai.staff.models import Staff

FIELDS = (
    intake.Field("sku", "商品コード", required=True, help="SKUコードまたはJAN",
                 names=("SKU", "SKUコード", "商品番号", "品番", "JAN", "JANコード", "バーコード", "code", "sku code", "sku_code", "barcode")),
    intake.Field("quantity", "実棚数", required=True, help="数えた数。同じ商品の行は足し合わせます",
                 names=("数量", "棚卸数", "数", "実数", "カウント", "counted", "count", "quantity", "qty")),
    intake.Field("lot", "ロット", help="ロットを管理する商品で、ロットが2つ以上あるとき。40文字まで",
                 names=("ロット番号", "ロットNo", "製造番号", "lot", "lot no", "lot_no")),
    intake.Field("expires", "期限", help="新しく見つけたロットの期限。例: 2027/05/31。月だけなら月末",
                 names=("賞味期限", "消費期限", "使用期限", "有効期限", "expiry", "expires on")),
    intake.Field("at", "数えた日時", help="空欄なら取り込んだ時。例: 2026/11/26 14:05",
                 names=("棚卸日時", "読取日時", "日時", "counted at", "counted_at", "scanned at", "time")),
)  # fmt: skip
COLUMNS = ("区分", "商品コード", "商品名", "ロット", "数えた数", "前に数えた数", "数えた日時")


type Key = tuple[int, str]  # SKU id, lot ("" without)


@dataclass(slots=True)
class Tally:
    """One SKU of the file, of goods with lots one lot: pieces of all its rows, and the latest moment told."""

    sku_id: int
    lot: LotTag | None = None
    pieces: int = 0
    at: datetime | None = None

    @property
    def key(self) -> Key:
        """What rows are added up by."""
        return self.sku_id, self.lot.code if self.lot else ""


def open_choices() -> list[tuple[str, str]]:
    """Stocktakes that are being counted, the newest first."""
    rows = Stocktake.objects.filter(state=StocktakeState.OPEN).select_related("location").order_by("-id")
    return [
        (row.number, f"{row.number} {row.name or row.get_kind_display()}（{row.location.name}）")
        for row in rows
    ]


class _Reading(SkuReading):
    """One look at the files: problems gather, good rows are added up by SKU and lot."""

    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        self.places: dict[Key, tuple[str, int]] = {}
        self.tracked = catalog.lot_tracked(self.skus.values())
        self.stocktake = _stocktake(options)
        self.lots = lots_by_sku(self.stocktake, self.tracked) if self.stocktake and self.tracked else {}
        self.expiries = known_expiries(self.tracked)
        self.whole = (
            set(self.stocktake.lines.filter(lot=None).values_list("sku_id", flat=True))
            if self.stocktake
            else set()
        )

    def tallies(self) -> dict[Key, Tally]:
        found: dict[Key, Tally] = {}
        for table, row in self.rows:
            before = len(self.errors)
            sku, pieces, at = self.sku(table, row), self._pieces(table, row), self._at(table, row)
            lot = self._lot(table, row, sku) if sku else None
            if len(self.errors) > before or sku is None or pieces is None:
                continue
            tally = Tally(sku, lot)
            tally = found.setdefault(tally.key, tally)
            self.places.setdefault(tally.key, (table.file, row.line))
            tally.pieces += pieces
            tally.at = max(filter(None, (tally.at, at)), default=None)
        return found

    def _pieces(self, table: Table, row: Row) -> int | None:
        text = self.cell(row, "quantity")
        try:
            return parse_quantity(text)
        except NotANumber as problem:
            return self.wrong(table, row, "quantity", f"{problem}数えた数を0以上の整数で書いてください。")

    def _lot(self, table: Table, row: Row, sku: int) -> LotTag | None:
        """The lot told, else the only one there is."""
        try:
            code, expires = read_lot(unwrap_text(self.cell(row, "lot")), self.cell(row, "expires").strip())
        except NotANumber as problem:
            return self.wrong(table, row, "lot" if "ロット番号" in str(problem) else "expires", str(problem))
        if sku not in self.tracked:
            return (
                self.wrong(table, row, "lot" if self.cell(row, "lot") else "expires", NO_LOTS)
                if code
                else None
            )
        if sku in self.whole:
            return None
        known = self.lots.get(sku, [])
        if not code and len(known) > 1:
            names = "、".join(lot.code for lot in known[:5])
            return self.wrong(
                table,
                row,
                "lot",
                f"ロットが {len(known):,} つあります（{names}{'…' if known[5:] else ''}）。数えたロットを書いてください。",
            )
        before = self.expiries.get((sku, code), expires)
        if expires and before != expires:
            told = f"{before:%Y/%m/%d}" if before else "なし"
            return self.wrong(
                table, row, "expires", f"ロット {code} の期限は {told} です。ロットか期限を確かめてください。"
            )
        return LotTag(code or (known[0].code if known else UNKNOWN_LOT), expires)

    def _at(self, table: Table, row: Row) -> datetime | None:
        text = self.cell(row, "at").strip()
        if not text:
            return None
        told = _moment(text)
        if told is None:
            return self.wrong(table, row, "at", "日時が読めません。2026/11/26 14:05 のように書いてください。")
        if told > clock.now():
            return self.wrong(table, row, "at", "日時が未来です。端末の時計を確かめてください。")
        return told


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.replace("/", "-"))
    except ValueError:
        return None
    return timezone.make_aware(found) if found and timezone.is_naive(found) else found


class CountsKind(intake.Kind):
    """棚卸の数."""

    code: ClassVar[str] = "counts"
    title: ClassVar[str] = "棚卸の数"
    permission: ClassVar[str] = "stock.change_stocktake"
    about: ClassVar[str] = (
        "数えた数の一覧を、数えている途中の棚卸に入れます。在庫は計上するまで変わりません。"
    )
    order: ClassVar[int] = 35
    done_url: ClassVar[str] = "stock:stocktakes"
    generic: ClassVar[str] = "数えた数の一覧（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def options(self) -> Sequence[intake.Option]:
        return (intake.Option("stocktake", "棚卸", "数えている途中の棚卸を選びます。", choices=open_choices),)

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        tallies = reading.tallies()
        stocktake = reading.stocktake
        if stocktake is None and reading.rows:
            reading.wrong(
                *reading.rows[0], "sku", "数えている途中の棚卸がありません。先に棚卸を始めてください。"
            )
        if reading.errors or stocktake is None:
            return intake.Plan.refusal(reading.errors, rows=len(reading.rows))
        return _plan_of(tallies, stocktake, reading)

    @transaction.atomic
    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        number, tallies = plan.payload
        stocktake = Stocktake.objects.get(number=number)
        for tally in sorted(tallies, key=lambda one: one.sku_id):
            services.count(stocktake, tally.sku_id, tally.pieces, lot=tally.lot, at=tally.at, by=by)
        return intake.Result(
            message=f"{number} に {len(tallies):,} 品目の数を入れました（変更なし {plan.unchanged:,} 品目）。",
            data={"stocktake": number},
        )

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        return (
            intake.Made(
                "この取込の棚卸", 1, "stock:stocktakes", f"q={intake_file.result['data']['stocktake']}"
            ),
        )


def _stocktake(options: intake.Options) -> Stocktake | None:
    """The one chosen, else the only one that is open."""
    live = Stocktake.objects.filter(state=StocktakeState.OPEN)
    if told := str(options.get("stocktake") or ""):
        return live.filter(number=told).first()
    return live.order_by("-id").first()


def _plan_of(tallies: dict[Key, Tally], stocktake: Stocktake, reading: _Reading) -> intake.Plan:
    lines = stocktake.lines.filter(needs_recount=False).values_list("sku_id", "lot__code", "counted")
    counted = {(sku, lot or ""): pieces for sku, lot, pieces in lines}
    todo = [one for one in tallies.values() if counted.get(one.key) != one.pieces]
    rows = catalog.sku_rows({one.sku_id for one in tallies.values()})
    first = sum(counted.get(one.key) is None for one in todo)
    return intake.Plan(
        rows=len(reading.rows), created=first, changed=len(todo) - first, unchanged=len(tallies) - len(todo),
        columns=COLUMNS,
        preview=[_shown(one, rows[one.sku_id], counted) for one in list(tallies.values())[:50]],
        changes=[
            intake.Change(
                " ".join([rows[one.sku_id].code, one.key[1]]).strip(), "数えた数", f"{counted[one.key]:,}", f"{one.pieces:,}",
                *reading.places[one.key],
            )
            for one in todo if counted.get(one.key) is not None
        ],
        payload=(stocktake.number, todo),
    )  # fmt: skip


def _shown(one: Tally, sku: catalog.SkuRow, counted: dict[Key, int | None]) -> tuple[str, ...]:
    before = counted.get(one.key)
    verdict = "変更なし" if before == one.pieces else "数える" if before is None else "数え直す"
    told = timezone.localtime(one.at).strftime("%m/%d %H:%M") if one.at else "取込時"
    return (
        verdict,
        sku.code,
        sku.title,
        one.key[1],
        f"{one.pieces:,}",
        "" if before is None else f"{before:,}",
        told,
    )
