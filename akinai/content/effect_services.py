"""閲覧を集めて数える: one INSERT per view, sums of a day made anew from its views, orders tied to what was seen before them.

Who somebody is, is never kept: a mark of address and browser under the day's salt, and the salt is destroyed after 48 hours.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from akinai.content import effect_addresses
from akinai.content import effect_rules as rules
from akinai.content.models import DaySalt, OrderVisit, PageAssist, PageDay, PageHit, SeenPage
from akinai.core import clock
from akinai.orders import queries as orders

KEPT_DAYS = 40
SALT_DAYS = 2
PER_MINUTE = 60
ASSIST_DAYS = 7
INSERT = """
INSERT INTO content_pagehit (day, at, visitor, cart, path, source, campaign, device, load_ms)
SELECT %(day)s, %(at)s, %(visitor)s, %(cart)s, %(path)s, %(source)s, %(campaign)s, %(device)s, %(load_ms)s
WHERE (SELECT count(*) FROM content_pagehit WHERE day = %(day)s AND visitor = %(visitor)s
  AND at > %(at)s::timestamptz - interval '1 minute') < %(most)s
"""
# A session ends after half an hour of nothing; all its views bear the source, campaign and device of its first.
SUMS = """
WITH seen AS (
  SELECT h.id, h.at, h.visitor, coalesce(m.now, h.path) AS path, h.source, h.campaign, h.device, h.load_ms,
    (coalesce(at - lag(at) OVER w > interval '30 minutes', true))::int AS starts
  FROM content_pagehit h LEFT JOIN unnest(%(old)s::text[], %(now)s::text[]) m(old, now) ON m.old = h.path
  WHERE day = %(day)s WINDOW w AS (PARTITION BY visitor ORDER BY at, h.id)
), numbered AS (
  SELECT *, sum(starts) OVER (PARTITION BY visitor ORDER BY at, id) AS session FROM seen
), told AS (
  SELECT path, visitor, session, starts, load_ms, count(*) OVER s AS size, first_value(source) OVER o AS source,
    first_value(campaign) OVER o AS campaign, first_value(device) OVER o AS device
  FROM numbered WINDOW s AS (PARTITION BY visitor, session), o AS (PARTITION BY visitor, session ORDER BY at, id)
)
INSERT INTO content_pageday (day, path, source, campaign, device, views, sessions, entries, bounces, load_ms, loads)
SELECT %(day)s, path, source, campaign, device, count(*), count(DISTINCT (visitor, session)), sum(starts),
  count(*) FILTER (WHERE starts = 1 AND size = 1), coalesce(sum(load_ms), 0), count(load_ms)
FROM told GROUP BY path, source, campaign, device
"""


@dataclass(frozen=True, slots=True)
class View:
    """閲覧 as the beacon tells it."""

    path: str
    address: str
    agent: str
    cart: str = ""
    referrer: str = ""
    query: str = ""
    own_host: str = ""
    load_ms: int | None = None


def collect(view: View) -> bool:
    """Keep one view. False for programs, private pages, and who sends more than sixty a minute."""
    values = _hit(view)
    if values is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values | {"most": PER_MINUTE})
        return bool(cursor.rowcount)


def keep_many(views: Iterable[tuple[datetime, View]]) -> int:
    """Keep views that were collected elsewhere, each at its moment; without the limit per minute. Out: how many were meant."""
    hits = []
    for moment, view in views:
        with clock.told(moment):
            if values := _hit(view):
                hits.append(PageHit(**values))
    return len(PageHit.objects.bulk_create(hits, batch_size=1000))


def _hit(view: View) -> dict[str, Any] | None:
    """What is kept of a view now; None for programs and private pages."""
    if rules.is_program(view.agent) or rules.is_private(view.path):
        return None
    source, campaign = rules.source_of(view.referrer, view.query, view.own_host)
    return {
        "day": clock.today(), "at": clock.now(), "visitor": visitor_mark(view.address, view.agent), "cart": cart_mark(view.cart),
        "path": view.path, "source": source, "campaign": campaign, "device": rules.device_of(view.agent),
        "load_ms": view.load_ms if view.load_ms and 0 < view.load_ms < 120_000 else None,
    }  # fmt: skip


def visitor_mark(address: str, agent: str) -> str:
    """来訪者の印 of today."""
    salt = _salt(clock.today())
    return salted_hmac(
        "akinai.content.visitor", f"{address}|{agent}", secret=salt, algorithm="sha256"
    ).hexdigest()[:32]


def cart_mark(cart: str) -> str:
    """カートの印: the cart's key is not kept."""
    return salted_hmac("akinai.content.cart", cart, algorithm="sha256").hexdigest()[:32] if cart else ""


