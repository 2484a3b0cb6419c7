"""自社サイトで買う: a guest at a telephone, one at a desk with a card, two and the last piece; the office finds the order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from akinai.catalog.models import Product
from akinai.core.models import OutgoingMail
from akinai.orders.models import Order
from akinai.payments import services as payments
from akinai.shop.tests import factories
from tests import cast
from tests.browser.conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)
type Visit = Callable[[int], Page]


@pytest.fixture
def visit(chromium: Browser, live_server: LiveServer) -> Iterator[Visit]:
    """visit(390): a new visitor's browser of this width. A script error or a refusal by the CSP fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(width: int) -> Page:
        context = chromium.new_context(
            locale="ja-JP", viewport={"width": width, "height": 844}, base_url=live_server.url
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        return page

    yield opened
    heard = [text for text in complaints if "409" not in text and "422" not in text]
    for context in contexts:
        context.close()
    assert heard == []


def put_in(page: Page, slug: str) -> None:
    page.goto(f"/products/{slug}/")
    page.get_by_role("button", name="カートに入れる").first.click()
    expect(page.get_by_role("heading", name="カート", exact=True)).to_be_visible()


def to_confirm(page: Page, payment: str, mail: str) -> None:
    """From the cart to the last page, the address by its postal code."""
    page.get_by_role("link", name="ご購入手続きへ").click()
    buyer = page.get_by_role("group", name="ご注文者")
    buyer.get_by_label("お名前").fill("青木 美咲")
    buyer.get_by_label("フリガナ").fill("あおき みさき")
    buyer.get_by_label("郵便番号").fill("150-0001")
    expect(buyer.get_by_label("市区町村・町名")).to_have_value("渋谷区神宮前")
    expect(buyer.get_by_label("郵便番号")).to_be_focused()  # a Tab on its way jumps over nothing
    buyer.get_by_label("番地").fill("4-12-3")
    buyer.get_by_label("電話番号").fill("090-0000-1001")
    buyer.get_by_label("メールアドレス", exact=False).first.fill(mail)
    buyer.get_by_label("メールアドレス（確認）").fill(mail)
    page.get_by_role("button", name="お届け・お支払いへ進む").click()
    page.get_by_label(payment).check()
    page.get_by_role("button", name="確認へ進む").click()
    expect(page.get_by_role("heading", name="最終確認")).to_be_visible()


def no_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_guests_buy_at_the_telephone_and_at_the_desk_and_one_gets_the_last_piece(
    visit: Visit, open_as: Open
) -> None:
    factories.open_shop()
    payments.switch_provider("null", is_on=True, by=None)
    for code, pieces in (("TEA-1", 9), ("CUP-1", 1)):
        sku = factories.goods(code, pieces=pieces)
        Product.objects.filter(skus=sku).update(slug=code.lower())

    # At the telephone, by transfer; the button is pressed twice.
    phone = visit(390)
    put_in(phone, "tea-1")
    no_sideways(phone)
    to_confirm(phone, "銀行振込", "aoki@example.com")
    no_sideways(phone)
    phone.get_by_role("button", name="注文を確定する").dblclick()
    expect(phone.get_by_role("heading", name="ご注文ありがとうございます")).to_be_visible()
    transfer = Order.objects.get()
    assert (transfer.state, transfer.total_yen) == ("awaiting_payment", 1_960)
    assert OutgoingMail.objects.get().to == "aoki@example.com"

    # At the desk, by card, on the provider's page.
    desk = visit(1280)
    put_in(desk, "tea-1")
    to_confirm(desk, "クレジットカード", "yoko@example.com")
    desk.get_by_role("button", name="注文を確定する").click()
    desk.locator("button[value=pay]").click()
    expect(desk.get_by_text("お支払いのお手続きを承りました")).to_be_visible()
    assert Order.objects.get(buyer_email="yoko@example.com").state == "ready"

    # Two browsers, one piece.
    first, second = visit(390), visit(1280)
    for page, mail in ((first, "one@example.com"), (second, "two@example.com")):
        put_in(page, "cup-1")
        to_confirm(page, "代金引換", mail)
    first.get_by_role("button", name="注文を確定する").click()
    expect(first.get_by_role("heading", name="ご注文ありがとうございます")).to_be_visible()
    second.get_by_role("button", name="注文を確定する").click()
    expect(second.get_by_text("売り切れ").first).to_be_visible()
    expect(second.get_by_role("heading", name="カート", exact=True)).to_be_visible()
    assert Order.objects.filter(lines__sku_code="CUP-1").count() == 1

    # The office finds the order, in the queue like any other.
    office = open_as("佐藤", f"/office/orders/?q={transfer.channel_order_no}")
    expect(office.get_by_text(transfer.number).first).to_be_visible()
    assert cast.level(transfer.lines.get().sku_id or 0) == (9, 2)
