"""取込の行方: what a file brought remembers the file, and the page of the intake leads to just those rows."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from akinai.adapters.channels.rakuten.writer import write
from akinai.core import intake
from akinai.core.intake.models import IntakeFile
from akinai.orders.models import Order
from akinai.party.models import Supplier
from akinai.payments.models import BankLine
from akinai.shipping import services as shipping
from akinai.shipping.models import Parcel
from tests.cast import company, draft, place, sku, somebody, staff

pytestmark = pytest.mark.django_db
MUFG = "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分\r\n"


def bring(kind: str, name: str, data: bytes, **options: object) -> IntakeFile:
    found = intake.kind_of(kind)
    assert found
    row, plan = intake.preview(found, [intake.Upload(name, data)], options=options, by=None)
    assert not plan.refused, plan.errors
    intake.apply(row, by=None)
    return row


@pytest.fixture
def ito() -> Client:
    client = Client()
    client.force_login(staff("伊藤"))
    return client


def follow(client: Client, row: IntakeFile, title: str) -> tuple[int, int]:
    """(what the page of the intake says, rows of the list it leads to)."""
    page = client.get(f"/office/intake/{row.pk}/").content.decode()
    link = re.search(rf'<a href="([^"]+)">(?:<svg.*?</svg>)?{title} ([\d,]+) 件</a>', page)
    assert link, page
    listed = client.get(link[1].replace("&amp;", "&"))
    assert listed.status_code == 200
    html = listed.content.decode()
    assert f"取込{row.pk}" in html  # the condition is shown and can be taken off
    return int(link[2]), len(re.findall(r"<tr[^>]* data-row", html))


def test_orders_lead_back_to_their_file_and_line(ito: Client) -> None:
    sku("TEA-001", pieces=10)
    other = place(draft("R-9", ("TEA-001", 1, 1080), buyer=somebody("X")))
    told = [draft(f"900001-20261124-{n:010d}", ("TEA-001", 1, 1080), buyer=somebody(f"P{n}")) for n in (1, 2)]
    row = bring("orders", "rakuten.csv", write(told))
    assert follow(ito, row, "この取込の受注") == (2, 2)
    order = Order.objects.exclude(pk=other.pk).order_by("source_line").first()
    assert order and (order.intake_file, order.source_line) == (row, 2)
    page = ito.get(f"/office/orders/{order.number}/").content.decode()
    assert re.search(
        rf'href="/office/intake/{row.pk}/"[^>]*>rakuten.csv</a> <span class="muted">2 行目', page
    )
    assert f"/office/intake/{row.pk}/" not in ito.get(f"/office/orders/{other.number}/").content.decode()


def test_a_changed_order_is_found_by_the_file_that_told_it(ito: Client) -> None:
    sku("TEA-001", pieces=10)
    first = draft("900001-20261124-0000000001", ("TEA-001", 1, 1080))
    bring("orders", "a.csv", write([first]))
    again = draft("900001-20261124-0000000001", ("TEA-001", 2, 1080))
    row = bring("orders", "b.csv", write([again]))
    assert follow(ito, row, "変更の申し出のある受注") == (1, 1)


def test_bank_lines_remember_their_file(ito: Client) -> None:
    text = MUFG + "2026/11/20,振込,アオキ ミサキ,,3240,103240,,,入金\r\n"
    row = bring("bank", "mufg.csv", text.encode("cp932"))
    assert BankLine.objects.get().intake_file == row
    assert follow(ito, row, "この取込の明細") == (1, 1)


def test_parcels_remember_their_file(ito: Client) -> None:
    company()
    sku("TEA-001", pieces=10)
    orders = [place(draft(f"R-{n}", ("TEA-001", 1, 1080), buyer=somebody(f"P{n}"))) for n in (1, 2)]
    batch = shipping.instruct([o.pk for o in orders], ship_on=date(2026, 11, 24), carrier="yamato", by=None)
    shipment = batch.shipments.order_by("pk").first()
    assert shipment
    cells = [""] * 95
    cells[0], cells[3] = shipment.number, "123456789013"
    head = ["お客様管理番号", "送り状種類", "クール区分", "伝票番号", *[f"列{n}" for n in range(5, 96)]]
    data = "\r\n".join(",".join(line) for line in (head, cells)).encode("cp932")
    row = bring("tracking", "b2.csv", data)
    assert Parcel.objects.get().intake_file == row
    assert follow(ito, row, "この取込で送り状番号が付いた出荷") == (1, 1)


def test_goods_stock_and_receipts_are_found_by_what_the_intake_kept(ito: Client) -> None:
    old = sku("OLD-001", pieces=3)
    goods = bring("products", "goods.csv", "商品コード,商品名,販売価格,税率\nNEW-1,新茶,1080,8%\n".encode())
    assert follow(ito, goods, "この取込で登録したSKU") == (1, 1)
    counted = bring("stock", "stock.csv", "商品コード,数量\nNEW-1,5\nOLD-001,4\n".encode())
    assert follow(ito, counted, "この取込の入出庫") == (2, 2)
    Supplier.objects.create(code="S-1", name="宇治製茶")
    text = "仕入先コード,伝票番号,入荷日,商品コード,数量\nS-1,D-1,2026/11/24,OLD-001,2\n"
    assert follow(ito, bring("receipts", "in.csv", text.encode()), "この取込の仕入伝票") == (1, 1)
    assert old


def test_a_file_that_brought_nothing_leads_nowhere(ito: Client) -> None:
    data = "商品コード,数量\nOLD-001,3\n".encode()
    sku("OLD-001", pieces=3)
    row = bring("stock", "same.csv", data)
    assert "この取込の" not in ito.get(f"/office/intake/{row.pk}/").content.decode()


@pytest.mark.parametrize("value", ["x", "-1", "９", "99999999999999999999", "1%00"])
def test_an_intake_nobody_can_mean_does_not_narrow(ito: Client, value: str) -> None:
    sku("TEA-001", pieces=1)
    order = place(draft("R-1", ("TEA-001", 1, 1080)))
    answer = ito.get(f"/office/orders/?f.intake={value}")
    assert answer.status_code == 200 and order.number in answer.content.decode()
