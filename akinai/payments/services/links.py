"""決済リンク: a signed address under which the buyer of one order pays on the provider's own page.

The link names one 決済 and nothing else. It opens a page at the provider when it is used, and a new one when that has run out,
so it stays good until its last day. Two who open it at once get the same page, since they ask with the same key.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from akinai.core import activity, clock, mail, mail_texts
from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.orders import queries as orders
from akinai.orders.payment_methods import PaymentKind
from akinai.orders.states import OrderState
from akinai.party import queries as party
from akinai.payments.models import KeptCard, PaymentRequest
from akinai.payments.provider_ports import PROVIDERS, CheckoutAsk, CheckoutPage, Provider
from akinai.payments.provider_texts import PAYMENT_LINK
from akinai.payments.services import calls, cards, requests
from akinai.payments.services.doors import door_for, door_of
from akinai.payments.services.link_addresses import url_of
from akinai.payments.states import RequestState
from akinai.ui.formats import jdate

if TYPE_CHECKING:
    from akinai.orders.models import Order, Subscription
    from akinai.staff.models import Staff

KEY = "payment_link:"
LINK_DAYS, MOST_DAYS = 7, 60
# Their rules forbid to lead a buyer to another way of paying.
MALLS = frozenset({"rakuten", "yahoo", "amazon"})
BEING_CHARGED = "ただいま、ご登録のカードに請求しています。"
WAIT_A_LITTLE = "数分おいて、もう一度開いてください。"


@transaction.atomic
def send_link(
    order_id: int, *, kind: str, to: str = "", days: int = LINK_DAYS, by: Staff | None
) -> PaymentRequest:
    """決済リンクを送る: a 決済 of what the order owes, and a mail with its link. Refused while another one is open.

    Raises DomainError without a provider for the kind, without an address, or where nothing is owed.
    """
    door = door_for(kind)
    order = orders.rows_for_matching([order_id]).get(order_id)
    if order is None or order.state == OrderState.CANCELLED:
        raise DomainError("この受注に未入金はありません。", way_out="受注を開き直してください。")
    if order.channel.kind in MALLS:
        raise DomainError(
            f"{order.channel} の受注に、モールの外の決済リンクは送れません。",
            way_out="モールの画面で支払方法を変えるか、キャンセルしてください。",
        )
    if not 1 <= days <= MOST_DAYS:
        raise DomainError(f"期限は 1 日から {MOST_DAYS} 日までです。", way_out="日数を直してください。")
    made = requests.request_payment(
        order_id, kind=kind, provider=door.title, amount_yen=order.owed_yen, pay_by=clock.today() + timedelta(days=days),
        door=door.code, is_live=door.is_live, by=by,
    )  # fmt: skip
    mail_link(made, to=to, by=by)
    return made


@transaction.atomic
def mail_link(request: PaymentRequest, *, to: str = "", by: Staff | None) -> bool:
    """決済リンクのメール. False when this mail waits already. Raises DomainError without a usable address."""
    if request.state != RequestState.REQUESTED or not request.door:
        raise DomainError(
            f"{request.number} は「{request.get_state_display()}」です。",
            way_out="新しい決済リンクを送ってください。",
        )
    order = orders.by_number(request.order.number) or request.order
    address = to.strip() or order.buyer_email
    if not mail.is_address(address):
        raise DomainError(
            f"{order.number} の注文者のメールアドレスがありません。",
            way_out="送り先のメールアドレスを入力してください。",
        )
    key = f"{KEY}{request.number}:{mail.tried(f'{KEY}{request.number}:') + 1}"
    if mail.is_waiting(key):
        return False
    subject, body = mail_texts.compose(PAYMENT_LINK.code, _values(request, order))
    company = party.company()
    queued = mail.enqueue(to=address, subject=subject, body=body, key=key, reply_to=company.email)
    activity.record(request, "queue_mail", by=by, summary=f"決済リンクを {queued.to} に送ります")
    return True


def _values(request: PaymentRequest, order: Order) -> dict[str, str]:
    company = party.company()
    issuer = party.issuer_of(company)
    name = order.buyer_name.strip() or order.ship_name.strip()
    return {
        "宛名": f"{name} 様" if name else "お客様", "店舗名": company.shop_name or company.name,
        "注文番号": order.channel_order_no, "金額": yen(request.amount_yen), "支払方法": request.get_kind_display(),
        "期限": jdate(request.expires_on) if request.expires_on else "", "リンク": url_of(request),
        "商品一覧": orders.goods_in_words(order.pk), "署名": party.signature(issuer),
    }  # fmt: skip


# The buyer ------------------------------------------------------------------------------------------------------------


def why_closed(request: PaymentRequest, today: date) -> str:
    """Why the buyer cannot pay here now, in words for him; "" when he can."""
    if request.state != RequestState.REQUESTED:
        return "この決済リンクは使い終わっています。"
    if request.expires_on and request.expires_on < today:
        return "この決済リンクの期限が過ぎました。"
    order = orders.by_number(request.order.number)
    if order is None or order.state == OrderState.CANCELLED:
        return "このご注文は取り消されています。"
    # Where the goods have left, the order counts as settled by a hold that was lost; it is owed all the same.
    if order.owed_yen != request.amount_yen or (order.payment_settled and order.shipped_at is None):
        return "ご注文の金額が変わりました。新しいリンクをお送りします。"
    return ""


def open_page(request: PaymentRequest, *, done_url: str = "", back_url: str = "") -> str:
    """お支払い: the provider's page for this link. Out: its address. Raises DomainError where the link is closed.

    `done_url`, `back_url`: where the provider leads the buyer afterwards; the pages of the link where they are empty.
    """
    if closed := why_closed(request, clock.today()):
        raise DomainError(closed, way_out="お店にご連絡ください。")
    if calls.is_charging(request):
        raise DomainError(BEING_CHARGED, way_out=WAIT_A_LITTLE)
    door = door_of(request)
    if request.page_ref:
        if (page := door.find_page(request.page_ref)) is not None:
            return page.url
        _next_page(request)
    ask = _ask(request, door)
    page = door.open_page(replace(ask, done_url=done_url or ask.done_url, back_url=back_url or ask.back_url))
    PaymentRequest.objects.filter(pk=request.pk, pages=request.pages, state=RequestState.REQUESTED).update(
        page_ref=page.ref[:120], page_until=page.expires_at
    )
    if _is_late(request, page):
        raise DomainError("この決済リンクは、いまは使えません。", way_out=WAIT_A_LITTLE)
    return page.url


def open_card_page(subscription: Subscription, *, done_url: str, back_url: str) -> str:
    """カードの登録: the provider's page where a card is given and nothing is paid. Out: its address."""
    card = cards.begin_registering(subscription)
    door, company = PROVIDERS[card.door], party.company()
    email = subscription.buyer.get("email", "")
    ask = CheckoutAsk(
        number=f"card/{card.pk}", order_no=subscription.number, kind=PaymentKind.CARD.value, amount_yen=0,
        shop=company.shop_name or company.name, email=email if mail.is_address(email) else "", done_url=done_url,
        back_url=back_url, pay_by=clock.today() + timedelta(days=1), key=f"card/{card.pk}/page", consent=cards.CONSENT,
    )  # fmt: skip
    page = door.open_page(ask)
    KeptCard.objects.filter(pk=card.pk).update(page_ref=page.ref[:120])
    return page.url


