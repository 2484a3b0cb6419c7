"""お客様のことば: where an order stands, said to the one who waits for it, and what he may still do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from akinai.core import clock
from akinai.orders.states import WAITING, OrderState
from akinai.shipping.states import ReturnState
from akinai.ui.formats import jdate

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.shipping.models import Shipment
    from akinai.shop.models import MemberTerms

# Orders of these kinds of channels are ours alone; those of other carts are cancelled there as well.
OURS = ("own", "phone")
LEFT = ("shipped", "delivered")
# 返品の状態 → how the one who sends back reads it.
RETURNS = {
    ReturnState.REQUESTED: "受け付けました。店舗からのご連絡をお待ちください。", ReturnState.ARRIVED: "商品が届き、確認しています。",
    ReturnState.INSPECTED: "確認が済み、返金・交換の手続きをしています。", ReturnState.SETTLED: "完了しました。",
    ReturnState.REFUSED: "お受けできませんでした。", ReturnState.CANCELLED: "取り消されました。",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """状態: in a few words, what comes next, and how it looks (wait, go, done, off)."""

    title: str
    detail: str = ""
    look: str = "go"


def words_of(order: Order) -> Words:
    """Where the order stands."""
    state = order.state
    if state == OrderState.CANCELLED:
        return Words("キャンセルしました", _money_back(order), "off")
    if order.delivered_on:
        return Words("お届けしました", f"{jdate(order.delivered_on)} にお届けしました。", "done")
    if state in (OrderState.SHIPPED, OrderState.COMPLETED):
        on = f"{jdate(timezone.localtime(order.shipped_at))} に" if order.shipped_at else ""
        return Words("発送しました", f"{on}発送しました。{_wish(order)}", "done")
    if state == OrderState.PICKING:
        return Words("発送の準備中です", f"倉庫で箱に入れています。{_wish(order)}")
    if state == OrderState.READY:
        return Words("発送の準備中です", _soon(order))
    if state == OrderState.AWAITING_STOCK:
        return Words("商品の入荷を待っています", "入荷しだい発送します。", "wait")
    if state == OrderState.AWAITING_PAYMENT:
        return Words("お支払いをお待ちしています", _pay(order.payment_due_on), "wait")
    return Words("ご注文を確認しています", "店舗でご注文の内容を確認しています。", "wait")


def _pay(due: date | None) -> str:
    if due and due < clock.today():
        return f"お支払いの期限（{jdate(due)}）が過ぎています。まだのときは、お早めにお願いいたします。確認後に発送します。"
    return f"{f'{jdate(due)} までに' if due else ''}お支払いをお願いいたします。確認後に発送します。"


def _wish(order: Order) -> str:
    return f"お届けのご希望日は {jdate(order.delivery_on)} です。" if order.delivery_on else ""


def _soon(order: Order) -> str:
    by = f"{jdate(order.ship_by)} までに発送する予定です。" if order.ship_by else "まもなく発送します。"
    return by + _wish(order)


def _money_back(order: Order) -> str:
    return (
        "お支払い済みの代金は、店舗から返金のご連絡をします。"
        if order.payment_progress == "exception"
        else ""
    )


def expected_on(order: Order) -> date | None:
    """お届けの目安 for sorting what comes next."""
    return order.delivery_on or order.ship_by


def may_cancel(order: Order, terms: MemberTerms) -> bool:
    """May the customer take the order back by himself? The service asks once more under its lock."""
    is_ours = order.channel.kind in OURS and not order.in_parts
    return terms.may_cancel and is_ours and order.state in WAITING


def returnable_until(shipment: Shipment, terms: MemberTerms) -> date | None:
    """返品の期限: so many days after the parcel came, else after it left; None for what has not left."""
    if shipment.state not in LEFT or not terms.return_days:
        return None
    left = timezone.localtime(shipment.shipped_at).date() if shipment.shipped_at else None
    base = shipment.delivered_on or left
    return base + timedelta(days=terms.return_days) if base else None


def may_return(shipments: Sequence[Shipment], terms: MemberTerms) -> list[Shipment]:
    """Parcels of which something may still be sent back."""
    today = clock.today()
    found = [(one, returnable_until(one, terms)) for one in shipments]
    return [
        one
        for one, until in found
        if until and today <= until and any(line.quantity > line.returned for line in one.lines.all())
    ]
