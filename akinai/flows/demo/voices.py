"""見本の声: a survey that forty have answered, reviews on the desk and on the pages, questions, and two films."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from akinai.catalog import queries as catalog
from akinai.content.reviews import services as reviews
from akinai.content.surveys import editing, people
from akinai.content.surveys import services as surveys
from akinai.content.surveys.given import Given
from akinai.content.videos import captions, chapters
from akinai.content.videos import services as videos
from akinai.core import clock
from akinai.flows.demo import films
from akinai.orders import queries as orders

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop

ANSWERS, REVIEWS = 40, 25
SCENES = ("朝食のとき", "仕事の合間", "食後", "お客様が来たとき", "夜のひととき")
GRADES = ("満足", "ふつう", "不満")
ROWS = ("味", "香り", "包装", "届くまでの早さ")
PRAISE = (
    "香りがよくて、毎朝飲んでいます。", "とても美味しかったです。また注文します。", "おいしいお茶で家族も喜んでいます。", "包装がきれいで贈り物にも使えました。",
    "届くのが早くて助かりました。", "梱包が丁寧でした。", "急須の形が気に入っています。", "甘みがあって美味しい。", "香りが強くて好みです。",
    "値段のわりに量が多くてうれしいです。",
)  # fmt: skip
WISHES = (
    "届くのが遅かったです。", "値段が高いと感じました。", "箱がつぶれていました。梱包を見直してほしいです。", "味が薄い気がしました。",
    "配送の時間をもっと細かく選びたいです。",
)  # fmt: skip
type Said = tuple[int, str, str]
SAID: tuple[Said, ...] = (
    (5, "贈り物に喜ばれました", "母の誕生日に贈りました。包装がとても丁寧で、見た目も上品でした。"),
    (4, "", "写真どおりの品が、きれいに包まれて届きました。"),
    (3, "ふつうでした", "悪くはありませんが、この値段なら別のものでもよいかなと思いました。"),
    (5, "リピートしています", "三回目の購入です。いつも発送が早くて安心してお願いできます。"),
    (2, "箱がつぶれていました", "中身は無事でしたが、届いたときに外箱の角がつぶれていました。"),
)
SAID_OF: dict[str, tuple[Said, ...]] = {
    "TEA": (
        (
            5,
            "毎朝の楽しみになりました",
            "香りがよく、二煎目までしっかり味が出ます。袋の口が閉じられるのも助かります。",
        ),
        (4, "おいしいです", "渋みが少なく飲みやすいです。もう少し量の多い袋もあるとうれしいです。"),
        (4, "水出しがおすすめ", "水出しにすると甘みが引き立ちます。夏は毎日作りました。"),
    ),
    "POT": (
        (5, "色がきれい", "写真どおりの落ち着いた色で、食卓が明るくなりました。"),
        (4, "", "思っていたより小ぶりですが、手になじんで使いやすいです。"),
        (1, "割れていました", "注ぎ口が欠けていました。問い合わせたらすぐに交換していただけました。"),
    ),
}  # by how the goods' codes begin; the words above suit any goods
NAMES = ("茶々", "みどり", "ゆずこ", "縁側の猫", "にこ", "あおば", "しずく", "こはる", "まめ", "旅する湯のみ")
ASKED = (
    ("TEA-003", "水出しにも使えますか。", "はい。冷水 1 リットルに茶葉 15g ほどを入れ、冷蔵庫で 3 時間ほど置くとおいしくお飲みいただけます。"),
    ("TEA-001", "賞味期限はどのくらいですか。", "未開封で製造からおよそ 10 か月です。お届けする品の期限は、袋の裏に印字しています。"),
    ("POT-001", "食器洗い乾燥機で洗えますか。", "急須は手洗いをお願いしています。洗剤を使わず、湯ですすいで自然に乾かすと長持ちします。"),
    ("POT-001", "何人分いれられますか。", "容量は 300ml で、湯のみ 2〜3 杯分です。"),
    ("CUP-001", "同じ色でもう少し大きいものはありますか。", ""),
)  # fmt: skip
HIDDEN = "個人の連絡先が書かれている"


def speak(shop: Shop, now: datetime) -> None:
    """What customers have said of the last weeks, in the quarter of an hour before `now` at the latest."""
    left = list(orders.shipped().filter(customer__isnull=False).order_by("shipped_at", "pk")[:400])
    _survey(shop, left, now)
    _reviews(shop, left, now)
    _questions(shop, now)
    with clock.told(now - timedelta(days=8)):
        films = _films(shop)
    _plays(films, now)


def _survey(shop: Shop, left: list[Any], now: datetime) -> None:
    tanaka, dice = shop.team.tanaka, random.Random(11)  # noqa: S311  (made-up answers, no secret)
    with clock.told(now - timedelta(days=9)):
        survey = editing.make_survey(
            slug="autumn", title="秋のお客様アンケート", intro="3 分ほどで終わります。いただいたお声を、品ぞろえと梱包に役立てます。",
            thanks="いただいたお声は、店の全員で読んでいます。", asks_after_order=True, coupon_campaign="ANKETO", by=tanaka,
        )  # fmt: skip
        first = editing.add_question(survey, "single", "当店のご利用は、はじめてですか", required=True, by=tanaka,
                                     options=editing.options_from(["はい", "いいえ"], [], with_other=False))  # fmt: skip
        editing.add_question(survey, "number", "これまでに何回ほどご利用いただきましたか", settings={"min": 2, "max": 99}, by=tanaka,
                             condition={"all": [{"q": first, "op": "is", "value": "o2"}]})  # fmt: skip
        editing.add_question(survey, "multi", "お茶を飲むのは、どんなときですか", required=True, settings={"min": 1, "max": 3}, by=tanaka,
                             options=editing.options_from(SCENES, [], with_other=True))  # fmt: skip
        editing.add_question(survey, "matrix", "お届けした品はいかがでしたか", begins_page=True, by=tanaka,
                             options=editing.options_from(GRADES, [], with_other=False),
                             settings={"rows": editing.options_from(ROWS, [], with_other=False)})  # fmt: skip
        score = editing.add_question(
            survey, "nps", "当店を、ご家族やお友だちにどのくらいすすめたいですか", required=True, by=tanaka
        )
        editing.add_question(survey, "long", "どこを直せば、すすめたいと思えますか", by=tanaka,
                             condition={"all": [{"q": score, "op": "lte", "value": 6}]})  # fmt: skip
        editing.add_question(survey, "long", "ご感想があれば、お聞かせください", by=tanaka)
        editing.open_survey(survey, by=tanaka)
    buyers = list({order.customer_id: order for order in left}.values())[:ANSWERS]
    for at, order in enumerate(buyers):
        with clock.told(now - timedelta(hours=4 * (len(buyers) - at), minutes=7 * at % 60)):
            who = people.of_order(order.pk)
            surveys.keep(survey, who, _said(dice))
            surveys.finish(survey, who)


def _said(dice: random.Random) -> dict[str, Given]:
    """One person's answers; who would not recommend us says why."""
    is_first, score = dice.random() < 0.45, dice.choice((10, 10, 9, 9, 9, 8, 8, 7, 7, 6, 5, 3))
    good = 0.85 if score > 6 else 0.4
    grid = [
        f"o{row}:o{1 if dice.random() < good else dice.choice((2, 3))}" for row in range(1, len(ROWS) + 1)
    ]
    scenes = tuple(sorted(dice.sample([f"o{n}" for n in range(1, len(SCENES) + 1)], dice.randint(1, 3))))
    given = {
        "q1": Given(("o1",) if is_first else ("o2",)), "q3": Given(scenes), "q4": Given(tuple(grid)),
        "q5": Given((str(score),), Decimal(score)),
    }  # fmt: skip
    if not is_first:
        given["q2"] = Given(number=Decimal(dice.randint(2, 8)))
    if score <= 6:
        given["q6"] = Given(text=dice.choice(WISHES))
    elif dice.random() < 0.7:
        given["q7"] = Given(text=dice.choice(PRAISE))
    return given


