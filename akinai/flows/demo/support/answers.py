"""見本のよくある質問: answers that are out, one that has grown old, one that waits for the 店長, one for the staff alone, one drafted from a letter."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from akinai.core import clock
from akinai.support.queries import knowledge
from akinai.support.services import articles, deflection, tied
from akinai.support.services.articles import ArticleText
from akinai.support.states import Audience, HitKind

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop, Team
    from akinai.support.models import Article, Ticket

A = ArticleText
PRICE = A("静岡の深蒸し茶はいくらですか？", "静岡 深蒸し茶は 1 袋 1,026 円（税込）です。\n3 袋以上のまとめ買いの割引はありません。", "深蒸し 値段 価格", "goods")  # fmt: skip
PUBLIC = (
    A("注文のあとでお届け先を変えられますか？", "出荷の前でしたら変えられます。\nマイページの「ご注文の内容」から、またはこのフォームで、注文番号と新しいお届け先をお知らせください。\n\n出荷のあとは、運送会社に転送を頼みます。", "住所変更 転送 間違えた", "order"),
    A("のしや名入れはできますか？", "はい、無料で承ります。\nご注文の備考に、表書き（内祝・御歳暮など）とお名前を書いてください。二人分のお名前も入れられます。", "熨斗 名入れ 内祝い ギフト", "goods"),
    A("届いた品が割れていました", "申し訳ございません。お怪我がないよう、そのままにしてください。\n到着から 8 日のうちに、箱と品の写真を付けてこのフォームからお知らせください。当店の負担で交換か返金をいたします。", "破損 欠け 不良品", "return"),
    A("領収書の宛名を変えられますか？", "マイページの「領収書」で、宛名とただし書きを入れてお出しいただけます。\n楽天市場・Yahoo!ショッピングのご注文は、モールの画面から発行してください。", "領収証 上様 会社名", "invoice"),
    PRICE,
)  # fmt: skip
STAFF = A("割れ・欠けの連絡が来たときの聞き取り", "1. お怪我の有無を最初に聞く。\n2. 箱の外側・緩衝材・品の写真を 1 枚ずつ頼む。\n3. 送り状番号を控え、運送会社に当日中に連絡する。", "破損 聞き取り", "return", Audience.STAFF)  # fmt: skip
WAITING = A(
    "ギフト包装の料金はいくらですか？",
    "包装紙は無料、風呂敷包みは 1 点 880 円（税込）です。",
    "ラッピング 包装紙 風呂敷",
    "goods",
)


def publish(team: Team) -> None:
    """On the first day: what customers asked most, one of them about a price that has changed since."""
    for text in (*PUBLIC, STAFF):
        made = _written(text, team)
        if text is PRICE:
            tied.tie(made, "sku", "TEA-003", by=team.kato)
        articles.publish(made, by=team.ito)


def _written(text: ArticleText, team: Team) -> Article:
    made = articles.write(text, by=team.kato)
    articles.submit(made, by=team.kato)
    return made


def draft(ticket: Ticket, at: datetime, team: Team) -> None:
    """An answer that others may need as well, as it was written to one."""
    with clock.told(at):
        articles.write(articles.draft_of(ticket).text, by=team.kato, ticket=ticket)


def serve(shop: Shop, now: datetime) -> None:
    """How the answers were used, one that waits to be approved, and what has changed under them."""
    with clock.told(now - timedelta(hours=3)):
        _written(WAITING, shop.team)
    _used(now)
    with clock.told(now - timedelta(minutes=9)):
        tied.compare()


def _used(now: datetime) -> None:
    """Sixty visitors of the form: many read an answer, some were helped, some wrote all the same."""
    numbers = sorted(knowledge.live_articles().values_list("pk", flat=True))
    for nth in range(60):
        visit = f"demo{nth:04d}"
        shown = [numbers[nth % len(numbers)], numbers[(nth * 3 + 1) % len(numbers)]]
        with clock.told(now - timedelta(days=nth % 20, hours=2 + nth % 5)):
            deflection.note(shown, HitKind.SHOWN, place="form", visit=visit)
            if nth % 5 < 3:
                deflection.note(shown[:1], HitKind.OPENED, place="form", visit=visit)
            if nth % 5 < 2:
                deflection.note(shown[:1], HitKind.SOLVED, place="form", visit=visit)
            if nth % 10 in (2, 9):
                deflection.note(shown[:1], HitKind.NOT_HELPED, place="form", visit=visit)
                deflection.note(shown, HitKind.ASKED, place="form", visit=visit)
