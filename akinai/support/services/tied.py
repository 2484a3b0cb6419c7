"""根拠と見直し: what an answer is tied to, and what of it has changed since the answer was held right.

Prices change at a planned moment, fee tables begin on a day, pages end by themselves: no event says so. So what stands is compared
with what stood, every ten minutes and whenever an article is opened, and nothing is missed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.support.ground_ports import Facts, grounds
from akinai.support.models import Article, ArticleLink
from akinai.support.states import ArticleState

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def tie(article: Article, kind: str, told: str, *, by: Staff) -> ArticleLink:
    """根拠を付ける, with what it says now. Raises DomainError for what is not there."""
    ground = grounds().get(kind)
    ref = ground.find(told.strip()) if ground and told.strip() else ""
    now = ground.read([ref]).get(ref) if ground and ref else None
    if now is None:
        raise DomainError(
            f"「{told[:40]}」は見つかりません。", way_out="SKU コードを確かめるか、一覧から選んでください。"
        )
    link, is_new = ArticleLink.objects.get_or_create(
        article=article, kind=kind, ref=ref, defaults={"label": now.label[:200], "facts": dict(now.facts)}
    )
    if is_new:
        activity.record(article, "tie", by=by, summary=now.label[:200])
    return link


@transaction.atomic
def untie(article: Article, link_id: int, *, by: Staff) -> None:
    """根拠を外す."""
    link = ArticleLink.objects.filter(article=article, pk=link_id).first()
    if link is not None:
        link.delete()
        activity.record(article, "untie", by=by, summary=link.label)
        _mark(article.pk)


@transaction.atomic
def still_right(article: Article, *, by: Staff) -> None:
    """内容は今も正しい: from now on it is compared with what stands today."""
    now = _now(article.links.all())
    for link in article.links.select_for_update():
        facts = now.get((link.kind, link.ref))
        if facts is None:
            raise DomainError(
                f"「{link.label}」はなくなっています。", way_out="根拠から外すか、記事を直してください。"
            )
        link.facts, link.label, link.changes, link.checked_at = (
            dict(facts.facts),
            facts.label[:200],
            [],
            clock.now(),
        )
        link.save(update_fields=["facts", "label", "changes", "checked_at"])
    Article.objects.filter(pk=article.pk).update(stale_since=None)
    activity.record(article, "still_right", by=by, summary="内容は今も正しい")


def compare(article_ids: Iterable[int] | None = None) -> int:
    """見比べる: every link of articles that are not retired, or of these. Out: how many articles became 要見直し. Safe to run twice."""
    links = ArticleLink.objects.exclude(article__state=ArticleState.RETIRED)
    if article_ids is not None:
        links = links.filter(article__in=list(article_ids))
    rows = list(links)
    now = _now(rows)
    touched = set()
    for link in rows:
        changes = (
            differences(link, now.get((link.kind, link.ref))) if link.kind in grounds() else link.changes
        )
        if changes != link.changes:
            ArticleLink.objects.filter(pk=link.pk).update(changes=changes)
            touched.add(link.article_id)
    return sum(_mark(pk) for pk in sorted(touched))


def differences(link: ArticleLink, now: Facts | None) -> list[dict[str, str]]:
    """What is another than it was, as (name, before, now)."""
    if now is None:
        return [{"name": link.label, "before": "あり", "now": "なくなりました"}]
    return [
        {"name": name, "before": link.facts.get(name, "–"), "now": now.facts.get(name, "–")}
        for name in dict.fromkeys([*link.facts, *now.facts])
        if link.facts.get(name) != now.facts.get(name)
    ]


def _now(links: Iterable[ArticleLink]) -> Mapping[tuple[str, str], Facts]:
    refs: dict[str, set[str]] = defaultdict(set)
    for link in links:
        refs[link.kind].add(link.ref)
    known = grounds()
    return {
        (kind, ref): facts
        for kind, many in refs.items()
        if kind in known
        for ref, facts in known[kind].read(sorted(many)).items()
    }


def _mark(article_id: int) -> int:
    """要見直し by its links; 1 when it became so just now."""
    one = Article.objects.filter(pk=article_id)
    if ArticleLink.objects.filter(article_id=article_id).exclude(changes=[]).exists():
        became = one.filter(stale_since=None).update(stale_since=clock.now())
        if became:
            activity.record(one.get(), "stale", by=None, summary="根拠が変わりました")
        return became
    one.update(stale_since=None)
    return 0
