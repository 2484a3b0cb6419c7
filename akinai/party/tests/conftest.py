"""The cast of the erasure."""

from __future__ import annotations

import pytest

from akinai.orders.models import Order
from akinai.party.models import Customer
from tests import cast


@pytest.fixture
def customer() -> Customer:
    """青木 美咲, whose only order is finished and paid."""
    cast.company()
    cast.sku("A-1", pieces=9)
    order = cast.place(cast.draft("1001", ("A-1", 1, 1080)))
    Order.objects.filter(pk=order.pk).update(state="completed", paid_yen=1080)
    return order.customer
