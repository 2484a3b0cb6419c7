"""棚卸差異の集計: causes, yen and rates of the stocktakes of a time."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from akinai.stock import queries, services
from akinai.stock.services import Movement
from tests import cast

pytestmark = pytest.mark.django_db


def counted(*goods: tuple[str, int, int, str]) -> None:
    """(code, book, counted, cause): one stocktake, posted."""
    place, ids = queries.default_location_id(), {}
    for code, book, _, _ in goods:
        ids[code] = cast.sku(code)
        move = Movement(ids[code], place, "receipt", book, "GR-1", f"gr:{code}", Decimal(100))
        services.post([move], by=None)
    take = services.open_stocktake(
        kind="spot", location_id=place, sku_ids=list(ids.values()), recount_pieces=0, recount_yen=0, by=None
    )
    for code, _, found, cause in goods:
        services.count(take, ids[code], found, by=None)
        if cause:
            services.set_cause(take.lines.filter(sku_id=ids[code]), cause=cause, by=None)
    services.close_counts(take, by=None)
    services.post_stocktake(take, by=None)


def test_differences_are_summed_by_cause_and_rated_against_the_book(client: Client) -> None:
    counted(("A", 10, 8, "loss"), ("B", 10, 11, "slip"), ("C", 80, 80, ""))
    client.force_login(cast.staff("高橋"))
    page = client.get("/office/stock/takes/differences/")
    sums = page.context["sums"]
    assert (sums["takes"], sums["lines"], sums["different"]) == (1, 3, 2)
    assert (sums["piece_rate"], sums["yen_rate"], sums["right_rate"], sums["net"]) == (
        "3.00",
        "3.00",
        "33.33",
        -100,
    )
    assert [(one["title"], one["less"], one["more"], one["yen"]) for one in page.context["causes"]] == [
        ("紛失・盗難", -2, 0, -200), ("伝票・入力の誤り", 0, 1, 100),
    ]  # fmt: skip
    only = client.get("/office/stock/takes/differences/?tab=less&f.cause=loss&q=A")
    assert (only.status_code, only.context["sums"]["lines"]) == (200, 1)
    moved = client.get("/office/stock/takes/differences/?tab=less", headers={"HX-Request": "true"})
    assert moved["HX-Redirect"] == "/office/stock/takes/differences/?tab=less"
    assert (
        client.get("/office/stock/takes/differences/?f.posted=2020-01-01~2020-01-31").context["sums"]["lines"]
        == 0
    )


def test_an_outsider_sees_nothing(client: Client) -> None:
    client.force_login(cast.staff("部外者"))
    assert client.get("/office/stock/takes/differences/").status_code == 403