def _next_page(request: PaymentRequest) -> None:
    """The page is over, or was left for another: of two who see that, one counts."""
    PaymentRequest.objects.filter(pk=request.pk, pages=request.pages, page_ref=request.page_ref).update(
        pages=F("pages") + 1, page_ref="", page_until=None
    )
    request.refresh_from_db()


def _ask(request: PaymentRequest, door: Provider) -> CheckoutAsk:
    order, company = request.order, party.company()
    return CheckoutAsk(
        number=request.number, order_no=order.channel_order_no, kind=request.kind, amount_yen=request.amount_yen,
        shop=company.shop_name or company.name, email=order.buyer_email if mail.is_address(order.buyer_email) else "",
        done_url=url_of(request, "payment_link_done"), back_url=url_of(request),
        pay_by=request.expires_on or clock.today() + timedelta(days=LINK_DAYS), key=f"{request.number}/page/{request.pages}",
        consent=cards.consent_for(request),
    )  # fmt: skip


@transaction.atomic
def _is_late(request: PaymentRequest, page: CheckoutPage) -> bool:
    """Was the request given up, or its card asked, while its page was being opened? Then the page is closed: nobody pays twice."""
    now = PaymentRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if now.state == RequestState.REQUESTED and not calls.is_charging(now):
        return False
    now.page_ref, now.page_until = page.ref, page.expires_at
    calls.ask_close(now, by=None)
    return True
