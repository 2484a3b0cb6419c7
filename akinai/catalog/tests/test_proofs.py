"""商品の検証: what goods cost now is what their history says last."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection

from akinai.catalog import services
from akinai.core import proofs
from tests import cast

pytestmark = pytest.mark.django_db


def broken() -> dict[str, object]:
    """What is found, but for the score, which every fault here changes too (test_completeness.py looks at it)."""
    found = {finding.name: finding.broken[0] for finding in proofs.run_all() if finding.broken}
    found.pop("completeness_is_counted", None)
    return found


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE catalog_sku SET price_yen = 1",
        "UPDATE catalog_sku SET cost = NULL",
        "UPDATE catalog_sku SET cost = 501",
    ],
)
def test_a_price_that_was_changed_behind_the_history_is_found(fault: str) -> None:
    tea = cast.sku("TEA")
    services.note_costs({tea: Decimal(500)}, by=None)
    assert broken() == {}
    with connection.cursor() as cursor:
        cursor.execute(fault)
    assert list(broken()) == ["prices_match_their_history"]


def test_a_sku_without_any_history_and_a_product_without_sku_are_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_product (number, code, name, kana, description, brand, tax_kind, status, version, "
            "created_at, updated_at, search_text) VALUES ('PR-1', 'A', 'A', '', '', '', 'standard', 'active', 1, now(), now(), '')"
        )
        assert list(broken()) == ["products_have_skus"]
        cursor.execute(
            "INSERT INTO catalog_sku (product_id, code, code_key, variant, price_yen, shelf, is_active, needs_review, "
            "created_at, updated_at, search_text) SELECT id, 'A', 'A', '', 0, '', true, false, now(), now(), '' FROM catalog_product"
        )
    assert list(broken()) == ["prices_match_their_history"]
