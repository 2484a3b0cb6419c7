"""取置: kept from what is free, until a day, for a person whose order may use it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from akinai.catalog.services import compose_set
from akinai.core import activity, clock, proofs
from akinai.core.errors import DomainError
from akinai.orders import services as orders
from akinai.party.models import Customer
from akinai.stock import queries, services
from akinai.stock.errors import OutOfStock
from akinai.stock.models import KeepAside
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db


def keep(sku: int, pieces: int, days: int = 7, **told: Any) -> KeepAside:
    usual = {"purpose": "来店受取り", "location_id": queries.default_location_id()}
    until = clock.today() + timedelta(days=days)
    return services.keep_aside(sku_id=sku, quantity=pieces, until_on=until, by=None, **{**usual, **told})


def ordered(no: str, quantity: int, code: str = "TEA", mark: str = "A") -> Any:
    return cast.place(cast.draft(no, (code, quantity, 1000), buyer=cast.somebody(mark)))


def customer(mark: str = "A") -> int:
    return Customer.objects.get(name=f"見本 {mark}").pk


def broken() -> dict[str, Any]:
    return {found.name: found.broken for found in proofs.run_all() if found.broken}


def test_kept_pieces_are_not_free_and_shown_in_the_promise() -> None:
    tea = cast.sku("TEA", pieces=5)
    made = keep(tea, 3)
    assert made.number.startswith("KP-") and cast.level(tea) == (5, 3)
    found = queries.promise([tea])[tea]
    assert (found.kept, found.days[0].free) == (3, 2)
    assert ordered("A-1", 3).state == "awaiting_stock"
    assert broken() == {}


def test_more_than_is_free_is_not_kept() -> None:
    tea = cast.sku("TEA", pieces=5)
    keep(tea, 3)
    with pytest.raises(OutOfStock, match="引当可能数は 2 点です"):
        keep(tea, 3)
    ordered("A-1", 4)
    with pytest.raises(OutOfStock):
        keep(tea, 1)
    assert (KeepAside.objects.count(), broken()) == (1, {})


@pytest.mark.parametrize(
    ("told", "says"), [({"purpose": " "}, "用途が空欄"), ({"days": -1}, "は過ぎています")]
)
def test_a_keep_says_for_what_and_until_when(told: dict[str, Any], says: str) -> None:
    tea = cast.sku("TEA", pieces=5)
    with pytest.raises(DomainError, match=says):
        keep(tea, 1, **told)


def test_what_expires_goes_to_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    tea = cast.sku("TEA", pieces=2)
    made, longer = keep(tea, 1, days=3), keep(tea, 1, days=3)
    order = ordered("A-1", 1)
    services.extend_kept(longer.number, until_on=clock.today() + timedelta(days=9), by=None)
    assert services.expire_kept() == 0
    later = clock.today() + timedelta(days=4)
    monkeypatch.setattr(clock, "today", lambda: later)
    assert services.expire_kept() == 1 and services.expire_kept() == 0
    made.refresh_from_db()
    orders.advance([order.pk], by=None)
    order.refresh_from_db()
    assert (made.state, order.state, cast.level(tea), broken()) == ("expired", "ready", (2, 2), {})


def test_a_keep_is_released_once_with_a_reason() -> None:
    tea = cast.sku("TEA", pieces=2)
    made = keep(tea, 2)
    with pytest.raises(DomainError, match="理由が空欄"):
        services.release_kept(made.number, reason="", by=None)
    services.release_kept(made.number, reason="来店なし", by=None)
    assert cast.level(tea) == (2, 0) and activity.of(made).first().to_state == "released"  # type: ignore[union-attr]
    with pytest.raises(DomainError, match="「解除」です"):
        services.release_kept(made.number, reason="もう一度", by=None)
    assert broken() == {}


def test_an_order_of_the_customer_takes_what_was_kept_before_those_who_wait() -> None:
    tea = cast.sku("TEA", pieces=3)
    mine = ordered("A-0", 1)
    keep(tea, 2, customer_id=customer())
    others, order = ordered("B-1", 1, mark="B"), ordered("A-1", 3)
    assert cast.level(tea) == (3, 3)
    (kept,) = queries.kept_for(customer(), [tea], queries.default_location_id())
    assert orders.use_kept(order.pk, kept.number, by=None) == 2
    held = queries.reserved([f"{one.number}/1" for one in (mine, others, order)])
    assert [held[f"{one.number}/1"].quantity for one in (mine, others, order)] == [1, 0, 2]
    assert (KeepAside.objects.get().state, broken()) == ("used", {})


def test_a_line_that_has_its_pieces_frees_what_was_kept_instead() -> None:
    tea = cast.sku("TEA", pieces=9)
    order = ordered("A-1", 2)
    made = keep(tea, 5, customer_id=customer())
    assert orders.use_kept(order.pk, made.number, by=None) == 2
    made.refresh_from_db()
    assert (made.state, made.left, cast.level(tea), broken()) == ("kept", 3, (9, 5), {})


def test_nobody_uses_what_was_kept_for_somebody_else() -> None:
    tea = cast.sku("TEA", pieces=9)
    order, _ = ordered("A-1", 2), ordered("B-1", 1, mark="B")
    made = keep(tea, 5, customer_id=customer("B"))
    with pytest.raises(DomainError, match="このお客様のこの商品の取置ではない"):
        orders.use_kept(order.pk, made.number, by=None)
    assert (cast.level(tea), broken()) == ((9, 8), {})


def test_sets_are_kept_and_used_as_their_parts() -> None:
    cup, tea, whole = cast.sku("CUP", pieces=6), cast.sku("TEA", pieces=3), cast.sku("GIFT")
    compose_set(whole, {cup: 2, tea: 1}, by=None)
    order = ordered("A-1", 1, "GIFT")
    made = keep(whole, 2, customer_id=customer())
    assert (cast.level(cup), queries.levels([whole])[whole].free) == ((6, 6), 0)
    second = ordered("A-2", 1, "GIFT")
    line = f"{second.number}/1"
    assert not queries.reserved([line])[line].quantity
    assert orders.use_kept(second.pk, made.number, by=None) == 1
    assert queries.reserved([line])[line].is_full
    assert (order.state, cast.level(cup), broken()) == ("ready", (6, 6), {})
    compose_set(whole, {cup: 1}, by=None)
    third = ordered("A-3", 1, "GIFT")
    with pytest.raises(DomainError, match="同じではありません"):
        orders.use_kept(third.pk, made.number, by=None)


def test_the_proof_finds_a_keep_that_holds_nothing() -> None:
    made = keep(cast.sku("TEA", pieces=3), 2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stock_keepaside SET used = 1 WHERE id = %s", [made.pk])
    assert "kept_pieces_are_reserved" in broken()


@pytest.mark.django_db(transaction=True)
def test_two_people_do_not_keep_the_same_piece_or_use_it_twice() -> None:
    tea = cast.sku("TEA", pieces=1)
    answers = together(lambda: keep(tea, 1), lambda: keep(tea, 1))
    assert sorted(isinstance(one, OutOfStock) for one in answers) == [False, True]
    assert cast.level(tea) == (1, 1)
    order, other = ordered("A-1", 1), ordered("A-2", 1)
    KeepAside.objects.update(customer_id=customer())
    number = KeepAside.objects.get().number
    used = together(*(lambda pk=one.pk: orders.use_kept(pk, number, by=None) for one in (order, other)))
    assert sorted(isinstance(one, DomainError) for one in used) == [False, True]
    assert cast.level(tea) == (1, 1) and broken() == {}


def test_the_pages_keep_extend_release_and_use(client: Client) -> None:
    tea = cast.sku("TEA", pieces=5)
    order = ordered("A-1", 1)
    client.force_login(cast.staff("佐藤"))
    number = Customer.objects.get(pk=customer()).number
    url, day = f"/office/stock/{tea}/keep/", f"{clock.today() + timedelta(days=3):%Y-%m-%d}"
    told = {"quantity": "2", "until_on": day, "location": "MAIN", "customer": number, "purpose": "来店"}
    assert client.get(url).status_code == 200
    assert client.post(url, {**told, "customer": "CU-1"}).status_code == 422
    assert client.post(url, {**told, "quantity": "99"}).status_code == 422
    assert client.post(url, told).status_code == 302
    made = KeepAside.objects.get()
    assert made.number in client.get("/office/stock/kept/?q=来店").content.decode()
    assert made.number in client.get(f"/office/stock/{tea}/").content.decode()
    assert "この受注に使う" in client.get(f"/office/orders/{order.number}/").content.decode()
    page = f"/office/stock/kept/{made.number}/"
    assert client.get(page).status_code == 200
    assert client.post(f"{page}extend/", {"until_on": day}).status_code == 302
    assert client.post(f"/office/orders/{order.number}/kept/{made.number}/").status_code == 302
    assert client.post(f"{page}release/", {"reason": "来店なし"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.used, cast.level(tea), broken()) == ("released", 1, (5, 1), {})
    client.force_login(cast.staff("部外者"))
    assert [client.get(page).status_code, client.post(url, told).status_code] == [403, 403]
