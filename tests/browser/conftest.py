"""A real browser for tests: one Chromium for all, one page for each, and no complaint of a script goes unheard."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests import cast

type Open = Callable[[str, str], Page]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs the browser."""
    for item in items:
        if "tests/browser/" in item.nodeid.replace(os.sep, "/"):
            item.add_marker(pytest.mark.browser)


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
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.goto(f"{live_server.url}{path}")
        return page

    yield opened
    heard = [text for text in complaints if "404" not in text and "422" not in text]
    for context in contexts:  # Closing breaks off what a page still asks, which is no fault of its scripts.
        context.close()
    assert heard == []
