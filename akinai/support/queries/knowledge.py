"""記事を読む: what is near to a question, what the public may see, and what the answers bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from akinai.content import queries as content
from akinai.core import clock
from akinai.support.models import Article, ArticleVersion, Ticket
from akinai.support.rules import similarity
from akinai.support.states import ArticleState, Audience, Direction

SEARCHED_NEAR = 0.04  # who searches wants to see more than who is interrupted
PUBLIC = Q(live__audience=Audience.PUBLIC)

NEAREST = """
WITH asked AS (SELECT * FROM unnest(%(pairs)s::text[], %(weights)s::float8[]) AS t (pair, weight))
SELECT p.article_id, sum(p.weight * asked.weight) AS near FROM asked JOIN support_articlepair p USING (pair)
GROUP BY 1 HAVING sum(p.weight * asked.weight) >= %(least)s ORDER BY 2 DESC, 1 LIMIT %(most)s
"""
HOLDERS = "SELECT pair, count(*) FROM support_articlepair WHERE pair = ANY(%(pairs)s) GROUP BY 1"


@dataclass(frozen=True, slots=True)
class Answer:
    """答え: an article, or a question of a page (`number` ""), with how near it is to what was asked."""

    number: str
    question: str
    answer: str
    category: str
    near: float
    url: str = ""
    article_id: int = 0
    is_staff_only: bool = False
    is_stale: bool = False


def answers(text: str, *, staff: bool = False, most: int = 4, least: float = similarity.NEAR) -> list[Answer]:
    """答えの候補 of a text, the nearest first. Customers are told only what is public. Four queries, whatever the number of articles."""
    pairs = sorted(similarity.counts(text))
    if not pairs:
        return []
    pages = _weighed_pages()
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS, {"pairs": pairs})
        holders = dict(cursor.fetchall())
        for weighed, _page in pages:
            for pair in pairs:
                if pair in weighed:
                    holders[pair] = holders.get(pair, 0) + 1
        total = Article.objects.filter(live__isnull=False).count() + len(pages)
        asked = similarity.asked(text, holders, total)
        told: dict[str, Any] = {
            "pairs": list(asked),
            "weights": list(asked.values()),
            "least": least,
            "most": most * 4,
        }
        cursor.execute(NEAREST, told)
        near: dict[int, float] = dict(cursor.fetchall())
    found = [*_articles(near, staff, most), *_page_answers(pages, asked, least)]
    return sorted(found, key=lambda one: (-one.near, one.number))[:most]


def _articles(near: Mapping[int, float], staff: bool, most: int) -> list[Answer]:
    """The nearest that may be read; the rest is only fetched where some of the nearest are for the staff alone."""
    best = sorted(near, key=lambda pk: (-near[pk], pk))
    found: list[Answer] = []
    for ids in (best[:most], best[most:]):
        if ids and len(found) < most:
            found += [answer_of(row, near[row.pk]) for row in live_articles(staff=staff).filter(pk__in=ids)]
    return found


def live_articles(*, staff: bool = False) -> QuerySet[Article]:
    """記事 that are read, with the version that went out."""
    rows = Article.objects.filter(live__isnull=False).select_related("live")
    return rows if staff else rows.filter(PUBLIC)


def answer_of(article: Article, near: float = 0.0) -> Answer:
    """The version that is read; the text that is being written stays inside."""
    live = cast(ArticleVersion, article.live)
    return Answer(
        article.number, live.question, live.answer, live.category, near, article_id=article.pk,
        is_staff_only=live.audience == Audience.STAFF, is_stale=article.stale_since is not None,
    )  # fmt: skip


@lru_cache(maxsize=500)
def _weights_of(question: str, answer: str) -> Mapping[str, float]:
    return similarity.weights(question, "", answer)


def _weighed_pages() -> list[tuple[Mapping[str, float], content.PageQuestion]]:
    return [(_weights_of(one.question, one.answer), one) for one in content.page_questions()]


def _page_answers(
    pages: Sequence[tuple[Mapping[str, float], content.PageQuestion]],
    asked: Mapping[str, float],
    least: float,
) -> list[Answer]:
    told = [(similarity.nearness(asked, weighed), page) for weighed, page in pages]
    return [
        Answer("", page.question, page.answer, page.group, near, url=page.url)
        for near, page in told
        if near >= least
    ]


def search(text: str, *, category: str = "", most: int = 30) -> list[Answer]:
    """よくある質問を探す: articles and questions of pages together. Without words: every public article by kind."""
    if text.strip():
        found = answers(text, most=most, least=SEARCHED_NEAR)
        return [one for one in found if not category or one.category == category]
    rows = live_articles().order_by("live__category", "live__question")
    return [answer_of(one) for one in (rows.filter(live__category=category) if category else rows)[:300]]


def public_article(number: str) -> Article | None:
    """公開の記事 of this number."""
    return live_articles().filter(number=number).first()


def asked_in(ticket: Ticket) -> str:
    """What the customer asks now: his last letter without what he quotes, and the subject."""
    last = ticket.messages.filter(direction__in=[Direction.IN, Direction.CALL]).order_by("-at", "-pk").first()
    return f"{ticket.subject}\n{last.own_text if last else ''}"


def for_list(since: datetime | None = None) -> QuerySet[Article]:
    """記事 for lists, with how often each was shown, opened, helped and did not."""
    within = Q(hits__at__gte=since) if since else Q()
    counted = {
        name: Count("hits", filter=within & Q(hits__kind=kind))
        for name, kind in (
            ("shown", "shown"), ("opened", "opened"), ("solved", "solved"), ("helped", "helped"),
            ("not_helped", "not_helped"), ("asked", "asked"), ("inserted", "inserted"),
        )
    }  # fmt: skip
    return Article.objects.select_related("live", "changed_by").annotate(**counted)


def stale_count() -> int:
    """How many articles wait to be looked at again, or to be approved (the badge of the menu)."""
    return Article.objects.filter(
        Q(stale_since__isnull=False, live__isnull=False) | Q(state=ArticleState.REVIEW)
    ).count()


@dataclass(frozen=True, slots=True)
class Funnel:
    """問い合わせの前に: visits that were shown answers, and what became of them."""

    shown: int
    opened: int
    solved: int
    spared: int  # solved, and no letter within 24 hours
    waiting: int  # solved less than 24 hours ago
    asked: int  # wrote all the same

    def rate(self, count: int) -> float | None:
        """In percent of the visits that were shown something."""
        return round(100 * count / self.shown, 1) if self.shown else None

    @property
    def rates(self) -> dict[str, float | None]:
        return {name: self.rate(getattr(self, name)) for name in ("opened", "solved", "spared", "asked")}


FUNNEL = """
WITH one AS (
  SELECT visit, bool_or(kind IN ('opened', 'helped', 'not_helped', 'solved')) AS opened,
    max(at) FILTER (WHERE kind = 'solved') AS solved_at, min(at) FILTER (WHERE kind = 'asked') AS asked_at
  FROM support_articlehit WHERE at >= %(since)s AND at < %(until)s AND place <> 'ticket' GROUP BY visit
  HAVING bool_or(kind = 'shown')
), told AS (
  SELECT *, coalesce(asked_at <= solved_at + interval '24 hours', false) AS in_vain FROM one
)
SELECT count(*), count(*) FILTER (WHERE opened), count(solved_at),
  count(*) FILTER (WHERE NOT in_vain AND solved_at <= %(settled)s), count(*) FILTER (WHERE NOT in_vain AND solved_at > %(settled)s),
  count(asked_at) FROM told
"""


def funnel(since: datetime, until: datetime) -> Funnel:
    """What the answers spared, by visits between two moments."""
    settled = clock.now() - timedelta(hours=24)
    with connection.cursor() as cursor:
        cursor.execute(FUNNEL, {"since": since, "until": until, "settled": settled})
        return Funnel(*cursor.fetchone())


def not_helping(since: datetime, *, most: int = 20) -> list[Any]:
    """記事 that do not help: opened, and then a no or a letter, more often than not. Worst first."""
    rows = for_list(since).filter(live__isnull=False).annotate(bad=F("not_helped") + F("asked"))
    found = rows.filter(bad__gte=2, bad__gt=F("helped") + F("solved")).order_by("-bad", "pk")
    return list(found[:most])
