from django.db import migrations

# What goods lack as it is counted today; from here on every writer of goods keeps it.
COUNT = r"""
UPDATE catalog_product t SET lacking = c.lacking, completeness = 100 - 10 * cardinality(c.lacking) FROM (
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
  CASE WHEN btrim(p.description, E' \t\n\r　') = '' THEN 'description' END,
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
) c WHERE t.id = c.id
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0009_attributes_and_completeness")]

    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
