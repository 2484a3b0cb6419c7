"""見本の問い合わせの今日: letters and calls in every state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from akinai.core import clock
from akinai.flows.demo import pictures
from akinai.flows.demo.support.letters import Buyers, posted, say, write
from akinai.support import ports, queries, services

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop
    from akinai.orders.models import Order
    from akinai.support.models import Ticket

type Asked = tuple[Ticket, Order]
# (minutes ago, what they bought, subject, text)
LETTERS = (
    (1500, "", "届きません", "先週注文した {no} がまだ届きません。いつ届くか教えてください。"),
    (340, "POT", "急須が割れていました", "{no} で届いた急須の注ぎ口が欠けていました。箱にも傷があります。交換か返金をお願いします。写真を付けます。"),
    (260, "", "領収書の宛名", "{no} の領収書を「株式会社みどり」宛てでいただけますか。"),
    (210, "CUP", "返品したい", "{no} の湯のみ、色のイメージが違いました。未使用ですので返品したいです。"),
    (170, "", "ギフト包装について", "次回、のしを付けてもらうことはできますか。名前は二人分入れたいです。"),
    (120, "TEA", "とても美味しかったです", "{no} のお茶、家族みんなで楽しんでいます。ありがとうございました。"),
    (75, "", "お届け先の変更", "{no} の次の荷物は、勤務先に届けてもらえますか。"),
    (52, "SWT-002", "袋がふくらんでいました", "{no} のフィナンシェ、2 個の袋がふくらんで、開けると酸っぱいにおいがしました。子どもがひと口食べています。大丈夫でしょうか。"),
    (40, "SWT", "至急：アレルギーの表示", "{no} のお菓子に小麦は入っていますか。子どもがアレルギーです。至急お願いします。"),
    (22, "", "届くのはいつですか", "{no} の配達はいつごろになりますか。"),
)  # fmt: skip
MALL = """楽天市場からのお問い合わせを転送しています。

◇お問い合わせの種類：配送について
◇お名前：三村 由紀
◇本文：
年内に届けてもらえる最後の注文日を教えてください。
"""


def live(shop: Shop, buyers: Buyers, now: datetime) -> tuple[Asked, Asked]:
    """From this morning's letters to this moment. Out: the letters that become complaints (broken, bad to eat)."""
    photo = ("割れた急須.png", pictures.draw("teapot #a4472f"))
    tickets = []
    for ago, goods, subject, text in LETTERS:
        at = now - timedelta(minutes=ago)
        files = [photo] if goods == "POT" else []
        charset = "iso-2022-jp" if ago == 260 else "utf-8"
        order = buyers.take(at, *([goods] if goods else []))
        tickets.append((write(at, subject, text, order, files=files, charset=charset), order))
    _answer(shop, [ticket for ticket, _ in tickets], now)
    _calls(shop, buyers, now)
    _others(now)
    return tickets[1], tickets[7]


def _answer(shop: Shop, tickets: list[Ticket], now: datetime) -> None:
    kato = shop.team.kato
    _late, broken, receipt, back, gift, praise, *_new = tickets

    def ago(minutes: int) -> datetime:
        return now - timedelta(minutes=minutes)

    say(
        broken,
        ago(300),
        "お怪我はございませんでしたか。すぐにお調べして、本日中にご連絡します。",
        "stay",
        by=kato,
    )
    with clock.told(ago(296)):
        services.note(broken, "箱の写真も届いた。運送会社への連絡は @takahashi さんに。", by=kato)
        services.set_priority(queries.by_number(broken.number), 2, by=kato)
    say(receipt, ago(230), "承知しました。宛名は「株式会社みどり」でよろしいでしょうか。", "wait", by=kato)
    say(back, ago(180), "返品を承ります。お手数ですが、届いたときの箱でお送りください。", "wait", by=kato)
    with clock.told(ago(150)):
        services.assign(gift, kato, by=kato)
        services.snooze(queries.by_number(gift.number), now + timedelta(days=1), by=kato, note="包装資材の入荷待ち")  # fmt: skip
    say(praise, ago(95), "うれしいお言葉をありがとうございます。皆で読みました。", "solve", by=kato)


def _calls(shop: Shop, buyers: Buyers, now: datetime) -> None:
    kato = shop.team.kato
    for ago, text, after in (
        (190, "請求書の宛名に部署名を入れてほしい。経理に確かめて折り返す。", 120),
        (65, "贈り物の日付を変えたい。在庫を確かめて折り返す。", 95),
        (30, "定期便の次回を 1 週間遅らせたい。", 40),
    ):  # fmt: skip
        with clock.told(now - timedelta(minutes=ago)):
            order = buyers.take(now - timedelta(minutes=ago))
            call = services.Call(
                key=f"demo:{order.number}", text=text, phone=order.buyer_phone, name=order.buyer_name, category="order",
                customer_id=order.customer_id, order_ids=(order.pk,), call_back_at=now + timedelta(minutes=after - ago),
            )  # fmt: skip
            services.take_call(call, by=kato)
    with clock.told(now - timedelta(minutes=12)):
        services.take_call(
            services.Call(key="demo:hours", text="年末年始の営業日を教えてほしい。29 日までとお答えした。", name="お名前なし", category="other", is_solved=True),
            by=kato,
        )  # fmt: skip


def _others(now: datetime) -> None:
    """What the mailbox got besides: the mall's hidden address, machines, and bytes that are no mail."""
    at = now - timedelta(minutes=33)
    mail = ("三村 由紀", "d41d8cd98f00b204e9800998ecf8427e@fw.rakuten.ne.jp")
    letters = (
        posted(at, "【楽天市場】お問い合わせ", MALL, mail),
        posted(at, "【自動返信】不在のお知らせ", "ただいま休暇をいただいています。月曜に折り返します。", ("", "info@toko.example.jp"), Auto_Submitted="auto-replied"),
        posted(at, "今週のお得な発送資材", "段ボール 80 サイズを 10% 引きで。", ("", "news@hako.example.jp"), List_Unsubscribe="<https://hako.example.jp/stop>", List_Id="<news.hako.example.jp>"),
        b"\x00\x01\x02 not a letter",
    )  # fmt: skip
    with clock.told(at):
        for raw in letters:
            services.receive(ports.read(raw, "お店の受信箱"))
