"""過去の販売実績: another system's sales become history for the forecast, once, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from akinai.catalog.models import Sku
from akinai.core import intake
from akinai.core.intake.models import IntakeFile
from akinai.orders.models import Order
from akinai.purchasing.models import PastSale, StockOutlook
from akinai.purchasing.queries import wanted
from akinai.purchasing.services import proposing
from akinai.purchasing.tests.test_proposals import sold
from akinai.stock.models import StockEntry
from tests import cast
from tests.samples import sample

pytestmark = pytest.mark.django_db
HEADER = "日付,商品コード,数量,単価\n"
LAST = date(2010, 12, 7)


def look(data: bytes, name: str = "in.csv", **options: Any) -> tuple[IntakeFile, intake.Plan]:
    kind = intake.kind_of("past_sales")
    assert kind
    return intake.preview(kind, [intake.Upload(name, data)], options=options, by=None)


def take_in(data: bytes, **options: Any) -> IntakeFile:
    row, plan = look(data, **options)
    assert not plan.refused, plan.errors[:3]
    intake.apply(row, by=None)
    return row


def known() -> dict[tuple[str, str], int]:
    rows = PastSale.objects.values_list("sku__code", "on", "pieces")
    return {(code, f"{on:%m%d}"): pieces for code, on, pieces in rows}


def test_lines_of_a_day_are_counted_together_less_what_was_cancelled_and_only_once() -> None:
    cast.sku("TEA"), cast.sku("CUP")
    rows = "2026/5/1,TEA,3,540\n2026-05-01 10:00:00,tea,2,540\n2026/5/1,CUP,4,300\n2026/5/1,CUP,-1,300\n2026/5/2,TEA,9,0\n"
    row = take_in((HEADER + rows).encode())
    assert known() == {("TEA", "0501"): 5, ("CUP", "0501"): 3}
    _, plan = look((HEADER + rows).encode())
    assert (plan.created, plan.unchanged) == (0, 2)
    _, other = look((HEADER + "2026/5/1,TEA,6,540\n").encode())
    assert other.refused and "5 点で取り込み済み" in other.errors[0].message
    assert not StockEntry.objects.exists() and not Order.objects.exists()
    kind = intake.kind_of("past_sales")
    assert kind
    assert "2 件を消しました" in kind.undo(row, None)
    assert known() == {}


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        ("2026/5/1,NONE,1,", "商品コード", "登録されていません"),
        ("5/1,TEA,1,", "日付", "日付を読めません"),
        ("2999/5/1,TEA,1,", "日付", "未来"),
        ("2026/5/1,TEA,1.5,", "数量", "1.5"),
    ],
)
def test_what_cannot_be_read_is_named_by_line_and_column(line: str, column: str, word: str) -> None:
    cast.sku("TEA")
    _, plan = look((HEADER + "2026/5/1,TEA,1,\n" + line + "\n").encode())
    assert plan.refused
    assert (plan.errors[0].line, plan.errors[0].column) == (3, column)
    assert word in plan.errors[0].message
    assert not PastSale.objects.exists()


def test_goods_that_are_not_registered_are_passed_over_only_when_asked() -> None:
    cast.sku("TEA")
    _, plan = look((HEADER + "2026/5/1,TEA,1,540\n2026/5/1,POST,1,540\n").encode(), skip_unknown=True)
    assert plan.created == 1
    assert "POST" in plan.notes[0]


def test_a_day_that_orders_tell_of_is_not_counted_twice() -> None:
    tea = cast.sku("TEA", pieces=100)
    sold("TEA", 4, days=2)
    today = date.today()
    days = [today - timedelta(days=ago) for ago in (1, 2, 3)]
    ordered = {sale.on for sale in wanted.sales(first_on=days[-1], last_on=today)}
    rows = "".join(f"{day:%Y/%m/%d},TEA,7,540\n" for day in days)
    take_in((HEADER + rows).encode())
    found = {(sale.on, sale.quantity) for sale in wanted.sales(first_on=days[-1], last_on=today)}
    assert {on for on, _ in found} == ordered | set(days)
    assert all(count == 4 for on, count in found if on in ordered)
    assert tea


def test_a_retail_day_as_it_is_gives_every_sku_that_sold_a_pace() -> None:
    """One real day, untouched; script/bench retail_days takes in all of them."""
    data = sample("online_retail/2010-12-07.csv")
    codes = ["22423", "85123A", "22111", "20725"]
    for code in codes:
        cast.sku(code, pieces=1)
    Sku.objects.filter(code__in=codes).update(cost=100)
    row, plan = look(data, skip_unknown=True)
    assert not plan.refused, plan.errors[:3]
    assert plan.rows == 2963
    intake.apply(row, by=None)
    pieces = {sale.sku_id: sale.quantity for sale in wanted.sales(first_on=LAST, last_on=LAST)}
    assert pieces and sum(pieces.values()) == sum(PastSale.objects.values_list("pieces", flat=True))
    proposing.propose(today=LAST + timedelta(days=1))
    shown = StockOutlook.objects.filter(per_day__gt=0)
    assert {row.sku_id for row in shown} == {sku for sku, count in pieces.items() if count > 0}


def test_the_list_of_past_sales_shows_what_one_file_brought(client: Client) -> None:
    cast.sku("TEA"), cast.sku("CUP")
    first = take_in((HEADER + "2026/5/1,TEA,3,540\n").encode())
    take_in((HEADER + "2026/5/2,CUP,-4,300\n").encode())
    client.force_login(cast.staff("鈴木"), backend="akinai.staff.backends.StaffBackend")
    page = client.get("/office/replenishment/past-sales/", {"f.intake": first.pk}).content.decode()
    assert "商品 TEA" in page and "商品 CUP" not in page
    page = client.get("/office/replenishment/past-sales/", {"tab": "back"}).content.decode()
    assert "商品 CUP" in page and "商品 TEA" not in page
    page = client.get("/office/replenishment/past-sales/", {"q": "TEA"}).content.decode()
    assert "商品 TEA" in page and "商品 CUP" not in page
    client.force_login(cast.staff("部外者"), backend="akinai.staff.backends.StaffBackend")
    assert client.get("/office/replenishment/past-sales/").status_code == 403
