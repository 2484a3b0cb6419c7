"""特集 from the first word to the shop: written in the editor with live goods, held back by a word of the law, approved, planned, read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from akinai.catalog.models import Sku
from akinai.content.approval import set_up
from akinai.content.editors import give_pages
from akinai.content.models import FeaturePage
from akinai.content.services import publishing
from akinai.content.tests import writers
from tests import cast
from tests.browser.conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)


def _block(page: Page, name: str) -> None:
    page.get_by_role("button", name="ブロックを入れる").last.click()
    page.get_by_role("option", name=name, exact=True).click()


def _choose(page: Page, code: str) -> None:
    """The next empty field for goods gets these."""
    page.get_by_role("button", name="商品を選ぶ").filter(visible=True).first.click()
    window = page.get_by_role("dialog")
    window.get_by_label("商品名・フリガナ・商品コード・JAN").fill(code)
    window.get_by_text("1 件見つかりました").wait_for()
    window.get_by_role("link", name=f"商品 {code}").click()
    expect(page.get_by_text(f"商品 {code}（").last).to_be_visible()


def _text(page: Page, words: str) -> None:
    box = page.locator(".public-DraftEditor-content")
    box.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def _act(page: Page, name: str) -> None:
    page.get_by_role("button", name="他のアクション").click()
    page.get_by_role("button", name=name, exact=True).click()


def _plan(page: Page, moment: str) -> None:
    page.get_by_role("button", name="状態の欄の開閉").click()
    page.get_by_role("button", name="日時を決める").click()
    page.locator("#id_go_live_at").fill(moment)
    page.get_by_role("button", name="日時を保存する").press("Enter")  # the calendar lies over it
    expect(page.locator(".messages")).to_contain_text("作成されました")


def test_an_editor_writes_a_feature_the_manager_approves_it_and_it_is_read_at_its_moment(
    open_as: Open, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.WAGTAIL_AUTOSAVE_INTERVAL = (
        0  # a draft kept between two clicks would be one more thing to wait for
    )
    cast.company()
    give_pages()
    set_up()
    writers.goods("TEA-1", pieces=1, price=1296)
    writers.goods("TEA-2", pieces=9, price=540)
    index = writers.features()

    desk = open_as("田中", f"/cms/pages/add/content/featurepage/{index.pk}/")
    desk.locator("#id_title").fill("新茶の季節")
    _block(desk, "文章")
    _text(desk, "当店は日本一のお茶です。")
    _block(desk, "商品をひとつ")
    _choose(desk, "TEA-1")
    _choose(desk, "TEA-2")
    _act(desk, "承認を求める（編集 → 店長）")
    expect(desk.locator(".messages")).to_contain_text("当店は【日本一】のお茶です")
    _text(desk, "産地で長く親しまれているお茶です。")
    due = timezone.localtime(timezone.now() + timedelta(hours=2)).replace(second=0, microsecond=0)
    _plan(desk, due.strftime("%Y-%m-%d %H:%M"))
    _act(desk, "承認を求める（編集 → 店長）")
    expect(desk.locator(".messages")).to_contain_text("承認を求めました")
    page = FeaturePage.objects.get()

    chief = open_as("伊藤", "/office/content/pages/?tab=asked")
    chief.get_by_role("link", name="新茶の季節").click()
    _act(chief, "承認する（公開する）")
    chief.wait_for_url(f"**/cms/pages/{index.pk}/")
    assert not FeaturePage.objects.get(pk=page.pk).live

    monkeypatch.setattr("django.utils.timezone.now", lambda: due - timedelta(seconds=1))
    assert publishing.run_due() == 0
    monkeypatch.setattr("django.utils.timezone.now", lambda: due + timedelta(seconds=1))
    assert publishing.run_due() == 1
    monkeypatch.undo()

    shop = open_as("田中", FeaturePage.objects.get(pk=page.pk).url)
    goods = shop.locator(".s-pick")
    expect(goods).to_contain_text("商品 TEA-1")
    expect(goods).to_contain_text("1,296")
    Sku.objects.filter(code="TEA-1").update(price_yen=1400)
    shop.reload()
    expect(goods).to_contain_text("1,400")
    cast.place(cast.draft("W-1", ("TEA-1", 1, 1400)))
    shop.reload()
    expect(goods).to_contain_text("商品 TEA-2")
    expect(goods).not_to_contain_text("商品 TEA-1")
