"""Categories, search and what they can be narrowed by."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from akinai.catalog.models import Attribute, Category, Product, ProductAttribute, Sku
from akinai.catalog.services import place_category
from akinai.catalog.services.batch import refresh_search
from akinai.core.errors import DomainError
from akinai.shop.bestsellers import refresh
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> dict[str, Product]:
    """Tea (two kinds) below お茶, a cup below 茶器 > 湯のみ; the cup is sold out."""
    cast.company()
    tea = Category.objects.create(name="お茶", slug="tea", position=1, lead="香りのよいお茶です。")
    ware = Category.objects.create(name="茶器", slug="ware", position=2)
    cups = Category.objects.create(name="湯のみ", slug="cups", parent=ware)
    made = {}
    for code, name, kana, category, brand, price, pieces in (
        ("SEN", "静岡深蒸し煎茶", "シズオカフカムシセンチャ", tea, "みどり園", 1080, 9),
        ("GYO", "八女玉露", "ヤメギョクロ", tea, "みどり園", 2160, 2),
        ("CUP", "波佐見焼の湯のみ", "ハサミヤキユノミ", cups, "あおき窯", 1650, 0),
    ):
        product = Product.objects.get(skus=cast.sku(code, pieces=pieces, price=price))
        Product.objects.filter(pk=product.pk).update(
            name=name, kana=kana, category=category, brand=brand, slug=code.lower()
        )
        made[code] = product
    Sku.objects.update(needs_review=False)
    Sku.objects.filter(code="SEN").update(jan="4901234567894")
    refresh_search([one.pk for one in made.values()])
    return made


def found(client: Client, address: str) -> list[str]:
    """Names of the goods on this page."""
    return [card.shown.name for card in client.get(address).context["cards"]]


def facet(client: Client, address: str, name: str) -> dict[str, int | None]:
    facets = {one.name: one for one in client.get(address).context["found"].facets}
    return {one.label: one.count for one in facets[name].values} if name in facets else {}


def test_a_category_shows_the_goods_of_all_below_it(client: Client, shelf: dict[str, Product]) -> None:
    assert found(client, "/categories/ware/") == ["波佐見焼の湯のみ"]
    assert sorted(found(client, "/categories/tea/")) == ["八女玉露", "静岡深蒸し煎茶"]
    page = client.get("/categories/cups/").content.decode()
    assert 'href="/categories/ware/"' in page.split("</nav>")[-3] or "茶器" in page
    assert "香りのよいお茶です。" in client.get("/categories/tea/").content.decode()


def test_below_a_hidden_category_nothing_is_shown(client: Client, shelf: dict[str, Product]) -> None:
    Category.objects.filter(slug="ware").update(is_public=False)
    assert client.get("/categories/cups/").status_code == 404


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("深蒸し", ["静岡深蒸し煎茶"]),
        ("ぎょくろ", ["八女玉露"]),
        ("ｷﾞｮｸﾛ", ["八女玉露"]),
        ("茶", ["静岡深蒸し煎茶"]),
        ("4901234567894", ["静岡深蒸し煎茶"]),
        ("cup", ["波佐見焼の湯のみ"]),
        ("みどり園 玉露", ["八女玉露"]),
        ("100%", []),
        ("_", []),
    ],
)
def test_words_codes_and_kana_find_goods(
    client: Client, shelf: dict[str, Product], words: str, names: list[str]
) -> None:
    assert [card.shown.name for card in client.get("/search/", {"q": words}).context["cards"]] == names


def test_each_facet_counts_with_what_the_others_have_chosen(
    client: Client, shelf: dict[str, Product]
) -> None:
    origin = Attribute.objects.create(name="産地", kind="text")
    for code, value in (("SEN", "静岡"), ("GYO", "福岡"), ("CUP", "長崎")):
        ProductAttribute.objects.create(product=shelf[code], attribute=origin, value=value)
    assert facet(client, "/search/", "brand") == {"みどり園": 2, "あおき窯": 1}
    assert facet(client, "/search/?price=1", "brand") == {"みどり園": 2, "あおき窯": 1}
    assert facet(client, "/search/?price=0", "brand") == {}
    assert facet(client, "/search/?brand=みどり園", "brand") == {
        "みどり園": 2,
        "あおき窯": 1,
    }  # its own choice does not narrow it
    assert facet(client, "/search/?brand=みどり園", "stock") == {"在庫のある商品だけ": 2}
    assert found(client, "/search/?stock=1&brand=あおき窯") == []
    assert found(client, f"/search/?a.{origin.pk}=福岡") == ["八女玉露"]
    assert client.get("/search/?brand=みどり園").context["found"].total == 2


def test_goods_stand_in_the_order_that_was_asked_for(client: Client, shelf: dict[str, Product]) -> None:
    cheap = ["静岡深蒸し煎茶", "波佐見焼の湯のみ", "八女玉露"]
    assert found(client, "/search/?sort=cheap") == cheap
    assert found(client, "/search/?sort=dear") == cheap[::-1]
    assert found(client, "/search/?sort=name") == ["静岡深蒸し煎茶", "波佐見焼の湯のみ", "八女玉露"]
    cast.place(cast.draft("1", ("GYO", 2, 2160)))
    from akinai.core import clock

    with clock.told(cast.NOW):
        assert refresh() == 1
    assert found(client, "/search/")[0] == "八女玉露"


def test_filtered_pages_are_not_for_search_engines(client: Client, shelf: dict[str, Product]) -> None:
    plain = client.get("/categories/tea/").content.decode()
    assert "noindex" not in plain and 'rel="canonical" href="http://localhost' in plain
    assert "noindex" in client.get("/categories/tea/?brand=みどり園").content.decode()
    assert client.get("/categories/tea/?page=2").status_code == 404
    for bad in ("page=x", "price=99", "a.x=1", "a.1=", "sort=zz", "brand="):
        assert client.get(f"/categories/tea/?{bad}").status_code == 200


def test_an_empty_search_leads_on(client: Client, shelf: dict[str, Product]) -> None:
    page = client.get("/search/?q=ありません商品").content.decode()
    assert "見つかりませんでした" in page and "すべての商品を見る" in page and "/categories/tea/" in page


def test_a_list_takes_few_queries(
    client: Client, shelf: dict[str, Product], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        client.get("/search/?q=茶")
    with django_assert_max_num_queries(10):
        client.get("/categories/tea/")


def test_categories_make_no_ring_and_at_most_four_levels(shelf: dict[str, Product]) -> None:
    ware, cups = Category.objects.get(slug="ware"), Category.objects.get(slug="cups")

    def under(one: Category, parent: Category) -> None:
        place_category(one, slug=one.slug, parent=parent, position=1, is_public=True, lead="", by=None)

    with pytest.raises(DomainError, match="自分の下にあるカテゴリ"):
        under(ware, cups)
    third = Category.objects.create(name="三", parent=cups)
    fourth = Category.objects.create(name="四", parent=third)
    with pytest.raises(DomainError, match="4 段まで"):
        under(Category.objects.create(name="五"), fourth)
    with pytest.raises(DomainError, match="4 段まで"):
        under(Category.objects.get(pk=ware.pk), Category.objects.create(name="上"))


def test_a_category_keeps_its_old_addresses(client: Client, shelf: dict[str, Product]) -> None:
    tea = Category.objects.get(slug="tea")
    place_category(tea, slug="japanese-tea", parent=None, position=1, is_public=True, lead="", by=None)
    for old in ("tea", str(tea.pk)):
        assert client.get(f"/categories/{old}/").headers["Location"] == "/categories/japanese-tea/"


@pytest.mark.parametrize(
    ("address", "index"),
    [
        ("/search/", "Index Only Scan using product_shop_best"),
        ("/search/?sort=new", "Index Only Scan using product_shop_new"),
        ("/search/?sort=name", "Index Scan using product_shop_name"),
        ("/search/?sort=cheap", "using lowestprice_order"),
        ("/categories/tea/", "Index Only Scan using product_shop_category"),
    ],
)
def test_the_shop_reads_its_lists_by_index(
    client: Client, shelf: dict[str, Product], address: str, index: str
) -> None:
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    page = next(one["sql"] for one in asked if "p.id = ANY(ARRAY(" in one["sql"])
    with connection.cursor() as cursor:
        # Three goods are read fastest without any index: only an index that holds them in this order needs neither.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {page}")
        assert index in "\n".join(row[0] for row in cursor.fetchall())


def test_whoever_turns_all_pages_sees_each_good_once_and_none_without_a_price(
    client: Client, shelf: dict[str, Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("akinai.shop.facets.PAGE", 1)
    monkeypatch.setattr("akinai.shop.views.catalogue.PAGE", 1)
    tea = Category.objects.get(slug="tea")
    Product.objects.create(number="PR-E", code="EMPTY", name="SKUのない茶", category=tea)
    unpriced = Product.objects.get(skus=cast.sku("LATER", price=0))
    Product.objects.filter(pk=unpriced.pk).update(category=tea, name="価格のない茶", sold_lately=99)
    refresh_search([unpriced.pk])
    for sort in ("", "new", "cheap", "dear", "name"):
        pages = [found(client, f"/search/?sort={sort}&page={at}") for at in (1, 2, 3)]
        assert sorted(name for page in pages for name in page) == [
            "八女玉露",
            "波佐見焼の湯のみ",
            "静岡深蒸し煎茶",
        ]
        assert client.get(f"/search/?sort={sort}&page=4").status_code == 404
    assert found(client, "/categories/tea/?sort=cheap&page=2") == ["八女玉露"]
    assert found(client, "/search/?q=茶") == ["静岡深蒸し煎茶"]
    assert client.get("/search/?q=茶&page=2").status_code == 404
    assert client.get("/search/?q=価格のない").context["found"].total == 0


def test_of_very_many_goods_the_shop_tells_no_number_in_stock_and_still_narrows(
    client: Client, shelf: dict[str, Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("akinai.shop.facets.MANY", 2)
    cache.clear()
    assert facet(client, "/search/", "stock") == {"在庫のある商品だけ": None}
    assert facet(client, "/search/?stock=1", "stock") == {"在庫のある商品だけ": 2}
    assert client.get("/search/?stock=1").context["found"].total == 2
    cache.clear()
