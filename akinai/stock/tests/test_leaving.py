"""出庫 and its reversal, by the reservations of document lines."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from akinai.core import proofs
from akinai.core.errors import ChangedMeanwhile
from akinai.shipping.tests import factories
from akinai.stock import services
from akinai.stock.models import Reservation, StockEntry, StockLevel
from akinai.stock.services import Movement, Take, Want
from tests.together import together


def promised(pieces: int = 2) -> Take:
    """A reservation that is whole, with nothing else on the shelf."""
    goods, place = factories.sku(), factories.location()
    services.post([Movement(goods.pk, place.pk, "opening", pieces, "T", f"t:{goods.pk}")], by=None)
    services.reserve_lines([Want("SO-1/1", goods.pk, place.pk, pieces, timezone.now())], by=None)
    return Take("SO-1/1", goods.pk, place.pk, pieces, "SH-1")


def level() -> tuple[int, int]:
    found = StockLevel.objects.get()
    return found.on_hand, found.reserved


OURS = ("stock_levels_match_ledger", "reserved_match_reservations", "shipped_reservations_left_the_ledger")


def broken() -> list[str]:
    return [finding.name for finding in proofs.run_all(*OURS) if finding.broken and finding.name in OURS]


def by(take: Take, document: str) -> Take:
    return Take(take.reference, take.sku_id, take.location_id, take.quantity, document)


@pytest.mark.django_db
def test_a_line_leaves_once_whatever_the_paper() -> None:
    take = promised()
    services.ship([take], by=None)
    with pytest.raises(ChangedMeanwhile, match="すでに出荷されています"):
        services.ship([by(take, "SH-2")], by=None)
    assert (level(), StockEntry.objects.filter(kind="shipment").count()) == ((0, 0), 1)


@pytest.mark.django_db
def test_it_goes_out_comes_back_and_goes_out_once_more() -> None:
    take = promised()
    services.ship([take], by=None)
    services.unship([take], by=None, note="間違えた")
    assert (level(), Reservation.objects.get().state) == ((2, 2), "active")
    services.ship([by(take, "SH-2")], by=None)
    assert list(StockEntry.objects.order_by("pk").values_list("kind", "quantity", "reference")) == [
        ("opening", 2, "T"), ("shipment", -2, "SH-1"), ("reversal", 2, "SH-1"), ("shipment", -2, "SH-2"),
    ]  # fmt: skip
    assert (level(), broken()) == ((0, 0), [])


@pytest.mark.django_db
def test_what_has_not_left_cannot_come_back() -> None:
    take = promised()
    with pytest.raises(ChangedMeanwhile, match="出庫されていない"):
        services.unship([take], by=None, note="間違えた")
    services.ship([take], by=None)
    services.unship([take], by=None, note="間違えた")
    with pytest.raises(ChangedMeanwhile):
        services.unship([take], by=None, note="もう一度")
    assert (level(), broken()) == ((2, 2), [])


@pytest.mark.django_db
def test_it_comes_back_by_the_paper_it_left_by() -> None:
    take = promised()
    services.ship([take], by=None)
    with pytest.raises(ChangedMeanwhile, match="出庫の行が見つからない"):
        services.unship([by(take, "SH-2")], by=None, note="別の出荷")


@pytest.mark.django_db(transaction=True)
def test_two_papers_for_one_line_at_once_take_it_once() -> None:
    take = promised()
    answers: list[Any] = together(
        lambda: services.ship([take], by=None), lambda: services.ship([by(take, "SH-2")], by=None)
    )
    assert sum(isinstance(answer, ChangedMeanwhile) for answer in answers) == 1
    assert (level(), StockEntry.objects.filter(kind="shipment").count()) == ((0, 0), 1)
