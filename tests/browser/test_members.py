"""会員の一日: registration by the link in the mail, favourite and address, the order in my page, 領収書, and leaving."""

from __future__ import annotations

import re

import pytest
from django.core import mail as outbox
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from akinai.catalog.models import Sku
from akinai.core import mail
from akinai.shop.models import Member
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "himitsu-no-ocha"


def test_a_buyer_becomes_a_member_finds_the_order_takes_the_receipt_and_leaves(
    chromium: Browser, live_server: LiveServer
) -> None:
    cast.company()
    sku = Sku.objects.get(pk=cast.sku("TEA", pieces=5))
    Sku.objects.filter(pk=sku.pk).update(needs_review=False)
    cast.place(cast.draft("A-100", ("TEA", 2, 1080)), channel="phone")
    context = chromium.new_context(
        locale="ja-JP", viewport={"width": 390, "height": 844}, base_url=live_server.url
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)

    page.goto("/mypage/")  # a guest is led to the login
    page.get_by_role("link", name="会員登録").last.click()
    page.get_by_label("メールアドレス").fill("aoki@example.com")
    page.get_by_role("button", name="メールを送る").click()
    expect(page.get_by_role("heading", name="メールをお送りしました")).to_be_visible()
    mail.send_due()
    path = re.search(r"https?://[^/]+(/register/\S+)", str(outbox.outbox[-1].body))
    assert path
    page.goto(path[1])
    page.get_by_label("お名前").fill("青木 美咲")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_label("同意する").check()
    page.get_by_role("button", name="会員登録を完了する").click()
    expect(page.get_by_role("heading", name="マイページ", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="ご注文 A-100").last).to_be_visible()

    page.goto(f"/products/{sku.product.number}/")
    page.get_by_role("button", name="お気に入りに追加").click()
    expect(page.get_by_role("button", name="お気に入りから外す")).to_be_visible()
    page.goto("/mypage/addresses/new/")
    page.get_by_label("郵便番号").fill("150-0001")
    page.get_by_label("番地").fill("4-12-3")
    page.get_by_label("電話番号").fill("090-0000-1001")
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_text("渋谷区神宮前4-12-3")).to_be_visible()

    page.goto("/mypage/orders/")
    page.get_by_role("link", name="ご注文 A-100").click()
    expect(page.get_by_text("お支払い合計")).to_be_visible()
    page.get_by_role("link", name="領収書").click()
    page.get_by_label("宛名").fill("青木商店")
    page.get_by_role("button", name="発行する").click()
    expect(page.get_by_role("button", name="受け取る").first).to_be_visible()

    page.goto("/mypage/withdraw/")
    page.get_by_label("確認しました").check()
    page.get_by_label("いまのパスワード").fill(PASSWORD)
    page.get_by_role("button", name="退会する").click()
    expect(page.get_by_text("退会のお手続きが完了しました")).to_be_visible()
    assert Member.objects.get().mail == ""
    assert [text for text in complaints if "404" not in text and "422" not in text] == []
    context.close()
