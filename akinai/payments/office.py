"""What payments put on the office's pages (管理画面への登録): menu, search, panels, colours and words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse

from akinai.core import clock, mail
from akinai.core.kana import payer_key
from akinai.core.money import yen
from akinai.core.search import matching
from akinai.orders.states import METHODS, OrderState, PaymentKind, SubscriptionState
from akinai.payments import queries, services
from akinai.payments.forms import KeepForm, ReceiveForm, RefundForm, UseCreditForm
from akinai.payments.request_forms import LinkForm, RequestForm
from akinai.payments.rules.provider_words import said
from akinai.payments.states import BankLineState, PaymentSource
from akinai.ui import navigation, panels, search, tones, words
from akinai.ui.access import clerk
from akinai.ui.panels import Panel
from akinai.ui.search import Hit

if TYPE_CHECKING:
    from akinai.orders.models import Order, Subscription

TONES = {
    BankLineState.OPEN: "warn", BankLineState.PROPOSED: "info", BankLineState.PARTIAL: "warn",
    BankLineState.MATCHED: "good", BankLineState.SET_ASIDE: "mute",
}  # fmt: skip
USUAL_SOURCE = {PaymentKind.COD: PaymentSource.CARRIER}


def register() -> None:
    navigation.register(
        "money", "入金・消込", "payments:list", permission="payments.view_bankline", icon="bank", order=100, key="b",
        badge=lambda request: queries.to_do_count(), words="にゅうきん けしこみ ぎんこう bank matching",
    )  # fmt: skip
    navigation.register(
        "money", "入金一覧", "payments:payments", permission="payments.view_payment", icon="wallet", order=110,
        words="にゅうきん 返金 預り金 payments", under="payments:list",
    )  # fmt: skip
    navigation.register(
        "money", "督促", "payments:dunning", permission="payments.view_due", icon="bell", order=115,
        badge=lambda request: queries.calls_waiting() or None, words="とくそく 未入金 期限切れ 段取り dunning", under="payments:list",
    )  # fmt: skip
    navigation.register(
        "money", "決済", "payments:requests", permission="payments.view_paymentrequest", icon="wallet", order=112,
        badge=lambda request: queries.requests_to_do(clock.today()) or None, under="payments:list",
        words="けっさい 与信 よしん カード コンビニ 期限 異議 チャージバック requests",
    )  # fmt: skip
    navigation.register(
        "money", "定期便の請求", "payments:charges", permission="payments.view_turncharge", icon="refresh", order=114,
        badge=lambda request: queries.charges_waiting() or None, under="payments:list",
        words="ていきびん 定期購入 カード 再請求 有効期限 subscription charges",
    )  # fmt: skip
    navigation.register(
        "money", "決済会社", "payments:calls", permission="payments.view_providercall", icon="send", order=113,
        badge=lambda request: queries.talks_to_do() or None, under="payments:list",
        words="けっさいがいしゃ stripe 依頼 知らせ webhook 売上確定の失敗 返金の失敗",
    )  # fmt: skip
    navigation.register(
        "money", "入金精算", "payments:settlements", permission="payments.view_settlement", icon="scale", order=118,
        badge=lambda request: queries.unexplained(clock.today()).count or None, under="payments:list",
        words="せいさん 精算 楽天 Amazon Stripe PayPay 代引 手数料 説明のつかない settlements",
    )  # fmt: skip
    navigation.register(
        "system", "入金口座", "payments:accounts", permission="payments.view_bankaccount", icon="bank", order=70,
        words="口座 こうざ 名義の覚え",
    )  # fmt: skip
    search.register("入金", find, permission="payments.view_bankline", icon="bank", order=35)
    panels.register("orders.detail", order_panel)
    panels.register("orders.detail", dunning_panel)
    panels.register("orders.detail", requests_panel)
    panels.register("orders.detail", settlement_panel)
    panels.register("orders.subscription", card_panel)
    tones.register(
        "payments.turncharge.state",
        {"due": "info", "charging": "info", "waiting": "warn", "held": "good", "given_up": "mute"},
    )
    tones.register(
        "payments.paymentrequest.state",
        {
            "requested": "info", "authorised": "accent", "captured": "good", "partly_refunded": "warn", "refunded": "mute",
            "cancelled": "mute", "expired": "bad", "failed": "bad", "disputed": "bad", "lost": "bad",
        },
    )  # fmt: skip
    tones.register(
        "payments.providercall.state",
        {
            "waiting": "info",
            "asking": "info",
            "done": "good",
            "refused": "bad",
            "declined": "warn",
            "failed": "bad",
            "resolved": "mute",
        },
    )
    tones.register(
        "payments.webhookevent.state",
        {"received": "info", "handled": "good", "ignored": "mute", "failed": "bad"},
    )
    panels.register("party.customer", customer_panel)
    mail.register_sort("dunning", "督促", dunning_url)
    tones.register(
        "payments.dunningact.way", {"mail": "info", "phone": "warn", "letter": "warn", "cancel": "bad"}
    )
    tones.register("payments.banklinestatus.state", {str(state): tone for state, tone in TONES.items()})
    tones.register(
        "payments.payment.source",
        {"refund": "bad", "credit": "info", "credit_used": "info", "fee": "warn", "short": "warn"},
    )
    words.register(
        "payments",
        {
            "match": "消込", "unmatch": "消込の取消", "set_aside": "対象外", "bring_back": "対象に戻す", "forget_name": "名義の覚えを削除",
            "use_credit": "預り金の充当", "keep_as_credit": "預り金へ移動", "return_credit": "預り金の返金",
            "request": "決済の申込", "authorise": "与信", "renew": "再与信", "capture": "売上確定", "refund": "返金", "refund_all": "全額返金",
            "expire": "期限切れ", "fail": "不成立", "dispute": "異議申立", "win": "異議の取下げ", "lose": "異議で返金",
            "switch_provider": "決済会社の切替", "provider_refused": "決済会社が断った", "provider_told": "決済会社の知らせ",
            "refund_failed": "返金の失敗", "resolve_call": "依頼の解決", "retry_webhook": "知らせの再処理", "settle_webhook": "知らせの確認",
            "keep_card": "カードの登録", "remove_card": "カードを外す", "charge_declined": "カードが通らない", "charge_again": "もう一度請求",
            "give_up_turn": "回の見送り", "card_mail_missing": "お知らせできない",
            "take": "精算の取込", "explain": "精算の説明", "explain_line": "精算明細の説明", "tie_bank": "入金明細との照合", "untie_bank": "照合の取消",
            "dun": "督促", "dun_answer": "督促の結果", "dun_pause": "督促の停止", "dun_resume": "督促の再開",
        }
    )  # fmt: skip


def find(request: HttpRequest, text: str) -> Iterable[Hit]:
    """Bank lines by payer, payments by number."""
    key = text.strip()
    if key.upper().startswith("PY-"):
        rows = queries.payments_seen_by(clerk(request)).filter(number=key.upper())
        for row in rows[:1]:
            where = (
                reverse("orders:detail", args=[row.order.number])
                if row.order
                else reverse("payments:credits")
            )
            yield Hit(row.number, where, row.get_source_display(), yen(row.amount_yen))
        return
    lines = queries.lines_seen_by(clerk(request)).filter(matching(key) | matching(payer_key(key)))
    for status in lines.order_by("-on", "-pk")[:5]:
        yield Hit(
            f"{status.line.who} {yen(status.amount_yen)}", reverse("payments:detail", args=[status.pk]),
            subtitle=f"{status.on:%Y/%m/%d} {status.line.account}", badge=status.get_state_display(),
            tone=TONES[BankLineState(status.state)],
        )  # fmt: skip


def order_panel(request: HttpRequest, order: Order) -> Panel | None:
    """入金 on the order's page: what came, what is owed, and every way to write it down."""
    if not request.user.has_perm("payments.view_payment"):
        return None
    payments = list(queries.payments_of_order(order.pk))
    credit_yen = queries.credit_of(order.customer_id)
    context: dict[str, Any] = {
        "payments": payments,
        "owed_yen": order.owed_yen,
        "credit_yen": credit_yen,
        "can_write": request.user.has_perm("payments.add_payment"),
        "must_return": order.state == OrderState.CANCELLED and order.paid_yen > 0,
    }
    return Panel(
        "入金", "payments/order_panel.html", context | _order_forms(order, credit_yen), order=20, icon="wallet",
        count=len(payments) or None, anchor="payments",
    )  # fmt: skip


