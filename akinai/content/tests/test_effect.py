"""効果: views are counted without knowing anybody, sums are exact, orders are shared among the pages seen before, faults are named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Site

from akinai.content import (
    effect_audit,
    effect_queries,
    effect_rules,
    effect_services,
)
from akinai.content.models import (
    DaySalt,
    HomePage,
    OrderVisit,
    PageAssist,
    PageDay,
    PageFault,
    PageHit,
    SeenPage,
)
from akinai.content.templatetags.effect import SALT
from akinai.content.tests.seeing import NOON, PC, PHONE, page_of, seen
from akinai.core import clock
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_salt_is_remembered() -> None:
    """A process remembers the salt of its day; the tables of a test begin empty."""
    effect_services._salts.clear()


@pytest.mark.parametrize(
    ("referrer", "query", "found"),
    [
        ("", "", ("direct", "")),
        ("https://shop.example.jp/blog/", "", ("direct", "")),
        ("https://www.google.co.jp/", "", ("search", "")),
        ("https://t.co/abc", "", ("social", "")),
        ("https://blog.example.org/x", "", ("site", "")),
        ("https://www.google.com/", "utm_source=google&utm_medium=cpc&utm_campaign=aki", ("ad", "aki")),
        ("", "utm_medium=email&utm_source=mailmag12", ("mail", "mailmag12")),
        ("http://[bad", "utm_source=instagram", ("social", "instagram")),
    ],
)
def test_where_a_visitor_comes_from(referrer: str, query: str, found: tuple[str, str]) -> None:
    assert effect_rules.source_of(referrer, query, "shop.example.jp:443") == found


def test_an_order_is_shared_by_place_and_adds_up() -> None:
    share = effect_rules.shares
    assert share(["/a/"], 999) == [("/a/", 1, 999)]
    assert share(["/a/", "/b/", "/a/"], 999) == [("/a/", 1, 500), ("/b/", 2, 499)]
    assert share(["/a/", "/b/", "/cart/", "/c/", "/d/"], 1001) == [
        ("/a/", 1, 401),
        ("/b/", 2, 100),
        ("/c/", 3, 100),
        ("/d/", 4, 400),
    ]
    assert share(["/cart/"], 1000) == []


def test_a_day_is_summed_to_the_last_view_however_often() -> None:
    # One visitor: two views, half an hour of nothing, one more view: two sessions. Another bounces on a phone.
    seen("/", referrer="https://www.google.com/", load_ms=1000)
    seen("/blog/", minutes=5, load_ms=2000)
    seen("/blog/", minutes=36)
    seen("/blog/", minutes=1, agent=PHONE, address="192.0.2.2", query="utm_source=line&utm_campaign=aki")
    for _ in range(2):
        effect_services.sum_day(NOON.date())
    rows = PageDay.objects.order_by("path", "source", "device").values_list(
        "path", "source", "campaign", "device", "views", "sessions", "entries", "bounces", "load_ms", "loads"
    )
    assert list(rows) == [
        ("/", "search", "", "pc", 1, 1, 1, 0, 1000, 1),
        ("/blog/", "direct", "", "pc", 1, 1, 1, 1, 0, 0),
        ("/blog/", "search", "", "pc", 1, 1, 0, 0, 2000, 1),
        ("/blog/", "social", "aki", "phone", 1, 1, 1, 1, 0, 0),
    ]
    effect_audit.look()
    with clock.told(NOON):
        found = effect_queries.effect_of("/blog/", effect_queries.period_of("7"))
        (row,) = effect_queries.pages(effect_queries.period_of("7")).filter(path="/blog/")
    assert (found.whole.views, found.whole.sessions, found.whole.bounce_rate, found.load_seconds) == (
        3,
        3,
        100.0,
        2.0,
    )
    assert [(part.title, part.views) for part in found.by_source] == [
        ("SNS：aki", 1),
        ("検索", 1),
        ("直接", 1),
    ]
    assert (row.views, row.entries, row.bounces, row.bounce_rate) == (3, 2, 2, 100.0)


def test_programs_private_pages_and_floods_are_left_out() -> None:
    assert not seen("/", agent="Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
    assert not seen("/", agent="")
    assert not seen("/mypage/reset/secret/") and not seen("/office/")
    assert sum(seen("/", minutes=0) for _ in range(65)) == 60
    assert seen("/", minutes=2)


def test_who_somebody_was_cannot_be_told_after_two_days() -> None:
    seen("/")
    seen("/", days=1)
    with clock.told(NOON):
        assert effect_services.visitor_mark("192.0.2.1", PC) == PageHit.objects.order_by("at")[0].visitor
    assert PageHit.objects.values("visitor").distinct().count() == 2  # another mark each day
    with clock.told(NOON + timedelta(days=2)):
        effect_services.forget_old()
        assert list(DaySalt.objects.values_list("day", flat=True)) == [(NOON + timedelta(days=1)).date()]
        assert PageHit.objects.count() == 2
    with clock.told(NOON + timedelta(days=41)):
        effect_services.forget_old()
        assert (DaySalt.objects.count(), PageHit.objects.count()) == (0, 1)


def test_the_address_takes_only_signed_pages_of_people_who_agree(client: Client) -> None:
    page = signing.Signer(salt=SALT).sign("/blog/")

    def tell(told: str = page, **head: str) -> int:
        assert (
            client.post("/b/", {"p": told, "t": "800"}, headers={"User-Agent": PC, **head}).status_code == 204
        )
        return PageHit.objects.count()

    assert tell("/blog/") == tell(page + "x") == 0
    assert (
        tell(page, DNT="1")
        == tell(page, **{"Sec-GPC": "1"})
        == tell(page, **{"Sec-Fetch-Site": "cross-site"})
        == 0
    )
    assert client.post("/b/", {"p": page, "r": "x" * 3000}, headers={"User-Agent": PC}).status_code == 204
    assert PageHit.objects.count() == 0 and client.get("/b/").status_code == 405
    assert tell() == 1 and not client.cookies
    hit = PageHit.objects.get()
    assert (hit.path, hit.load_ms, hit.cart) == ("/blog/", 800, "") and "127.0.0.1" not in hit.visitor
    client.force_login(cast.staff("伊藤"))
    assert tell() == 1


def test_the_page_bears_the_script_and_the_reset_page_does_not(client: Client) -> None:
    assert b"seen.js" in client.get("/").content


def test_pages_seen_within_seven_days_share_the_order_and_customers_who_come_back_are_counted() -> None:
    cast.company()
    cast.sku("TEA", pieces=9)
    seen("/old/", days=-8, cart="c1")
    seen("/blog/", days=-3, cart="c1")
    seen("/products/tea/", days=-1, cart="c1")
    seen("/", cart="")  # the same browser today, before it had a cart
    seen("/else/", address="192.0.2.9", cart="c2")
    with clock.told(NOON + timedelta(hours=1)):
        made = cast.place(cast.draft("W-1", ("TEA", 1, 1000)))
        effect_services.note_order(made.pk, cart="c1", address="192.0.2.1", agent=PC)
        effect_services.note_order(made.pk, cart="c1")
        effect_services.refresh()
        effect_services.refresh()
        rows = PageAssist.objects.order_by("position").values_list("path", "position", "yen")
        assert list(rows) == [("/blog/", 1, 400), ("/products/tea/", 2, 200), ("/", 3, 400)]
        assert OrderVisit.objects.get().is_counted
        period = effect_queries.period_of("7")
        assert effect_queries.effect_of("/blog/", period).repeat_rate == 0.0
        cast.place(cast.draft("W-2", ("TEA", 1, 1000), ordered_at=NOON + timedelta(minutes=30)))
        found = effect_queries.effect_of("/blog/", period)
        assert (found.orders, found.assisted_yen, found.first_buyers, found.came_back, found.repeat_rate) == (
            1,
            400,
            1,
            1,
            100.0,
        )


def test_pages_that_lose_money_are_named_with_the_next_act() -> None:
    from akinai.catalog.models import Sku

    cast.company()
    gone, here = cast.sku("GONE"), cast.sku("HERE", pieces=3)
    Sku.objects.filter(pk__in=[gone, here]).update(needs_review=False)
    products = dict(Sku.objects.values_list("code", "product_id"))
    text = f'<p>{"あ" * 220} <a href="/nowhere-at-all/">先</a> <a href="/search/">検索</a></p>'
    feature = page_of("秋の特集", "aki", [
        {"type": "products", "value": {"title": "", "items": [{"product": pk, "instead": None} for pk in (products["GONE"], products["HERE"], 999_999)]}}, {"type": "text", "value": text},
    ])  # fmt: skip
    page_of("短い", "short", [{"type": "text", "value": "<p>少し</p>"}], feature)
    HomePage.objects.filter(pk=feature.pk).update(show_in_menus=True)
    for _ in range(5):
        seen("/aki/", load_ms=4000)
    with clock.told(NOON):
        effect_services.sum_day(NOON.date())
        for _ in range(2):
            effect_audit.look()
    found = {(one.page.path, one.kind): one for one in PageFault.objects.select_related("page")}
    assert {key for key in found if key[0] == "/aki/"} == {
        ("/aki/", "sold_out"),
        ("/aki/", "hidden"),
        ("/aki/", "broken"),
        ("/aki/", "slow"),
    }
    assert ("/aki/short/", "thin") in found
    sold_out = found["/aki/", "sold_out"]
    assert (
        "商品 GONE" in sold_out.what
        and sold_out.views == 5
        and sold_out.fix_url == reverse("wagtailadmin_pages:edit", args=[feature.pk])
    )
    assert "/nowhere-at-all/" in found["/aki/", "broken"].what and "4.0 秒" in found["/aki/", "slow"].what


def test_what_has_a_substitute_to_buy_loses_nothing_and_a_substitute_alone_is_not_seen() -> None:
    from akinai.catalog.models import Sku

    cast.company()
    for code in ("GONE", "OVER"):
        cast.sku(code)
    cast.sku("HERE", pieces=3)
    Sku.objects.update(needs_review=False)
    pk = dict(Sku.objects.values_list("code", "product_id"))

    def faults(*pairs: tuple[str, str | None]) -> list[str]:
        items = [{"product": pk[one], "instead": pk[other] if other else None} for one, other in pairs]
        page = page_of("特集", "aki", [{"type": "products", "value": {"title": "", "items": items}}])
        effect_audit.look()
        found = list(
            PageFault.objects.filter(kind="sold_out").order_by("what").values_list("what", flat=True)
        )
        page.delete()
        return [one.partition("（")[0] for one in found]

    assert faults(("GONE", "HERE")) == faults(("HERE", "OVER")) == []
    assert faults(("GONE", "OVER")) == ["商品 GONE"]
    assert faults(("GONE", "HERE"), ("GONE", None)) == ["商品 GONE"]


def test_the_code_of_a_coupon_is_no_missing_product() -> None:
    told = {"code": "HAJIMETE500", "title": "500円引き", "terms": "", "ends_at": None}
    page_of("はじめての方へ", "first", [{"type": "coupon", "value": told}])
    effect_audit.look()
    assert not PageFault.objects.filter(kind="hidden").exists()


def test_a_short_notice_is_no_thin_page() -> None:
    from akinai.content.services import writing

    root = Site.objects.get(is_default_site=True).root_page
    index = writing.write_page("NewsIndexPage", under=root.pk, title="お知らせ", slug="news", by=None)
    writing.write_page("NewsPage", under=index, title="休業", slug="rest", by=None)
    effect_audit.look()
    assert not PageFault.objects.filter(kind="thin").exists()


def test_a_page_nobody_links_is_an_orphan_until_a_menu_a_text_or_a_button_leads_there() -> None:
    alone = page_of("秋の催し", "alone", [])
    told = {
        "text": page_of("文から", "from-text", []), "button": page_of("ボタンから", "from-button", []), "home": page_of("最初の画面から", "from-home", []),
    }  # fmt: skip
    listed, aimed = page_of("一覧", "listed", []), page_of("広告から", "aimed", [])
    HomePage.objects.filter(pk=listed.pk).update(show_in_menus=True)
    HomePage.objects.filter(pk=aimed.pk).update(no_index=True)
    home = Site.objects.get(is_default_site=True).root_page.specific
    home.button_page = told["home"]
    home.body = [
        {"type": "text", "value": f'<p><a linktype="page" id="{told["text"].pk}">読む</a></p>'},
        {"type": "button", "value": {"text": "見る", "page": told["button"].pk, "address": ""}},
        {"type": "button", "value": {"text": "探す", "page": None, "address": "/no-such-page/"}},
    ]
    home.save()
    effect_audit.look()
    assert list(PageFault.objects.filter(kind="orphan").values_list("page__path", flat=True)) == ["/alone/"]
    assert [one.what for one in PageFault.objects.filter(kind="broken")] == ["/no-such-page/ は開けません"]
    alone.unpublish()
    told["button"].unpublish()
    effect_audit.look()
    assert not PageFault.objects.filter(kind="orphan").exists()
    assert PageFault.objects.filter(kind="broken", what="リンク先のページが公開されていません").count() == 1


def test_the_screens_are_for_those_who_may_and_take_few_queries(client: Client) -> None:
    seen("/")
    with clock.told(NOON):
        effect_services.sum_day(NOON.date())
        effect_audit.look()
    client.force_login(cast.staff("部外者"))
    assert client.get(reverse("effect:list")).status_code == 403
    client.force_login(cast.staff("伊藤"))
    home = SeenPage.objects.get(path="/")
    for url in (reverse("effect:list"), reverse("effect:list") + "?f.period=90&sort=-assisted_yen", reverse("effect:faults"), reverse("effect:page", args=[home.pk])):  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        assert len(asked) <= 8, url
    assert client.post(reverse("effect:look")).status_code == 302
    assert client.get(reverse("effect:list") + "?export=csv").status_code == 200
