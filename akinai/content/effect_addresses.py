"""アドレスが変わったページの数字: what was counted at a page's earlier addresses belongs to the page, so that it has one line.

What was seen (`PageHit`) keeps the address it was seen at; its sums and the parts of orders go to the present one. Days whose
views are still there are summed anew, which is exact; of older days the sums are added.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection

from akinai.content.models import PageAssist, PageDay, PageHit, SeenPage

# Earlier address → the present one, of what stands in `asked`. A page's, goods' and categories' rows know where they stand now;
# before goods had an address of their own, their number (the id of a category) was it.
MOVED = """
WITH asked AS (SELECT unnest(%(paths)s::text[]) AS path), moved AS (
  SELECT r.old_path AS old, regexp_replace(p.url_path, '^/[^/]+', '') AS now
  FROM asked JOIN content_pageredirect r ON r.old_path = asked.path JOIN wagtailcore_page p ON p.id = r.page_id
UNION
  SELECT asked.path, '/products/' || coalesce(p.slug, p.number) || '/'
  FROM asked JOIN content_slugredirect r ON r.kind = 'product' AND asked.path = '/products/' || r.old_slug || '/'
  JOIN catalog_product p ON p.id = r.product_id
UNION
  SELECT asked.path, '/products/' || p.slug || '/'
  FROM asked JOIN catalog_product p ON p.number = split_part(asked.path, '/', 3) AND p.slug IS NOT NULL
  WHERE asked.path LIKE '/products/%%/'
UNION
  SELECT asked.path, '/categories/' || coalesce(c.slug, c.id::text) || '/'
  FROM asked JOIN content_slugredirect r ON r.kind = 'category' AND asked.path = '/categories/' || r.old_slug || '/'
  JOIN catalog_category c ON c.id = r.category_id
UNION
  SELECT asked.path, '/categories/' || c.slug || '/'
  FROM asked JOIN catalog_category c ON c.id::text = split_part(asked.path, '/', 3) AND c.slug IS NOT NULL
  WHERE asked.path LIKE '/categories/%%/'
)
SELECT old, now FROM moved WHERE old <> now AND length(now) <= 200
"""
ADD_DAYS = """
INSERT INTO content_pageday (day, path, source, campaign, device, views, sessions, entries, bounces, load_ms, loads)
SELECT d.day, m.now, d.source, d.campaign, d.device, sum(d.views), sum(d.sessions), sum(d.entries), sum(d.bounces), sum(d.load_ms), sum(d.loads)
FROM unnest(%(old)s::text[], %(now)s::text[]) m(old, now) JOIN content_pageday d ON d.path = m.old GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (day, path, source, campaign, device) DO UPDATE SET
  views = content_pageday.views + excluded.views, sessions = content_pageday.sessions + excluded.sessions,
  entries = content_pageday.entries + excluded.entries, bounces = content_pageday.bounces + excluded.bounces,
  load_ms = content_pageday.load_ms + excluded.load_ms, loads = content_pageday.loads + excluded.loads
"""
ADD_ASSISTS = """
INSERT INTO content_pageassist (order_id, path, day, position, yen)
SELECT a.order_id, m.now, min(a.day), min(a.position), sum(a.yen)
FROM unnest(%(old)s::text[], %(now)s::text[]) m(old, now) JOIN content_pageassist a ON a.path = m.old GROUP BY 1, 2
ON CONFLICT (order_id, path) DO UPDATE SET yen = content_pageassist.yen + excluded.yen,
  position = least(content_pageassist.position, excluded.position)
"""


def moved(paths: Collection[str]) -> dict[str, str]:
    """Of these addresses the earlier ones: address → where the same page, goods or category stands now. One query."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED, {"paths": list(paths)})
        return dict(cursor.fetchall())


def earlier_of(path: str) -> list[str]:
    """昔のアドレス of a page that stands here now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.old_path FROM content_pageredirect r JOIN wagtailcore_page p ON p.id = r.page_id"
            " WHERE regexp_replace(p.url_path, '^/[^/]+', '') = %s AND r.old_path <> %s ORDER BY r.id",
            [path, path],
        )
        return [old for (old,) in cursor.fetchall()]


def moved_on(day: date) -> dict[str, Any]:
    """What the sums of a day need to know: its earlier addresses (`old`) and the present ones (`now`)."""
    seen = PageHit.objects.filter(day=day).order_by().values_list("path", flat=True).distinct()
    return _pairs(moved(list(seen)))


def add(known: dict[str, str]) -> None:
    """Sums of days and parts of orders go from the earlier addresses to the present ones; the earlier lines go."""
    with connection.cursor() as cursor:
        cursor.execute(ADD_DAYS, _pairs(known))
        cursor.execute(ADD_ASSISTS, _pairs(known))
    for model in (PageDay, PageAssist, SeenPage):
        model.objects.filter(path__in=known).delete()


def _pairs(known: dict[str, str]) -> dict[str, Any]:
    return {"old": list(known), "now": list(known.values())}
