"""見本の問い合わせの二か月: what was asked by mail, form, telephone and on the malls, and how it was answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from akinai.core import clock
from akinai.flows.demo import desk
from akinai.flows.demo.desk import at
from akinai.flows.demo.support import answers, complaints, marks
from akinai.flows.demo.support.letters import (
    BOX,
    Buyers,
    copy_down,
    fill_in,
    posted,
    say,
    working_day,
    write,
)
from akinai.support import ports, queries, services

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop
    from akinai.orders.models import Order
    from akinai.staff.models import Staff
    from akinai.support.models import Ticket

MALLS = ("rakuten", "yahoo")


@dataclass(frozen=True, slots=True)
class Story:
    """One matter. Days are working days before today; of the answers the last one ends it as `then` says."""

    ago: int
    hour: int
    way: str
    subject: str
    text: str
    answers: tuple[tuple[int, int, str], ...]  # (days ago, hour, words)
    then: str = "solve"
    goods: str = ""
    kind: str = ""
    who: str = "kato"
    mark: int = 0  # 満足度
    words: str = ""
    is_for_all: bool = False  # becomes the draft of an article


STORIES = (
    Story(40, 10, "form", "ギフトのご相談", "内祝いを 30 件、別々の住所に送れますか。のしの名入れもお願いしたいです。",
          ((40, 14, "30 件まで、お届け先の一覧（Excel）をいただければ承れます。のしの名入れは無料です。"), (38, 11, "ご注文を承りました。ありがとうございます。")), kind="goods", mark=5, words="とても丁寧でした。"),
    Story(34, 11, "mail", "領収書をください", "{no} の領収書が必要です。宛名は上様でお願いします。", ((34, 13, "領収書をお送りしました。マイページからも、いつでもお出しいただけます。"),), mark=4),
    Story(29, 9, "mall", "お届け日の変更", "出張になったので、お届けを 2 日遅らせてください。", ((29, 12, "お届け日を変更しました。"),), kind="order"),
    Story(24, 15, "mail", "まだ届きません", "{no} が、お届け予定日を過ぎても届きません。追跡も動いていません。",
          ((23, 10, "運送会社に調べてもらっています。"), (22, 16, "営業所で見つかりました。本日お届けします。お待たせして申し訳ございませんでした。")), goods="TEA", mark=3, words="見つかってよかったです。"),
    Story(19, 10, "mail", "ポイントが付いていません", "{no} のポイントがまだ付いていないようです。", ((19, 11, "ポイントは出荷の翌日に付きます。本日お付けしました。"),), mark=5),
    Story(13, 16, "form", "法人での注文について", "会議用に緑茶を毎月注文したいです。請求書払いはできますか。",
          ((12, 10, "はい、月末締め・翌月末払いで承れます。お見積もりをお送りします。"), (10, 15, "お取引の手続きが済みました。よろしくお願いいたします。")), kind="invoice", who="sato", mark=5, words="見積もりが早くて助かりました。"),
    Story(11, 13, "mail", "急須のふただけ買えますか", "{no} の急須のふたを割ってしまいました。ふただけ買えますか。",
          ((10, 11, "窯元に確かめています。"), (8, 14, "同じ色のふたを 1,100 円でお分けできます。ご希望でしたらお知らせください。")), then="wait", goods="POT"),
    Story(9, 10, "mail", "届け先を間違えました", "{no} の届け先を実家にしてしまいました。今からでも変えられますか。",
          ((8, 15, "運送会社に転送を頼みました。転送料はかかりません。"),), mark=2, words="返事が翌日の夕方で、間に合うか不安でした。"),
    Story(7, 9, "mall", "納品書が入っていません", "会社の購入なので納品書が必要です。", ((7, 11, "納品書を PDF でお送りしました。"),), kind="invoice", who="sato"),
    Story(5, 14, "mail", "キャンセルしたいです", "{no} と同じものを二重に注文してしまいました。片方をキャンセルしてください。", ((5, 15, "お一つをキャンセルし、ご返金の手続きをしました。"),), who="sato", mark=5, words="すぐに対応してもらえました。"),
    Story(4, 11, "mail", "水出しの作り方", "深蒸し茶は水出しにできますか。分量と時間を教えてください。",
          ((4, 13, "はい、水出しでもおいしくお飲みいただけます。\n冷水 1 リットルに茶葉 15g を入れ、冷蔵庫で 3 時間ほど置いてください。\n茶葉は取り出して、その日のうちにお飲みください。"),), goods="TEA-003", mark=5, is_for_all=True),
    Story(2, 17, "mail", "再配達について", "{no} の不在票が入っていました。夜に届けてもらえますか。", ((1, 10, "運送会社に 19〜21 時の再配達を頼みました。"),), mark=4),
)  # fmt: skip
# What comes too often about one batch: (working days ago, hour, words).
BAD_BATCH = (
    (4, 15, "袋がパンパンにふくらんでいます", "{no} のフィナンシェ、袋がふくらんでいるものが 1 つありました。食べても大丈夫ですか。"),
    (3, 10, "ふくらんだ袋", "{no} の焼き菓子の袋が 1 つだけふくらんでいます。"),
    (2, 11, "品質について", "{no} のお菓子、6 個のうち 2 個の袋がふくらみ、においが変です。返金してください。"),
    (2, 15, "お菓子の袋", "{no} のフィナンシェ、3 個の袋が風船のようです。"),
    (1, 9, "フィナンシェの袋", "{no} の袋がふくらんでいました。賞味期限はまだ先です。"),
    (1, 14, "においがおかしい", "{no} のフィナンシェから酸っぱいにおいがします。"),
)  # fmt: skip
ADVERT = "貴社のサイトを検索で 1 位にします。初月無料です。ご返信をお待ちしています。"


def live(shop: Shop, buyers: Buyers) -> None:
    """All that came before today, in the order in which it came."""
    todo: list[tuple[datetime, Callable[[], object]]] = [
        *((_moment(shop, one.ago, one.hour), partial(_tell, shop, buyers, one)) for one in STORIES),
        *(
            (_moment(shop, ago, hour), partial(_bad, shop, buyers, ago, hour, *told))
            for ago, hour, *told in BAD_BATCH
        ),
        (_moment(shop, 16, 10), partial(complaints.past, shop, buyers)),
        (_moment(shop, 6, 12), partial(_advert, shop)),
        (_moment(shop, 3, 13), partial(_twice, shop, buyers)),
        (_moment(shop, 6, 15), partial(_call_back, shop, buyers)),
    ]
    for _, act in sorted(todo, key=lambda one: one[0]):
        act()


def _moment(shop: Shop, ago: int, hour: int, minute: int = 20) -> datetime:
    return at(working_day(shop.today, ago), hour, minute)


def _tell(shop: Shop, buyers: Buyers, story: Story) -> None:
    by: Staff = getattr(shop.team, story.who)
    ticket = _open(shop, buyers, story, by)
    *first, (ago, hour, words) = story.answers
    for day, o_clock, said in first:
        say(ticket, _moment(shop, day, o_clock, 35), said, "stay", by=by)
    last = _moment(shop, ago, hour, 35)
    say(ticket, last, words, story.then, by=by)
    if story.is_for_all:
        answers.draft(queries.by_number(ticket.number), last + timedelta(hours=1), shop.team)
    if story.mark:
        marks.answer(ticket, last + timedelta(hours=3), story.mark, story.words)


def _open(shop: Shop, buyers: Buyers, story: Story, by: Staff) -> Ticket:
    moment = _moment(shop, story.ago, story.hour)
    if story.way == "mall":
        order = buyers.take(moment, channels=MALLS)
        return copy_down(moment, story.subject, story.text, order, kind=story.kind, by=by)
    if story.way == "form":
        mail = f"visitor{story.ago}@example.com"
        return fill_in(moment, story.subject, story.text, name="見本 まこと", mail=mail, kind=story.kind)
    order = buyers.take(moment, *([story.goods] if story.goods else []))
    return write(moment, story.subject, story.text, order)


def _bad(shop: Shop, buyers: Buyers, ago: int, hour: int, subject: str, text: str) -> None:
    """One letter about the batch, answered the same day."""
    moment = _moment(shop, ago, hour)
    ticket = write(moment, subject, text, buyers.take(moment, "SWT-002"))
    answer = "ご心配をおかけして申し訳ございません。お召し上がりにならず、袋の裏の記号をお知らせください。お調べします。"
    say(ticket, moment + timedelta(hours=2), answer, "wait", by=shop.team.kato)


def _advert(shop: Shop) -> None:
    moment = _moment(shop, 6, 12)
    raw = posted(moment, "検索上位のご提案", ADVERT, ("営業部", "sales@seo.example.com"))
    with clock.told(moment):
        receipt = services.receive(ports.read(raw, BOX))
    with clock.told(moment + timedelta(minutes=50)):
        if receipt.ticket is not None:
            services.dismiss(receipt.ticket, by=shop.team.kato, note="広告")


def _twice(shop: Shop, buyers: Buyers) -> None:
    """One customer writes again before we answer: both become one."""
    moment, kato = _moment(shop, 3, 13), shop.team.kato
    order: Order = buyers.take(moment)
    first = write(moment, "領収書の再発行", "{no} の領収書をなくしました。もう一度いただけますか。", order)
    again = moment + timedelta(minutes=40)
    second = write(
        again, "領収書の件（宛名）", "先ほどの {no} の件、宛名は「青葉企画」でお願いします。", order
    )
    with clock.told(again + timedelta(minutes=10)):
        services.merge(second, first, by=kato)
    say(queries.by_number(first.number), again + timedelta(minutes=15), "「青葉企画」様の宛名で、再発行の印を付けてお送りしました。", "solve", by=kato)  # fmt: skip


def _call_back(shop: Shop, buyers: Buyers) -> None:
    """折り返し, kept."""
    moment, kato = _moment(shop, 6, 15), shop.team.kato
    order = buyers.take(moment)
    with clock.told(moment):
        call = services.Call(
            key=f"demo:{order.number}", text="お歳暮の最終受付日を知りたい。担当に確かめて折り返す。", phone=order.buyer_phone,
            name=order.buyer_name, category="other", customer_id=order.customer_id, call_back_at=moment + timedelta(minutes=60),
        )  # fmt: skip
        ticket = services.take_call(call, by=kato)
    with clock.told(moment + timedelta(minutes=45)):
        promise = queries.open_calls(ticket).get()
        services.called_back(promise, "12 月 18 日までとお伝えした。", by=kato)
        services.solve(queries.by_number(ticket.number), by=kato)
        desk.handle()
