"""自社のクーポンとポイント are discounts: screen, ledger, journal, invoice and export say the same yen with the same tax."""

from __future__ import annotations

from datetime import date

import pytest

from akinai.accounting import services
from akinai.accounting.models import Account, DailySales, RevenueEntry
from akinai.accounting.ports import PRODUCTS
from akinai.accounting.queries import profit, sales
from akinai.accounting.rules.periods import Period
from akinai.accounting.services import exporting
from akinai.accounting.tests import life
from akinai.accounting.tests.test_exports import halves, net_of
from akinai.marketing.services import points
from akinai.marketing.tests.scene import coupon, customer, order
from tests.cast import company, staff

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)


def test_sales_on_screen_are_the_ledger_and_the_export_with_own_points_and_a_coupon() -> None:
    company()
    life.goods("TEA-1", cost="600")
    coupon()
    points.give(customer().pk, 300, key="a", note="進呈")
    made = order("W-1", ("TEA-1", 4, 1090), code="AKI500", discount_yen=500, spend=300, shipping_yen=660)
    life.ship(made)
    paper = life.invoice(made)
    services.post_upto()
    rows = RevenueEntry.objects.filter(order=made)
    # Goods 4,360 at 8 %, 送料 660 at 10 %. The coupon: 434 + 66. The points over what is left (3,926, 594): 261 + 39.
    # Left: 3,665 at 8 % with 271 tax, 555 at 10 % with 50.
    gross = {
        kind: sum(r.gross_yen for r in rows if r.kind == kind) for kind in rows.values_list("kind", flat=True)
    }
    assert gross == {
        "goods": 4360,
        "shipping": 660,
        "discount": -500,
        "points": -300,
    }  # no 未収入金: nobody pays us for them
    net, tax = sum(r.net_yen for r in rows), sum(r.tax_yen for r in rows)
    assert (net, tax, net + tax) == (3899, 321, made.total_yen) and paper.total_yen == 4220
    period = Period(FIRST, LAST, "month")
    shown = sales.total(sales.series(period)).now
    assert (shown.net_yen, shown.tax_yen, shown.gross_yen) == (3899, 321, 4220)
    assert sum(DailySales.objects.values_list("paid_points_yen", flat=True)) == 0
    assert life.balance("receivable") == 4220 and life.balance("collectors") == 0
    assert -sum(life.balance(role) for role in ("sales", "charges", "cuts")) == 3899
    assert -life.balance("tax_received") == 321
    for product in ("yayoi", "moneyforward", "freee"):
        export = exporting.make_export(product=product, first=FIRST, last=LAST, by=staff("鈴木"))
        names = {
            exporting.accounts_of(PRODUCTS[product])[a.pk][0] for a in Account.objects.filter(is_sales=True)
        }
        assert net_of("credit", halves(product, bytes(export.data)), names) == 3899
    (row,) = profit.by_order(period, channel=None, told=[])
    assert (row.profit.net_yen, row.profit.cost_yen) == (3899, 2400)
    assert life.broken() == set()
