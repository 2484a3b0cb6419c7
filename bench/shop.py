"""script/bench shop: the shop's pages as a guest asks for them, at 10,000 and 100,000 products of three SKUs each.

Figures are medians through the test client (the whole stack but the socket), with the number of queries; `first_ms` is the first look
after the memory of the process was emptied (counts of very many goods are kept for a minute). Beside each stands
the limit: the same goods read by one statement written by hand in this run, without templates, permissions or counts of
facets where the page has none. Rows are written by SQL: what is measured is reading.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from bench import ground
from bench.lists import counted

AIM_MS, AIM_QUERIES, TURNS = 150, 10, 7
FILL = """
INSERT INTO catalog_category (name, slug, position, is_public, lead)
SELECT '大' || n, 'big-' || n, n, true, '' FROM generate_series(1, 10) n ON CONFLICT DO NOTHING;
INSERT INTO catalog_category (name, slug, position, is_public, lead, parent_id)
SELECT '中' || n, 'mid-' || n, n, true, '', (SELECT id FROM catalog_category WHERE slug = 'big-' || 1 + n %% 10)
FROM generate_series(1, 100) n ON CONFLICT DO NOTHING;
INSERT INTO catalog_attribute (name, kind, choices, unit) VALUES ('産地', 'choice', '[]', '') ON CONFLICT DO NOTHING;
INSERT INTO catalog_product (number, code, name, kana, description, brand, tax_kind, status, is_public, completeness, lacking,
                             version, created_at, updated_at, search_text, category_id, sold_lately, slug)
SELECT 'PR-S-' || n, 'S-' || n, t.name || ' ' || n, t.kana || n, 'やわらかな香りの一品です。', 'ブランド' || n %% 40, 'reduced', 'active',
       true, 0, '{}', 1, now() - n * interval '1 minute', now(), t.key || n || 'pr-s-' || n || 's-' || n || 'ぶらんど' || n %% 40,
       c.id, n %% 500, 's-' || n
FROM generate_series(%(first)s, %(rows)s) n
JOIN (VALUES (0, '宇治煎茶', 'ウジセンチャ', '宇治煎茶うじせんちゃ'), (1, '常滑急須', 'トコナメキュウス', '常滑急須とこなめきゅうす'),
  (2, '有田湯のみ', 'アリタユノミ', '有田湯のみありたゆのみ'), (3, '抹茶ラテの素', 'マッチャラテノモト', '抹茶らての素まっちゃらてのもと'),
  (4, 'ほうじ茶', 'ホウジチャ', 'ほうじ茶ほうじちゃ')) t(at, name, kana, key) ON t.at = n %% 5
JOIN catalog_category c ON c.slug = 'mid-' || 1 + n %% 100;
INSERT INTO catalog_sku (product_id, code, code_key, variant, price_yen, shelf, is_active, needs_review, created_at, updated_at,
                         search_text, option_key)
SELECT p.id, p.code || '-' || k, p.code || '-' || k, k || '号', 300 + p.id %% 20000 + k * 100, '', true, false, now(), now(),
       p.search_text, k::text
