"""The office's screens of content: who may open and do what, and that they show what is true."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from akinai.catalog import services as catalog
from akinai.catalog.models import Product
from akinai.catalog.services.batch import refresh_search
from akinai.catalog.services.prices import Plan
from akinai.content.models import LegalWord, Release
from akinai.content.services import releases
from akinai.content.tests import writers
from akinai.core import clock
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    cast.company()


def _as(role: str) -> Client:
    client = Client()
    client.force_login(writers.staff(f"人 {role}", role), backend="akinai.staff.backends.StaffBackend")
    return client


SCREENS = ["pages/", "releases/", "words/", "words/products/", "words/check/"]


@pytest.mark.parametrize("screen", SCREENS)
def test_screens_are_for_those_who_write(screen: str) -> None:
    assert _as("編集").get(f"/office/content/{screen}").status_code == 200
    assert _as("倉庫").get(f"/office/content/{screen}").status_code == 403
    assert Client().get(f"/office/content/{screen}").status_code == 302


@pytest.mark.parametrize("screen", ["pages/", "releases/", "words/"])
def test_lists_ask_little(screen: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for nth in range(3):
        writers.feature(f"特集 {nth}")
        releases.create(name=f"束 {nth}", at=clock.now() + timedelta(days=nth), memo="", by=None)
    client = _as("店長")
    client.get(f"/office/content/{screen}")
    with django_assert_max_num_queries(7):
        assert client.get(f"/office/content/{screen}").status_code == 200


def test_an_editor_puts_a_bundle_together_and_the_manager_plans_it() -> None:
    editor, manager = _as("編集"), _as("店長")
    tomorrow = timezone.localtime(clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    writers.goods("TEA-1", price=1080)
    editor.post("/office/content/releases/new/", {"name": "歳末の市", "at": tomorrow, "memo": ""})
    release = Release.objects.get()
    add = f"/office/content/releases/{release.number}/add/prices/"
    wrong = editor.post(add, {"prices": "TEA-1\t980\nNONE 500\nTEA-1"})
    assert wrong.status_code == 422
    assert (
        "3 行目「TEA-1」" in wrong.content.decode()
        and "「NONE」は登録されていません" in wrong.content.decode()
    )
    editor.post(add, {"prices": "TEA-1\t¥980"})
    seen = manager.get(f"/office/content/releases/{release.number}/").content.decode()
    assert "¥1,080" in seen and "¥980" in seen
    plan = f"/office/content/releases/{release.number}/schedule/"
    assert editor.post(plan).status_code == 403
    manager.post(plan)
    assert Release.objects.get().state == "waiting"


def test_only_the_manager_keeps_the_list_of_words() -> None:
    row = LegalWord.objects.get(word="日本一")
    told = {
        "word": "日本一",
        "law": "premiums",
        "level": "warn",
        "why": "根拠",
        "instead": "",
        "except_in": "",
        "is_active": "on",
    }
    _as("編集").post(f"/office/content/words/{row.pk}/", told)
    assert LegalWord.objects.get(pk=row.pk).level == "stop"
    _as("店長").post(f"/office/content/words/{row.pk}/", told)
    assert LegalWord.objects.get(pk=row.pk).level == "warn"


def test_the_words_of_goods_are_read_too() -> None:
    tea = writers.goods("TEA-1")
    Product.objects.filter(pk=tea.pk).update(description="飲むだけダイエット")
    seen = _as("編集").get("/office/content/words/products/").content.decode()
    assert "【飲むだけダイエット】" in seen and "商品説明" in seen


def test_a_page_is_looked_at_as_it_will_be_then(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    tea = writers.goods("TEA-1", pieces=1, price=1080)
    banner = {
        "page": None, "address": "/search/?q=茶", "title": "会員の方へ", "text": "", "image": {"image": None, "decorative": False, "alt_text": ""},
        "starts_at": timezone.make_aware(datetime(2027, 1, 1)).isoformat(), "ends_at": None, "for_whom": "member",
    }  # fmt: skip
    page = writers.feature("新春", writers.picked((tea, None)), ("banner", banner))
    start = timezone.make_aware(datetime(2027, 1, 1))
    catalog.schedule_prices(
        [Plan(tea.skus.get(), 900)], starts_at=start, ends_at=None, reason="新春", by=None
    )
    release = releases.create(name="帯", at=start, memo="", by=None)
    releases.add_item(release, kind="announcement", told={"text": "新春の帯"}, by=None)
    releases.schedule(release, acknowledged=False, by=None)
    client, where = _as("編集"), f"/office/content/pages/{page.pk}/look/page/"
    early = client.get(where, {"at": "2026-12-31T23:59", "segment": "member"}).content.decode()
    late = client.get(where, {"at": "2027-01-01T00:01", "segment": "member"}).content.decode()
    guest = client.get(where, {"at": "2027-01-01T00:01", "segment": "guest"}).content.decode()
    assert "1,080" in early and "会員の方へ" not in early and "新春の帯" not in early
    assert "900" in late and "会員の方へ" in late and "新春の帯" in late
    assert "900" in guest and "会員の方へ" not in guest
    assert Client().get(where).status_code == 302


def test_lists_of_the_editor_leave_as_files_only_by_permission() -> None:
    assert _as("編集").get("/cms/reports/site-history/?export=csv").status_code == 403


def test_the_chooser_finds_goods_by_name_code_and_jan() -> None:
    tea = writers.goods("TEA-77")
    tea.skus.update(jan="4900000000012")
    refresh_search([tea.pk])
    writers.goods("CUP-1")
    client = _as("編集")
    for words in ("商品 TEA", "tea-77", "4900000000012"):
        seen = client.get("/cms/product-chooser/results/", {"q": words}).content.decode()
        assert "TEA-77" in seen and "CUP-1" not in seen
