"""What visitors read, with goods as they stand at this moment."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client, TestCase
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries
from wagtail.images import get_image_model

from akinai.content import queries, sharing
from akinai.content.addresses import absolute
from akinai.content.drawing import draw
from akinai.content.models import BlogPage, FeatureIndexPage, FeaturePage, Picture
from akinai.content.services import writing
from akinai.content.tests import writers
from akinai.content.uploads import redrawn
from akinai.core import clock
from akinai.core.errors import DomainError
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company(db: None, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    cast.company()


def _seen(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_what_is_sold_out_gives_its_place_to_its_substitute(client: Client) -> None:
    gone, instead = writers.goods("TEA-1"), writers.goods("TEA-2", pieces=3, price=1296)
    page = writers.feature("新茶", writers.picked((gone, instead)))
    seen = _seen(client, page.url)
    assert "商品 TEA-2" in seen and "1,296" in seen and "商品 TEA-1" not in seen
    cast.receive(gone.skus.get().pk, 5, key="more")
    seen = _seen(client, page.url)
    assert "商品 TEA-1" in seen and "商品 TEA-2" not in seen


def test_without_a_substitute_in_stock_the_goods_are_shown_as_sold_out(client: Client) -> None:
    gone, other = writers.goods("TEA-1"), writers.goods("TEA-2")
    seen = _seen(client, writers.feature("新茶", writers.picked((gone, other))).url)
    assert "商品 TEA-1" in seen and "売り切れ" in seen and "商品 TEA-2" not in seen


def test_a_shelf_shows_what_fits_its_price_and_is_in_stock(client: Client) -> None:
    for code, pieces, price in (("A", 1, 500), ("B", 1, 1500), ("C", 0, 1600), ("D", 1, 2500)):
        writers.goods(code, pieces=pieces, price=price)
    page = writers.feature("千円台", writers.shelf(price_from=1000, price_to=2000, in_stock_only=True))
    seen = _seen(client, page.url)
    assert "商品 B" in seen
    assert not any(f"商品 {code}<" in seen for code in "ACD")


def test_best_selling_counts_the_pieces_of_28_days(client: Client) -> None:
    for code in "AB":
        writers.goods(code, pieces=50)
    now = clock.now()
    for no, code, pieces, days in (("1", "A", 3, 2), ("2", "B", 9, 40), ("3", "B", 2, 1)):
        cast.place(cast.draft(no, (code, pieces, 1080), ordered_at=now - timedelta(days=days)))
    seen = _seen(client, writers.feature("人気", writers.shelf(order="best")).url)
    assert seen.index("商品 A") < seen.index("商品 B")


def test_however_many_blocks_the_queries_stay_the_same(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made = [writers.goods(f"TEA-{nth}", pieces=1, price=1000 + nth) for nth in range(12)]
    few = writers.feature("少し", writers.picked((made[0], made[1])), writers.shelf(count=2))
    grids = [writers.picked((one, other)) for one, other in pairwise(made)]
    shelves = [writers.shelf(count=nth + 1, price_from=nth) for nth in range(6)]
    many = writers.feature("たくさん", *grids, *shelves)
    _seen(client, few.url)
    counts = []
    for page in (few, many):
        with django_assert_max_num_queries(60) as asked:
            _seen(client, page.url)
        counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1]


def test_a_banner_is_seen_in_its_time_only(client: Client) -> None:
    start = timezone.make_aware(datetime(2026, 12, 1, 0, 0))
    banner = {
        "page": None, "address": "/search/?q=茶", "title": "歳末の市", "text": "", "image": {"image": None, "decorative": False, "alt_text": ""},
        "starts_at": start.isoformat(), "ends_at": (start + timedelta(days=7)).isoformat(), "for_whom": "all",
    }  # fmt: skip
    page = writers.feature("冬", ("banner", banner))
    for day, seen in ((date(2026, 11, 30), False), (date(2026, 12, 1), True), (date(2026, 12, 8), False)):
        with clock.told(timezone.make_aware(datetime(day.year, day.month, day.day, 0, 0, 1))):
            assert ("歳末の市" in _seen(client, page.url)) is seen


def test_what_is_limited_is_seen_in_its_time_and_its_words_and_goods_are_looked_at_like_all(
    client: Client,
) -> None:
    start = timezone.make_aware(datetime(2026, 12, 1, 0, 0))
    inner = [
        {"type": "text", "value": "<p>朝市のお知らせ</p>"},
        {
            "type": "product",
            "value": {"product": writers.goods("TEA-1", pieces=3).pk, "instead": None, "comment": ""},
        },
    ]
    told = {
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=6)).isoformat(),
        "for_whom": "all",
        "body": inner,
    }
    page = writers.feature("冬", ("for_some", told))
    for hours, seen in ((-1, False), (1, True), (6, False)):
        with clock.told(start + timedelta(hours=hours)):
            drawn = _seen(client, page.url)
            assert (("朝市のお知らせ" in drawn), ("商品 TEA-1" in drawn)) == (seen, seen)
    inner[0]["value"] = "<p>日本一の朝市</p>"
    with pytest.raises(DomainError, match="限定の内容"):
        writers.feature("冬の市", ("for_some", told))


def _blog(posts: int) -> str:
    index = writing.write_page(
        "BlogIndexPage", under=writers.home().pk, title="茶の間だより", slug="blog", by=None
    )
    for nth in range(posts):
        writing.write_page(
            "BlogPage", under=index, title=f"第 {nth} 話", slug=f"p{nth}", by=None, lead=f"話 {nth}", author="見本 花子",
            dated_on=date(2026, 11, 1) + timedelta(days=nth), tags=("器",) if nth % 7 == 0 else (),
        )  # fmt: skip
    return "/blog/"


def test_the_blog_pages_filters_and_refuses_pages_that_are_not_there(client: Client) -> None:
    index = _blog(14)
    first, second = _seen(client, index), _seen(client, f"{index}?p=2")
    assert "第 13 話" in first and "第 1 話" not in first and "第 1 話" in second
    tagged = _seen(client, f"{index}?tag=器")
    assert "第 7 話" in tagged and "第 8 話" not in tagged and 'content="noindex"' in tagged
    assert client.get(f"{index}?p=9").status_code == client.get(f"{index}?p=x").status_code == 404


def test_the_feed_has_the_newest_posts(client: Client) -> None:
    assert client.get("/feeds/blog/").status_code == 404
    _blog(3)
    feed = client.get("/feeds/blog/")
    assert feed.headers["Content-Type"].startswith("application/rss+xml")
    assert feed.content.decode().index("第 2 話") < feed.content.decode().index("第 0 話")


def test_a_post_leads_on_to_those_with_its_tags(client: Client) -> None:
    _blog(9)
    post = BlogPage.objects.get(slug="p7")
    seen = _seen(client, post.url)
    assert seen.index("第 0 話") < seen.index("第 8 話")  # shares the tag, though it is older


def test_questions_are_told_to_search_engines_and_cannot_end_their_script(client: Client) -> None:
    group = {"title": "お茶", "items": [{"question": "</script>何煎まで？", "answer": "<p>二煎まで。</p>"}]}
    writing.write_page(
        "FaqPage",
        under=writers.home().pk,
        title="よくある質問",
        slug="faq",
        by=None,
        questions=writers.body(("group", group)),
    )
    seen = _seen(client, "/faq/")
    told = [
        json.loads(one.split("</script>")[0].split(">", 1)[1])
        for one in seen.split('<script type="application/ld+json"')[1:]
    ]
    faq = next(one for one in told if one["@type"] == "FAQPage")
    assert faq["mainEntity"][0]["name"] == "</script>何煎まで？"
    assert faq["mainEntity"][0]["acceptedAnswer"]["text"] == "二煎まで。"


def test_a_page_tells_its_title_description_and_address(client: Client) -> None:
    page = writers.feature("新茶", seo_title="新茶の特集", search_description="八十八夜のころ", no_index=True)
    answer = client.get(page.url)
    seen = answer.content.decode()
    assert "<title>新茶の特集｜" in seen and 'content="八十八夜のころ"' in seen
    assert f'rel="canonical" href="{absolute(page.url)}"' in seen
    assert 'content="noindex"' in seen and answer.headers["X-Robots-Tag"] == "noindex"
    assert page.url not in [path for path, _at in queries.live_pages()]


def test_what_has_no_picture_is_shared_with_that_of_the_first_page(client: Client) -> None:
    home = writers.home()
    home.picture = writers.picture()
    home.save_revision().publish()
    cache.delete(sharing.KEY)
    for address in (writers.feature("新茶").url, "/law/", "/videos/"):
        seen = client.get(address).content.decode()
        assert 'property="og:image" content="http' in seen and "fill-1200x630" in seen, address


def test_a_page_that_was_renamed_or_moved_is_found_under_its_old_address(client: Client) -> None:
    page = writers.feature("新茶", slug="old")
    with TestCase.captureOnCommitCallbacks(execute=True):
        index = FeatureIndexPage.objects.get()
        index.slug = "tokushu"
        index.save()
    with TestCase.captureOnCommitCallbacks(execute=True):
        found = FeaturePage.objects.get(pk=page.pk)
        found.slug = "new"
        found.save()
    for old in ("/features/old/", "/tokushu/old/"):
        answer = client.get(old)
        assert (answer.status_code, answer.headers["Location"]) == (301, "/tokushu/new/")
    assert client.get("/features/never/").status_code == 404


def test_the_home_page_lists_news_the_important_first(client: Client) -> None:
    index = writing.write_page(
        "NewsIndexPage", under=writers.home().pk, title="お知らせ", slug="news", by=None
    )
    for nth, important in enumerate((True, False, False, False)):
        writing.write_page(
            "NewsPage", under=index, title=f"知らせ {nth}", slug=f"n{nth}", by=None, is_important=important,
            dated_on=date(2026, 11, 1 + nth),
        )  # fmt: skip
    seen = _seen(client, "/")
    assert seen.index("知らせ 0") < seen.index("知らせ 3") and "知らせ 1" not in seen


def test_what_is_uploaded_is_drawn_anew_without_what_the_camera_wrote() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    data = writers.photo(exif=exif) + b"<script>alert(1)</script>"
    clean = redrawn(ContentFile(data, "x.jpg")).read()
    assert b"SecretCamera" not in clean and b"<script>" not in clean
    assert Image.open(BytesIO(clean)).size == (60, 40)
    kept = Picture(title="茶畑", file=ContentFile(data, "x.jpg"))
    kept.save()  # whoever saves it: an editor, a command, the sample shop
    assert b"SecretCamera" not in kept.file.read()
    with pytest.raises(ValidationError, match="SVG"):
        redrawn(ContentFile(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.png"))


def test_the_pictures_of_a_page_are_drawn_when_it_goes_out_and_not_for_its_first_visitor(
    client: Client,
) -> None:
    page = writers.feature(
        "茶畑の朝", ("picture", {"image": writers.picture().pk, "caption": ""}), slug="field"
    )
    asked = ProcrastinateJob.objects.filter(task_name="content.draw_pictures", args__page_id=page.pk)
    assert asked.count() == 1
    assert draw(page.pk)
    drawn = set(get_image_model().get_rendition_model().objects.values_list("filter_spec", flat=True))
    assert {"format-avif|width-480", "format-webp|width-960", "format-jpeg|width-1440"} <= drawn
    client.get(page.get_url())
    assert set(get_image_model().get_rendition_model().objects.values_list("filter_spec", flat=True)) == drawn
    assert not draw(0)
