"""なぜ待っているか: for each order the reasons it stands where it stands, and the single next act that frees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from akinai.core.money import yen
from akinai.orders.states import PREPAID, SETTLED_BY_CHANNEL, OrderState, PaymentKind, Progress

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


@dataclass(frozen=True, slots=True)
class Open:
    """What is open on one order. `holds`: (rule, reason); `short`: what is missing, in words."""

    issues: Sequence[str] = ()
    holds: Sequence[tuple[str, str]] = ()
    has_change: bool = False
    short: Sequence[str] = ()
    release_on: date | None = None
    hold_due: datetime | None = None  # 保留の期限 that is over


# Orders that nobody else takes the money for: the buyer is sent a link, and what came of it stands on the order's page.
OWN_DESKS = frozenset({"phone"})
CHANGED = "モールの内容が変わりました"
# Holds that are answered by putting something right; all others by looking and releasing.
FIXES: Mapping[str, tuple[str, str]] = {
    "address": ("お届け先を直す", "orders:delivery"),
    "unknown_payment": ("支払方法を決める", "orders:payment"),
}


def why(order: Order, found: Open, *, today: date) -> Waiting:
    """The reasons of one order, in the order of the day, and the one act that frees it."""
    state = OrderState(order.state)
    if found.issues or (found.holds and state == OrderState.ON_HOLD):
        return _question(order, found)
    if found.has_change:
        return Waiting((_changed(state),), _here(order, "変更を確かめる", "questions"))
    if state == OrderState.ON_HOLD:
        return Waiting(
            ("出荷する明細がありません（すべて外されています）",),
            _here(order, "明細を戻すか取り消す", "lines"),
        )
    if state == OrderState.AWAITING_PAYMENT:
        return _money(order, today)
    if state == OrderState.AWAITING_STOCK:
        return _stock(found, begun=order.in_parts and order.shipment_progress == Progress.PARTIAL)
    if state == OrderState.READY:
        query = f"?q={order.number}"
        act = Act("出荷指示を出す", "shipping:ready", (), query, "shipping.add_shippingbatch")
        is_rest = order.in_parts and order.shipment_progress == Progress.PARTIAL
        return Waiting(("残りを出荷できます" if is_rest else "出荷できます",), act)
    if state == OrderState.PICKING:
        act = Act("出荷を進める", "shipping:list", (), f"?q={order.number}", "shipping.view_shipment")
        return Waiting(("出荷作業中です",), act)
    return _refund(order) if state == OrderState.CANCELLED else _after_shipping(order)


def fix_of(rule: str) -> tuple[str, str]:
    """(what to press, where) for a hold that is answered by putting something right; ('', '') for all others."""
    return FIXES.get(rule, ("", ""))


def _here(order: Order, title: str, part: str) -> Act:
    return Act(title, "orders:detail", (order.number,), f"#{part}", "orders.change_order")


def _changed(state: OrderState) -> str:
    if state == OrderState.PICKING:
        return f"{CHANGED}。荷物を出す前に確かめてください"
    return f"{CHANGED}（{state.label}）" if state in _AFTER else CHANGED


_AFTER = frozenset({OrderState.SHIPPED, OrderState.COMPLETED, OrderState.CANCELLED})


def _question(order: Order, found: Open) -> Waiting:
    """A person must answer: exceptions first, because they have no answer but the right one."""
    changed = (CHANGED,) if found.has_change else ()
    late = (
        (f"保留の期限 {timezone.localtime(found.hold_due):%m/%d %H:%M} を過ぎています",)
        if found.hold_due
        else ()
    )
    reasons = (*found.issues, *late, *(reason for _, reason in found.holds), *changed)
    if found.issues:
        return Waiting(reasons, _here(order, "例外を解決する", "questions"))
    for rule, _ in found.holds:
        if rule in FIXES:
            title, url_name = FIXES[rule]
            return Waiting(reasons, Act(title, url_name, (order.number,), permission="orders.change_order"))
    return Waiting(reasons, _here(order, "確認して解除する", "questions"))


def _money(order: Order, today: date) -> Waiting:
    if order.payment not in PREPAID and order.channel.kind in OWN_DESKS:
        act = Act(
            "決済を進める", "orders:detail", (order.number,), "#requests", "payments.view_paymentrequest"
        )
        return Waiting((f"お客様の決済がまだです（{order.get_payment_display()}）",), act)
    if order.payment not in PREPAID:
        reason = f"モール・決済会社で決済がまだです（{order.get_payment_display()}）"
        return Waiting((reason,), _here(order, "決済済みにする", "money"))
    owed = yen(order.owed_yen)
    paid = f"{yen(order.paid_yen)} 入金済み、のこり " if order.paid_yen else ""
    if order.payment_due_on and order.payment_due_on < today:
        reason = f"入金期限 {order.payment_due_on:%Y/%m/%d} を過ぎています（{paid}{owed}）"
        return Waiting((reason,), _here(order, "期限を延ばすか取り消す", "money"))
    due = f"（期限 {order.payment_due_on:%Y/%m/%d}）" if order.payment_due_on else ""
    if order.payment == PaymentKind.CONVENIENCE:
        reason = f"{paid}{owed} のコンビニ・前払いを待っています{due}"
        return Waiting((reason,), _here(order, "入金を確かめる", "money"))
    return Waiting((f"{paid}{owed} の振込を待っています{due}",), _MATCH)


_MATCH = Act("入金を消し込む", "payments:list", (), "?tab=todo", "payments.view_bankline")


def _stock(found: Open, *, begun: bool) -> Waiting:
    """Goods are missing, or are not out yet. What arrives goes to the oldest order by itself."""
    if found.release_on and not found.short:
        day = f"{found.release_on:%Y/%m/%d}"
        return Waiting(
            (f"予約商品です。商品はそろっていますが、発売日 {day} まで出荷しません。当日に自動で進みます",)
        )
    missing = "、".join(found.short[:3]) + (
        f" ほか {len(found.short) - 3} 商品" if len(found.short) > 3 else ""
    )
    reason = f"在庫が足りません（{missing}）" if missing else "在庫が足りません"
    if found.release_on:
        reason = f"予約商品です（発売日 {found.release_on:%Y/%m/%d}）。{reason}"
    act = Act("入荷を登録する", "purchasing:create", permission="purchasing.add_goodsreceipt")
    first = ("一部は出荷（指示）済みで、残りを待っています",) if begun else ()
    return Waiting((*first, f"{reason}。入荷すると自動で進みます"), act)


def _refund(order: Order) -> Waiting:
    if order.payment_progress != Progress.EXCEPTION:
        return Waiting()
    # Money in our own ledger goes back where it is kept; what a mall or card company took, goes back there.
    part = "payments" if order.paid_yen else "money"
    return Waiting(("受け取った代金をお返ししていません",), _here(order, "返金を記録する", part))


def _after_shipping(order: Order) -> Waiting:
    """What is left to do after the parcel has gone, in the order of the day."""
    if order.shipped_outside or order.state == OrderState.COMPLETED:
        return Waiting()
    if order.notified_at is None and not order.channel.sends_own_shipping_mail:
        act = Act("出荷を知らせる", "shipping:list", (), f"?q={order.number}", "shipping.view_shipment")
        how = "" if order.buyer_email else "（メールアドレスがありません。電話などで知らせてください）"
        return Waiting((f"出荷のお知らせがまだです{how}",), act)
    if order.invoice_progress == Progress.NONE:
        act = Act("請求書を発行する", "billing:to_invoice", (), f"?q={order.number}", "billing.add_invoice")
        return Waiting(("請求書がまだです",), act)
    if order.invoice_progress == Progress.DONE:
        act = Act("請求書を送る", "billing:list", (), f"?q={order.number}", "billing.view_invoice")
        return Waiting(("請求書をまだ送っていません",), act)
    if (
        order.payment_progress in (Progress.NONE, Progress.PARTIAL)
        and order.payment not in SETTLED_BY_CHANNEL
    ):
        by_hand = order.payment in (PaymentKind.COD, PaymentKind.DEFERRED)
        act = _here(order, "入金を記録する", "payments") if by_hand else _MATCH
        return Waiting((f"{yen(order.owed_yen)} の入金を待っています",), act)
    if order.payment_progress in (Progress.NONE, Progress.PARTIAL) and not order.payment_settled:
        act = Act(
            "代金をいただく", "orders:detail", (order.number,), "#requests", "payments.view_paymentrequest"
        )
        return Waiting(
            (f"出荷のあとに決済が無効になりました。{yen(order.owed_yen)} をいただいていません",), act
        )
    return Waiting()
