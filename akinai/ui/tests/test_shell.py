"""画面の枠: menu, palette, search, toasts, error pages, and what the CSP needs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from akinai.ui import navigation, search
from akinai.ui.middleware import ToastMiddleware
from akinai.ui.toast import toast


@pytest.fixture(autouse=True)
def registries_as_before() -> Iterator[None]:
    items, sources = dict(navigation._items), dict(search._sources)
    yield
    navigation._items.clear()
    navigation._items.update(items)
    search._sources.clear()
    search._sources.update(sources)


def test_the_menu_shows_what_the_person_may_open_and_skips_unknown_addresses(office: Client) -> None:
    navigation.register("system", "送信メール", "mails", permission="core.view_outgoingmail")
    navigation.register("system", "秘密", "mails", permission="core.delete_event")
    navigation.register("system", "まだない画面", "nobody:knows")
    html = office.get("/office/mails/").content.decode()
    assert re.search(r'<a href="/office/mails/" aria-current="page"', html)
    assert "秘密" not in html and "まだない画面" not in html


def test_an_unknown_section_is_a_mistake_told_at_start() -> None:
    with pytest.raises(ValueError, match="unknown section"):
        navigation.register("elsewhere", "x", "mails")


def folded(html: str) -> set[str]:
    return {key for key, is_open in re.findall(r'data-section="(\w+)"( open)?>', html) if not is_open}


def test_settings_are_folded_away_until_somebody_opens_them(office: Client) -> None:
    navigation.register("system", "送信メール", "ui:search")
    assert folded(office.get("/office/mails/").content.decode()) == {"system"}
    office.cookies["folded"] = "none"
    assert folded(office.get("/office/mails/").content.decode()) == set()
    office.cookies["folded"] = "info.system"
    assert folded(office.get("/office/mails/").content.decode()) == {"info", "system"}


def test_the_group_of_the_present_page_is_never_folded(office: Client) -> None:
    navigation.register("system", "送信メール", "mails")
    assert "system" not in folded(office.get("/office/mails/").content.decode())


def test_a_long_menu_shows_what_belongs_to_a_line_only_while_that_is_open(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    navigation.register("system", "検索", "ui:search", order=1)
    navigation.register("system", "下の画面", "mails", under="ui:search", order=2)
    navigation.register("system", "見本", "ui:sample", under="mail:list", order=3)
    short = office.get("/office/ui/search/").content.decode()
    assert short.index("検索") < short.index("下の画面") and "見本" in short
    monkeypatch.setattr(navigation, "FITS", 0)
    opened = office.get("/office/mails/").content.decode()
    assert 'title="検索"' in opened and 'title="下の画面"' in opened and 'title="見本"' not in opened
    elsewhere = office.get("/office/ui/sample/").content.decode()
    assert 'title="下の画面"' not in elsewhere


def test_badges_come_after_the_page_and_leave_zero_out(office: Client) -> None:
    navigation.register("system", "送信メール", "mails", badge=lambda request: 3)
    navigation.register("goods", "空", "ui:search", badge=lambda request: 0)
    found = office.get("/office/ui/badges/").json()
    assert found["mails"] == 3 and "ui:search" not in found


def test_the_palette_finds_screens_by_kana_and_papers_by_text(office: Client) -> None:
    navigation.register("system", "メールボックス", "mails")
    search.register("メール", lambda request, text: [search.Hit(f"<{text}>", "/x/")])
    html = office.get("/office/ui/palette/?q=めーる").content.decode()
    assert "メールボックス" in html and "&lt;めーる&gt;" in html


def test_a_single_find_is_opened_at_once(office: Client) -> None:
    search._sources.clear()
    search.register("受注", lambda request, text: [search.Hit(text, f"/office/{text}/")])
    assert office.get("/office/ui/search/?q=SO-1")["Location"] == "/office/SO-1/"


def test_papers_nobody_may_see_are_not_searched(outsider: Client) -> None:
    search._sources.clear()
    hits = [search.Hit("見えない", "/x/"), search.Hit("見えない", "/y/")]
    search.register("受注", lambda request, text: hits, permission="core.view_event")
    assert "見えない" not in outsider.get("/office/ui/search/?q=x").content.decode()


@pytest.mark.parametrize("address", ["/office/mails/", "/office/ui/sample/", "/office/ui/search/"])
def test_pages_carry_no_inline_script_style_or_handler(office: Client, address: str) -> None:
    answer = office.get(address)
    html = answer.content.decode()
    assert re.findall(r"<(?:script|style)(?![^>]*nonce=)[^>]*>", html) == []
    assert re.findall(r'\son[a-z]+="|\sstyle="|javascript:', html) == []
    nonces = set(re.findall(r'nonce="([^"]*)"', html))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in answer["Content-Security-Policy"]


def test_the_sample_page_is_not_for_the_shop(office: Client, settings: object) -> None:
    settings.UI_SAMPLE = False  # type: ignore[attr-defined]
    assert office.get("/office/ui/sample/").status_code == 404


def test_errors_are_told_in_japanese_without_inner_details(office: Client) -> None:
    missing = office.get("/office/no-such-screen/")
    office.raise_request_exception = False
    broken = office.get("/office/broken/")
    assert (missing.status_code, "画面が見つかりません" in missing.content.decode()) == (404, True)
    assert (broken.status_code, "画面を表示できませんでした" in broken.content.decode()) == (500, True)
    assert "planned" not in broken.content.decode()


def test_several_toasts_add_up_and_keep_other_triggers() -> None:
    answer = HttpResponse()
    answer["HX-Trigger"] = "refresh"
    toast(answer, "一つ目")
    toast(answer, "二つ目", level="error", way_out="次の手")
    told = json.loads(answer["HX-Trigger"])
    assert told["refresh"] is True
    assert [one["message"] for one in told["toast"]["messages"]] == ["一つ目", "二つ目"]
    assert answer["HX-Trigger"].isascii()


def test_messages_travel_with_htmx_answers_but_wait_for_redirects(rf: RequestFactory) -> None:
    from django.contrib.messages.storage.cookie import CookieStorage

    def view(request: HttpRequest) -> HttpResponse:
        request._messages = CookieStorage(request)  # type: ignore[attr-defined]
        messages.success(request, "保存しました。")
        return HttpResponse(status=int(request.GET["status"]))

    def told(status: int, **headers: str) -> bool:
        return "HX-Trigger" in ToastMiddleware(view)(rf.get(f"/?status={status}", headers=headers)).headers

    assert [told(200, **{"HX-Request": "true"}), told(302, **{"HX-Request": "true"}), told(200)] == [
        True,
        False,
        False,
    ]


def test_an_english_browser_gets_whole_pages_in_japanese(client: Client) -> None:
    answer = client.get("/accounts/login/", headers={"Accept-Language": "en-US"})
    assert answer.headers["Content-Language"] == "ja"
    wrong = client.post(
        "/accounts/login/", {"login": "", "password": ""}, headers={"Accept-Language": "en-US"}
    )
    assert "This field" not in wrong.content.decode()


def test_the_address_of_a_button_opened_by_hand_says_so_in_japanese(office: Client) -> None:
    answer = office.get("/office/mails/press/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "ボタンから進む操作です" in answer.content.decode()
    assert office.post("/office/mails/press/").content == b"pressed"


def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(office: Client) -> None:
    office.logout()

    def to(referer: str) -> str:
        return office.post("/office/mails/press/", headers={"Referer": referer}).headers["Location"]

    assert to("http://testserver/office/mails/?q=a") == "/accounts/login/?next=/office/mails/%3Fq%3Da"
    assert to("https://elsewhere.example/x") == to("") == "/accounts/login/?next=/office/"