def _order_forms(order: Order, credit_yen: int) -> dict[str, Any]:
    """The forms that make sense for this order now."""
    today = clock.today()
    forms: dict[str, Any] = {}
    if order.owed_yen and order.state != OrderState.CANCELLED:
        source = USUAL_SOURCE.get(PaymentKind(order.payment), PaymentSource.CHANNEL)
        forms["receive_form"] = ReceiveForm(
            initial={"source": source, "amount_yen": order.owed_yen, "received_on": today},
            auto_id="receive_%s",
        )
        # The money of a parcel that has left is on its way to us, and this is where it is written down.
        forms["is_expected"] = (
            order.payment in (PaymentKind.COD, PaymentKind.DEFERRED) and order.shipped_at is not None
        )
        if credit_yen:
            usual = min(order.owed_yen, credit_yen)
            forms["credit_form"] = UseCreditForm(initial={"amount_yen": usual}, auto_id="credit_%s")
    if order.paid_yen:
        initial = {"amount_yen": order.paid_yen, "on": today}
        taken = forms["taken_by_door"] = queries.taken_by_door(order.pk)
        forms["refund_form"] = RefundForm(initial=initial, auto_id="refund_%s", is_by_door=taken is not None)
        forms["keep_form"] = KeepForm(initial=initial, auto_id="keep_%s")
    return forms


