"""取り寄せ・予約: what a SKU allows when it is short, how many pieces, and from which day it is shipped."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from akinai.catalog.services import compose_set, set_selling_terms
from akinai.channels import queries as channels
from akinai.core import clock, proofs
from akinai.core.errors import DomainError
from akinai.orders import queries, services
from akinai.orders.models import Hold, HoldRule, Order
from akinai.orders.services.advance import advance_goods, release_preorders
from akinai.stock import queries as stock
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def terms(sku: int, **told: Any) -> None:
    usual = {"may_backorder": False, "backorder_limit": None, "preorder_until": None, "release_on": None}
    set_selling_terms(sku, **{**usual, **told}, by=None)


def ordered(no: str, quantity: int, code: str = "NEW", **changes: Any) -> Order:
    changes = {"buyer": cast.somebody(no), "ship_to": cast.AOKI, **changes}
    return cast.place(cast.draft(no, (code, quantity, 1000), **changes))


def holds(order: Order) -> list[str]:
    return list(order.holds.filter(released_at=None).order_by("pk").values_list("rule", flat=True))


def broken() -> dict[str, Any]:
    return {found.name: found.broken for found in proofs.run_all() if found.broken}


def test_a_shop_that_says_so_asks_a_person_about_goods_that_cannot_be_ordered_in() -> None:
    sku = cast.sku("NEW", pieces=1)
    assert (ordered("A", 2).state, holds(Order.objects.get())) == ("awaiting_stock", [])
    HoldRule.objects.filter(code="no_backorder").update(is_enabled=True)
    order = ordered("B", 1)
    assert (order.state, holds(order)) == ("on_hold", ["no_backorder"])
    assert "取り寄せを受けない商品です" in queries.why_waiting(order).reasons[0]
    terms(sku, may_backorder=True)
    assert (ordered("C", 1).state, broken()) == ("awaiting_stock", {})


def test_no_more_pieces_are_ordered_in_than_the_limit() -> None:
    sku = cast.sku("NEW", pieces=2)
    terms(sku, may_backorder=True, backorder_limit=5)
    first, big, last, more = ordered("A", 4), ordered("B", 4), ordered("C", 3), ordered("D", 1)
    assert [holds(one) for one in (first, big, last, more)] == [
        [],
        ["backorder_limit"],
        [],
        ["backorder_limit"],
    ]
    assert "上限 5 点を超えます" in queries.why_waiting(big).reasons[0]
    cast.receive(sku, 2, key="gr")
    assert holds(ordered("E", 2)) == [], "what has come makes room"
    services.advance([first.pk], by=None)
    assert broken() == {}


def test_a_line_that_is_edited_is_counted_anew() -> None:
    sku = cast.sku("NEW")
    terms(sku, may_backorder=True, backorder_limit=5)
    order = ordered("A", 5)
    services.edit_line(order.pk, line_no=1, quantity=6, unit_price_yen=1000, by=None)
    assert holds(order) == ["backorder_limit"]
    assert holds(ordered("B", 5)) == []


def test_of_a_set_whole_sets_are_counted() -> None:
    cup, tea, whole = cast.sku("CUP", pieces=4), cast.sku("TEA"), cast.sku("NEW")
    compose_set(whole, {cup: 2, tea: 3}, by=None)
    terms(whole, may_backorder=True, backorder_limit=3)
    assert [holds(ordered(no, n)) for no, n in (("A", 2), ("B", 2), ("C", 1))] == [
        [],
        ["backorder_limit"],
        [],
    ]


def test_goods_that_are_not_out_wait_for_their_day_and_go_on_by_the_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    day = TODAY + timedelta(days=10)
    sku = cast.sku("NEW", pieces=5)
    terms(sku, release_on=day, preorder_until=day)
    order = ordered("A", 2)
    assert (order.state, cast.level(sku)) == ("awaiting_stock", (5, 2))
    assert f"発売日 {day:%Y/%m/%d} まで出荷しません" in queries.why_waiting(order).reasons[0]
    assert stock.promise([sku])[sku].first_day(1) == day
    assert (release_preorders(), broken()) == (0, {})
    monkeypatch.setattr(clock, "today", lambda: day)
    assert release_preorders() == 1 and release_preorders() == 0
    order.refresh_from_db()
    assert order.state == "ready"


def test_another_day_of_release_moves_the_orders_that_wait() -> None:
    sku = cast.sku("NEW", pieces=5)
    order = ordered("A", 2)
    assert order.state == "ready"
    terms(sku, release_on=TODAY + timedelta(days=3))
    advance_goods([sku])
    order.refresh_from_db()
    assert (order.state, broken()) == ("awaiting_stock", {})
    terms(sku)
    advance_goods([sku])
    order.refresh_from_db()
    assert order.state == "ready"


def test_a_set_is_shipped_when_its_last_part_is_out() -> None:
    cup, tea, whole = cast.sku("CUP", pieces=4), cast.sku("TEA", pieces=4), cast.sku("NEW")
    compose_set(whole, {cup: 1, tea: 1}, by=None)
    terms(tea, release_on=TODAY + timedelta(days=3))
    order = ordered("A", 1)
    assert order.state == "awaiting_stock"
    services.advance([order.pk], by=None)
    order.refresh_from_db()
    assert (order.state, broken()) == ("awaiting_stock", {})


def test_whoever_orders_after_the_end_of_preorders_is_asked_about() -> None:
    sku = cast.sku("NEW", pieces=5)
    terms(sku, release_on=date(2999, 1, 1), preorder_until=TODAY - timedelta(days=2))
    late = ordered("A", 1, ordered_at=timezone.now())
    early = ordered("B", 1, ordered_at=timezone.now() - timedelta(days=3))
    assert (holds(late), holds(early)) == (["preorder_closed"], [])


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"preorder_until": TODAY}, "発売日がありません"),
        ({"preorder_until": TODAY, "release_on": TODAY - timedelta(days=1)}, "発売日より後です"),
    ],
)
def test_terms_that_make_no_sense_are_refused(told: dict[str, Any], says: str) -> None:
    with pytest.raises(DomainError, match=says):
        terms(cast.sku("NEW"), **told)


def test_the_page_keeps_the_terms(client: Client) -> None:
    sku = cast.sku("NEW", pieces=1)
    client.force_login(cast.staff("田中"))
    url = f"/office/stock/{sku}/terms/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"preorder_until": "2999-01-02"}).status_code == 422
    told = {
        "may_backorder": "on",
        "backorder_limit": "７",
        "release_on": "2999-01-01",
        "preorder_until": "2998-12-01",
    }
    assert client.post(url, told).status_code == 302
    page = client.get(f"/office/stock/{sku}/").content.decode()
    assert "2999/01/01" in page
    assert "NEW" in client.get("/office/products/?tab=preorder").content.decode()
    client.force_login(cast.staff("部外者"))
    assert client.post(url, {}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_orders_do_not_both_take_the_last_of_the_limit() -> None:
    sku = cast.sku("NEW")
    terms(sku, may_backorder=True, backorder_limit=1)
    found = channels.by_code("rakuten")
    for nth in range(3):
        Hold.objects.all().delete()

        def place(no: str) -> Any:
            told = cast.draft(no, ("NEW", 1, 1000), buyer=cast.somebody(no))
            return services.place(told, channel=found, by=None)

        together(lambda nth=nth: place(f"X{nth}"), lambda nth=nth: place(f"Y{nth}"))
        assert Hold.objects.filter(rule="backorder_limit").count() == (1 if nth == 0 else 2)
