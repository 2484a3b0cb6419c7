"""会計の画面: each opens for those who may, tells the right figures, and asks the database few questions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from akinai.accounting import services
from akinai.accounting.models import CostRate, SalesTarget
from akinai.accounting.tests import life
from akinai.core import clock
from tests.cast import company, staff

pytestmark = pytest.mark.django_db
PAGES = (
    "accounting/sales/", "accounting/sales/?view=channel", "accounting/sales/?view=category", "accounting/sales/?view=product",
    "accounting/sales/?unit=month", "accounting/profit/", "accounting/profit/?view=product", "accounting/profit/?view=order",
    "accounting/sales/rows/", "accounting/journal/", "accounting/trial/", "accounting/ledger/131/", "accounting/closing/",
    "accounting/exports/", "accounting/exports/new/", "accounting/settings/", "accounting/settings/accounts/yayoi/",
    "accounting/settings/costs/", "accounting/settings/targets/",
)  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def shop(common_ground: None) -> None:
    company()
    life.goods("TEA-1", cost="600")
    life.ship(life.order("R-1", ("TEA-1", 2, 1080)), life.order("R-2", ("TEA-1", 1, 1080), channel="yahoo"))
    services.post_upto()


@pytest.mark.parametrize("page", PAGES)
def test_every_screen_opens_for_the_accountant_and_for_no_stranger(client: Client, page: str) -> None:
    client.force_login(staff("鈴木"))
    assert client.get(f"/office/{page}").status_code == 200
    client.force_login(staff("部外者"))
    assert client.get(f"/office/{page}").status_code == 403


def test_sales_are_shown_without_cost_to_those_who_take_orders(client: Client) -> None:
    client.force_login(staff("佐藤"))
    page = client.get(reverse("accounting:sales")).content.decode()
    assert "¥3,000" in page and "粗利" not in page and "原価" not in page
    assert client.get(reverse("accounting:profit")).status_code == 403
    exported = b"".join(client.get(reverse("accounting:sales_file", args=["csv"]))).decode("utf-8-sig")  # type: ignore[arg-type]
    assert "原価" not in exported and "3000" in exported


def test_profit_counts_fees_points_shipping_and_packing_by_the_rate_of_the_day(client: Client) -> None:
    today = clock.today()
    for kind, subject, percent, yen in (
        ("channel", "rakuten", 10, 0), ("payment", "card", 3, 0), ("points", "rakuten", 1, 0), ("packing", "", 0, 50),
    ):  # fmt: skip
        CostRate.objects.create(
            kind=kind, subject=subject, percent=percent, yen=yen, since=today.replace(year=2020, day=1)
        )
    CostRate.objects.create(
        kind="channel", subject="rakuten", percent=99, since=today.replace(year=today.year + 1, day=1)
    )
    client.force_login(staff("鈴木"))
    rows = client.get(reverse("accounting:profit")).context["rows"]
    rakuten = next(row.profit for row in rows if row.profit.net_yen == 2000)
    assert rakuten.spent == {"channel": 216, "payment": 65, "points": 22, "shipping": 0, "packing": 50}
    assert (rakuten.gross_margin_yen, rakuten.profit_yen) == (800, 800 - 353)


@pytest.mark.parametrize("page", ["accounting/sales/", "accounting/profit/"])
def test_every_view_of_a_report_is_one_click_away(client: Client, page: str) -> None:
    client.force_login(staff("鈴木"))
    links = re.findall(r'href="(\?[^"]*view=product[^"]*)"', client.get(f"/office/{page}").content.decode())
    assert [one.startswith("?view=product") for one in links] == [True]


def test_a_wrong_period_is_told_and_nothing_breaks(client: Client) -> None:
    client.force_login(staff("鈴木"))
    for query in (
        "first=2026-12-01&last=2026-11-01",
        "first=abc&last=2026-11-01",
        "first=2020-01-01&last=2026-11-01",
        "channel=999999",
    ):
        answer = client.get(f"{reverse('accounting:sales')}?{query}")
        assert answer.status_code == 422 and "売上" in answer.content.decode()


def test_targets_are_kept_and_shown_beside_the_sales(client: Client) -> None:
    client.force_login(staff("鈴木"))
    month = f"{clock.today():%Y-%m}"
    client.post(f"{reverse('accounting:targets')}?month={month}", {"t_all": "6000"})
    assert SalesTarget.objects.get().net_yen == 6000
    assert "50.0%" in client.get(f"{reverse('accounting:sales')}?unit=month").content.decode()


@pytest.mark.parametrize("page", [page for page in PAGES if "settings" not in page])
def test_reports_ask_few_questions(client: Client, page: str, django_assert_max_num_queries: Any) -> None:
    client.force_login(staff("鈴木"))
    client.get(f"/office/{page}")
    with django_assert_max_num_queries(MOST.get(page.partition("?")[0], 9)):
        client.get(f"/office/{page}")


# Session, person and permissions are 4 of them.
MOST = {"accounting/closing/": 9, "accounting/exports/new/": 9}
