"""商品の行: what the parts of a page need of the same goods is read once."""

from __future__ import annotations

from typing import Any

import pytest

from akinai.catalog import queries
from akinai.catalog.models import Sku
from akinai.core.remembering import remembering
from tests import cast

pytestmark = pytest.mark.django_db


def test_the_parts_of_a_page_ask_once_for_the_same_goods(django_assert_num_queries: Any) -> None:
    one, two, three = (cast.sku(code) for code in "ABC")
    with remembering():
        with django_assert_num_queries(1):
            assert list(queries.sku_rows([two, one])) == [one, two]
            assert queries.sku_rows([two])[two].code == "B"
        with django_assert_num_queries(1):
            assert list(queries.sku_rows([three, one, 0])) == [one, three]


def test_an_act_reads_the_goods_as_they_are_now() -> None:
    pk = cast.sku("A", price=500)
    assert queries.sku_rows([pk])[pk].price_yen == 500
    Sku.objects.update(price_yen=600)
    assert queries.sku_rows([pk])[pk].price_yen == 600
