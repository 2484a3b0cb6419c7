"""Tell returns as an event of their own, and count them among 返品・値引 in the daily sums."""

from django.db import migrations, models

SUMS = """
CREATE OR REPLACE FUNCTION akinai_sum_sales() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO accounting_dailysales AS d ("on", channel_id, category, orders, quantity, goods_yen, charges_yen, cuts_yen,
    returns_yen, net_yen, tax_yen, gross_yen, paid_points_yen, cost_yen)
  SELECT "on", channel_id, category, sum(counts), sum(quantity),
    coalesce(sum(net_yen) FILTER (WHERE kind = 'goods' AND event IN ({ours})), 0),
    coalesce(sum(net_yen) FILTER (WHERE kind IN ('shipping', 'fee', 'other') AND event IN ({ours})), 0),
    coalesce(sum(net_yen) FILTER (WHERE kind IN ('discount', 'points') AND event IN ({ours})), 0),
    coalesce(sum(net_yen) FILTER (WHERE kind <> 'paid_points' AND event NOT IN ({ours})), 0),
    coalesce(sum(net_yen) FILTER (WHERE kind <> 'paid_points'), 0),
    coalesce(sum(tax_yen) FILTER (WHERE kind <> 'paid_points'), 0),
    coalesce(sum(gross_yen) FILTER (WHERE kind <> 'paid_points'), 0),
    coalesce(sum(gross_yen) FILTER (WHERE kind = 'paid_points'), 0), sum(cost_yen)
  FROM fresh GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT ("on", channel_id, category) DO UPDATE SET orders = d.orders + excluded.orders,
    quantity = d.quantity + excluded.quantity, goods_yen = d.goods_yen + excluded.goods_yen,
    charges_yen = d.charges_yen + excluded.charges_yen, cuts_yen = d.cuts_yen + excluded.cuts_yen,
    returns_yen = d.returns_yen + excluded.returns_yen, net_yen = d.net_yen + excluded.net_yen,
    tax_yen = d.tax_yen + excluded.tax_yen, gross_yen = d.gross_yen + excluded.gross_yen,
    paid_points_yen = d.paid_points_yen + excluded.paid_points_yen, cost_yen = d.cost_yen + excluded.cost_yen;
  RETURN NULL;
END $$;
""".replace("{ours}", "'ship', 'unship'")


class Migration(migrations.Migration):
    dependencies = [("accounting", "0004_daily_balances")]

    operations = [
        migrations.AlterField(
            "revenueentry",
            "event",
            models.CharField(
                "出来事",
                max_length=8,
                choices=[
                    ("ship", "出荷"),
                    ("unship", "出荷取消・金額の訂正"),
                    ("credit", "返品・値引"),
                    ("return", "返品（商品）"),
                ],
            ),
        ),
        migrations.AddIndex(
            "revenueentry",
            models.Index(condition=models.Q(("event", "return")), fields=["order"], name="revenue_returns"),
        ),
        migrations.RunSQL(SUMS, migrations.RunSQL.noop),
    ]
