"""発注の取込: a list of orders, as drafts to be looked at, or as placed elsewhere already (引き継ぎ)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from akinai.core import clock, intake
from akinai.core.errors import DomainError
from akinai.core.tables import Row, Table
from akinai.purchasing.intake.reading import SupplierReading
from akinai.purchasing.models import PurchaseOrder
from akinai.purchasing.queries import terms
from akinai.purchasing.services import ordering, taking_over
from akinai.purchasing.services.taking_over import PastLine, PastOrder
from akinai.purchasing.states import OrderState

if TYPE_CHECKING:
    from akinai.core.intake.models import IntakeFile
    from akinai.staff.models import Staff

FIELDS = (
    intake.Field("number", "発注番号", required=True, names=("注文番号", "発注No", "伝票番号", "po number", "order_id", "orderid"), help="元の番号。仕入先ごとに 1 枚の発注書になる"),
    intake.Field("supplier", "仕入先コード", required=True, names=("仕入先", "仕入先CD", "発注先", "発注先コード", "supplier", "supplierid")),
    intake.Field("on", "発注日", names=("注文日", "order date", "orderdate", "date"), help="引き継ぎのときは必須"),
    intake.Field("due", "希望納期", names=("納期", "納入日", "納品希望日", "required date", "requireddate", "due")),
    intake.Field("sku", "商品コード", names=("SKU", "SKUコード", "JAN", "JANコード", "品番", "sku", "productid")),
    intake.Field("supplier_code", "仕入先商品コード", names=("仕入先品番", "先方品番", "supplier_code"), help="商品コードが空欄の行で使う"),
    intake.Field("quantity", "数量", required=True, names=("発注数", "注文数", "発注数量", "quantity", "qty")),
    intake.Field("cost", "仕入単価", names=("単価", "発注単価", "原価", "unit price", "unitprice", "cost"), help="空欄なら仕入先商品の単価"),
)  # fmt: skip
COLUMNS = ("区分", "発注番号", "仕入先", "発注日", "明細", "点数", "金額（税抜）")
PLACED = "placed"
type Key = tuple[int, str]


@dataclass(slots=True)
class _Told:
    """One order of the file, and where its lines stand."""

    order: PastOrder
    supplier: str
    lines: dict[int, int] = field(default_factory=dict)  # SKU → line of the file


class _Reading(SupplierReading):
    """One look at the files: problems gather, good rows gather under their orders."""

    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        self.is_placed = bool(options.get(PLACED))
        self.orders: dict[Key, _Told] = {}
        self.first: dict[Key, tuple[Table, Row]] = {}
        for table, row in self.rows:
            if self.is_plain(table, row):
                self._take(table, row)

    def _take(self, table: Table, row: Row) -> None:
        before = len(self.errors)
        supplier = self.supplier(table, row)
        number = self.text(
            table, row, "number", most=60, needed="発注番号が空欄です。元の番号を書いてください。"
        )
        on, due = self._on(table, row), self.day(table, row, "due") if self.cell(row, "due") else None
        sku = self.supplier_sku(table, row, supplier) if supplier else None
        quantity = self.pieces(table, row, "quantity", "発注した数を1以上の整数で書いてください。")
        cost = self.cost(table, row)
        if len(self.errors) > before or not (supplier and number and on and sku and quantity):
            return
        if cost is None:
            cost = self._price(table, row, supplier, sku, on)
        if cost is not None:
            code = self.cell(row, "supplier_code")
            self._put(table, row, PastOrder(supplier, number, on, due), PastLine(sku, quantity, cost, code))

    def _on(self, table: Table, row: Row) -> date | None:
        if not self.cell(row, "on"):
            if self.is_placed:
                self.wrong(table, row, "on", "発注日が空欄です。引き継ぐ発注には、発注した日が要ります。")
                return None
            return clock.today()
        found = self.day(table, row, "on")
        if found and found > clock.today():
            self.wrong(table, row, "on", "発注日が未来の日付です。発注した日を書いてください。")
            return None
        return found

    def _price(self, table: Table, row: Row, supplier: int, sku: int, on: date) -> Decimal | None:
        item = terms.current_items([(supplier, sku)], on=on).get((supplier, sku))
        if item is None:
            self.wrong(
                table, row, "cost", "単価が空欄で、仕入先商品にも登録がありません。税抜の円で書いてください。"
            )
            return None
        return item.unit_cost

    def _put(self, table: Table, row: Row, order: PastOrder, line: PastLine) -> None:
        key = (order.supplier_id, order.outside_no)
        known = self.orders.setdefault(key, _Told(order, self.cell(row, "supplier")))
        self.first.setdefault(key, (table, row))
        if known.order.ordered_on != order.ordered_on:
            return self.wrong(table, row, "on", "同じ発注番号に違う発注日があります。そろえてください。")
        if line.sku_id in known.lines:
            return self.wrong(
                table, row, "sku", f"{known.lines[line.sku_id]}行目に同じ商品があります。数量を足して 1 行にまとめてください。"
            )  # fmt: skip
        known.lines[line.sku_id] = row.line
        known.order.lines.append(line)


class PurchaseOrdersKind(intake.Kind):
    """発注."""

    code: ClassVar[str] = "purchase_orders"
    title: ClassVar[str] = "発注"
    permission: ClassVar[str] = "purchasing.add_purchaseorder"
    about: ClassVar[str] = (
        "発注の一覧を読み、発注番号と仕入先ごとに発注書を作ります。取り込んだことのある番号は飛ばします。"
    )
    order: ClassVar[int] = 34
    can_undo: ClassVar[bool] = True
    done_url: ClassVar[str] = "purchasing:orders"
    generic: ClassVar[str] = "発注の一覧（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def options(self) -> Sequence[intake.Option]:
        return (
            intake.Option(
                PLACED, "すでに発注したものとして引き継ぐ",
                "ほかの仕組みで発注済みの注文を、入荷を待つ発注として登録します。選ばなければ下書きになります。",
            ),
        )  # fmt: skip

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        if reading.errors:
            return intake.Plan.refusal(reading.errors, rows=len(reading.rows))
        known = _known(list(reading.orders))
        new = [told.order for key, told in reading.orders.items() if key not in known]
        return intake.Plan(
            rows=len(reading.rows), created=len(new), unchanged=len(reading.orders) - len(new), columns=COLUMNS,
            total_yen=sum(order.net_yen for order in new), payload=(new, reading.is_placed),
            preview=[_shown(told, key in known) for key, told in list(reading.orders.items())[:50]],
        )  # fmt: skip

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        new, is_placed = plan.payload
        made = taking_over.take_over(new, by=by) if is_placed else taking_over.draft_from(new, by=by)
        state = "発注済み" if is_placed else "下書き"
        return intake.Result(
            message=f"発注 {len(made):,} 件を{state}で登録しました（登録済み {plan.unchanged:,} 件）。",
            data={"orders": [order.number for order in made]},
        )

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        count = len(intake_file.result.get("data", {}).get("orders", ()))
        return (intake.Made("この取込の発注", count, "purchasing:orders", f"f.intake={intake_file.pk}"),)

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        """Every order of this intake is cancelled; refused as a whole where goods have come."""
        numbers = intake_file.result["data"].get("orders", [])
        rows = list(PurchaseOrder.objects.filter(number__in=numbers).exclude(state=OrderState.CANCELLED))
        if not rows:
            raise DomainError("この取込の発注はもう残っていません。", way_out="取り消すものはありません。")
        for order in rows:
            ordering.cancel(order, reason="取込の取消", by=by)
        # Free for the same file, once it is right.
        PurchaseOrder.objects.filter(number__in=numbers).update(outside_no="")
        return f"発注 {len(rows):,} 件を取り消しました。"


def _known(keys: Sequence[Key]) -> set[Key]:
    rows = PurchaseOrder.objects.filter(
        supplier_id__in={key[0] for key in keys}, outside_no__in={key[1] for key in keys}
    )
    return set(rows.values_list("supplier_id", "outside_no"))


def _shown(told: _Told, is_known: bool) -> tuple[str, ...]:
    order = told.order
    return (
        "登録済み" if is_known else "新規", order.outside_no, told.supplier, f"{order.ordered_on:%Y/%m/%d}",
        str(len(order.lines)), f"{sum(line.quantity for line in order.lines):,}", f"¥{order.net_yen:,}",
    )  # fmt: skip