def _reviews(shop: Shop, left: list[Any], now: datetime) -> None:
    """Most are public, some wait on the desk, one with a telephone number is hidden."""
    tanaka = shop.team.tanaka
    for at, (order_id, product_id, code) in enumerate(_bought(left)[:REVIEWS]):
        words = (*SAID_OF.get(code[:3], ()), *SAID)
        stars, title, text = words[at % len(words)]
        is_flagged = at in (7, 19)
        said = f"{text}連絡は 090-0000-{1200 + at} まで。" if is_flagged else text
        moment = now - timedelta(hours=6 * (REVIEWS - at), minutes=at)
        with clock.told(moment):
            written = reviews.Written(stars, title, said, NAMES[(at * 3) % len(NAMES)])
            review, _coupon = reviews.post(product_id, written, who=people.of_order(order_id))
        if at >= REVIEWS - 5:
            continue
        with clock.told(min(moment + timedelta(hours=3), now)):
            if is_flagged:
                reviews.hide(review, reason=HIDDEN, by=tanaka)
                continue
            reviews.publish(review, by=tanaka)
            if stars <= 2:
                reply = "ご不便をおかけし、申し訳ございませんでした。梱包の材料を見直し、角を守る当て紙を入れるようにいたしました。"
                reviews.reply(review, reply, by=tanaka)
            for n in range(at % 4):
                reviews.vote(review.pk, who=people.Who(f"a-demo-{n}"))


