"""What a page of the tree asks besides itself, and that a closed part of the tree stays closed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from akinai.content.models import BlogPage
from akinai.content.services import writing
from akinai.content.tests import writers
from tests import cast

pytestmark = pytest.mark.django_db
MOST = 11


@pytest.fixture(autouse=True)
def _company(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    cast.company()
    cache.clear()


def _blog(count: int) -> str:
    """A blog of so many posts, each with a picture, a tag and goods; the address of the newest."""
    index = writing.write_page("BlogIndexPage", under=writers.home().pk, title="茶の間", slug="blog", by=None)
    goods = writers.goods("TEA-1", pieces=3)
    body = writers.body(writers.picked((goods, None)))
    for nth in range(count):
        writing.write_page(
            "BlogPage", under=index, by=None, title=f"第 {nth} 話", slug=f"p{nth}", lead="茶のこと", body=body,
            dated_on=date(2026, 11, 1 + nth), tags=("器",), picture_id=writers.picture().pk,
        )  # fmt: skip
    return f"/blog/p{count - 1}/"


@pytest.mark.parametrize("posts", [2, 6])
def test_a_post_with_goods_tags_and_pictures_asks_at_most_eleven_questions(
    client: Client, posts: int
) -> None:
    address = _blog(posts)
    for page in (address, "/blog/", "/"):
        assert client.get(page).status_code == 200
        with CaptureQueriesContext(connection) as sent:
            client.get(page)
        assert len(sent) <= MOST, page


def test_a_closed_page_asks_for_its_password_and_stands_in_no_list(client: Client) -> None:
    _blog(3)
    closed = BlogPage.objects.get(slug="p1")
    PageViewRestriction.objects.create(page=closed, restriction_type="password", password="himitsu")
    seen = client.get("/blog/").content.decode()
    assert "第 0 話" in seen and "第 1 話" not in seen
    assert "第 1 話" not in client.get("/blog/p2/").content.decode()
    refused = client.get("/blog/p1/")
    assert "password" in refused.content.decode() and "茶のこと" not in refused.content.decode()


def test_what_is_below_a_closed_page_is_closed_too(client: Client) -> None:
    address = _blog(1)
    PageViewRestriction.objects.create(
        page=Page.objects.get(slug="blog"), restriction_type="password", password="himitsu"
    )
    assert "商品 TEA-1" not in client.get(address).content.decode()


def test_an_address_that_no_page_has_is_not_found(client: Client) -> None:
    _blog(1)
    writing.write_page(
        "FeaturePage", under=writers.features().pk, title="下書き", slug="later", by=None, publish=False
    )
    assert [client.get(one).status_code for one in ("/blog/p9/", "/features/p0/", "/features/later/")] == [
        404,
        404,
        404,
    ]
