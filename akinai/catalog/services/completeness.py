"""登録の完成度: written by one statement, so that the list can show, filter and sort by it.

What counts is said twice: here for thousands at once, and in `rules.lacks` with the SKUs' names for one page. A test
holds the two against each other, `akinai verify` holds the stored ones against this.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

COMPUTED = """
SELECT p.id, array_remove(ARRAY[
  CASE WHEN s.unreviewed THEN 'review' END,
  CASE WHEN s.free THEN 'price' END,
  CASE WHEN EXISTS (
    SELECT FROM catalog_categoryattribute ca WHERE ca.category_id = p.category_id AND ca.is_required AND NOT EXISTS (
      SELECT FROM catalog_productattribute pa WHERE pa.product_id = p.id AND pa.attribute_id = ca.attribute_id)
  ) THEN 'attribute' END,
  CASE WHEN NOT i.shown THEN 'image' END,
  CASE WHEN i.nameless THEN 'alt' END,
  CASE WHEN s.no_cost THEN 'cost' END,
  CASE WHEN p.category_id IS NULL THEN 'category' END,
  CASE WHEN btrim(p.description, E' \\t\\n\\r　') = '' THEN 'description' END,
  CASE WHEN btrim(p.kana, ' 　') = '' THEN 'kana' END,
  CASE WHEN s.no_jan THEN 'jan' END
], NULL)::varchar(12)[] AS lacking
FROM catalog_product p
CROSS JOIN LATERAL (
  SELECT coalesce(bool_or(needs_review), false) AS unreviewed, coalesce(bool_or(price_yen = 0), false) AS free,
         coalesce(bool_or(cost IS NULL), false) AS no_cost, coalesce(bool_or(jan IS NULL), false) AS no_jan
  FROM catalog_sku WHERE product_id = p.id AND is_active
) s
CROSS JOIN LATERAL (
  SELECT count(*) > 0 AS shown, coalesce(bool_or(alt = ''), false) AS nameless
  FROM catalog_productimage WHERE product_id = p.id AND (file <> '' OR source_url ~* '^https?://')
) i
"""
THINGS = 10
REFRESH = f"""
UPDATE catalog_product t SET lacking = c.lacking, completeness = 100 - {100 // THINGS} * cardinality(c.lacking)
FROM ({COMPUTED} WHERE {{of}}) c
WHERE t.id = c.id AND (t.lacking <> c.lacking OR t.completeness <> 100 - {100 // THINGS} * cardinality(c.lacking))
"""


def refresh(product_ids: Iterable[int]) -> None:
    """Count anew for these products."""
    _run("p.id = ANY(%s)", sorted(product_ids))


def refresh_category(category_id: int) -> None:
    """Count anew for all products of a category, whose wishes have changed."""
    _run("p.category_id = %s", category_id)


def _run(of: str, value: int | list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(REFRESH.format(of=of), [value])