FROM catalog_product p, generate_series(1, 3) k WHERE p.code LIKE 'S-%%' AND NOT EXISTS (SELECT FROM catalog_sku s WHERE s.product_id = p.id);
INSERT INTO stock_stocklevel (sku_id, location_id, on_hand, reserved)
SELECT s.id, l.id, s.id %% 7, 0 FROM catalog_sku s, stock_location l WHERE s.code LIKE 'S-%%' AND l.is_default
ON CONFLICT (sku_id, location_id) DO UPDATE SET on_hand = excluded.on_hand;
INSERT INTO catalog_productattribute (product_id, attribute_id, value)
SELECT p.id, a.id, '産地' || p.id %% 15 FROM catalog_product p, catalog_attribute a WHERE p.code LIKE 'S-%%' AND a.name = '産地'
ON CONFLICT DO NOTHING;
"""
# The page of a list by hand: how many there are, the first of them with their SKUs, pictures and stock.
BY_HAND = """
WITH found AS MATERIALIZED (
  SELECT p.id, p.name, p.slug, p.brand, p.sold_lately FROM catalog_product p WHERE p.status = 'active' AND p.is_public AND {where}
), page AS (SELECT * FROM found ORDER BY {order} LIMIT 24 OFFSET {skip})
SELECT (SELECT count(*) FROM found), p.id, p.name, p.slug, s.price_yen, sum(l.on_hand - l.reserved), max(i.file)
FROM page p JOIN catalog_sku s ON s.product_id = p.id LEFT JOIN stock_stocklevel l ON l.sku_id = s.id
LEFT JOIN catalog_productimage i ON i.product_id = p.id GROUP BY p.id, p.name, p.slug, s.id, s.price_yen
"""
BEST = "sold_lately DESC, id DESC"
BRAND = quote("ブランド7")


def grams(*pairs: str) -> str:
    return "p.search_grams @> ARRAY[" + ",".join(f"'{pair}'" for pair in pairs) + "]"


def like(word: str) -> str:
    return f"p.search_text LIKE '%{word}%'"


def pages(size: int) -> Iterator[tuple[str, str, str]]:
    """(figure, address, the limit in SQL or "")."""

    def of(where: str, order: str = BEST, skip: int = 0) -> str:
        return BY_HAND.format(where=where, order=order, skip=skip)

    tea = f"{grams('宇治', '治煎', '煎茶')} AND {like('宇治煎茶')}"
    kana = f"{grams('せん', 'んち', 'ちゃ')} AND {like('せんちゃ')}"
    shelf = "p.category_id IN (SELECT id FROM catalog_category WHERE slug = 'mid-8')"
    cheapest = "(SELECT min(s.price_yen) FROM catalog_sku s WHERE s.product_id = id), id"
    yield "home", "/", ""
    yield "category", "/categories/mid-8/", of(shelf)
    yield "category with all below", "/categories/big-3/", of("p.category_id IN (SELECT c.id FROM catalog_category c JOIN catalog_category b ON b.id = c.parent_id WHERE b.slug = 'big-3')")  # fmt: skip
    yield "all goods", "/search/", of("true")
    yield "search code", f"/search/?q=S-{size // 2}-2", of(f"p.id IN (SELECT product_id FROM catalog_sku WHERE code_key = 'S-{size // 2}-2')")  # fmt: skip
    yield (
        "search exact name",
        f"/search/?q={quote(f'宇治煎茶 {size // 2 // 5 * 5}')}",
        of(f"{tea} AND {like(str(size // 2 // 5 * 5))}"),
    )
    yield "search name, a fifth of all", f"/search/?q={quote('宇治煎茶')}", of(tea)
    yield "search kana", f"/search/?q={quote('センチャ')}", of(kana)
    yield "search half-width kana", f"/search/?q={quote('ｾﾝﾁｬ')}", of(kana)
    yield (
        "search substring",
        f"/search/?q={quote('茶らて')}",
        of(f"{grams('茶ら', 'らて')} AND {like('茶らて')}"),
    )
    yield "search one letter", f"/search/?q={quote('茶')}", of(like("茶"))
    yield (
        "search no hit",
        f"/search/?q={quote('存在しない品')}",
        of(f"{grams('存在', '在し')} AND {like('存在しない品')}"),
    )
    yield "facets brand and stock", f"/search/?q={quote('急須')}&brand={BRAND}&stock=1", of(f"{grams('急須')} AND {like('急須')} AND p.brand = 'ブランド7'")  # fmt: skip
    yield "facets price", "/categories/big-3/?price=2&price=3", ""
    yield "sort cheap", "/search/?sort=cheap", of("true", cheapest)
    yield (
        "sort new",
        f"/search/?q={quote('急須')}&sort=new",
        of(f"{grams('急須')} AND {like('急須')}", "id DESC"),
    )
    yield "deep page", f"/search/?page={size // 24 - 2}", of("true", BEST, size // 24 * 24 - 72)
    yield "product", f"/products/s-{size // 3}/", f"SELECT * FROM catalog_product p JOIN catalog_sku s ON s.product_id = p.id JOIN stock_stocklevel l ON l.sku_id = s.id WHERE p.slug = 's-{size // 3}'"  # fmt: skip
    yield "cart of 10", "/cart/", ""
    yield "checkout address", "/checkout/address/", ""
    yield "checkout delivery", "/checkout/delivery/", ""
    yield "checkout confirm", "/checkout/confirm/", ""


def fill(rows: int) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalog_product WHERE code LIKE 'S-%'")
        have = cursor.fetchone()[0]
        if have < rows:
            cursor.execute(FILL, {"first": have + 1, "rows": rows})
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM catalog_product")
        return int(cursor.fetchone()[0])


def guest() -> Any:
    """A guest with ten goods in the cart who has told everything."""
    from django.test import Client

    from akinai.catalog.models import Sku
    from akinai.shop.tests import factories

    client = Client(headers={"host": "localhost"})
    for pk in (
        Sku.objects.filter(code__startswith="S-", levels__on_hand__gt=3)
        .order_by("pk")
        .values_list("pk", flat=True)[:10]
    ):
        factories.walk(client, pk)
    return client


def measure(size: int) -> None:
    from django.core.cache import cache

    client, over = guest(), []
    for figure, address, limit in pages(size):
        cache.clear()
        first = round(_timed(client, address), 1)
        answer = client.get(address)
        times = [_timed(client, address) for _ in range(TURNS)]
        with counted() as sent:
            client.get(address)
        median = round(statistics.median(times), 1)
        if median > AIM_MS or len(sent) > AIM_QUERIES or answer.status_code != 200:
            over.append(figure)
        ground.say(
            bench="shop", figure=figure, products=size, first_ms=first, median_ms=median, database_ms=round(sum(sent), 1), queries=len(sent),
            limit_ms=ground.by_hand(limit, turns=TURNS) if limit else None, kilobytes=round(len(answer.content) / 1024, 1), status=answer.status_code,
        )  # fmt: skip
    ground.say(
        bench="shop", figure="all", products=size, aim_ms=AIM_MS, aim_queries=AIM_QUERIES, over_the_aim=over
    )


def _timed(client: Any, address: str) -> float:
    begin = time.perf_counter()
    client.get(address)
    return (time.perf_counter() - begin) * 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    given = parser.parse_args()
    ground.start()
    from akinai.party.models import Company

    Company.objects.get_or_create(pk=1, defaults={"name": "見本", "prefecture": "東京都"})
    for size in given.sizes:
        fill(size)
        measure(size)


if __name__ == "__main__":
    main()