def _bought(left: list[Any]) -> list[tuple[int, int, str]]:
    """(order, product, SKU code) of what was received, each buyer and product once; much of it of few products, as pages look."""
    buyer = {order.pk: order.customer_id for order in left}
    found: dict[tuple[int, int], tuple[int, int, str]] = {}
    lines = [line for line in orders.lines_of(list(buyer)) if line.sku_id and line.quantity]
    loved = sorted(lines, key=lambda line: line.sku.code not in ("TEA-003", "POT-001"))  # type: ignore[union-attr]
    for line in loved:
        sku: Any = line.sku
        found.setdefault((buyer[line.order_id], sku.product_id), (line.order_id, sku.product_id, sku.code))
    rows = list(found.values())
    return [*rows[:14], *rows[-(REVIEWS - 14) :]]


def _questions(shop: Shop, now: datetime) -> None:
    goods = catalog.products_of([shop.skus[code] for code, *_ in ASKED])
    for at, (code, text, answer) in enumerate(ASKED):
        with clock.told(now - timedelta(days=6 - at)):
            asked = reviews.ask(
                goods[shop.skus[code]], text=text, nickname=NAMES[at], email="", who=people.Who()
            )
        if answer:
            with clock.told(now - timedelta(days=6 - at, hours=-2)):
                reviews.answer(asked, answer, by=shop.team.tanaka)


def _films(shop: Shop) -> list[Any]:
    """Two short films of stills, drawn here."""
    tanaka = shop.team.tanaka
    series = videos.make_series(
        slug="first-tea",
        title="はじめてのお茶",
        lead="道具の選び方から、おいしい淹れ方まで。",
        position=1,
        by=tanaka,
    )
    brew, picture = films.film(["teapot #a4472f", "pouch #4d7c3a", "cup #8fb8a8"], seconds=4)
    brewing = videos.add_film(
        brew, poster=picture, series=series, by=tanaka, slug="how-to-brew", title="煎茶のおいしい淹れ方", seconds=12, is_public=True,
        lead="湯の温度と待つ時間だけで、いつもの煎茶が変わります。", position=1,
        chapters=chapters.read("0:00 急須を温める | POT-001\n0:04 茶葉を量る | TEA-003\n0:08 湯のみに注ぐ | CUP-001, CUP-002"),
        cues=captions.read(_spoken("まず急須に湯を入れて、温めておきます。", "茶葉は一人分 4 グラムが目安です。", "湯のみに少しずつ、均等に注ぎます。")),
    )  # fmt: skip
    choose, picture = films.film(["teapot #33373d", "teapot #8fb7c4", "teapot #a4472f"], seconds=4)
    choosing = videos.add_film(
        choose, poster=picture, series=series, by=tanaka, slug="teapots", title="急須の選び方", seconds=12, is_public=True,
        lead="鉄、ガラス、陶器。それぞれの急須に向くお茶をご紹介します。", position=2,
        chapters=chapters.read("0:00 鉄の急須 | POT-003\n0:04 ガラスのポット | POT-002\n0:08 常滑焼の急須 | POT-001"),
        cues=captions.read(_spoken("鉄の急須は、冷めにくいのが長所です。", "ガラスは、茶葉の開く様子が見えます。", "常滑焼は、お茶の味をまろやかにします。")),
    )  # fmt: skip
    return [brewing, choosing]


def _plays(films: list[Any], now: datetime) -> None:
    """Some presses of play a day, more of the first film."""
    for ago in range(7, -1, -1):
        with clock.told(now - timedelta(days=ago)):
            for nth, film in enumerate(films):
                for _ in range(1 + (ago * 3 + 2) % (5 - nth * 2)):
                    videos.count_play(film)


def _spoken(*words: str) -> str:
    """WebVTT: each sentence four seconds."""
    lines = [f"00:{4 * at:02}.000 --> 00:{4 * at + 4:02}.000\n{word}" for at, word in enumerate(words)]
    return "WEBVTT\n\n" + "\n\n".join(lines)
