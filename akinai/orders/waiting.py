"""なぜ待っているか: for each order the reasons it stands where it stands, and the single next act that frees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse

from akinai.core.money import yen
from akinai.orders.states import PREPAID, OrderState, PaymentKind, Progress

if TYPE_CHECKING:
    from akinai.orders.models import Order


@dataclass(frozen=True, slots=True)
class Act:
    """次の一手: what to press, where it is, who may. Rooms above are named by URL, so they need not be there."""

    title: str = ""
    url_name: str = ""
    arguments: tuple[str, ...] = ()
    query: str = ""
    permission: str = ""

    @property
    def url(self) -> str:
        """The address, "" while the room that owns it is not installed."""
        if not self.url_name:
            return ""
        try:
            return reverse(self.url_name, args=self.arguments) + self.query
        except NoReverseMatch:
            return ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Reasons in the clerk's words, and the act."""

    reasons: tuple[str, ...] = ()
    next: Act = Act()

    @property
    def act(self) -> str:
        return self.next.title

    @property
    def url(self) -> str:
        return self.next.url


def why(order: Order, *, issues: Sequence[str], holds: Sequence[str], has_change: bool) -> Waiting:
    """The reasons of one order. `issues` and `holds` are the texts of the open ones."""
    state = OrderState(order.state)
    if state == OrderState.ON_HOLD:
        return _question(order, issues, holds)
    if state == OrderState.AWAITING_PAYMENT:
        return _money(order)
    if state == OrderState.AWAITING_STOCK:
        act = Act("入荷を登録する", "purchasing:create", permission="purchasing.add_goodsreceipt")
        return Waiting(("在庫が足りません。入荷すると自動で進みます",), act)
    if state == OrderState.READY:
        act = Act(
            "出荷指示を出す",
            "shipping:ready",
            (),
            f"?q={order.channel_order_no}",
            "shipping.add_shippingbatch",
        )
        return Waiting(("出荷できます",), act)
    if state == OrderState.PICKING:
        act = Act("出荷を進める", "shipping:list", (), f"?q={order.number}", "shipping.view_shipment")
        return Waiting(("出荷作業中です", *_changed(has_change)), act)
    if state == OrderState.CANCELLED:
        return _refund(order)
    return _after_shipping(order, has_change)


def _here(order: Order, title: str, part: str) -> Act:
    return Act(title, "orders:detail", (order.number,), f"#{part}", "orders.change_order")


def _changed(has_change: bool) -> tuple[str, ...]:
    return ("モールの内容が変わりました",) if has_change else ()


def _question(order: Order, issues: Sequence[str], holds: Sequence[str]) -> Waiting:
    """A person must answer: exceptions first, because they have no answer but the right one."""
    if issues:
        return Waiting((*issues, *holds), _here(order, "例外を解決する", "questions"))
    if holds:
        return Waiting(tuple(holds), _here(order, "確認して解除する", "questions"))
    return Waiting(("モールの内容が変わりました",), _here(order, "変更を確かめる", "questions"))


def _money(order: Order) -> Waiting:
    if order.payment not in PREPAID:
        reason = f"モール・決済会社で決済がまだです（{order.get_payment_display()}）"
        return Waiting((reason,), _here(order, "決済済みにする", "money"))
    due = f"、期限 {order.payment_due_on:%Y/%m/%d}" if order.payment_due_on else ""
    if order.payment == PaymentKind.CONVENIENCE:
        reason = f"コンビニ・前払いの入金待ちです（{yen(order.owed_yen)}{due}）"
        return Waiting((reason,), _here(order, "入金を確かめる", "money"))
    act = Act("入金を消し込む", "payments:list", (), "?tab=todo", "payments.view_bankline")
    return Waiting(
        (f"{yen(order.owed_yen)} の振込を待っています{due.replace('、', '（') + '）' if due else ''}",), act
    )


def _refund(order: Order) -> Waiting:
    if order.payment_progress != Progress.EXCEPTION:
        return Waiting()
    return Waiting(("受け取った代金をお返ししていません",), _here(order, "返金を記録する", "money"))


def _after_shipping(order: Order, has_change: bool) -> Waiting:
    """What is left to do after the parcel has gone, in the order of the day."""
    if order.shipped_outside or order.state == OrderState.COMPLETED:
        return Waiting(_changed(has_change))
    if order.notified_at is None and not order.channel.sends_own_shipping_mail:
        act = Act("出荷を知らせる", "shipping:list", (), f"?q={order.number}", "shipping.view_shipment")
        return Waiting(("出荷のお知らせがまだです",), act)
    if order.invoice_progress == Progress.NONE:
        act = Act("請求書を発行する", "billing:issue", (order.number,), permission="billing.add_invoice")
        return Waiting(("請求書がまだです",), act)
    if order.invoice_progress == Progress.DONE:
        act = Act("請求書を送る", "billing:list", (), f"?q={order.number}", "billing.view_invoice")
        return Waiting(("請求書をまだ送っていません",), act)
    if order.payment_progress in (Progress.NONE, Progress.PARTIAL):
        if order.payment in (PaymentKind.COD, PaymentKind.DEFERRED):
            act = _here(order, "入金を記録する", "payments")
        else:
            act = Act("入金を消し込む", "payments:list", (), "?tab=todo", "payments.view_bankline")
        return Waiting((f"{yen(order.owed_yen)} の入金を待っています",), act)
    return Waiting(_changed(has_change))
