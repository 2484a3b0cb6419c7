"""The cast of サポート, and a stand-in for the rooms that carry out what is given."""

from __future__ import annotations

import pytest

from akinai.staff.models import Staff
from akinai.support import compensation_ports as ports
from akinai.support.tests.complaints import Kept
from tests.cast import staff


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Kept:
    """補償 of every kind is carried out here, and remembered."""
    kept = Kept()
    monkeypatch.setattr(
        ports, "_ways", dict.fromkeys(("discount", "refund", "reship", "coupon", "points"), kept)
    )
    return kept


@pytest.fixture
def kato() -> Staff:
    return staff("加藤")


@pytest.fixture
def ito() -> Staff:
    return staff("伊藤")