_salts: dict[date, str] = {}


def _salt(day: date) -> str:
    if day not in _salts:
        DaySalt.objects.bulk_create([DaySalt(day=day, salt=secrets.token_bytes(32))], ignore_conflicts=True)
        _salts.clear()
        _salts[day] = bytes(DaySalt.objects.values_list("salt", flat=True).get(pk=day)).hex()
    return _salts[day]


def forget_old() -> int:
    """塩を捨てる after 48 hours, hits after 40 days. Out: how many hits went."""
    today = clock.today()
    DaySalt.objects.filter(day__lt=today - timedelta(days=SALT_DAYS - 1)).delete()
    for day in [day for day in _salts if day < today]:
        del _salts[day]
    gone, _ = PageHit.objects.filter(day__lt=today - timedelta(days=KEPT_DAYS)).delete()
    return gone


@transaction.atomic
def sum_day(day: date) -> None:
    """日計を作る: of one day, anew. A day whose hits are gone keeps its sums."""
    lock_sums()
    if not PageHit.objects.filter(day=day).exists():
        return
    PageDay.objects.filter(day=day).delete()
    with connection.cursor() as cursor:
        cursor.execute(SUMS, {"day": day, **effect_addresses.moved_on(day)})


def lock_sums() -> None:
    """Until the transaction ends nobody else sums or joins."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('content.pageday'))")


@transaction.atomic
def join_addresses(paths: Iterable[str] = ()) -> int:
    """数字を今のアドレスに合わせる: of pages that were renamed or moved, among these and those that have a line. Safe to run at any
    time. Out: how many earlier addresses were joined."""
    lock_sums()
    known = effect_addresses.moved({*paths, *SeenPage.objects.values_list("path", flat=True)})
    days = PageDay.objects.filter(path__in=known).order_by().values_list("day", flat=True).distinct()
    for day in sorted(days):
        sum_day(day)
    if known:
        effect_addresses.add(known)
    return len(known)


def note_order(order_id: int, *, cart: str = "", address: str = "", agent: str = "") -> None:
    """受注を結ぶ: this order came from this cart and this visitor. Called where the order is placed; once per order."""
    visitor = visitor_mark(address, agent) if address and agent else ""
    row = OrderVisit(order_id=order_id, cart=cart_mark(cart), visitor=visitor, at=clock.now())
    OrderVisit.objects.bulk_create([row], ignore_conflicts=True)


def count_assists() -> int:
    """貢献を数える of orders that were not counted yet. Safe to run at any time. Out: how many orders."""
    waiting = list(OrderVisit.objects.filter(is_counted=False).order_by("pk")[:500])
    sums = orders.sums_of([one.order_id for one in waiting])
    for one in waiting:
        _assist(one, sums[one.order_id].total_yen)
    return len(waiting)


@transaction.atomic
def _assist(visit: OrderVisit, yen: int) -> None:
    if not OrderVisit.objects.filter(pk=visit.pk, is_counted=False).update(is_counted=True):
        return
    day = _day_of(visit.at)
    PageAssist.objects.bulk_create(
        [
            PageAssist(order_id=visit.order_id, path=path, day=day, position=at, yen=part)
            for path, at, part in rules.shares(_seen_before(visit), yen)
        ]
    )


def _seen_before(visit: OrderVisit) -> list[str]:
    """Pages of the cart within seven days, and of the visitor on the day itself, as they were seen; where they stand now."""
    hits = PageHit.objects.filter(at__lte=visit.at, at__gt=visit.at - timedelta(days=ASSIST_DAYS))
    mine = hits.none()
    if visit.cart:
        mine |= hits.filter(cart=visit.cart)
    if visit.visitor:
        mine |= hits.filter(day=_day_of(visit.at), visitor=visit.visitor)
    paths = list(mine.order_by("at", "id").values_list("path", flat=True))
    now = effect_addresses.moved(set(paths))
    return [now.get(path, path) for path in paths]


def _day_of(moment: datetime) -> date:
    from django.utils import timezone

    return timezone.localdate(moment)


def refresh() -> None:
    """今日と昨日 anew, the orders since, and what was counted at earlier addresses. Each ten minutes."""
    today = clock.today()
    join_addresses()
    for day in (today - timedelta(days=1), today):
        sum_day(day)
    count_assists()
