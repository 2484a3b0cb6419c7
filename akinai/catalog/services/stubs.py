"""Provisional SKUs (仮登録): goods that an order names before anyone has registered them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import connection, transaction

from akinai.catalog.codes import code_key, digits_of, jan_problem
from akinai.catalog.models import Product, Sku, TaxKind
from akinai.catalog.services import completeness
from akinai.core import activity, clock, numbering
from akinai.core.kana import search_key

if TYPE_CHECKING:
    from akinai.staff.models import Staff

_TAX_KINDS = {10: TaxKind.STANDARD, 8: TaxKind.REDUCED, 0: TaxKind.EXEMPT}
CODE_LENGTH = 64


@dataclass(frozen=True, slots=True)
class StubSku:
    """What an order line tells of unknown goods. `price_yen` 税込, `tax_rate` percent."""

    code: str
    name: str
    price_yen: int = 0
    tax_rate: int = 10
    jan: str = ""


@transaction.atomic
def create_stub_skus(stubs: Sequence[StubSku], *, by: Staff | None) -> dict[str, int]:
    """仮登録: a product with one SKU for each code not yet known, flagged 要確認. Out: code as given → SKU id.

    Codes that fold to the same key are one SKU; known ones are returned as they are, so asking twice is harmless.
    A blank code or one longer than 64 characters is left out of the answer: the caller keeps its exception.
    Two transactions with the same unknown code meet in ON CONFLICT; both get the one SKU.
    """
    wanted = _by_key(stubs)
    found = _known(wanted)
    missing = [wanted[key] for key in sorted(wanted) if key not in found]
    if missing:
        _insert(_with_free_jans(missing), by)
        found = _known(wanted)
        if lacking := [replace(wanted[key], jan="") for key in sorted(wanted) if key not in found]:
            _insert(lacking, by)  # somebody registered the same JAN in between
            found = _known(wanted)
    return {stub.code: found[key] for stub in stubs if (key := code_key(stub.code)) in found}


def _by_key(stubs: Sequence[StubSku]) -> dict[str, StubSku]:
    """The first stub for each usable key."""
    wanted: dict[str, StubSku] = {}
    for stub in stubs:
        key = code_key(stub.code)
        if key and len(key) <= CODE_LENGTH and len(stub.code.strip()) <= CODE_LENGTH:
            wanted.setdefault(key, stub)
    return wanted


def _known(wanted: dict[str, StubSku]) -> dict[str, int]:
    return dict(Sku.objects.filter(code_key__in=list(wanted)).values_list("code_key", "pk"))


def _with_free_jans(stubs: Sequence[StubSku]) -> list[StubSku]:
    """The stubs with a JAN only where it is a right one that nobody has."""
    jans = [digits_of(stub.jan) for stub in stubs]
    taken = set(Sku.objects.filter(jan__in=[jan for jan in jans if jan]).values_list("jan", flat=True))
    kept: list[StubSku] = []
    for stub, jan in zip(stubs, jans, strict=True):
        usable = bool(jan) and not jan_problem(jan) and jan not in taken
        taken |= {jan} if usable else set()
        kept.append(replace(stub, jan=jan if usable else ""))
    return kept


# A parent product may already bear the code while no SKU does: then the stub's product is called by its own number.
INSERT_PRODUCTS = """
INSERT INTO catalog_product (number, code, name, kana, description, brand, tax_kind, status, version,
                             created_at, updated_at, search_text)
SELECT n, CASE WHEN EXISTS (SELECT FROM catalog_product p WHERE p.code = c) THEN n ELSE c END,
       name, '', '', '', tax, 'active', 1, %s, %s, folded
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS t(n, c, name, tax, folded) ORDER BY c
ON CONFLICT (code) DO NOTHING RETURNING id, number
"""
INSERT_SKUS = """
INSERT INTO catalog_sku (product_id, code, code_key, jan, variant, price_yen, shelf, is_active, needs_review,
                         created_at, updated_at, search_text)
SELECT p, c, k, nullif(j, ''), '', yen, '', true, true, %s, %s, folded
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[]) AS t(p, c, k, j, yen, folded)
ORDER BY k ON CONFLICT DO NOTHING RETURNING id, product_id, price_yen
"""
INSERT_PRICES = """
INSERT INTO catalog_pricechange (sku_id, price_yen, at, by_id)
SELECT s, yen, %s, %s FROM unnest(%s::bigint[], %s::bigint[]) AS t(s, yen)
"""
DELETE_EMPTY = """
WITH unpriced AS (DELETE FROM catalog_lowestprice WHERE product_id = ANY(%(empty)s))
DELETE FROM catalog_product WHERE id = ANY(%(empty)s)
"""


def _insert(stubs: Sequence[StubSku], by: Staff | None) -> None:
    """Products and SKUs in rising code order (so that two transactions never wait in a ring), then prices."""
    now = clock.now()
    numbers = dict(zip(numbering.take("product", len(stubs)), stubs, strict=True))
    folded = [search_key(f"{stub.code} {stub.name} {stub.jan}") for stub in stubs]
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT_PRODUCTS,
            [now, now, list(numbers), [s.code.strip() for s in stubs], [_name(s) for s in stubs],
             [_TAX_KINDS.get(s.tax_rate, TaxKind.STANDARD) for s in stubs], folded],
        )  # fmt: skip
        made = [(pk, number, numbers[number]) for pk, number in cursor.fetchall()]
        cursor.execute(
            INSERT_SKUS,
            [now, now, [pk for pk, _, _ in made], [s.code.strip() for _, _, s in made],
             [code_key(s.code) for _, _, s in made], [s.jan for _, _, s in made],
             [max(0, s.price_yen) for _, _, s in made],
             [search_key(f"{s.code} {s.name} {s.jan}") for _, _, s in made]],
        )  # fmt: skip
        skus = cursor.fetchall()
        cursor.execute(
            INSERT_PRICES, [now, by.pk if by else None, [s[0] for s in skus], [s[2] for s in skus]]
        )
        with_sku = {product for _, product, _ in skus}
        cursor.execute(DELETE_EMPTY, {"empty": [m[0] for m in made if m[0] not in with_sku]})
    completeness.refresh(with_sku)
    _remember([(pk, number) for pk, number, _ in made if pk in with_sku], by)


def _name(stub: StubSku) -> str:
    return (stub.name.strip() or stub.code.strip())[:255]


def _remember(made: Sequence[tuple[int, str]], by: Staff | None) -> None:
    facts = [
        activity.Fact(
            Product(pk=pk, number=number), "create_stub", summary="受注に現れた未登録の商品を仮登録しました。"
        )
        for pk, number in made
    ]
    activity.record_many(facts, by=by)
