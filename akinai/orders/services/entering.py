"""受注の手入力: an order by phone, fax or letter, typed by a clerk, on its way like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from akinai.catalog import queries as catalog
from akinai.channels import services as channels
from akinai.core.errors import DomainError
from akinai.orders.models import Order
from akinai.orders.ports import Address, LineDraft, OrderDraft
from akinai.orders.services.placing import place
from akinai.orders.states import PaymentKind

if TYPE_CHECKING:
    from akinai.staff.models import Staff

CHANNEL = ("phone", "電話・手入力", "phone")


@dataclass(frozen=True, slots=True)
class EntryLine:
    """明細: pieces of one SKU at a price 税込; no price means the price of the catalogue."""

    sku_id: int
    quantity: int
    unit_price_yen: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """手入力の受注. All yen 税込; `is_settled`: the money was already taken (at the counter, by card terminal)."""

    buyer: Address
    ship_to: Address
    lines: Sequence[EntryLine]
    payment: str
    is_settled: bool = False
    shipping_yen: int = 0
    cod_fee_yen: int = 0
    wrapping_yen: int = 0
    discount_yen: int = 0
    delivery_on: date | None = None
    delivery_slot: str = ""
    customer_note: str = ""
    gift_note: str = ""
    shop_note: str = ""
    number: str = ""  # the shop's own slip number; made from the time when empty


@transaction.atomic
def enter(entry: Entry, *, by: Staff | None, now: datetime) -> Order:
    """受注を手で入力する. Refused without lines, and when the slip number was used before."""
    if not entry.lines:
        raise DomainError("商品がありません。", way_out="明細を 1 行以上入力してください。")
    draft = draft_of(entry, now)
    channel = channels.ensure(*CHANNEL)
    placed = place(draft, channel=channel, by=by, now=now)
    if not placed.created:
        raise DomainError(
            f"伝票番号「{draft.channel_order_no}」の受注はすでにあります。",
            way_out="別の番号にするか、空欄にしてください。",
        )
    return Order.objects.get(pk=placed.created[0])


def draft_of(entry: Entry, now: datetime) -> OrderDraft:
    """The draft: prices and tax rates of the catalogue where the clerk gave none, the total added up."""
    goods = catalog.sku_rows(line.sku_id for line in entry.lines)
    lines = tuple(_line(no, line, goods[line.sku_id]) for no, line in enumerate(entry.lines, 1))
    goods_yen = sum(line.subtotal_yen for line in lines)
    fees = entry.shipping_yen + entry.cod_fee_yen + entry.wrapping_yen
    total = goods_yen + fees - entry.discount_yen
    if total < 0:
        raise DomainError("値引が合計金額より大きくなっています。", way_out="値引を確かめてください。")
    return OrderDraft(
        channel_order_no=entry.number.strip() or f"{timezone.localtime(now):%Y%m%d-%H%M%S-%f}", ordered_at=now,
        buyer=entry.buyer, ship_to=entry.ship_to, lines=lines, payment=entry.payment,
        payment_label=str(PaymentKind(entry.payment).label), payment_settled=entry.is_settled, total_yen=total,
        goods_yen=goods_yen, shipping_yen=entry.shipping_yen, cod_fee_yen=entry.cod_fee_yen, wrapping_yen=entry.wrapping_yen,
        discount_yen=entry.discount_yen, delivery_on=entry.delivery_on, delivery_slot=entry.delivery_slot,
        customer_note=entry.customer_note, gift_note=entry.gift_note, shop_note=entry.shop_note,
    )  # fmt: skip


def _line(no: int, line: EntryLine, sku: catalog.SkuRow) -> LineDraft:
    price = sku.price_yen if line.unit_price_yen is None else line.unit_price_yen
    return LineDraft(no, sku.code, sku.title, line.quantity, price, sku.tax_rate)
