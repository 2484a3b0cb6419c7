"""Who may write and who may publish."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from akinai.content.editors import give_pages

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
        "add_paper", "add_picture", "change_paper", "change_picture", "choose_paper", "choose_picture",
    ]  # fmt: skip
