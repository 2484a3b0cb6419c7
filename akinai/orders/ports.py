"""What orders ask of the doors (受注の入口): a mall's file becomes a list of `OrderDraft`.

A door (akinai.adapters.channels.*) turns bytes into drafts and knows no database. Whatever it cannot
understand it says as an `IssueDraft`; it never guesses and never drops a row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from akinai.core.tables import Table


@dataclass(frozen=True, slots=True)
class Address:
    """注文者・送付先. `postal_code` is 7 digits or as written when it is not; `phone` keeps its hyphens."""

    name: str = ""
    kana: str = ""
    company: str = ""
    postal_code: str = ""
    prefecture: str = ""
    city: str = ""
    line1: str = ""
    line2: str = ""
    phone: str = ""
    email: str = ""
    country: str = "JP"


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """例外: something a person must look at. `code` is one of akinai.orders.states.IssueCode values.

    Codes: unknown_sku, total_mismatch, tax_mismatch, bad_quantity, bad_price, bad_date, bad_text, currency,
    missing_column, mangled (Excel destroyed a value), multi_ship, duplicate_row, cancelled_line, mall_hold, other.
    `line_no` is the order line (1-based) or 0 for the order; `source_line` the line in the file.
    """

    code: str
    message: str
    line_no: int = 0
    source_file: str = ""
    source_line: int = 0
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class DestinationDraft:
    """送付先 beside the order's own, as the channel tells it without doubt. `pieces`: (line number, how many go there);
    `number`: the channel's own number of it (楽天 送付先ID, EC-CUBE 出荷ID)."""

    to: Address
    pieces: tuple[tuple[int, int], ...]
    delivery_on: date | None = None
    delivery_slot: str = ""
    number: str = ""


# How a door knows a line's tax rate.
TOLD = "told"  # the file says it
ASSUMED = "assumed"  # the file says nothing: our own goods know better
DOUBTFUL = "doubtful"  # the file's taxes fit several ways: our own goods know better, else a person


@dataclass(frozen=True, slots=True)
class LineDraft:
    """受注明細. `unit_price_yen` as charged; `tax_rate` percent (10, 8, 0); `raw` = columns kept verbatim."""

    line_no: int
    sku_code: str
    name: str
    quantity: int
    unit_price_yen: int
    tax_rate: int = 10
    tax_rate_is: str = TOLD
    price_includes_tax: bool = True
    options: str = ""
    channel_line_no: str = ""
    jan: str = ""
    alternative_codes: tuple[str, ...] = ()  # other codes the mall knows the goods by, best first
    raw: dict[str, str] = field(default_factory=dict)
    source_line: int = 0

    @property
    def subtotal_yen(self) -> int:
        return self.unit_price_yen * self.quantity


@dataclass(frozen=True, slots=True)
class TaxDraft:
    """税率別の対価と税 as the mall states it: `charged_yen` is 税込 after coupons and points."""

    rate: int
    charged_yen: int
    tax_yen: int


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """受注 as one channel tells it. All yen are 税込 unless the mall says otherwise (then `outer_tax_yen`)."""

    channel_order_no: str
    ordered_at: datetime  # aware, Asia/Tokyo
    buyer: Address
    ship_to: Address
    lines: tuple[LineDraft, ...]
    payment: str  # akinai.orders.states.PaymentKind value
    payment_label: str  # as written in the file
    total_yen: int  # 請求金額: what the buyer is charged
    goods_yen: int = 0
    shipping_yen: int = 0
    cod_fee_yen: int = 0
    payment_fee_yen: int = 0
    wrapping_yen: int = 0
    discount_yen: int = 0  # coupons and price cuts, positive
    points_yen: int = 0  # positive
    outer_tax_yen: int = 0  # 外税: tax added on top of goods
    adjustment_yen: int = 0  # signed, anything else that the channel adds to the total
    taxes: tuple[TaxDraft, ...] = ()
    amounts_known: bool = True  # False: the report carries no prices (Amazon 未出荷)
    mall_status: str = "open"  # open | shipped | cancelled | hold (mall still checks) | returned
    paid_at: datetime | None = None  # the channel says the money is in or authorised
    payment_settled: bool = False  # paid/authorised at the channel
    shipped_on: date | None = None
    tracking_no: str = ""
    delivery_on: date | None = None
    delivery_slot: str = ""  # "", "am", "1214", "1416", "1618", "1820", "1921", "2021"
    delivery_method: str = ""
    carrier: str = ""  # "", "yamato", "sagawa", "japanpost"
    customer_note: str = ""
    shop_note: str = ""
    gift_note: str = ""  # のし, wrapping names
    is_remote_island: bool = False
    ship_to_id: str = ""
    others: tuple[DestinationDraft, ...] = ()  # what goes to none of them goes to `ship_to`
    issues: tuple[IssueDraft, ...] = ()
    raw: dict[str, str] = field(default_factory=dict)
    source_file: str = ""
    source_line: int = 0


class OrderFormat(Protocol):
    """A mall's order file. One instance per format is registered in `FORMATS`."""

    code: str  # "rakuten"
    title: str  # "楽天 RMS 受注CSV"
    channel: str  # default channel code

    def is_header(self, cells: Sequence[str]) -> bool:
        """Are these normalised cells of one line my column names? The generic format never says so."""
        ...

    def matches(self, tables: Sequence[Table]) -> bool:
        """Do these files (all given in one intake) look like mine? By header set only."""
        ...

    def read(self, tables: Sequence[Table]) -> list[OrderDraft]:
        """Drafts in file order. Raises FileRefused when rows cannot be attached to any order."""
        ...


FORMATS: dict[str, OrderFormat] = {}


def register_format(fmt: OrderFormat) -> None:
    """Bring a door into use (called from akinai.adapters.apps.ready)."""
    FORMATS[fmt.code] = fmt


# 顧客 → 与信限度額 of those who have one. Asked inside the placing transaction: the answer stays locked until its end.
CreditLimits = Callable[[Collection[int]], Mapping[int, int]]
_limits: list[CreditLimits] = []


def keep_credit_limits(answer: CreditLimits) -> None:
    """The room of billing says how much a customer may owe (called from its AppConfig.ready)."""
    _limits[:] = [answer]


def credit_limits(customer_ids: Collection[int]) -> Mapping[int, int]:
    """与信限度額 by customer; nobody has one where no room keeps them."""
    return _limits[0](customer_ids) if _limits and customer_ids else {}


# 受注 → 受取拒否・長期不在か, of those of these orders whose goods came back.
Returned = Callable[[Collection[int]], Mapping[int, bool]]
_returned: list[Returned] = []


def keep_returns(answer: Returned) -> None:
    """The room of shipping says whose goods came back (called from its AppConfig.ready)."""
    _returned[:] = [answer]


def returned(order_ids: Collection[int]) -> Mapping[int, bool]:
    """Orders whose goods came back, and whether the buyer never took them; none where no room keeps returns."""
    return _returned[0](order_ids) if _returned and order_ids else {}
