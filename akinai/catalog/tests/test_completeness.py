"""登録の完成度と属性: what is missing is said the same way on the page, in the list and by the database."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from akinai.catalog import queries, rules, services
from akinai.catalog.attribute_words import Asked, Unreadable, read
from akinai.catalog.models import Attribute, Category, Product, ProductAttribute, Sku
from akinai.catalog.services.completeness import refresh
from akinai.core import proofs
from tests.cast import staff

pytestmark = pytest.mark.django_db


def tea(code: str = "TEA", **values: Any) -> Product:
    attributes = values.pop("attributes", None)
    sku = {"code": code, "price_yen": 500} | values.pop("sku", {})
    return services.create_product(
        values={"code": code, "name": "煎茶"} | values, skus=[sku], attributes=attributes, by=None
    )


def ask(*names: str, category: str = "お茶", required: bool = True) -> dict[str, int]:
    row = Category.objects.get_or_create(name=category)[0]
    services.ask(row, [Asked(0, name, is_required=required) for name in names], by=None)
    return dict(Attribute.objects.values_list("name", "pk"))


def told(product: Product) -> list[str]:
    """What the page says is missing."""
    skus, images = list(product.skus.all()), list(product.images.all())
    found = rules.lacks(queries.facts_of(product, skus, images, queries.unanswered_of(product)))
    product.refresh_from_db()
    assert product.completeness == rules.percent(found)
    return [lack.code for lack in found if lack.code]


def test_the_page_and_the_database_say_the_same_of_every_product() -> None:
    attribute = ask("産地")["産地"]
    kinds = itertools.product((False, True), repeat=7)
    for at, (named, priced, coded, described, pictured, answered, reviewed) in enumerate(kinds):
        product = tea(
            f"T{at}", kana="センチャ" if named else " ", description="香り" if described else "\n　", category="お茶",
            attributes={attribute: "宇治"} if answered else {},
            sku={"price_yen": 100 if priced else 0, "needs_review": not reviewed, "jan": None,
                 "cost": Decimal(50) if coded else None},
        )  # fmt: skip
        if pictured:
            product.images.create(source_url="https://example.jp/a.jpg", alt="" if named else "茶")
        else:
            product.images.create(source_url="httpicture.jpg")
        refresh([product.pk])
        product.refresh_from_db()
        assert told(product) == product.lacking, at


def test_a_whole_product_has_a_hundred_percent() -> None:
    product = tea(
        kana="センチャ",
        description="香り",
        category="お茶",
        sku={"jan": "4901234567894", "cost": Decimal(50)},
    )
    assert told(product) == ["image"]
    image = product.images.create(source_url="https://example.jp/a.jpg")
    refresh([product.pk])
    assert told(product) == ["alt"]
    services.describe_image(image, " 湯呑み  の写真", by=None)
    assert told(product) == [] and product.completeness == 100
    services.remove_image(image, by=None)
    assert told(product) == ["image"]


def test_what_is_not_sold_is_not_missing_anything() -> None:
    product = tea(sku={"price_yen": 0})
    assert "price" in told(product)
    services.end_sale(Sku.objects.all(), by=None)
    assert "price" not in told(product)


def test_a_wish_of_the_category_is_missing_from_its_goods_at_once() -> None:
    mine, other = tea(category="お茶"), tea("CUP", category="器")
    attribute = ask("産地")["産地"]
    assert "attribute" in told(mine) and "attribute" not in told(other)
    services.update_product(mine, version=1, values={}, skus=[], attributes={attribute: "宇治"}, by=None)
    assert "attribute" not in told(mine)
    services.update_product(mine, version=2, values={}, skus=[], attributes={attribute: ""}, by=None)
    assert "attribute" in told(mine) and not ProductAttribute.objects.exists()
    ask("産地", required=False)
    assert "attribute" not in told(mine)


def test_the_proof_finds_a_score_that_was_changed_behind_its_back() -> None:
    product = tea()
    Product.objects.filter(pk=product.pk).update(completeness=100, lacking=[])
    found = {one.name: one.broken for one in proofs.run_all("completeness_is_counted")}
    assert found["completeness_is_counted"][0]["number"] == product.number


def test_a_blank_answer_has_no_row() -> None:
    product = tea(attributes={ask("産地")["産地"]: ""})
    assert not ProductAttribute.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductAttribute.objects.create(product=product, attribute=Attribute.objects.get(), value="")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", " 宇治  産 ", "宇治 産"), ("number", "１，２００．５０ml", "1200.5"), ("choice", "ｺｯﾄﾝ", "コットン"),
        ("yes_no", "有", "はい"), ("yes_no", "No", "いいえ"), ("number", "", ""),
    ],
)  # fmt: skip
def test_answers_are_read_by_their_kind(kind: str, text: str, value: str) -> None:
    assert read(Asked(1, "属性", kind, ("コットン", "麻"), "ml"), text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [("number", "大"), ("number", "1e99"), ("choice", "絹"), ("yes_no", "多分"), ("text", "あ" * 501)],
)
def test_what_cannot_be_read_is_told(kind: str, text: str) -> None:
    with pytest.raises(Unreadable, match="属性"):
        read(Asked(1, "属性", kind, ("コットン", "麻"), "ml"), text)


@pytest.fixture
def tanaka(client: Client) -> Client:
    client.force_login(staff("田中"))
    return client


def entry(**changes: str) -> dict[str, str]:
    return {
        "code": "TEA", "name": "煎茶", "tax_kind": "reduced", "status": "active", "category": "お茶", "kana": "", "brand": "",
        "description": "", "sku-TOTAL_FORMS": "1", "sku-INITIAL_FORMS": "0", "sku-0-code": "TEA", "sku-0-price_yen": "1",
        "sku-0-is_active": "on",
    } | changes  # fmt: skip


def test_goods_on_sale_need_what_the_category_requires_and_drafts_may_wait(tanaka: Client) -> None:
    attribute = ask("産地")["産地"]
    answer = tanaka.post(reverse("catalog:create"), entry())
    assert answer.status_code == 422 and "「産地」はこのカテゴリで必須" in answer.content.decode()
    tanaka.post(reverse("catalog:create"), entry(status="draft"))
    assert Product.objects.get().lacking[:1] == ["attribute"]
    product = Product.objects.get()
    tanaka.post(
        reverse("catalog:edit", args=[product.number]),
        entry(
            version="1",
            **{
                f"attribute-{attribute}": "宇治",
                "sku-0-id": str(product.skus.get().pk),
                "sku-INITIAL_FORMS": "1",
            },
        ),
    )
    assert "宇治" in tanaka.get(reverse("catalog:detail", args=[product.number])).content.decode()


def test_the_form_shows_the_wishes_of_the_category_that_was_typed(tanaka: Client) -> None:
    ask("産地")
    page = tanaka.get(reverse("catalog:attribute_fields"), {"category": "お茶"}).content.decode()
    assert "産地（必須）" in page
    assert "産地" not in tanaka.get(reverse("catalog:attribute_fields"), {"category": "器"}).content.decode()


def test_the_list_shows_and_filters_by_what_is_missing(tanaka: Client) -> None:
    tea("NAMED", kana="センチャ"), tea("OTHER")
    page = tanaka.get(reverse("catalog:list"), {"f.lacking": "kana"}).content.decode()
    assert "OTHER" in page and "NAMED" not in page and "40%" in page


def test_wishes_are_written_on_the_categorys_page(tanaka: Client) -> None:
    category = Category.objects.create(name="お茶")
    address = reverse("catalog:category", args=[category.pk])
    form = {
        "name": "お茶", "head": "", "digits": "", "next_number": "", "asked-TOTAL_FORMS": "2", "asked-INITIAL_FORMS": "0",
        "asked-0-name": "素材", "asked-0-kind": "choice", "asked-0-choices": "綿、麻", "asked-0-is_required": "on",
        "asked-1-name": "内容量", "asked-1-kind": "number", "asked-1-unit": "g",
    }  # fmt: skip
    wrong = tanaka.post(address, form | {"asked-0-choices": "綿"})
    assert wrong.status_code == 422 and "2つ以上" in wrong.content.decode()
    tanaka.post(address, form)
    rows = category.attributes.values_list(
        "attribute__name", "attribute__choices", "attribute__unit", "is_required"
    )
    assert list(rows) == [("素材", ["綿", "麻"], "", True), ("内容量", [], "g", False)]


def test_pictures_are_described_on_the_page(tanaka: Client) -> None:
    image = tea().images.create(source_url="https://example.jp/a.jpg")
    tanaka.post(reverse("catalog:change_image", args=[image.pk]), {"act": "describe", "alt": "湯呑み"})
    image.refresh_from_db()
    assert image.alt == "湯呑み"
