"""見本の問い合わせ: letters and calls in every state, with the letters, macros and promises of the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from akinai.core import clock
from akinai.flows.demo import desk
from akinai.orders import queries as orders
from akinai.support import queries, services
from akinai.support.ports import Arrival
from akinai.support.services import deeds, usual

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop
    from akinai.orders.models import Order
    from akinai.support.models import Ticket

SPACE = UUID("7d1c3c1e-4a40-4d0a-9b4c-6f3a1c0d2e55")
# What the buyers of shipped orders write: (minutes ago, subject, text).
LETTERS = (
    (1500, "届きません", "先週注文した {no} がまだ届きません。いつ届くか教えてください。"),
    (340, "急須が割れていました", "{no} で届いた急須の注ぎ口が欠けていました。箱にも傷があります。交換していただけますか。"),
    (260, "領収書の宛名", "{no} の領収書を「株式会社みどり」宛てでいただけますか。"),
    (210, "返品したい", "{no} の湯のみ、色のイメージが違いました。未使用ですので返品したいです。"),
    (170, "ギフト包装について", "次回、のしを付けてもらうことはできますか。名前は二人分入れたいです。"),
    (120, "とても美味しかったです", "{no} のお茶、家族みんなで楽しんでいます。ありがとうございました。"),
    (75, "お届け先の変更", "{no} の次の荷物は、勤務先に届けてもらえますか。"),
    (40, "至急：アレルギーの表示", "{no} のお菓子に小麦は入っていますか。子どもがアレルギーです。至急お願いします。"),
    (22, "届くのはいつですか", "{no} の配達はいつごろになりますか。"),
)  # fmt: skip


def ask(shop: Shop, now: datetime) -> None:
    """The desk of サポート as it stands in the middle of a working day, up to six minutes before `now`."""
    kato, ito = shop.team.kato, shop.team.ito
    with clock.told(now - timedelta(minutes=1600)):
        usual.take_usual(by=ito)
        usual.put_on_duty(kato, most=20, by=ito)
        usual.put_on_duty(shop.team.sato, kinds=["order", "cancel", "invoice"], most=8, by=ito)
    buyers = _buyers()
    tickets = [
        _letter(now - timedelta(minutes=ago), subject, text, order)
        for (ago, subject, text), order in zip(LETTERS, buyers, strict=False)
    ]
    _answer(shop, tickets, now)
    _calls(shop, buyers, now)
    with clock.told(now - timedelta(minutes=6)):
        deeds.tell_all()
        desk.send_mails()


def _buyers() -> list[Order]:
    """One order each of people who can be answered, the latest first."""
    gone = orders.shipped().exclude(buyer_email="").exclude(customer=None).order_by("-shipped_at", "-pk")[:60]
    return list({order.customer_id: order for order in reversed(gone)}.values())[: len(LETTERS) + 3]


def _letter(at: datetime, subject: str, text: str, order: Order) -> Ticket:
    mark = uuid5(SPACE, f"{subject}{order.number}").hex
    body = f"{text.format(no=order.number)}\n\n{order.buyer_name}"
    with clock.told(at):
        receipt = services.receive(
            Arrival(
                raw=f"From: {order.buyer_email}\nSubject: {subject}\nMessage-ID: <{mark}@example.jp>\n\n{body}".encode(),
                came_from="見本", message_id=f"<{mark}@example.jp>", sender_address=order.buyer_email,
                sender_name=order.buyer_name, recipients=("shop@example.jp",), subject=subject, sent_at=at, text=body,
            )
        )  # fmt: skip
    assert receipt.ticket is not None  # noqa: S101  (a letter of a person becomes a ticket)
    return receipt.ticket


def _answer(shop: Shop, tickets: list[Ticket], now: datetime) -> None:
    kato = shop.team.kato
    _late, broken, receipt, back, gift, praise, *_new = tickets
    _say(
        broken,
        now - timedelta(minutes=300),
        "お怪我はございませんでしたか。すぐに交換の品をご用意します。",
        "stay",
        shop,
    )
    with clock.told(now - timedelta(minutes=298)):
        services.note(broken, "箱の写真をお願いする。運送会社への連絡は @takahashi さんに。", by=kato)
        services.set_priority(queries.by_number(broken.number), 2, by=kato)
    _say(
        receipt,
        now - timedelta(minutes=230),
        "承知しました。宛名は「株式会社みどり」でよろしいでしょうか。",
        "wait",
        shop,
    )
    _say(
        back,
        now - timedelta(minutes=180),
        "返品を承ります。お手数ですが、届いたときの箱でお送りください。",
        "wait",
        shop,
    )
    with clock.told(now - timedelta(minutes=150)):
        services.snooze(
            queries.by_number(gift.number), now + timedelta(days=1), by=kato, note="包装資材の入荷待ち"
        )
    _say(
        praise,
        now - timedelta(minutes=95),
        "うれしいお言葉をありがとうございます。皆で読みました。",
        "solve",
        shop,
    )


def _say(ticket: Ticket, at: datetime, text: str, then: str, shop: Shop) -> None:
    with clock.told(at):
        seen = queries.thread(ticket)[-1].message.pk
        letter = f"{{お名前}} 様\n\nお問い合わせありがとうございます。\n{text}"
        services.reply(
            ticket, services.Reply(letter, key=f"demo:{then}", then=then, seen=seen), by=shop.team.kato
        )


def _calls(shop: Shop, buyers: list[Order], now: datetime) -> None:
    kato, (first, second, *_rest) = shop.team.kato, buyers[len(LETTERS) - 2 :]
    for ago, order, text, after in (
        (65, first, "贈り物の日付を変えたい。在庫を確かめて折り返す。", 95), (30, second, "定期便の次回を 1 週間遅らせたい。", 40),
    ):  # fmt: skip
        with clock.told(now - timedelta(minutes=ago)):
            call = services.Call(
                key=f"demo:{order.number}", text=text, phone=order.buyer_phone, name=order.buyer_name, category="order",
                customer_id=order.customer_id, order_ids=(order.pk,), call_back_at=now + timedelta(minutes=after),
            )  # fmt: skip
            services.take_call(call, by=kato)
    with clock.told(now - timedelta(minutes=12)):
        services.take_call(
            services.Call(key="demo:hours", text="年末年始の営業日を教えてほしい。29 日までとお答えした。", name="お名前なし", category="other", is_solved=True),
            by=kato,
        )  # fmt: skip
