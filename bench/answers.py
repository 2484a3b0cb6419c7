"""script/bench answers: how soon an answer is found among 2,000 articles, beside the one statement that it cannot do without.

`suggestion`: what a customer gets while he writes (queries.answers). `search`: the search of the shop. `hand-written`: the
statement alone, its pairs and weights worked out before. Aim: 50 ms at 95 %.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable

from bench import ground

THINGS = (
    "煎茶",
    "玉露",
    "抹茶",
    "急須",
    "湯のみ",
    "茶筒",
    "羊羹",
    "フィナンシェ",
    "風呂敷",
    "ギフトセット",
    "ティーバッグ",
    "茶筅",
    "ほうじ茶",
    "鉄瓶",
    "茶托",
    "水出し茶",
    "番茶",
    "和菓子",
    "カステラ",
    "ドリッパー",
)
ASKS = (
    ("{a}の送料はいくらですか", "{a}を {b}までお送りする送料は、{n} 円です。{b}のお届けは {n} 日ほどかかります。"),
    ("{a}を{b}に送れますか", "はい、{a}は{b}へお送りできます。ご注文のときにお届け先を {b} にしてください。"),
    ("{a}は返品できますか", "{a}は未使用でしたら {n} 日以内に返品できます。{b}からの送料はお客様のご負担です。"),
    ("{a}の賞味期限はどのくらいですか", "{a}は製造から {n} か月です。開けたあとは{c}と同じように冷暗所で保存してください。"),
    ("{a}にのしは付けられますか", "{a}にはのしを無料で付けます。{c}と一緒の箱にもできます。"),
    ("{a}が割れて届きました", "申し訳ございません。{a}の写真を {n} 日のうちにお送りください。{c}でも代わりをご用意します。"),
    ("{a}の領収書はもらえますか", "マイページの注文 {n} から{a}の領収書を出せます。{b}の会社名も入れられます。"),
    ("{a}の洗い方を教えてください", "{a}はぬるま湯で洗い、{c}と分けて乾かしてください。{n} 回に一度は重曹を使います。"),
    ("{a}はいつ入荷しますか", "{a}は毎月 {n} 日ごろに入荷します。{b}の方も予約できます。"),
    ("{a}と{c}の違いは何ですか", "{a}は{c}より香りが強く、湯の温度は {n} 度が目安です。"),
)  # fmt: skip
PLACES = ("北海道", "青森", "東京", "大阪", "京都", "福岡", "沖縄", "新潟", "名古屋", "広島")
HEADS = ("お世話になっております。", "はじめまして。", "先日注文した者です。", "")
FOOTS = ("よろしくお願いいたします。", "急いでいます。", "教えてください。", "")


def articles(count: int) -> list[tuple[str, str]]:
    """Questions and answers, no two the same."""
    dice = random.Random(1)
    found = []
    for nth in range(count):
        ask, answer = ASKS[nth % len(ASKS)]
        a, c = dice.sample(THINGS, 2)
        told = {"a": f"{a} {nth // len(ASKS)} 号", "c": c, "b": dice.choice(PLACES), "n": dice.randint(2, 99)}
        found.append((ask.format(**told), answer.format(**told)))
    return found


def letters(count: int) -> list[str]:
    """What customers write, with greetings round the question."""
    dice = random.Random(2)
    asks = [
        ask.format(a=dice.choice(THINGS), b=dice.choice(PLACES), c=dice.choice(THINGS), n=3)
        for ask, _ in ASKS * count
    ]
    return [f"{dice.choice(HEADS)}\n{ask}。\n{dice.choice(FOOTS)}" for ask in asks[:count]]


def keep(count: int) -> int:
    """The articles, published and indexed as the room does it."""
    from akinai.support.models import Article, ArticleVersion
    from akinai.support.services.articles import index_anew

    Article.objects.update(live=None, state="draft")
    made = Article.objects.bulk_create(
        [
            Article(number=f"QA-B-{time.time_ns()}-{nth}"[-20:], question=q, answer=a)
            for nth, (q, a) in enumerate(articles(count))
        ]
    )
    versions = ArticleVersion.objects.bulk_create(
        [
            ArticleVersion(article=one, nth=1, question=one.question, answer=one.answer, audience="public")
            for one in made
        ]
    )
    for one, version in zip(made, versions, strict=True):
        one.live, one.state = version, "published"
    Article.objects.bulk_update(made, ["live", "state"], batch_size=500)
    return index_anew()


def timed(ask: Callable[[str], object], told: list[str]) -> dict[str, float]:
    """Milliseconds of each question: median, 95 %, most."""
    for text in told[:10]:
        ask(text)
    taken = []
    for text in told:
        begin = time.perf_counter()
        ask(text)
        taken.append((time.perf_counter() - begin) * 1000)
    taken.sort()
    return {
        "median_ms": round(statistics.median(taken), 1),
        "p95_ms": round(taken[len(taken) * 95 // 100], 1),
        "most_ms": round(taken[-1], 1),
    }


def by_hand(told: list[str]) -> dict[str, float]:
    """The statement alone."""
    from django.db import connection

    from akinai.support.queries import knowledge
    from akinai.support.rules import similarity

    with connection.cursor() as cursor:
        ready = {}
        for text in told:
            pairs = sorted(similarity.counts(text))
            cursor.execute(knowledge.HOLDERS, {"pairs": pairs})
            asked = similarity.asked(text, dict(cursor.fetchall()), 2000)
            ready[text] = {
                "pairs": list(asked),
                "weights": list(asked.values()),
                "least": similarity.NEAR,
                "most": 16,
            }

        def ask(text: str) -> object:
            cursor.execute(knowledge.NEAREST, ready[text])
            return cursor.fetchall()

        return timed(ask, told)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--questions", type=int, default=300)
    arguments = parser.parse_args()
    ground.start()
    from django.db import connection

    from akinai.support.queries import knowledge

    live = keep(arguments.articles)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE support_articlepair")
    told = letters(arguments.questions)
    for figure, found in (
        ("suggestion", timed(knowledge.answers, told)),
        ("search", timed(knowledge.search, told)),
        ("hand-written", by_hand(told)),
    ):
        ground.say(bench="answers", figure=figure, articles=live, questions=len(told), **found, aim_p95_ms=50)


if __name__ == "__main__":
    main()