def customer_panel(request: HttpRequest, customer: Any) -> Panel | None:
    """預り金 on the customer's page, where there is some."""
    if not request.user.has_perm("payments.view_creditbalance"):
        return None
    balance = queries.credit_of(customer.pk)
    if not balance:
        return None
    return Panel("預り金", "payments/customer_panel.html", {"balance_yen": balance}, icon="wallet", side=True)


def dunning_url(rest: str) -> str:
    """The list of acts; a mail's own act is found there by its order."""
    return reverse("payments:dunning_acts")


def dunning_panel(request: HttpRequest, order: Order) -> Panel | None:
    """督促 on the order's page, once something was done or is overdue."""
    if not request.user.has_perm("payments.view_due"):
        return None
    due = queries.dues_seen_by(clerk(request)).filter(order_id=order.pk).first()
    acts = queries.acts_of_order(order.pk)
    if not acts and (due is None or due.due_on >= clock.today()):
        return None
    context = {"due": due, "acts": acts}
    return Panel(
        "督促", "payments/dunning_panel.html", context, order=21, icon="bell", count=len(acts) or None
    )


def request_url(rest: str) -> str:
    """The 決済 of a mail whose key goes on with `rest` (PQ-…:1)."""
    return reverse("payments:request", args=[rest.partition(":")[0]])


def requests_panel(request: HttpRequest, order: Order) -> Panel | None:
    """決済 on the order's page: where a provider stands between the buyer and us."""
    if not request.user.has_perm("payments.view_paymentrequest"):
        return None
    rows = queries.requests_of(order.pk)
    owes = order.owed_yen > 0 and order.state != OrderState.CANCELLED and not any(one.is_open for one in rows)
    may = owes and request.user.has_perm("payments.add_paymentrequest")
    # An order that counts as settled can owe all the same, once its authorisation was lost after the goods had left.
    can_add = may and (not order.payment_settled or (bool(rows) and order.shipped_at is not None))
    kinds = services.kinds_in_use() if can_add and order.channel.kind not in services.MALLS else []
    by_hand = can_add and METHODS[PaymentKind(order.payment)].has_request
    if not rows and not kinds and not by_hand:
        return None
    context: dict[str, Any] = {"requests": rows}
    if kinds:
        usual = order.payment if order.payment in kinds else kinds[0]
        told = {"kind": usual, "to": order.buyer_email, "days": services.LINK_DAYS}
        context["link_form"] = LinkForm(kinds, initial=told, auto_id="link_%s")
        context["is_usual"] = order.payment in kinds
    if by_hand:
        told = {"kind": order.payment, "amount_yen": order.owed_yen}
        context["form"] = RequestForm(initial=told, auto_id="request_%s")
    return Panel(
        "決済", "payments/requests_panel.html", context, order=19, icon="wallet", count=len(rows) or None,
        anchor="requests",
    )  # fmt: skip


def charge_url(rest: str) -> str:
    """定期便の請求; a mail about a turn is found there by its order."""
    return reverse("payments:charges")


def card_panel(request: HttpRequest, subscription: Subscription) -> Panel | None:
    """カード on the page of a 定期購入 that is paid by one: which, until when, and what of its turns waits."""
    if not request.user.has_perm("payments.view_turncharge"):
        return None
    charges, past = queries.charges_of(subscription.pk), queries.past_cards(subscription.pk)
    if subscription.payment != PaymentKind.CARD and not charges and not past:
        return None
    for one in charges:
        one.reason = said(one.code)  # type: ignore[attr-defined]
    card = queries.cards_of([subscription.pk]).get(subscription.pk)
    context = {
        "card": card, "charges": charges, "past": past, "is_open": subscription.state != SubscriptionState.ENDED,
        "is_old": card is not None and card.is_over_on(subscription.order_on),
    }  # fmt: skip
    return Panel(
        "カード", "payments/card_panel.html", context, order=10, icon="wallet", side=True, anchor="card"
    )


def settlement_panel(request: HttpRequest, order: Order) -> Panel | None:
    """精算 on the order's page: which payouts tell of it."""
    if not request.user.has_perm("payments.view_settlement"):
        return None
    lines = list(queries.lines_of_order(order.pk)[:20])
    if not lines:
        return None
    return Panel(
        "精算", "payments/settlement_panel.html", {"lines": lines}, order=22, icon="scale", count=len(lines)
    )
