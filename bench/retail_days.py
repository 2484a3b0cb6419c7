"""script/bench retail_days: the days of UCI Online Retail taken in as they are, and the levels computed from them.

The goods of the files become products (prices in pounds at 190 yen, cost 55 % of them) by the file kind `products`; the
days go in untouched by the kind `past_sales`; then the levels are computed as on the morning after the last day.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from bench import ground
from bench.northwind import as_csv
from bench.shelves import retail

YEN_PER_POUND, COST_SHARE = 190, 0.55


def products_csv(sales: retail.SalesDays) -> bytes:
    prices = {code: max(1, round(price * YEN_PER_POUND)) for code, price in sales.prices.items()}
    return as_csv(
        ("商品コード", "商品名", "販売価格", "原価", "税区分"),
        [(code, f"商品 {code}", price, round(price * COST_SHARE, 2), "標準 10%") for code, price in prices.items()],
    )  # fmt: skip


def take_in(kind_code: str, uploads: list[Any], **options: Any) -> tuple[Any, float]:
    """The plan after it was applied, and how long both took."""
    from akinai.core import intake

    kind = intake.kind_of(kind_code)
    assert kind
    begin = time.perf_counter()
    row, plan = intake.preview(kind, uploads, options=options, by=None)
    if plan.refused:
        raise SystemExit(str(plan.errors[:3]))
    plan = intake.apply(row, by=None)
    return plan, time.perf_counter() - begin


def main() -> None:
    ground.start()
    from akinai.core import intake
    from akinai.purchasing.models import StockOutlook
    from akinai.purchasing.services import propose

    where = retail.folder()
    if where is None:
        raise SystemExit("no retail days beside the repository")
    sales = retail.read(where)
    plan, seconds = take_in("products", [intake.Upload("retail.csv", products_csv(sales))])
    ground.say(bench="retail_days", step="products", skus=plan.rows, seconds=round(seconds, 1))
    days = [intake.Upload(path.name, path.read_bytes()) for path in sorted(where.glob("*.csv"))]
    plan, seconds = take_in("past_sales", days, skip_unknown=True)
    ground.say(
        bench="retail_days", step="past_sales", files=len(days), rows=plan.rows, made=plan.created, known=plan.unchanged,
        notes=list(plan.notes), seconds=round(seconds, 1),
    )  # fmt: skip
    begin = time.perf_counter()
    done = propose(today=sales.days[-1] + timedelta(days=1))
    ground.say(
        bench="retail_days", step="outlook", outlooks=StockOutlook.objects.count(), without_supplier=done.without_supplier,
        with_pace=StockOutlook.objects.filter(per_day__gt=0).count(), seconds=round(time.perf_counter() - begin, 1),
    )  # fmt: skip


if __name__ == "__main__":
    main()
