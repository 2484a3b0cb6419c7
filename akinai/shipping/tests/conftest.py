from __future__ import annotations

from collections.abc import Iterator

import pytest

from akinai.shipping.ports import CARRIERS
from akinai.shipping.tests import factories


@pytest.fixture(autouse=True)
def plain_carrier() -> Iterator[None]:
    """One carrier that every test knows, beside the real ones."""
    before = dict(CARRIERS)
    CARRIERS.clear()
    CARRIERS["plain"] = factories.PlainCarrier()
    yield
    CARRIERS.clear()
    CARRIERS.update(before)
