"""入荷 in a real browser: a reader counts, an unknown code is told and disturbs nothing, Excel's cells are pasted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from akinai.catalog.services import StubSku, create_stub_skus
from akinai.purchasing.models import GoodsReceipt
from tests import cast

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium がありません"),
]
JAN = "4901234567894"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def desk(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """高橋 at the empty slip. Any script error or refusal by the CSP fails the test."""
    create_stub_skus([StubSku("TEA", "煎茶", 1080, 8, JAN), StubSku("CUP", "湯のみ", 1650, 10)], by=None)
    client = Client()
    client.force_login(cast.staff("高橋"), backend="akinai.staff.backends.StaffBackend")
    context = chromium.new_context(locale="ja-JP", viewport={"width": 1280, "height": 860})
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.set_default_timeout(5000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/office/receipts/new/")
    yield page
    context.close()
    # A code nobody knows is answered with 404, which the browser notes; anything else is a fault.
    assert [text for text in complaints if "404" not in text] == []


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
    expect(desk.locator("[data-scan-told]")).to_contain_text("「4912345678904」は登録されていません")
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
