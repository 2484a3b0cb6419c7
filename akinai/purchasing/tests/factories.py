"""What the tests of purchasing begin with: a supplier, a price, an order on its way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from akinai.party.models import Company, Supplier
from akinai.purchasing import services
from akinai.purchasing.models import PurchaseOrder
from akinai.purchasing.services import ItemInput, ordering, sending
from akinai.purchasing.services.ordering import OrderLineInput
from tests import cast

SINCE = date(2026, 1, 1)


def supplier(code: str = "S1", **fields: str) -> Supplier:
    told = {"name": f"見本製茶 {code}", "email": f"{code.lower()}@example.jp", **fields}
    return Supplier.objects.create(number=f"SU-{code}", code=code, **told)


def company(limit: int | None = None) -> None:
    cast.company()
    Company.objects.update(po_approval_yen=limit)


def sells(seller: Supplier, sku: int, cost: str, **more: object) -> None:
    code = str(more.pop("code", f"X-{sku}"))
    services.save_items([ItemInput(seller.pk, sku, Decimal(cost), SINCE, code, **more)], by=None)  # type: ignore[arg-type]


def order(
    seller: Supplier, *lines: tuple[int, int, str], by: object = None, due_on: date | None = None
) -> PurchaseOrder:
    rows = [OrderLineInput(sku, pieces, Decimal(cost)) for sku, pieces, cost in lines]
    return ordering.create_order(supplier_id=seller.pk, lines=rows, due_on=due_on, by=by)  # type: ignore[arg-type]


def sent(seller: Supplier, *lines: tuple[int, int, str]) -> PurchaseOrder:
    """An order the supplier knows of."""
    made = order(seller, *lines)
    ordering.submit(made, by=None)
    return sending.send(made, by=None)
