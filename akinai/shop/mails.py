"""店舗のメール: queued in the transaction of what they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from akinai.core import activity, mail, mail_texts, postal
from akinai.core.money import yen
from akinai.orders.payment_methods import PaymentKind
from akinai.orders.states import DELIVERY_SLOTS
from akinai.party import queries as party
from akinai.shop import links
from akinai.shop.mail_texts import INQUIRY, ORDER_CANCELLED, ORDER_PLACED
from akinai.shop.quotes import AMOUNTS, Quote
from akinai.ui.formats import jdate, jdatetime

if TYPE_CHECKING:
    from akinai.orders.models import Order, Subscription
    from akinai.shop.models import Inquiry

MINUS = ("discount_yen", "points_yen")


def _frame() -> dict[str, str]:
    company = party.company()
    issuer = party.issuer_of(company)
    return {"店舗名": company.shop_name or company.name, "署名": party.signature(issuer)}


def _send(code: str, values: dict[str, str], *, to: str, key: str, message_id: str = "") -> None:
    subject, body = mail_texts.compose(code, _frame() | values)
    mail.enqueue(
        to=to,
        subject=subject,
        body=body,
        key=key,
        reply_to=party.company().email,
        headers={"Message-ID": message_id},
    )


def thank(order: Order, quote: Quote, begun: Subscription | None = None) -> None:
    """ご注文のお礼, once per order. Without a usable address none is sent."""
    if not mail.is_address(order.buyer_email):
        return
    values = {
        "宛名": f"{order.buyer_name} 様", "注文番号": order.channel_order_no, "注文日時": jdatetime(order.ordered_at),
        "商品一覧": "\n".join(
            f"・{line.title} × {line.quantity}　{yen(line.subtotal_yen)}{_gift(line.gift.words())}" for line in quote.bought
        ),
        "内訳": "\n".join(amounts_in_words(quote)), "合計": yen(quote.total_yen), "お届け先": _place(order),
        "お届け": delivery_in_words(quote), "支払方法": quote.payment_title, "支払い案内": paying_in_words(order),
        "振込先": f"■ お振込先\n{party.company().bank_text}" if order.payment == PaymentKind.BANK_TRANSFER else "",
        "注文ページ": links.url_of(order.number), "定期便": _plan_in_words(quote, begun),
    }  # fmt: skip
    _send(ORDER_PLACED.code, values, to=order.buyer_email, key=f"shop_order:{order.number}")
    activity.record(order, "queue_mail", by=None, summary="ご注文のお礼のメールを送ります")


def _plan_in_words(quote: Quote, begun: Subscription | None) -> str:
    """定期便 that begins with the order, "" where none does."""
    plan = quote.plan
    if plan is None or begun is None:
        return ""
    least = f"{plan.least_turns} 回以上のお約束です。" if plan.least_turns > 1 else "いつでも解約できます。"
    return (
        f"■ 定期便　{begun.number}（{plan.words}）\n"
        f"2 回目のお届けは {jdate(plan.next_on)} ごろ、毎回のお支払いは {yen(plan.each_yen)}（税込）です。{least}\n"
        f"お休み・休止・解約は、マイページの「定期購入」からお手続きください（2 回目は {jdate(plan.until)} まで）。"
    )


def _gift(words: str) -> str:
    return "\n　のし・ラッピング: " + words.replace("\n", "\n　") if words else ""


def amounts_in_words(quote: Quote) -> list[str]:
    """内訳: what the total is made of, without what is nothing."""
    found = []
    for name, title in AMOUNTS.items():
        amount = getattr(quote, name)
        if name != "total_yen" and (amount or name in ("goods_yen", "shipping_yen")):
            told = (
                "無料"
                if name == "shipping_yen" and amount == 0
                else yen(-amount if name in MINUS else amount or 0)
            )
            found.append(f"{title}　{told}")
    return found


def delivery_in_words(quote: Quote) -> str:
    """いつ届くか, as it was promised."""
    slot = DELIVERY_SLOTS.get(quote.delivery_slot, "")
    if quote.delivery_on:
        return f"{jdate(quote.delivery_on)} {slot}".strip()
    if quote.arrives_on is None:
        return f"入荷のあと、あらためてお知らせします {slot}".strip()
    after = (
        "ご入金の確認後、最短"
        if quote.payment in (PaymentKind.BANK_TRANSFER, PaymentKind.CONVENIENCE)
        else "最短"
    )
    return f"{after} {jdate(quote.arrives_on)} 頃のお届け {slot}".strip()


def paying_in_words(order: Order) -> str:
    """いつ、どう払うか."""
    due = jdate(order.payment_due_on) if order.payment_due_on else ""
    return {
        PaymentKind.BANK_TRANSFER: f"{due} までにお振り込みください。振込手数料はご負担ください。",
        PaymentKind.CONVENIENCE: f"{due} までに、お支払い番号を使ってコンビニでお支払いください。",
        PaymentKind.COD: f"商品と引き換えに、配達員に {yen(order.total_yen)} をお支払いください。",
        PaymentKind.DEFERRED: "商品の到着後に届く請求書で、発行から 14 日以内にお支払いください。",
        PaymentKind.CARD: "決済会社のページでのお手続きで、お支払いが確定します。",
    }.get(PaymentKind(order.payment), "")


def _place(order: Order) -> str:
    address = f"{order.ship_prefecture}{order.ship_city}{order.ship_line1} {order.ship_line2}".strip()
    return (
        f"〒{postal.formatted(order.ship_postal_code)} {address}\n{order.ship_company} {order.ship_name}".strip()
        + " 様"
    )


def tell_cancelled(order: Order, *, reason: str) -> None:
    """ご注文のキャンセル, once per order."""
    if not mail.is_address(order.buyer_email):
        return
    values = {"宛名": f"{order.buyer_name} 様", "注文番号": order.channel_order_no, "理由": reason}
    _send(ORDER_CANCELLED.code, values, to=order.buyer_email, key=f"shop_cancel:{order.number}")


def acknowledge(inquiry: Inquiry, *, number: str, message_id: str) -> None:
    """お問い合わせの受付, once per inquiry. An answer to it finds its ticket by `message_id` and by its `number` in the subject."""
    values = {
        "宛名": f"{inquiry.name} 様", "受付番号": number, "種類": str(inquiry.get_kind_display()),
        "注文番号": inquiry.order_number, "内容": inquiry.text,
    }  # fmt: skip
    _send(INQUIRY.code, values, to=inquiry.email, key=f"inquiry:{inquiry.number}", message_id=message_id)
