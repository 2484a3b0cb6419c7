"""記事の使われ方: counted without knowing anybody. A browser that was shown answers keeps a number drawn by chance for a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db import connection

from akinai.core import clock
from akinai.support.models import Article, ArticleHit
from akinai.support.states import HitKind

DAY = timedelta(hours=24)
KEPT_DAYS = 400
PUBLIC_KINDS = (HitKind.OPENED, HitKind.HELPED, HitKind.NOT_HELPED, HitKind.SOLVED)

ASKED = """
INSERT INTO support_articlehit (article_id, kind, place, visit, at)
SELECT DISTINCT article_id, 'asked', 'form', visit, %(now)s::timestamptz FROM support_articlehit
WHERE visit = %(visit)s AND at >= %(since)s AND kind <> 'asked'
ON CONFLICT (visit, article_id, kind) DO NOTHING
"""


def note(article_ids: Iterable[int], kind: str, *, place: str, visit: str) -> None:
    """使われた. Once for each visit, article and kind."""
    ArticleHit.objects.bulk_create(
        [ArticleHit(article_id=pk, kind=kind, place=place, visit=visit) for pk in dict.fromkeys(article_ids)],
        ignore_conflicts=True,
    )


def note_public(number: str, kind: str, *, place: str, visit: str) -> bool:
    """What a visitor did with an article that he may read. An answer that solved it was also opened. False: no such article."""
    pk = Article.objects.filter(number=number, live__audience="public").values_list("pk", flat=True).first()
    if pk is None or kind not in PUBLIC_KINDS:
        return False
    note([pk], HitKind.OPENED, place=place, visit=visit)
    if kind != HitKind.OPENED:
        note([pk], kind, place=place, visit=visit)
        _take_back(pk, kind, visit)
    return True


def _take_back(article_id: int, kind: str, visit: str) -> None:
    """はい after いいえ: the last word counts."""
    other: Collection[str] = {
        HitKind.HELPED: (HitKind.NOT_HELPED,), HitKind.SOLVED: (HitKind.NOT_HELPED,), HitKind.NOT_HELPED: (HitKind.HELPED, HitKind.SOLVED)
    }.get(HitKind(kind), ())  # fmt: skip
    ArticleHit.objects.filter(article_id=article_id, visit=visit, kind__in=other).delete()


def note_asked(visit: str) -> None:
    """The visitor wrote to us within a day after he was shown answers: these did not spare him the letter."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(ASKED, {"now": now, "visit": visit, "since": now - DAY})


def forget_old() -> int:
    """使われ方 older than a year and a month."""
    return ArticleHit.objects.filter(at__lt=clock.now() - timedelta(days=KEPT_DAYS)).delete()[0]
