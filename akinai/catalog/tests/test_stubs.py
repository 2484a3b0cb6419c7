"""仮登録: codes that orders name before anyone registered them."""

from __future__ import annotations

import pytest

from akinai.catalog.models import Product, Sku
from akinai.catalog.services import StubSku, create_stub_skus
from akinai.catalog.tests.factories import make_sku

pytestmark = pytest.mark.django_db


def test_stubs_are_made_once_and_flagged() -> None:
    found = create_stub_skus(
        [StubSku("X-1", "見知らぬ品", 1200, 8, "4901234567894"), StubSku("ｘ－1", "同じ品")], by=None
    )
    sku = Sku.objects.select_related("product").get()
    assert found == {"X-1": sku.pk, "ｘ－1": sku.pk}
    assert (sku.needs_review, sku.price_yen, sku.jan, sku.product.tax_kind) == (
        True,
        1200,
        "4901234567894",
        "reduced",
    )
    assert create_stub_skus([StubSku("x-1", "見知らぬ品")], by=None) == {"x-1": sku.pk}
    assert Product.objects.count() == 1


def test_a_stub_never_takes_the_jan_of_another_sku() -> None:
    make_sku("A", jan="4901234567894")
    create_stub_skus(
        [StubSku("B", "別の品", jan="4901234567894"), StubSku("C", "誤り", jan="4901234567890")], by=None
    )
    assert set(Sku.objects.filter(needs_review=True).values_list("code", "jan")) == {("B", None), ("C", None)}


def test_blank_and_endless_codes_are_left_to_the_caller() -> None:
    assert create_stub_skus([StubSku(" ", "空"), StubSku("x" * 65, "長い")], by=None) == {}


def test_a_parent_code_that_is_taken_does_not_stop_a_stub() -> None:
    product = make_sku("T-S").product
    Product.objects.filter(pk=product.pk).update(code="T")
    found = create_stub_skus([StubSku("T", "親コードの注文")], by=None)
    stub = Sku.objects.select_related("product").get(pk=found["T"])
    assert stub.product.code == stub.product.number
