"""一覧 in a real browser: what the scripts add, and that nothing breaks the CSP."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from akinai.core.models import OutgoingMail
from akinai.ui.tests.mails import NOON, mail
from akinai.ui.tests.people import logged_in, sato

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer, settings: object) -> Iterator[Page]:
    """佐藤 at the list of 24 mails. Any script error or refusal by the CSP fails the test."""
    settings.ROOT_URLCONF = "akinai.ui.tests.mails"  # type: ignore[attr-defined]
    for number in range(24):
        mail(number, state="failed" if number < 4 else "sent", sent_at=None if number < 4 else NOON)
    client: Client = logged_in(sato())
    context = chromium.new_context(locale="ja-JP", viewport={"width": 1280, "height": 860})
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/office/mails/")
    yield page
    heard = list(complaints)
    context.close()
    assert heard == []


def test_typing_narrows_the_list_and_keeps_the_cursor(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("0013")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#list-search")).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?q=0013$"))


def test_a_filter_answers_at_once_and_its_chip_takes_it_back(page: Page) -> None:
    page.get_by_text("状態", exact=True).first.click()
    page.get_by_label("送信失敗").check()
    expect(page.locator("tbody tr")).to_have_count(4)
    page.locator(".chips .chip").click()
    expect(page.locator("tbody tr")).to_have_count(10)
    expect(page.locator(".filter.is-active")).to_have_count(0)


def test_a_named_period_is_one_press(page: Page) -> None:
    page.get_by_text("作成日", exact=True).first.click()
    page.get_by_role("button", name="過去90日").click()
    expect(page).to_have_url(re.compile(r"f\.created=last_90"))
    expect(page.locator(".chips")).to_contain_text("過去90日")


def test_rows_are_walked_chosen_and_opened_by_keys(page: Page) -> None:
    for key in ("j", "j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-chosen]")).to_have_text("2")
    expect(page.locator("tr.is-here")).to_contain_text("件名 0021")
    page.keyboard.press("]")
    expect(page.locator(".list-total")).to_contain_text("11–20")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()


def test_all_rows_of_the_condition_are_chosen_and_the_act_asks_first(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/office/mails/?f.state=sent")
    page.locator("[data-select-page]").check()
    page.get_by_role("button", name="条件に合う 20 件すべてを選択").click()
    page.get_by_role("button", name="もう一度送る").click()
    expect(page.locator("#confirm-text")).to_have_text("20 件をもう一度送ります。")
    page.get_by_role("button", name="やめる").click()
    assert OutgoingMail.objects.exclude(last_error="").count() == 0
    page.get_by_role("button", name="もう一度送る").click()
    page.locator("[data-yes]").click()
    expect(page.locator(".toast")).to_contain_text("20 件はできませんでした")


def test_the_palette_opens_a_screen(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("ほーむ")
    expect(page.locator("#palette-list a")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/office/$"))


def test_brightness_stays_as_it_was_chosen(page: Page) -> None:
    page.locator("[data-theme-toggle]").click()
    chosen = page.locator("html").get_attribute("data-theme")
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == chosen == "dark"


def test_a_condition_narrowed_by_typing_is_saved_as_it_stands(page: Page) -> None:
    page.locator("#list-search").fill("001")
    expect(page.locator(".list-total")).to_contain_text("11 件")
    page.get_by_title("保存した条件").click()
    page.get_by_label("条件の名前").fill("十番台")
    page.get_by_role("button", name="保存する").click()
    expect(page.locator(".toast")).to_contain_text("条件「十番台」を保存しました。")
    expect(page.locator(".menu-label")).to_have_text("十番台")
    expect(page.locator("tbody tr")).to_have_count(10)


def test_files_follow_the_condition_on_screen(page: Page) -> None:
    page.locator("#list-search").fill("0003")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_title("書き出し").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV UTF-8").click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()] == ["件名", "件名 0003"]


def test_on_a_phone_nothing_is_wider_than_the_screen(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("link", name="メニュー", exact=True).click()
    expect(page.locator("#nav")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#nav")).to_be_hidden()


def test_without_scripts_the_list_still_narrows_and_pages(
    chromium: Browser, page: Page, live_server: LiveServer
) -> None:
    cookies = page.context.cookies()
    plain = chromium.new_context(java_script_enabled=False, locale="ja-JP")
    plain.add_cookies(cookies)  # type: ignore[arg-type]
    bare = plain.new_page()
    bare.goto(f"{live_server.url}/office/mails/")
    bare.locator("#list-search").fill("001")
    bare.get_by_role("button", name="検索", exact=True).click()
    expect(bare.locator("tbody tr")).to_have_count(10)
    bare.goto(f"{live_server.url}/office/mails/")
    bare.get_by_role("link", name="次へ").click()
    expect(bare.locator(".list-total")).to_contain_text("11–20")
    plain.close()
