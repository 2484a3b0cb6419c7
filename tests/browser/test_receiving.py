"""入荷 in a real browser: a reader counts, an unknown code is told and disturbs nothing, Excel's cells are pasted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from akinai.catalog.services import StubSku, create_stub_skus
from akinai.purchasing.models import GoodsReceipt
from tests.browser.conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)
JAN = "4901234567894"


@pytest.fixture
def desk(open_as: Open) -> Page:
    """高橋 at the empty slip."""
    create_stub_skus([StubSku("TEA", "煎茶", 1080, 8, JAN), StubSku("CUP", "湯のみ", 1650, 10)], by=None)
    return open_as("高橋", "/office/receipts/new/")


def scan(page: Page, code: str) -> None:
    """As a reader does: keys in a burst, then Enter."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_each_scan_counts_one_piece_wherever_the_focus_is(desk: Page) -> None:
    expect(desk.locator("#id_scan")).to_be_focused()
    for code in (JAN, JAN, "CUP", JAN, "tea"):
        scan(desk, code)
    expect(desk.locator("#id_lines")).to_have_value("TEA\t4\nCUP\t1\n")
    expect(desk.locator("[data-scan-told]")).to_have_text("煎茶　4 点")
    expect(desk.locator("#look tr[data-sku=TEA]")).to_contain_text("煎茶")
    desk.locator("body").click(position={"x": 1200, "y": 400})
    scan(desk, JAN)
    expect(desk.locator("#id_lines")).to_have_value("TEA\t5\nCUP\t1\n")
    expect(desk.locator("#look tfoot")).to_contain_text("6")
    desk.get_by_role("button", name="下書きにして確かめる").click()
    expect(desk.locator("h1")).to_contain_text("GR-")
    assert list(GoodsReceipt.objects.get().lines.values_list("sku__code", "quantity")) == [
        ("TEA", 5),
        ("CUP", 1),
    ]


def test_an_unknown_code_is_told_and_the_next_scan_counts(desk: Page) -> None:
    scan(desk, JAN)
    scan(desk, "4912345678904")
    expect(desk.locator("[data-scan-told]")).to_contain_text(
        "4912345678904 は、どの商品にも登録されていません"
    )
    expect(desk.locator("[data-scan-told]")).to_have_class("scan-told is-bad")
    expect(desk.locator("#id_scan")).to_be_focused()
    expect(desk.locator("#id_scan")).to_have_value("")
    expect(desk.locator("#id_lines")).to_have_value("TEA\t1\n")
    scan(desk, JAN)
    expect(desk.locator("#id_lines")).to_have_value("TEA\t2\n")
    expect(desk.locator("[data-scan-told]")).to_have_class("scan-told")


def test_cells_pasted_from_excel_are_read_and_scans_join_them(desk: Page) -> None:
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.evaluate('navigator.clipboard.writeText("TEA\\t12\\t540.5\\r\\nCUP\\t6\\t800\\r\\n")')
    desk.locator("#id_lines").click()
    desk.keyboard.press("Control+v")
    expect(desk.locator("#look tr[data-sku=TEA]")).to_contain_text("¥540.5")
    expect(desk.locator("#look tfoot")).to_contain_text("¥11,286")
    scan_field = desk.locator("#id_scan")
    scan_field.click()
    scan(desk, JAN)
    expect(desk.locator("#id_lines")).to_have_value("TEA\t13\t540.5\nCUP\t6\t800\n")
    desk.get_by_role("button", name="下書きにして確かめる").click()
    expect(desk.locator("h1")).to_contain_text("GR-")
    rows = list(GoodsReceipt.objects.get().lines.values_list("sku__code", "quantity", "unit_cost"))
    assert [(code, quantity, str(cost.normalize())) for code, quantity, cost in rows] == [
        ("TEA", 13, "540.5"), ("CUP", 6, "8E+2"),
    ]  # fmt: skip
