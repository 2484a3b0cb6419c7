"""アドレスが変わったページ: what was counted at earlier addresses stands in the one line of the page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client, TestCase
from django.urls import reverse

from akinai.content import effect_addresses, effect_audit, effect_queries, effect_services
from akinai.content.models import HomePage, PageAssist, PageDay, PageFault, SeenPage
from akinai.content.tests.seeing import NOON, page_of, seen
from akinai.core import clock
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_salt_is_remembered() -> None:
    """A process remembers the salt of its day; the tables of a test begin empty."""
    effect_services._salts.clear()


def renamed(page: HomePage, slug: str) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        page.slug = slug
        page.save()


def test_a_page_that_was_renamed_has_one_line_with_what_was_seen_at_each_of_its_addresses() -> None:
    page = page_of("急須の手入れ", "kyusu", [])
    page_of("続き", "more", [{"type": "text", "value": '<p><a href="/kyusu/">手入れ</a></p>'}])
    # Of a day whose views are gone only the sums are left.
    told = {
        "source": "direct",
        "device": "pc",
        "sessions": 2,
        "entries": 2,
        "bounces": 1,
        "load_ms": 900,
        "loads": 1,
    }
    past = NOON.date() - timedelta(days=50)
    SeenPage.objects.create(path="/oteire/")
    PageDay.objects.create(day=past, path="/kyusu/", views=4, **told)
    PageDay.objects.create(day=past, path="/oteire/", views=3, **told)
    seen("/kyusu/", days=-1)
    with clock.told(NOON):
        effect_services.sum_day(NOON.date() - timedelta(days=1))
        effect_audit.look()
    assert SeenPage.objects.filter(path="/kyusu/").exists()
    # One visit before and after it was renamed, twice, is one session of one page.
    seen("/kyusu/")
    renamed(page, "oteire")
    seen("/oteire/", minutes=2)
    renamed(page, "teire")
    seen("/teire/", minutes=4)
    with clock.told(NOON):
        effect_services.refresh()
        effect_audit.look()
        period = effect_queries.period_of("90")
        found = effect_queries.effect_of("/teire/", period)
    whole = found.whole
    assert (whole.views, whole.sessions, whole.entries, whole.bounces) == (
        4 + 3 + 1 + 3,
        2 + 2 + 1 + 1,
        2 + 2 + 1 + 1,
        1 + 1 + 1,
    )
    assert set(PageDay.objects.values_list("path", flat=True)) == {"/teire/"}
    lines = SeenPage.objects.filter(path__in=["/kyusu/", "/oteire/", "/teire/"])
    assert [(one.path, one.title) for one in lines] == [("/teire/", "急須の手入れ")]
    assert not PageFault.objects.filter(kind="broken").exists()
    assert effect_addresses.earlier_of("/teire/") == ["/kyusu/", "/oteire/"]


def test_an_order_is_counted_once_for_a_page_that_was_renamed() -> None:
    cast.company()
    cast.sku("TEA", pieces=9)
    page = page_of("急須の手入れ", "kyusu", [])
    SeenPage.objects.create(path="/kyusu/")
    with clock.told(NOON):
        first, second = (cast.place(cast.draft(no, ("TEA", 1, 1000))) for no in ("W-1", "W-2"))
        day = {"day": NOON.date()}
        for path, at, yen in (("/kyusu/", 1, 400), ("/blog/", 2, 200), ("/teire/", 3, 400)):
            PageAssist.objects.create(order=first, path=path, position=at, yen=yen, **day)
    renamed(page, "teire")
    seen("/kyusu/", cart="c1")
    seen("/teire/", cart="c1", minutes=1)
    with clock.told(NOON + timedelta(hours=1)):
        effect_services.note_order(second.pk, cart="c1")
        for _ in range(2):
            effect_services.refresh()
    rows = PageAssist.objects.order_by("order", "position").values_list("order", "path", "position", "yen")
    assert list(rows) == [
        (first.pk, "/teire/", 1, 800), (first.pk, "/blog/", 2, 200), (second.pk, "/teire/", 1, second.total_yen),
    ]  # fmt: skip


def test_goods_and_categories_have_one_line_whatever_their_address_was() -> None:
    from akinai.catalog.models import Category, Product

    tea = Product.objects.get(skus=cast.sku("TEA", pieces=3))
    shelf = Category.objects.create(name="お茶")
    for path in (f"/products/{tea.number}/", f"/categories/{shelf.pk}/", "/products/nobody/"):
        seen(path)
    for one, slugs in ((tea, ("tea", "ocha")), (shelf, ("cha", "ocha"))):
        for slug in slugs:
            type(one).objects.filter(pk=one.pk).update(slug=slug)
    seen("/products/tea/", minutes=1)
    seen("/categories/cha/", minutes=1)
    with clock.told(NOON):
        effect_services.sum_day(NOON.date())
    views = dict(PageDay.objects.values_list("path", "views"))
    assert views == {"/products/ocha/": 2, "/categories/ocha/": 2, "/products/nobody/": 1}


def test_an_address_that_another_page_has_taken_is_its_own() -> None:
    page = page_of("急須の手入れ", "kyusu", [])
    seen("/kyusu/")
    with clock.told(NOON):
        effect_services.sum_day(NOON.date())
        effect_audit.look()
    renamed(page, "teire")
    with clock.told(NOON):
        effect_services.join_addresses()
    other = page_of("急須の選び方", "erabikata", [])
    renamed(other, "kyusu")
    seen("/kyusu/", days=1)
    with clock.told(NOON + timedelta(days=1)):
        effect_services.refresh()
    assert effect_addresses.moved(["/kyusu/"]) == {}
    assert PageDay.objects.get(day=NOON.date() + timedelta(days=1)).path == "/kyusu/"


def test_the_page_of_the_effect_names_the_earlier_addresses(client: Client) -> None:
    page = page_of("急須の手入れ", "kyusu", [])
    renamed(page, "teire")
    effect_audit.look()
    client.force_login(cast.staff("伊藤"))
    shown = client.get(
        reverse("effect:page", args=[SeenPage.objects.get(path="/teire/").pk])
    ).content.decode()
    assert "前のアドレス（" in shown and "/kyusu/" in shown
