"""アンケート in a real browser: answered on a telephone without any script, once, and read in the office."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from akinai.content.models import SurveyResponse
from akinai.content.tests import voices
from tests import cast
from tests.browser.conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)


def _page(chromium: Browser, *, scripts: bool) -> Page:
    context = chromium.new_context(
        locale="ja-JP", viewport={"width": 390, "height": 844}, java_script_enabled=scripts
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    return page


def test_a_survey_is_answered_on_a_telephone_and_read_in_the_office(
    chromium: Browser, live_server: LiveServer, open_as: Open
) -> None:
    cast.company()
    survey = voices.survey()
    url = f"{live_server.url}/surveys/autumn/"
    page = _page(chromium, scripts=False)
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_have_text("秋のアンケート")
    expect(page.get_by_text("何回目ですか")).to_be_hidden()
    page.get_by_role("button", name="次へ").click()
    expect(page.get_by_role("alert")).to_be_visible()  # a required question waits
    page.get_by_label("いいえ").check()
    page.get_by_role("button", name="次へ").click()
    page.get_by_role("textbox", name="何回目ですか").fill(
        "3"
    )  # asked because of the answer, without any script
    page.get_by_role("button", name="次へ").click()
    page.locator("input[name=q-q3][value='4']").check()
    page.get_by_role("button", name="送信する").click()
    page.get_by_role("textbox", name="理由をお聞かせください").fill("届くのが遅かったです。")
    page.get_by_role("button", name="送信する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ご回答ありがとうございました")
    page.goto(f"{url}?page=1")
    expect(page.get_by_role("heading", level=1)).to_have_text("ご回答ありがとうございました")
    assert SurveyResponse.objects.get().state == "done"
    page.context.close()

    other = _page(chromium, scripts=True)
    other.goto(url)
    other.get_by_label("いいえ").check()
    expect(other.get_by_text("何回目ですか")).to_be_visible()  # at once
    other.get_by_label("はい").check()
    expect(other.get_by_text("何回目ですか")).to_be_hidden()
    other.get_by_role("button", name="次へ").click()
    other.locator("input[name=q-q3][value='10']").check()
    other.get_by_role("button", name="送信する").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("ご回答ありがとうございました")
    other.context.close()

    office = open_as("田中", f"/office/content/surveys/{survey.pk}/results/")
    expect(office.locator("body")).to_contain_text("回答 2 件")
    office.get_by_label("縦").select_option(label="q1. はじめてのご利用ですか")
    office.get_by_label("横").select_option(label="q3. おすすめ度")
    office.get_by_role("button", name="見る").click()
    rows = office.locator(".cross tbody tr")
    expect(rows.nth(0)).to_contain_text("はい")
    expect(rows).to_have_count(2)
    expect(office.locator(".cross thead")).to_contain_text("批判（0〜6）")
