"""商品の操作."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.catalog.models import Product, Sku, TaxKind
from akinai.catalog.queries import code_key, ids_by_code
from akinai.core import numbering
from akinai.core.kana import search_key

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class StubSku:
    """仮登録: what an order tells about goods we do not know yet."""

    code: str
    name: str
    price_yen: int = 0
    tax_rate: int = 10
    jan: str = ""


KINDS = {10: TaxKind.STANDARD, 8: TaxKind.REDUCED, 0: TaxKind.EXEMPT}


@transaction.atomic
def create_stub_skus(stubs: Sequence[StubSku], *, by: Staff | None) -> dict[str, int]:
    """仮のSKU for codes that are not there yet: code → SKU id. Flagged 要確認; asking twice makes nothing new."""
    wanted = {code_key(stub.code): stub for stub in stubs if code_key(stub.code)}
    known = ids_by_code(list(wanted))
    fresh = {key: stub for key, stub in wanted.items() if key not in known}
    if fresh:
        numbers = numbering.take("product", len(fresh))
        Product.objects.bulk_create(
            [
                Product(
                    number=number, code=stub.code[:64], name=stub.name[:255] or stub.code, status=Product.Status.DRAFT,
                    tax_kind=KINDS.get(stub.tax_rate, TaxKind.STANDARD), search_text=search_key(f"{stub.code} {stub.name}"),
                )
                for number, stub in zip(numbers, fresh.values(), strict=True)
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        products = dict(
            Product.objects.filter(code__in=[s.code[:64] for s in fresh.values()]).values_list("code", "pk")
        )
        Sku.objects.bulk_create(
            [
                Sku(
                    product_id=products[stub.code[:64]], code=stub.code[:64], code_key=key[:64],
                    price_yen=max(stub.price_yen, 0), needs_review=True,
                    search_text=search_key(f"{stub.code} {stub.name}"),
                )
                for key, stub in fresh.items()
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        known |= ids_by_code(list(fresh))
    return {stub.code: known[key] for key, stub in wanted.items() if key in known}
