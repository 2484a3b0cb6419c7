"""電話注文 in a real browser: one call, from "もしもし" to the order, with the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from akinai.channels import services as channels
from akinai.core.models import Activity
from akinai.orders.models import Order
from akinai.orders.services.entering import CHANNEL
from akinai.stock.models import Location
from tests import cast
from tests.cast import draft, place

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def shop(live_server: LiveServer) -> LiveServer:
    """Tea and cups on the shelf, and 青木 who has ordered before."""
    Location.objects.get_or_create(is_default=True, defaults={"code": "MAIN", "name": "本社倉庫"})
    channels.ensure("generic", "自由な形式", "generic")
    channels.ensure(*CHANNEL)
    cast.company()
    cast.sku("TEA-001", pieces=5)
    cast.sku("CUP-001", pieces=1, price=1650, rate=10)
    place(draft("A-1", ("TEA-001", 1, 1080)), channel="generic")
    return live_server


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def page(chromium: Browser, shop: LiveServer, request: pytest.FixtureRequest) -> Iterator[Page]:
    """佐藤 at the form. Any script error or refusal by the CSP fails the test."""
    client = Client()
    client.force_login(cast.staff("伊藤"))
    context = chromium.new_context(locale="ja-JP", viewport={"width": request.param, "height": 860})
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": shop.url}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if _is_odd(message) else None)
    page.goto(f"{shop.url}/office/orders/new/")
    yield page
    heard = list(complaints)
    context.close()
    assert heard == []


def _is_odd(message: ConsoleMessage) -> bool:
    """A form shown again (422) is told by the browser like a mistake; it is none."""
    return message.type == "error" and "422" not in message.text


def rows(page: Page) -> int:
    return page.locator("[data-row]:not([hidden])").count()


def test_a_call_becomes_an_order(page: Page) -> None:
    # お客様: found by kana, filled in, and the cursor waits at the goods.
    page.locator("#find-buyer").type("あおき")
    expect(page.locator("[role=option]").first).to_contain_text("青木 美咲")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[name=buyer-postal_code]")).to_have_value("150-0001")
    expect(page.locator("[name=lines-0-code]")).to_be_focused()
    # 商品: by a part of its name, then by code with Enter; the row for the next one is already there.
    page.keyboard.type("tea")
    expect(page.locator("[role=option]:visible").first).to_contain_text("残り 4")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[name=lines-0-quantity]")).to_be_focused()
    page.keyboard.type("3")
    page.locator("[name=lines-1-code]").fill("CUP-001")
    page.keyboard.press("Enter")
    expect(page.locator("[name=lines-1-quantity]")).to_be_focused()
    page.keyboard.type("2")
    expect(page.locator("[data-row]:not([hidden])").nth(1)).to_contain_text("1 点不足（残り 1）")
    assert rows(page) == 3
    # 合計: live, with fees, discount and tax per rate.
    page.locator("[name=terms-shipping_yen]").fill("６６０")
    page.locator("[name=terms-cod_fee_yen]").fill("330")
    page.locator("[name=terms-discount_yen]").fill("100")
    expect(page.locator("[data-sum=total]")).to_have_text("¥7,430")
    expect(page.locator("[data-warn=short]")).to_be_visible()
    # 送付先: another one, filled in from the postal code.
    page.locator("[name=terms-to_other]").check()
    page.locator("[name=ship-name]").fill("青木 花子")
    page.locator("[name=ship-phone]").fill("03-1234-5678")
    page.locator("[name=ship-postal_code]").fill("１０００００１")
    expect(page.locator("[name=ship-city]")).to_have_value("千代田区千代田")
    page.locator("[name=ship-line1]").fill("1-1")
    page.locator("[name=terms-gift_note]").fill("内のし「御礼」")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="受注を登録する").click()
    page.wait_for_url(re.compile(r"/office/orders/SO-"))
    order = Order.objects.latest("pk")
    assert (order.total_yen, order.discount_yen, order.cod_fee_yen) == (7430, 100, 330)
    assert (order.buyer_name, order.ship_name, order.ship_line1) == ("青木 美咲", "青木 花子", "1-1")
    assert list(order.lines.values_list("sku_code", "quantity")) == [("TEA-001", 3), ("CUP-001", 2)]
    assert order.customer == Order.objects.earliest("pk").customer
    assert Activity.objects.filter(subject_number=order.number, verb="place").count() == 1


def test_a_barcode_reader_adds_goods_one_by_one(page: Page) -> None:
    from akinai.catalog.models import Sku

    Sku.objects.filter(code="TEA-001").update(jan="4901234567894")
    Sku.objects.filter(code="CUP-001").update(jan="4912345678904")
    page.locator("[name=lines-0-code]").focus()
    # As fast as the reader is: nothing waits for an answer, nothing is lost.
    for jan in ("4901234567894", "4912345678904", "4901234567894", "4999999999996", "4901234567894"):
        page.keyboard.type(jan)
        page.keyboard.press("Enter")
    shown = page.locator("[data-row]:not([hidden])")
    expect(shown).to_have_count(4)
    expect(page.locator("[data-sum=goods]")).to_have_text("¥4,890")
    expect(shown.nth(0).locator("[name$=-code]")).to_have_value("TEA-001")
    expect(shown.nth(0).locator("[name$=-quantity]")).to_have_value("3")
    expect(shown.nth(1).locator("[name$=-code]")).to_have_value("CUP-001")
    expect(shown.nth(2)).to_contain_text("見つかりません")
    expect(shown.nth(3).locator("[name$=-code]")).to_be_focused()


def test_rows_grow_beyond_the_first_ones_and_can_be_taken_out(page: Page) -> None:
    for row in range(7):
        page.locator(f"[name=lines-{row}-code]").fill("TEA-001")
        page.keyboard.press("Enter")
        expect(page.locator(f"[name=lines-{row}-quantity]")).to_be_focused()
    assert rows(page) == 8
    page.locator("[data-row]:not([hidden]) [data-remove]").nth(2).click()
    expect(page.locator("[data-sum=total]")).to_have_text("¥6,480")
    assert rows(page) == 7


def test_a_stray_enter_sends_nothing_and_mistakes_keep_what_was_typed(page: Page) -> None:
    page.locator("[name=buyer-name]").fill("山田 太郎")
    page.keyboard.press("Enter")
    expect(page.locator("[name=buyer-kana]")).to_be_focused()
    page.locator("[name=lines-0-code]").fill("TEA-001")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="受注を登録する").click()
    expect(page.locator(".has-error").first).to_be_visible()
    expect(page.locator("[name=buyer-name]")).to_have_value("山田 太郎")
    expect(page.locator("[data-sum=total]")).to_have_text("¥1,080")
    assert Order.objects.count() == 1
