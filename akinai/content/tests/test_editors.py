"""Who may write and who may publish."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from akinai.content.editors import give_pages
from akinai.content.tests import writers
from tests import cast

pytestmark = pytest.mark.django_db


def _pages(role: str) -> set[str]:
    rows = GroupPagePermission.objects.filter(group__name=role)
    return set(rows.values_list("permission__codename", flat=True))


def test_who_writes_does_not_publish() -> None:
    give_pages()
    assert _pages("店長") >= {"add_page", "change_page", "publish_page"}
    assert _pages("編集") == _pages("商品") == {"add_page", "change_page"}
    assert _pages("倉庫") == set()


def test_every_writer_may_add_pictures_and_papers_and_twice_gives_no_more() -> None:
    give_pages()
    give_pages()
    rows = GroupCollectionPermission.objects.filter(group=Group.objects.get(name="編集"))
    codes = sorted(rows.values_list("permission__codename", flat=True))
    assert codes == [
        "add_document", "add_image", "change_document", "change_image", "choose_document", "choose_image",
    ]  # fmt: skip


def test_a_writer_really_chooses_and_adds_pictures_and_papers_and_sees_the_tree_from_home(
    client: Client,
) -> None:
    cast.company()
    give_pages()
    client.force_login(writers.staff("書く人", "編集"), backend="akinai.staff.backends.StaffBackend")
    for page in (
        "images/",
        "images/add/",
        "images/chooser/",
        "documents/",
        "documents/multiple/add/",
        "documents/chooser/",
    ):
        assert client.get(f"/cms/{page}").status_code == 200, page
    assert client.get("/cms/pages/").headers["Location"].endswith(f"/pages/{writers.home().pk}/")
    assert json.dumps("ブロックを入れる") in client.get("/cms/jsi18n/").content.decode()
    client.force_login(writers.staff("倉庫の人", "倉庫"), backend="akinai.staff.backends.StaffBackend")
    assert client.get("/cms/images/").status_code == 302


def test_what_is_being_written_is_looked_at_in_the_frame_beside_it(client: Client) -> None:
    cast.company()
    give_pages()
    page = writers.feature("冬の夜に", ("text", "<p>湯気の話</p>"))
    client.force_login(writers.staff("書く人", "編集"), backend="akinai.staff.backends.StaffBackend")
    seen = client.get(f"/cms/pages/{page.pk}/view_draft/")
    assert "湯気の話" in seen.content.decode()
    assert "frame-ancestors 'self'" in seen.headers["Content-Security-Policy"]
    assert seen.headers["X-Frame-Options"] == "SAMEORIGIN"
    read = client.get(page.url)
    assert "frame-ancestors 'none'" in read.headers["Content-Security-Policy"]
    assert read.headers["X-Frame-Options"] == "DENY"


def test_pages_pictures_and_papers_are_found_by_any_part_of_their_title(client: Client) -> None:
    cast.company()
    give_pages()
    writers.feature("冬の夜に、ほうじ茶を")
    writers.feature("新茶の季節")
    writers.picture()
    client.force_login(writers.staff("書く人", "編集"), backend="akinai.staff.backends.StaffBackend")
    found = client.get("/cms/pages/search/?q=ほうじ").content.decode()
    assert "冬の夜に、ほうじ茶を" in found and "新茶の季節" not in found
    chosen = client.get("/cms/choose-page/search/?q=ほうじ").content.decode()
    assert "冬の夜に、ほうじ茶を" in chosen and "新茶の季節" not in chosen
    assert "茶畑" in client.get("/cms/images/?q=畑").content.decode()
    for page in (
        "pages/search/?q=",
        "images/?q=海",
        "documents/?q=海",
        "images/chooser/results/?q=畑",
        "documents/chooser/results/?q=海",
    ):
        assert client.get(f"/cms/{page}").status_code == 200, page
