"""What the public may open, and what only editors may."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from akinai.catalog.models import Product, Sku
from akinai.content import reading
from akinai.content.models import BlogIndexPage, FaqPage, HomePage
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("asked", ["secret.txt", "images/../secret.txt", "products/%2e%2e/secret.txt"])
def test_only_public_folders_are_served(client: Client, settings: Any, tmp_path: Path, asked: str) -> None:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "images").mkdir()
    (tmp_path / "images/leaf.txt").write_text("leaf")
    assert client.get("/media/images/leaf.txt").status_code == 200
    assert client.get(f"/media/{asked}").status_code == 404


def test_goods_on_a_page_are_live(client: Client) -> None:
    cast.company()
    cast.sku("TEA-1", pieces=0, price=1296)
    Sku.objects.update(needs_review=False)
    home = HomePage.objects.get()
    items = [
        {"product": Product.objects.get(skus__code="TEA-1").pk, "instead": None},
        {"product": 999_999, "instead": None},
    ]
    home.body = json.dumps([{"type": "products", "value": {"title": "新茶", "items": items}}])
    home.save_revision().publish()
    page = client.get("/").content.decode()
    assert "新茶" in page and "1,296" in page and "売り切れ" in page


def test_the_editor_is_for_those_who_may_write(client: Client) -> None:
    cast.company()
    assert client.get("/cms/").status_code == 302
    client.force_login(cast.staff("高橋"))
    assert client.get("/cms/pages/").status_code == 302
    client.force_login(cast.staff("田中"))
    assert client.get(f"/cms/pages/{HomePage.objects.get().pk}/").status_code == 200


def test_staff_are_kept_in_the_office_not_in_the_editor(client: Client) -> None:
    assert client.get("/cms/users/").headers["Location"] == "/office/"
    assert client.get("/cms/groups/1/").headers["Location"] == "/office/"


def test_lists_of_pages_stand_in_the_foot_of_every_page(client: Client) -> None:
    cast.company()
    home = HomePage.objects.get()
    home.add_child(instance=BlogIndexPage(title="茶の間だより", slug="blog"))
    home.add_child(instance=FaqPage(title="書きかけの質問", slug="faq", live=False))
    cache.delete(reading.KEY)
    foot = client.get("/cart/").content.decode().split("<footer")[1]
    assert '<a href="/blog/">茶の間だより</a>' in foot
    assert "書きかけの質問" not in foot
    cache.delete(reading.KEY)
