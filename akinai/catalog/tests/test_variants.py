"""軸のある商品: what the books hold of axes and combinations, by form, by file, and by force."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from akinai.catalog import services
from akinai.catalog.axes import Axis, Value
from akinai.catalog.intake import ProductsKind
from akinai.catalog.models import OptionValue, Product, ProductOption, Sku, SkuValue
from akinai.catalog.services.axes import axes_of
from akinai.core import intake, proofs
from akinai.core.errors import DomainError
from tests.cast import staff

pytestmark = pytest.mark.django_db
AXES = [Axis("色", (Value("赤", "R"), Value("青", "B"))), Axis("サイズ", (Value("S"), Value("M")))]


def shirt(code: str = "SH", variants: tuple[str, ...] = ("赤 / S", "青 / M")) -> Product:
    return services.create_product(
        values={"code": code, "name": "シャツ"},
        skus=[{"code": f"{code}-{n}", "variant": v, "price_yen": 100} for n, v in enumerate(variants)],
        axes=AXES,
        by=None,
    )


def named(product: Product) -> dict[str, list[str]]:
    rows = SkuValue.objects.filter(product=product).order_by("sku", "option__position")
    found: dict[str, list[str]] = {}
    for code, value in rows.values_list("sku__code", "value__name"):
        found.setdefault(code, []).append(value)
    return found


def proven() -> bool:
    found = {one.name: one.broken for one in proofs.run_all("variants_say_their_values")}
    return not found["variants_say_their_values"]


def test_each_sku_is_one_combination() -> None:
    product = shirt()
    assert named(product) == {"SH-0": ["赤", "S"], "SH-1": ["青", "M"]}
    assert axes_of([product.pk])[product.pk] == AXES and proven()


def test_two_skus_change_places() -> None:
    product = shirt()
    rows = [
        {"id": sku.pk, "variant": v}
        for sku, v in zip(product.skus.order_by("code"), ("青 / M", "赤 / S"), strict=True)
    ]
    services.update_product(product, version=1, values={}, skus=rows, by=None)
    assert named(product) == {"SH-0": ["青", "M"], "SH-1": ["赤", "S"]} and proven()


@pytest.mark.parametrize(
    ("variants", "words"),
    [
        (("赤 / S", "赤/S"), "がどちらも"),
        (("赤",), "の順に、2 つ"),
        (("赤 / S / 長袖",), "の順に、2 つ"),
        (("",), "の順に、2 つ"),
    ],
)
def test_what_is_no_combination_is_refused_and_nothing_is_written(
    variants: tuple[str, ...], words: str
) -> None:
    with pytest.raises(DomainError, match=words):
        shirt(variants=variants)
    assert not Product.objects.exists() and not ProductOption.objects.exists()


def test_a_value_that_is_new_is_added_behind() -> None:
    product = shirt(variants=("緑 / S",))
    assert [value.name for value in axes_of([product.pk])[product.pk][0].values] == ["赤", "青", "緑"]


def test_axes_are_renamed_and_taken_away() -> None:
    product = shirt()
    skus = list(product.skus.order_by("code"))
    services.update_product(
        product, version=1, values={}, skus=[{"id": sku.pk, "variant": v} for sku, v in zip(skus, ("赤", "青"), strict=True)],
        axes=[Axis("カラー", AXES[0].values)], by=None,
    )  # fmt: skip
    assert named(product) == {"SH-0": ["赤"], "SH-1": ["青"]} and proven()
    services.update_product(product, version=2, values={}, skus=[], axes=[], by=None)
    assert not SkuValue.objects.exists() and not Sku.objects.exclude(option_key="").exists() and proven()


def test_the_database_refuses_a_value_of_another_axis_or_product() -> None:
    ours, others = shirt(), shirt("TR")
    row = SkuValue.objects.filter(product=ours).first()
    assert row is not None
    foreign = OptionValue.objects.filter(option__product=others).first()
    for change in ({"value": foreign}, {"option": foreign and foreign.option}, {"product": others}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SkuValue.objects.filter(pk=row.pk).update(**change)
            connection.check_constraints()


def test_the_database_refuses_two_skus_of_one_combination() -> None:
    first, second = shirt().skus.order_by("code")
    with pytest.raises(IntegrityError), transaction.atomic():
        Sku.objects.filter(pk=second.pk).update(option_key=first.option_key)


def test_the_proof_names_a_variant_that_does_not_say_its_values() -> None:
    sku = shirt().skus.first()
    assert sku is not None
    Sku.objects.filter(pk=sku.pk).update(variant="赤 / M")
    assert not proven()


SHOPIFY = (
    "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Price\n"
    "tee,Tシャツ,色,赤,サイズ,S,TEE-R-S,1000\ntee,,,赤,,M,TEE-R-M,1000\ntee,,,10/20,,M,TEE-X-M,1000\n"
)


def taken_in(text: str, name: str = "商品.csv", **options: Any) -> intake.Plan:
    row, plan = intake.preview(ProductsKind(), [intake.Upload(name, text.encode())], by=None, options=options)
    return plan if plan.errors else intake.apply(row, by=None, files=plan.files)


def test_a_file_that_names_axes_gives_them_to_new_products() -> None:
    assert not taken_in(SHOPIFY).errors
    product = Product.objects.get()
    assert [(axis.name, len(axis.values)) for axis in axes_of([product.pk])[product.pk]] == [
        ("色", 2),
        ("サイズ", 2),
    ]
    assert named(product)["TEE-X-M"] == ["10／20", "M"] and proven()
    assert taken_in(SHOPIFY).unchanged == 3


def test_a_file_cannot_make_two_of_one_combination() -> None:
    shirt()
    plan = taken_in("SKUコード,商品コード,バリエーション,販売価格\nSH-0,SH,青 / M,100\nSH-9,SH,赤,100\n")
    assert [(error.line, error.column) for error in plan.errors] == [
        (2, "バリエーション"),
        (3, "バリエーション"),
    ]
    assert (
        "SH-1 と同じ組み合わせ" in plan.errors[0].message
        and "「色 / サイズ」の順に" in plan.errors[1].message
    )


def entry(**changes: str) -> dict[str, str]:
    return {
        "code": "SH", "name": "シャツ", "tax_kind": "standard", "status": "active", "category": "", "kana": "", "brand": "",
        "description": "", "axis-TOTAL_FORMS": "2", "axis-INITIAL_FORMS": "0", "axis-0-name": "色", "axis-0-values": "赤=R、青=B",
        "axis-1-name": "サイズ", "axis-1-values": "S\nM", "sku-TOTAL_FORMS": "1", "sku-INITIAL_FORMS": "0", "sku-0-code": "",
        "sku-0-price_yen": "1980", "sku-0-is_active": "on",
    } | changes  # fmt: skip


@pytest.fixture
def tanaka(client: Client) -> Client:
    client.force_login(staff("田中"))
    return client


def test_the_button_makes_a_row_for_each_combination_and_writes_nothing(tanaka: Client) -> None:
    page = tanaka.post(reverse("catalog:create"), entry(build="1")).content.decode()
    for code, variant in (("SH-R-S", "赤 / S"), ("SH-B-M", "青 / M")):
        assert f'value="{code}"' in page and f'value="{variant}"' in page
    assert page.count('value="1980"') == 4 and not Product.objects.exists()


def test_the_form_writes_axes_and_skus_at_once(tanaka: Client) -> None:
    tanaka.post(reverse("catalog:create"), entry(**{"sku-0-code": "SH-1", "sku-0-variant": "青/M"}))
    assert named(Product.objects.get()) == {"SH-1": ["青", "M"]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sku-0-code": "SH-1", "sku-0-variant": "青"}, "「色 / サイズ」の順に"),
        ({"sku-0-code": "SH-1", "sku-0-variant": "青/M", "axis-1-values": ""}, "値を1つ以上"),
        ({"sku-0-code": "SH-1", "sku-0-variant": "青/M", "axis-1-name": "色"}, "軸「色」が2つ"),
    ],
)
def test_the_form_tells_what_is_wrong_with_axes(tanaka: Client, change: dict[str, str], words: str) -> None:
    answer = tanaka.post(reverse("catalog:create"), entry(**change))
    assert answer.status_code == 422 and words in answer.content.decode() and not Product.objects.exists()


def test_many_products_with_axes_cost_few_statements(django_assert_max_num_queries: Any) -> None:
    lines = "".join(f"h{n},品{n},色,赤,サイズ,S,H{n}-R,100\n" for n in range(120))
    head = "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Price\n"
    record, plan = intake.preview(
        ProductsKind(), [intake.Upload("商品.csv", (head + lines).encode())], by=None
    )
    with django_assert_max_num_queries(80):
        intake.apply(record, by=None, files=plan.files)
    assert SkuValue.objects.count() == 240 and proven()
