"""仕入伝票の取込: a supplier's list of deliveries becomes posted receipts; a slip already posted is left as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from akinai.catalog import queries as catalog
from akinai.core import clock, intake
from akinai.core.errors import DomainError
from akinai.core.money import NotANumber, parse_yen
from akinai.core.tables import Row, Table, unwrap_text
from akinai.purchasing import doubts, services
from akinai.purchasing.doubts import Doubt
from akinai.purchasing.intake.reading import SupplierReading
from akinai.purchasing.models import GoodsReceipt, yen_of
from akinai.purchasing.queries import orders
from akinai.purchasing.services import LineInput, doubting, lot_doubting
from akinai.purchasing.states import ReceiptState
from akinai.purchasing.totals import NONE_TOLD, Totals
from akinai.stock.lines import NO_LOTS, read_lot

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

FIELDS = (
    intake.Field("supplier", "仕入先コード", required=True, names=("仕入先", "仕入先CD", "supplier")),
    intake.Field("slip", "伝票番号", required=True, names=("納品書番号", "仕入伝票番号", "納品番号", "slip")),
    intake.Field("on", "入荷日", required=True, names=("納品日", "仕入日", "伝票日付", "date")),
    intake.Field("sku", "商品コード", required=True, names=("SKU", "SKUコード", "JAN", "JANコード", "品番", "sku")),
    intake.Field("quantity", "数量", required=True, names=("入荷数", "仕入数", "納品数", "quantity")),
    intake.Field("order", "発注番号", names=("注文番号", "発注No", "po number"), help="当社の発注番号か、取り込んだときの元の番号"),
    intake.Field("cost", "単価", names=("仕入単価", "原価", "cost"), help="税抜の円。小数4桁まで"),
    intake.Field("lot", "ロット", names=("ロット番号", "ロットNo", "製造番号", "lot", "lot no"), help="ロットを管理する商品だけ。40文字まで"),
    intake.Field("expires", "期限", names=("賞味期限", "消費期限", "使用期限", "有効期限", "expiry", "expires on"), help="例: 2027/05/31。月だけなら月末"),
    intake.Field("pieces_total", "合計数量", names=("数量合計", "総数量", "total quantity"), help="納品書の合計。伝票の1行目か全部の行に"),
    intake.Field("net_total", "合計金額（税抜）", names=("合計金額", "税抜合計", "税抜合計金額", "伝票金額")),
    intake.Field("gross_total", "合計金額（税込）", names=("税込合計", "税込合計金額", "総合計")),
    intake.Field("other_total", "送料・値引（税抜）", names=("うち送料", "諸掛"), help="合計金額に入っていて明細にないもの"),
)  # fmt: skip
COLUMNS = ("区分", "仕入先コード", "伝票番号", "入荷日", "明細", "点数", "金額（税抜）")
ACCEPT = "accept_doubts"
WAY_OUT = (
    "誤りなら直してください。このとおりなら、指定「前回と違う数量・単価や同じ行を認める」を選んで"
    "（--option accept_doubts=1）取り込んでください。"
)
type SlipKey = tuple[int, str]


@dataclass(slots=True)
class _Slip:
    """One slip of the file."""

    supplier_id: int
    supplier: str
    number: str
    on: date
    order_id: int | None = None
    totals: Totals = NONE_TOLD
    lines: list[LineInput] = field(default_factory=list)
    places: list[tuple[Table, Row]] = field(default_factory=list)  # where each line stands

    def total(self) -> Decimal:
        return sum((line.quantity * (line.unit_cost or Decimal(0)) for line in self.lines), Decimal(0))

    def pieces(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for line in self.lines:
            found[line.sku_id] = found.get(line.sku_id, 0) + line.quantity
        return found


class _Reading(SupplierReading):
    """One look at the files: problems gather, good rows gather under their slips."""

    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        self.slips: dict[SlipKey, _Slip] = {}
        self.repeats: list[tuple[Table, Row, str]] = []
        self.first: dict[SlipKey, tuple[Table, Row]] = {}
        self.orders = orders.ids_by_number({self.cell(row, "order") for _, row in self.rows})
        self.tracked = catalog.lot_tracked(self.skus.values())
        for table, row in self.rows:
            self._take(table, row)

    def _take(self, table: Table, row: Row) -> None:
        if not self.is_plain(table, row):
            return
        before = len(self.errors)
        supplier, slip, on = self.supplier(table, row), self._slip(table, row), self._on(table, row)
        sku, cost = self.sku(table, row), self.cost(table, row)
        quantity = self.pieces(table, row, "quantity", "届いた数を1以上の整数で書いてください。")
        order = self._order(table, row, supplier) if supplier else None
        lot, expires = self._lot(table, row, sku)
        if len(self.errors) == before and supplier and slip and on and sku and quantity:
            self._put(
                table,
                row,
                _Slip(supplier, self.cell(row, "supplier"), slip, on, order, self._totals(table, row)),
                LineInput(sku, quantity, cost, lot=lot, expires_on=expires),
            )

    def _put(self, table: Table, row: Row, slip: _Slip, line: LineInput) -> None:
        key = (slip.supplier_id, slip.number)
        known = self.slips.setdefault(key, slip)
        self.first.setdefault(key, (table, row))
        if known.on != slip.on:
            return self.wrong(
                table,
                row,
                "on",
                "同じ伝票番号に違う入荷日があります。日付をそろえるか、伝票番号を分けてください。",
            )
        if known.order_id != slip.order_id:
            return self.wrong(
                table, row, "order", "同じ伝票番号に違う発注番号があります。発注ごとに伝票を分けてください。"
            )
        if slip.totals != NONE_TOLD and known.totals != slip.totals:
            if known.totals != NONE_TOLD:
                return self.wrong(
                    table, row, "pieces_total" if self.cell(row, "pieces_total") else "net_total",
                    "同じ伝票番号に違う合計があります。納品書の合計をそろえるか、伝票番号を分けてください。",
                )  # fmt: skip
            known.totals = slip.totals
        if line in known.lines:
            earlier = known.places[known.lines.index(line)][1].line
            self.repeats.append((table, row, f"{earlier}行目と商品・数量・単価がすべて同じです。{WAY_OUT}"))
        known.lines.append(line)
        known.places.append((table, row))

    def _totals(self, table: Table, row: Row) -> Totals:
        """伝票合計 of the row; most lists tell them on the first row of a slip or on all of them."""
        told = {
            name: self._total(table, row, name)
            for name in ("pieces_total", "net_total", "gross_total", "other_total")
        }
        return Totals(told["pieces_total"], told["net_total"], told["gross_total"], told["other_total"] or 0)

    def _total(self, table: Table, row: Row, name: str) -> int | None:
        text = self.cell(row, name)
        try:
            return parse_yen(text) if text else None
        except NotANumber as problem:
            self.wrong(table, row, name, f"{problem}納品書の合計を数字で書いてください。")
            return None

    def _lot(self, table: Table, row: Row, sku: int | None) -> tuple[str, date | None]:
        """ロットと期限, of goods that have them."""
        try:
            lot, expires = read_lot(unwrap_text(self.cell(row, "lot")), self.cell(row, "expires").strip())
        except NotANumber as problem:
            self.wrong(table, row, "lot" if "ロット番号" in str(problem) else "expires", str(problem))
            return "", None
        if lot and sku and sku not in self.tracked:
            self.wrong(table, row, "lot" if self.cell(row, "lot") else "expires", NO_LOTS)
        if expires and expires < clock.today():
            self.wrong(
                table, row, "expires",
                "期限が切れています。打ち間違いなら直し、切れた商品が届いたなら、画面で検品して「うち破損」に数えてください。",
            )  # fmt: skip
        return lot, expires

    def _order(self, table: Table, row: Row, supplier: int) -> int | None:
        """The order this delivery answers, if the file names one."""
        number = self.cell(row, "order")
        found = self.orders.get((supplier, number))
        if number and found is None:
            self.wrong(
                table,
                row,
                "order",
                "この仕入先への発注に、この番号はありません。番号を直すか、空欄にしてください。",
            )
        return found

    def _slip(self, table: Table, row: Row) -> str:
        text = unwrap_text(self.cell(row, "slip"))
        if not text or len(text) > 60:
            self.wrong(
                table, row, "slip", "伝票番号を1～60文字で書いてください。二重の計上を防ぐために要ります。"
            )
            return ""
        return text

    def _on(self, table: Table, row: Row) -> date | None:
        found = self.day(table, row, "on")
        if found and found > clock.today():
            self.wrong(table, row, "on", "入荷日が未来の日付です。商品が届いた日を書いてください。")
            return None
        return found


def _posted(keys: Sequence[SlipKey]) -> dict[SlipKey, dict[int, int]]:
    """Pieces by SKU of the slips that are posted already."""
    rows = GoodsReceipt.objects.filter(
        state=ReceiptState.POSTED, supplier_id__in={key[0] for key in keys}, supplier_slip_no__in={key[1] for key in keys}
    ).prefetch_related("lines")  # fmt: skip
    found: dict[SlipKey, dict[int, int]] = {}
    for row in rows:
        pieces = found.setdefault((row.supplier_id or 0, row.supplier_slip_no), {})
        for line in row.lines.all():
            pieces[line.sku_id] = pieces.get(line.sku_id, 0) + line.quantity
    return found


def _doubts(slips: Sequence[_Slip]) -> list[tuple[_Slip, Doubt]]:
    """What looks odd, each slip beside what would be known once the slips before it are posted."""
    past = doubting.past_of(line.sku_id for slip in slips for line in slip.lines)
    found: list[tuple[_Slip, Doubt]] = []
    for slip in slips:
        arrived = doubting.arrived_lines(slip.lines)
        told = doubting.told(arrived, supplier_id=slip.supplier_id, order_id=slip.order_id)
        wrong, told = doubting.beside_totals(slip.lines, slip.totals, slip.supplier_id, told)
        odd = wrong + doubts.find(arrived, past, told) + lot_doubting.of_lines(slip.lines)
        found += [(slip, doubt) for doubt in odd]
        past = doubts.after(past, arrived)
    return found


def _column(doubt: Doubt, slip: _Slip) -> str:
    """The column a doubt is about; of totals the one that was told."""
    if doubt.field != "total":
        return doubt.field
    told = {
        "pieces_total": slip.totals.pieces,
        "net_total": slip.totals.net_yen,
        "gross_total": slip.totals.gross_yen,
    }
    return next(name for name, value in told.items() if value is not None)


class ReceiptsKind(intake.Kind):
    """仕入伝票."""

    code: ClassVar[str] = "receipts"
    title: ClassVar[str] = "仕入伝票"
    permission: ClassVar[str] = "purchasing.add_goodsreceipt"
    about: ClassVar[str] = (
        "仕入先の納品の一覧を読み、伝票ごとに入荷を登録して在庫に計上します。計上済みの伝票は飛ばします。"
    )
    order: ClassVar[int] = 35
    can_undo: ClassVar[bool] = True
    done_url: ClassVar[str] = "purchasing:list"
    generic: ClassVar[str] = "仕入伝票の一覧（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def options(self) -> Sequence[intake.Option]:
        return (
            intake.Option(
                ACCEPT,
                "前回と違う数量・単価や同じ行を認める",
                "10倍以上の数量、30%を超える単価の変化、同じ行の繰り返しを、確かめたうえで計上します。",
            ),
        )

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        known = _posted(list(reading.slips))
        for key, pieces in known.items():
            if key in reading.slips and reading.slips[key].pieces() != pieces:
                reading.wrong(
                    *reading.first[key], "slip",
                    "この伝票は違う数量で計上済みです。入荷を取り消してから取り込むか、伝票番号を確かめてください。",
                )  # fmt: skip
        new = sorted(
            (slip for key, slip in reading.slips.items() if key not in known), key=lambda slip: slip.on
        )
        odd = _doubts(new)
        if not options.get(ACCEPT):
            for table, row, message in reading.repeats:
                reading.wrong(table, row, "sku", message)
            for slip, doubt in odd:
                reading.wrong(*slip.places[doubt.at], _column(doubt, slip), f"{doubt.text}{WAY_OUT}")
        if reading.errors:
            return intake.Plan.refusal(reading.errors, rows=len(reading.rows))
        notes = [f"確かめたうえで計上します: {slip.number} {doubt.text}" for slip, doubt in odd[:20]]
        return intake.Plan(
            rows=len(reading.rows), created=len(new), unchanged=len(reading.slips) - len(new), columns=COLUMNS,
            total_yen=yen_of(sum((slip.total() for slip in new), Decimal(0))), notes=notes, payload=new,
            preview=[_shown(slip, key in known) for key, slip in list(reading.slips.items())[:50]],
        )  # fmt: skip

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        numbers = []
        for at, slip in enumerate(plan.payload, 1):
            made = services.create_draft(
                lines=slip.lines,
                received_on=slip.on,
                supplier_id=slip.supplier_id,
                supplier_slip_no=slip.number,
                purchase_order_id=slip.order_id,
                totals=slip.totals,
                by=by,
            )
            # Whoever let the plan pass has accepted its doubts; without the tick there are none.
            told = [doubt.text for doubt in doubting.of_receipt(made, slip.lines)]
            services.post(made, confirmed=told, by=by, from_file=True)
            numbers.append(made.number)
            plan.progress(at, len(plan.payload))
        return intake.Result(
            message=f"仕入伝票 {plan.created:,} 件を計上しました（計上済み {plan.unchanged:,} 件）。",
            data={"receipts": numbers},
        )

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        count = len(intake_file.result.get("data", {}).get("receipts", ()))
        return (intake.Made("この取込の仕入伝票", count, "purchasing:list", f"f.intake={intake_file.pk}"),)

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        """Every slip of this intake is reversed, the last one first; refused as a whole where goods are promised or gone."""
        numbers = intake_file.result["data"].get("receipts", [])
        standing = GoodsReceipt.objects.filter(number__in=numbers, state=ReceiptState.POSTED)
        rows = list(standing.order_by("-pk"))
        if not rows:
            raise DomainError(
                "この取込で計上した伝票はもう残っていません。", way_out="取り消すものはありません。"
            )
        for receipt in rows:
            services.reverse(receipt, reason="取込の取消", by=by)
        gone = len(numbers) - len(rows)
        rest = f"{gone:,} 件はすでに取り消されていました。" if gone else ""
        return f"仕入伝票 {len(rows):,} 件を取り消し、在庫を戻しました。{rest}"


def _shown(slip: _Slip, is_known: bool) -> tuple[str, ...]:
    return (
        "計上済み" if is_known else "新規", slip.supplier, slip.number, f"{slip.on:%Y/%m/%d}", str(len(slip.lines)),
        f"{sum(line.quantity for line in slip.lines):,}", f"¥{yen_of(slip.total()):,}",
    )  # fmt: skip
