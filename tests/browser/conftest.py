"""A real browser for tests: one Chromium for all, one page for each, and no complaint of a script goes unheard."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests import cast

CHROMIUM = shutil.which("chromium")
type Open = Callable[[str, str], Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs the browser; where there is none, it says so."""
    for item in items:
        if "tests/browser/" in item.nodeid.replace(os.sep, "/"):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="Chromium がありません"))


@pytest.fixture(scope="session")
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
def open_as(chromium: Browser, live_server: LiveServer) -> Iterator[Open]:
    """open_as("鈴木", "/office/bank/"): the page as this person sees it.

    Any script error or refusal by the CSP fails the test; an answer 404 or 422 is noted by the browser and no fault.
    """
    complaints: list[str] = []
    contexts = []

    def opened(name: str, path: str) -> Page:
        client = Client()
        client.force_login(cast.staff(name), backend="akinai.staff.backends.StaffBackend")
        context = chromium.new_context(locale="ja-JP", viewport={"width": 1280, "height": 860})
        contexts.append(context)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.goto(f"{live_server.url}{path}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [text for text in complaints if "404" not in text and "422" not in text] == []
