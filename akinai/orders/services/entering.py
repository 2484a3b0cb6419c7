"""受注の手入力: an order by phone, fax or letter, typed by a clerk, on its way like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from akinai.catalog import queries as catalog
from akinai.channels import services as channels
from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.orders import charging
from akinai.orders.gifts import Gift
from akinai.orders.models import Order
from akinai.orders.ports import Address, LineDraft, OrderDraft
from akinai.orders.services.giving import give_priced
from akinai.orders.services.placing import place
from akinai.orders.states import PaymentKind

if TYPE_CHECKING:
    from akinai.staff.models import Staff

NOTHING = Gift()
CHANNEL = ("phone", "電話・手入力", "phone")


@dataclass(frozen=True, slots=True)
class EntryLine:
    """明細: pieces of one SKU at a price 税込; no price means the price of the catalogue. `gift`: its のし・ラッピング."""

    sku_id: int
    quantity: int
    unit_price_yen: int | None = None
    gift: Gift = NOTHING


@dataclass(frozen=True, slots=True)
class Entry:
    """手入力の受注. All yen 税込; `is_settled`: the money was already taken (at the counter, by card terminal).

    送料 and 代引手数料 None: what the fee table says. `charge_reason`: why they are others than the table's, "" where the clerk was
    asked and gave none; None where they were agreed before (a quote, a subscription).
    """

    buyer: Address
    ship_to: Address
    lines: Sequence[EntryLine]
    payment: str
    is_settled: bool = False
    shipping_yen: int | None = 0
    cod_fee_yen: int | None = 0
    wrapping_yen: int = 0  # beside that of the lines' gifts
    discount_yen: int = 0
    delivery_on: date | None = None
    delivery_slot: str = ""
    customer_note: str = ""
    gift_note: str = ""
    shop_note: str = ""
    number: str = ""  # the shop's own slip number; made from the time when empty
    charge_reason: str | None = None
    takes_no_charge: bool = False  # 送料 0 円で受ける, where nothing is typed and no table says it


@transaction.atomic
def enter(entry: Entry, *, by: Staff | None, now: datetime) -> Order:
    """受注を手で入力する. Refused without lines, when the slip number was used before, and for a 送料 other than the fee table's
    without a reason."""
    if not entry.lines:
        raise DomainError("商品がありません。", way_out="明細を 1 行以上入力してください。")
    priced, told = _charged(entry, now)
    draft = draft_of(priced, now)
    channel = channels.ensure(*CHANNEL)
    placed = place(draft, channel=channel, by=by, now=now)
    if not placed.created:
        raise DomainError(
            f"伝票番号「{draft.channel_order_no}」の受注はすでにあります。",
            way_out="別の番号にするか、空欄にしてください。",
        )
    order = Order.objects.get(pk=placed.created[0])
    if told:
        activity.record(order, "charge_shipping", by=by, summary=told[:500])
    give_priced(order.pk, {no: line.gift for no, line in enumerate(entry.lines, 1)})
    return order


def _charged(entry: Entry, now: datetime) -> tuple[Entry, str]:
    """(the entry with its charges, how they came about)."""
    if entry.charge_reason is None and None not in (entry.shipping_yen, entry.cod_fee_yen):
        return entry, ""
    is_cod = entry.payment == PaymentKind.COD
    charge = charging.of_goods(
        entry.ship_to, goods_of(entry.lines), channel=CHANNEL[0], on=timezone.localdate(now), is_cod=is_cod,
        besides_yen=wrapping_of(entry) - entry.discount_yen, sku_ids=[line.sku_id for line in entry.lines],
    )  # fmt: skip
    if entry.shipping_yen is None and charge.yen is None and not entry.takes_no_charge:
        raise DomainError(
            f"送料が決まりません。{charge.told}。", way_out="送料を入力するか、「送料 0 円で受ける」に印を付けてください。"
        )  # fmt: skip
    parts = [
        _agreed("送料", entry.shipping_yen, charge.yen, entry.charge_reason, charge.told),
        _agreed("代引手数料", entry.cod_fee_yen, charge.cod_yen if is_cod else None, entry.charge_reason, ""),
    ]
    (shipping, why), (cod, cod_why) = parts
    told = "、".join(filter(None, (why, cod_why)))
    return replace(entry, shipping_yen=shipping, cod_fee_yen=cod), told


def _agreed(
    title: str, typed: int | None, table: int | None, reason: str | None, why: str
) -> tuple[int, str]:
    """(yen, how it came about). What differs from the table wants a reason where a clerk was asked for one."""
    if typed is None:
        return table or 0, f"{title} {yen(table or 0)}（{why or '送料表'}）" if table is not None else ""
    if table is None or typed == table:
        return typed, ""
    if reason == "":
        raise DomainError(
            f"{title} {yen(typed)} は、送料表の {yen(table)} と違います。",
            way_out="「送料を変える理由」を書くか、空欄にして送料表の額にしてください。",
        )
    return typed, f"{title} {yen(typed)}（送料表では {yen(table)}）: {reason or '決めてあった額'}"


def goods_of(lines: Sequence[EntryLine]) -> int:
    """商品代 with the prices of the catalogue where none is typed."""
    goods = catalog.sku_rows(line.sku_id for line in lines)
    return sum(_line(no, line, goods[line.sku_id]).subtotal_yen for no, line in enumerate(lines, 1))


def wrapping_of(entry: Entry) -> int:
    """ラッピング料: the one typed and those of the lines."""
    return entry.wrapping_yen + sum(line.gift.yen for line in entry.lines)


def draft_of(entry: Entry, now: datetime) -> OrderDraft:
    """The draft: prices and tax rates of the catalogue where the clerk gave none, the total added up."""
    goods = catalog.sku_rows(line.sku_id for line in entry.lines)
    lines = tuple(_line(no, line, goods[line.sku_id]) for no, line in enumerate(entry.lines, 1))
    goods_yen = sum(line.subtotal_yen for line in lines)
    shipping, cod, wrapping = entry.shipping_yen or 0, entry.cod_fee_yen or 0, wrapping_of(entry)
    fees = shipping + cod + wrapping
    total = goods_yen + fees - entry.discount_yen
    if total < 0:
        raise DomainError("値引が合計金額より大きくなっています。", way_out="値引を確かめてください。")
    return OrderDraft(
        channel_order_no=entry.number.strip() or f"{timezone.localtime(now):%Y%m%d-%H%M%S-%f}", ordered_at=now,
        buyer=entry.buyer, ship_to=entry.ship_to, lines=lines, payment=entry.payment,
        payment_label=str(PaymentKind(entry.payment).label), payment_settled=entry.is_settled, total_yen=total,
        goods_yen=goods_yen, shipping_yen=shipping, cod_fee_yen=cod, wrapping_yen=wrapping,
        discount_yen=entry.discount_yen, delivery_on=entry.delivery_on, delivery_slot=entry.delivery_slot,
        customer_note=entry.customer_note, gift_note=entry.gift_note, shop_note=entry.shop_note,
    )  # fmt: skip


def _line(no: int, line: EntryLine, sku: catalog.SkuRow) -> LineDraft:
    price = sku.price_yen if line.unit_price_yen is None else line.unit_price_yen
    return LineDraft(no, sku.code, sku.title, line.quantity, price, sku.tax_rate)
