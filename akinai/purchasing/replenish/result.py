"""おすすめの結果: what is recommended for one SKU and every number it rests on. Pure, frozen, ready to be shown or stored."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from akinai.purchasing.replenish.costs import Carrying, whole
from akinai.purchasing.replenish.methods import Method
from akinai.purchasing.replenish.pace import Pace


class Notice(StrEnum):
    """担当者に伝えること."""

    NO_HISTORY = "no_history"
    SHORT_HISTORY = "short_history"
    NO_SALES = "no_sales"
    ONE_BIG_ORDER = "one_big_order"
    NO_MARGIN = "no_margin"
    NOT_WORTH = "not_worth"
    LARGE_MINIMUM = "large_minimum"
    SHELF_LIFE = "shelf_life"

    @property
    def label(self) -> str:
        return NOTICES[self]


NOTICES = {
    Notice.NO_HISTORY: "新しい商品で、売れ方の記録がありません。はじめの数は人が決めてください。",
    Notice.SHORT_HISTORY: "記録が 4 週間より短いので、ばらつきを大きめに見ています。",
    Notice.NO_SALES: "この期間にほとんど売れていません。お客様を待たせている分だけ発注します。",
    Notice.ONE_BIG_ORDER: "売れた数の半分以上が 1 日に集まっています。一度きりの大口なら、その注文を除いて見直してください。",
    Notice.NO_MARGIN: "粗利がないので、欠品しても損はない計算です。売価と仕入単価を確かめてください。",
    Notice.NOT_WORTH: "在庫を持つ費用が粗利を上回ります。取り寄せにするか、取扱いをやめる候補です。",
    Notice.LARGE_MINIMUM: "最小の発注数が 1 年分の売れ数を超えています。仕入先と数を相談してください。",
    Notice.SHELF_LIFE: "最小の発注数では、賞味期限までに売り切れない見込みです。",
}


@dataclass(frozen=True, slots=True)
class Need:
    """入荷までに要る数: pace × stretch = expected pieces; `spread` (±) is one standard deviation in pieces.

    `stretch` = `lead_days` + `wait` (half of the days between reviews), in days.
    """

    method: Method
    history_days: int
    pace: Pace
    lead_days: Decimal
    lead_spread: Decimal
    review_days: int
    wait: Decimal
    stretch: Decimal
    expected: int
    spread: Decimal


@dataclass(frozen=True, slots=True)
class Level:
    """水準と発注数, all in pieces.

    `reorder_point` = expected + `safety` (or below expected with safety 0, for what is rarely wanted). `order` is 0 while
    `position` lies above it. `service`: chance in % that a cycle ends without a stock-out; `fill`: % of pieces served.
    """

    safety: int
    reorder_point: int
    quantity: int
    on_hand: int
    promised: int
    incoming: int
    position: int
    order: int
    moq: int
    lot: int
    case: int
    service: Decimal
    fill: Decimal


@dataclass(frozen=True, slots=True)
class Yearly:
    """1 年の費用: amounts in whole yen, each the product of the two numbers beside it."""

    mean_stock: Decimal
    carrying: Carrying
    unit_cost: Decimal
    orders: Decimal
    order_yen: Decimal
    lost: Decimal
    margin: Decimal
    stockouts: Decimal
    sold: Decimal

    @property
    def tied_up_yen(self) -> int:
        """在庫に寝ているお金: mean stock × unit cost."""
        return whole(self.mean_stock * self.unit_cost)

    @property
    def holding_yen(self) -> int:
        return whole(self.mean_stock * self.carrying.total)

    @property
    def ordering_yen(self) -> int:
        return whole(self.orders * self.order_yen)

    @property
    def lost_yen(self) -> int:
        """Expected margin lost to empty shelves."""
        return whole(self.lost * self.margin)

    @property
    def total_yen(self) -> int:
        return self.holding_yen + self.ordering_yen + self.lost_yen

    @property
    def turns(self) -> Decimal | None:
        """在庫回転: times a year the mean stock is sold. None without stock."""
        return (self.sold / self.mean_stock).quantize(Decimal("0.1")) if self.mean_stock else None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """発注のおすすめ 1 件. `order_cost_yen`: what the order costs without tax."""

    sku_id: int
    code: str
    name: str
    supplier_id: int | None
    need: Need
    level: Level
    yearly: Yearly
    order_cost_yen: int
    notices: tuple[Notice, ...]
