"""最終確認の事項: each requirement of the law stands on the last page (特定商取引法 第12条の6)."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from akinai.shop.final_check import REQUIREMENTS
from akinai.shop.models import CheckoutTerms
from akinai.shop.tests import factories
from akinai.shop.usual import TERMS

pytestmark = pytest.mark.django_db
SAYS = {
    "quantity": ["商品 TEA-1", "3 点"],
    "price": ["¥1,080 × 3 = ¥3,240", "送料 ¥880", "代引手数料 ¥330", "お支払い合計 ¥4,450"],
    "payment": ["代金引換", "商品のお届けのとき"],
    "delivery": ["頃のお届け", "最短の出荷日"],
    "application": ["12/25 まで"],
    "cancel": ["キャンセル", "8 日以内", "未開封・未使用"],
}


@pytest.fixture
def last_page(client: Client) -> str:
    factories.open_shop()
    CheckoutTerms.objects.create(pk=1, **TERMS | {"application_text": "お申込みは 12/25 までです。"})
    sku = factories.goods("TEA-1", pieces=9, price=1_080)
    page = factories.walk(client, sku, pieces=3, payment="cod")
    return page.content.decode()


@pytest.mark.parametrize(
    "code", [one.code for one in REQUIREMENTS if one.code != "plan"]
)  # that one: test_plans
def test_each_requirement_is_met_where_it_is_asked_for(last_page: str, code: str) -> None:
    found = re.search(rf'<section[^>]*data-requirement="{code}">(.*?)</section>', last_page, re.DOTALL)
    assert found is not None
    for words in SAYS[code]:
        assert words in found[1], (code, words)


def test_the_button_says_that_it_orders(last_page: str) -> None:
    assert re.findall(r'<button class="s-button" type="submit">(.*?)</button>', last_page) == [
        "注文を確定する"
    ]
