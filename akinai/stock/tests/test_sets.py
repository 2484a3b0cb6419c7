"""セット商品: sold as one, kept and shipped as its parts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from akinai.catalog import queries as catalog
from akinai.catalog.models import SetPart, Sku
from akinai.catalog.services import compose_set
from akinai.core import clock, proofs
from akinai.core.errors import DomainError
from akinai.stock import adjusting, ports, queries, services
from akinai.stock.errors import OutOfStock
from akinai.stock.models import Location, Reservation, StockEntry
from akinai.stock.services import Movement, Take, Want
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db


def gift(cups: int = 0, teas: int = 0) -> tuple[int, int, int]:
    """GIFT is 2 CUP and 1 TEA. Out: their ids."""
    cup, tea, whole = cast.sku("CUP", pieces=cups), cast.sku("TEA", pieces=teas), cast.sku("GIFT")
    compose_set(whole, {cup: 2, tea: 1}, by=None)
    return whole, cup, tea


def want(sku: int, quantity: int, line: str = "SO-1/1", minutes: int = 0) -> dict[str, int]:
    at = cast.NOW + timedelta(minutes=minutes)
    return services.reserve_lines([Want(line, sku, queries.default_location_id(), quantity, at)], by=None)


def held(line: str) -> dict[str, tuple[int, int, str]]:
    rows = Reservation.objects.filter(reference=line)
    return {r.sku.code: (r.wanted, r.quantity, r.state) for r in rows.select_related("sku")}


def takes(line: str, paper: str = "SH-1") -> list[Take]:
    return [
        Take(line, part.sku_id, part.location_id, part.wanted, paper, part.set_sku_id)
        for part in queries.held_parts([line])
    ]


def broken() -> set[str]:
    return {found.name for found in proofs.run_all() if found.broken} - {"shipped_goods_left_stock"}


def test_a_line_of_a_set_holds_each_part_and_leaves_as_its_parts() -> None:
    whole, cup, tea = gift(cups=9, teas=5)
    assert want(whole, 3) == {"SO-1/1": 3}
    assert held("SO-1/1") == {"CUP": (6, 6, "active"), "TEA": (3, 3, "active")}
    assert (cast.level(cup), cast.level(tea)) == ((9, 6), (5, 3))
    services.ship(takes("SO-1/1"), by=None)
    assert (cast.level(cup), cast.level(tea)) == ((3, 0), (2, 0))
    services.unship(takes("SO-1/1"), by=None, note="まだ倉庫にある")
    assert held("SO-1/1") == {"CUP": (6, 6, "active"), "TEA": (3, 3, "active")}
    assert services.release(["SO-1/1"], by=None) == 2
    assert (cast.level(cup), cast.level(tea)) == ((9, 0), (5, 0))
    assert broken() == set()


def test_half_a_set_never_leaves() -> None:
    whole, cup, tea = gift(cups=4, teas=1)
    assert want(whole, 2) == {"SO-1/1": 1}
    assert held("SO-1/1") == {"CUP": (4, 4, "active"), "TEA": (2, 1, "active")}
    with pytest.raises(DomainError, match="引当がそろっていない"):
        services.ship(takes("SO-1/1"), by=None)
    assert (cast.level(cup), cast.level(tea)) == ((4, 4), (1, 1))
    cast.receive(tea, 1, key="more")
    with pytest.raises(DomainError, match="引当がそろっていない"):
        services.ship(takes("SO-1/1")[:1], by=None)
    services.ship(takes("SO-1/1"), by=None)
    assert (cast.level(cup), cast.level(tea)) == ((0, 0), (0, 0))
    assert broken() == set()


def test_nobody_overtakes_a_set_that_waits_for_one_part() -> None:
    whole, cup, tea = gift(cups=2, teas=0)
    want(whole, 1)
    want(cup, 1, "SO-2/1", minutes=1)
    assert (held("SO-1/1")["CUP"], held("SO-2/1")["CUP"]) == ((2, 2, "active"), (1, 0, "active"))
    cast.receive(tea, 1, key="tea")
    cast.receive(cup, 1, key="cup")
    assert held("SO-1/1")["TEA"] == (1, 1, "active") and held("SO-2/1")["CUP"] == (1, 1, "active")


def test_what_an_accepted_line_needs_does_not_change_with_the_set() -> None:
    whole, cup, _tea = gift(cups=4, teas=4)
    box = cast.sku("BOX", pieces=9)
    want(whole, 1)
    compose_set(whole, {cup: 1, box: 3}, by=None)
    assert want(whole, 1) == {}, "asked again, the line keeps what it has"
    assert held("SO-1/1") == {"CUP": (2, 2, "active"), "TEA": (1, 1, "active")}
    want(whole, 1, "SO-2/1")
    assert held("SO-2/1") == {"BOX": (3, 3, "active"), "CUP": (1, 1, "active")}
    services.release(["SO-1/1"], by=None)
    want(whole, 2)
    assert {code: row for code, row in held("SO-1/1").items() if row[2] == "active"} == {
        "BOX": (6, 6, "active"), "CUP": (2, 2, "active"),
    }  # fmt: skip
    assert broken() == set()


def test_a_set_can_be_had_as_often_as_its_scarcest_part_at_one_place_allows() -> None:
    whole, cup, tea = gift(cups=7, teas=5)
    shop = Location.objects.create(code="SHOP", name="店頭", kind="shop").pk
    services.post(
        [Movement(cup, shop, "opening", 1, "x", "x"), Movement(tea, shop, "opening", 9, "x", "y")], by=None
    )
    level = queries.levels([whole])[whole]
    assert (level.on_hand, level.reserved, level.free, level.waiting) == (3, 0, 3, 0)
    want(cup, 2, "SO-9/1")
    want(whole, 4)
    level = queries.levels([whole])[whole]
    assert (level.on_hand, level.free, level.waiting) == (3, 0, 2)
    row = queries.for_list().get(sku=whole)
    assert (row.on_hand, row.free) == (0, 0)
    services.release(["SO-1/1"], by=None)
    assert queries.for_list().get(sku=whole).free == 2


def test_a_set_is_promised_from_the_day_its_last_part_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, cup, tea = gift(cups=2, teas=3)
    today = clock.today()
    later, last = today + timedelta(days=3), today + timedelta(days=9)
    coming = [ports.Coming(cup, last, 6, "PO-2"), ports.Coming(tea, later, 1, "PO-1")]
    monkeypatch.setattr(ports, "_incoming", [lambda ids: [one for one in coming if one.sku_id in ids]])
    found = queries.promise([whole])[whole]
    assert [(day.on, day.free) for day in found.days] == [(today, 1), (later, 1), (last, 4)]
    assert (found.first_day(2), found.first_day(5)) == (last, None)


@pytest.mark.parametrize("act", ["adjust", "receive", "reserve", "count", "transfer"])
def test_a_set_has_no_stock_of_its_own(act: str) -> None:
    whole, *_ = gift()
    main = queries.default_location_id()
    other = Location.objects.create(code="SHOP", name="店頭", kind="shop").pk
    acts = {
        "adjust": lambda: adjusting.adjust(
            sku_id=whole, location_id=main, quantity=1, is_counted=True, reason="数えた", by=None
        ),
        "receive": lambda: services.post([Movement(whole, main, "receipt", 1, "GR", "gr")], by=None),
        "reserve": lambda: services.reserve(
            reference="X/1", sku_id=whole, location_id=main, quantity=1, by=None
        ),
        "count": lambda: services.open_stocktake(kind="spot", location_id=main, sku_ids=[whole], by=None),
        "transfer": lambda: services.create_transfer(
            source_id=main, destination_id=other, pieces={whole: 1}, by=None
        ),
    }
    with pytest.raises(DomainError, match="GIFT はセット商品.*中身の商品（CUP × 2、TEA × 1）"):
        acts[act]()


def test_the_database_refuses_stock_of_a_set_and_a_set_in_a_set() -> None:
    whole, cup, _tea = gift()
    place = queries.default_location_id()
    with pytest.raises(IntegrityError, match="no stock of its own"), transaction.atomic():
        StockEntry.objects.create(
            sku_id=whole, location_id=place, kind="receipt", quantity=1, reference="x", key="x"
        )
    with pytest.raises(IntegrityError, match="reserved by its parts"), transaction.atomic():
        Reservation.objects.create(reference="x", sku_id=whole, location_id=place, wanted=1)
    other = Sku.objects.get(pk=cast.sku("BIG"))
    with pytest.raises(IntegrityError, match="inside a set"), transaction.atomic():
        SetPart.objects.create(set_sku=other, part_sku_id=whole)
    with pytest.raises(IntegrityError, match="inside a set"), transaction.atomic():
        SetPart.objects.create(set_sku_id=cup, part_sku=other)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"GIFT": 1}, "GIFT 自身は入れられません"),
        ({"BIG": 1}, "BIG はセット商品です"),
        ({"CUP": 0}, "数量 0 は使えません"),
    ],
)
def test_a_set_is_made_of_single_goods(parts: dict[str, int], says: str) -> None:
    whole, cup, _ = gift()
    compose_set(cast.sku("BIG"), {cup: 1}, by=None)
    ids = catalog.ids_by_code(parts)
    with pytest.raises(DomainError, match=says):
        compose_set(whole, {ids[code]: n for code, n in parts.items()}, by=None)
    assert [(part.code, part.quantity) for part in catalog.parts_of([whole])[whole]] == [
        ("CUP", 2),
        ("TEA", 1),
    ]


def test_a_part_of_a_set_does_not_become_a_set() -> None:
    _, cup, tea = gift()
    with pytest.raises(DomainError, match="CUP はセット GIFT の中身です"):
        compose_set(cup, {tea: 1}, by=None)


def test_goods_turn_into_a_set_only_while_nothing_lies_there_and_nobody_waits() -> None:
    whole, cup, _tea = gift(cups=2)
    plain = cast.sku("PLAIN", pieces=1)
    with pytest.raises(DomainError, match="在庫が 1 点（本社倉庫）ある"):
        compose_set(plain, {cup: 1}, by=None)
    asked = cast.sku("ASKED")
    want(asked, 1, "SO-5/1")
    with pytest.raises(DomainError, match="明細が 1 行ある"):
        compose_set(asked, {cup: 1}, by=None)
    want(whole, 1)
    with pytest.raises(DomainError, match="セットをやめられません"):
        compose_set(whole, {}, by=None)
    services.release(["SO-1/1"], by=None)
    assert compose_set(whole, {}, by=None)
    assert not Sku.objects.get(pk=whole).is_set and broken() == set()


def test_a_set_turned_behind_the_back_is_refused_by_the_database() -> None:
    whole, _cup, _tea = gift(cups=2)
    want(whole, 1)
    with pytest.raises(IntegrityError, match="stock or open reservations"), transaction.atomic():
        Sku.objects.filter(pk=whole).update(is_set=False)
    plain = cast.sku("PLAIN", pieces=1)
    with pytest.raises(IntegrityError, match="stock or open reservations"), transaction.atomic():
        Sku.objects.filter(pk=plain).update(is_set=True)


def test_the_proofs_find_a_set_with_a_part_taken_out_of_its_line() -> None:
    whole, cup, _tea = gift(cups=4, teas=4)
    want(whole, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stock_reservation SET wanted = 3 WHERE reference = 'SO-1/1' AND sku_id = %s", [cup]
        )
        assert "parts_of_a_line_make_whole_sets" in broken()
        cursor.execute("DELETE FROM catalog_setpart WHERE set_sku_id = %s", [whole])
        assert "sets_have_parts_and_no_stock" in broken()


@pytest.mark.django_db(transaction=True)
def test_a_set_and_a_single_sale_race_for_the_last_part() -> None:
    whole, cup, _tea = gift(cups=2, teas=1)
    place = queries.default_location_id()

    def single() -> Reservation:
        return services.reserve(reference="SO-2/1", sku_id=cup, location_id=place, quantity=1, by=None)

    for nth in range(5):
        line = f"SO-1{nth}/1"
        got, alone = together(lambda line=line: want(whole, 1, line), single)
        sold = 2 if got[line] else 0
        assert sold + (0 if isinstance(alone, OutOfStock) else 1) in (1, 2)
        assert cast.level(cup)[1] == 2 or got[line] == 0
        assert broken() == set()
        services.release([line, "SO-2/1"], by=None)
        Reservation.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_goods_that_are_just_received_do_not_become_a_set() -> None:
    cup = cast.sku("CUP")
    for nth in range(5):
        code = f"NEW{nth}"
        goods = cast.sku(code)
        place = Location.objects.create(code=f"P{nth}", name=f"P{nth}").pk
        together(
            lambda goods=goods: compose_set(goods, {cup: 1}, by=None),
            lambda goods=goods, place=place, code=code: services.post(
                [Movement(goods, place, "receipt", 1, "GR", code)], by=None
            ),
        )
        is_set = Sku.objects.get(pk=goods).is_set
        assert is_set != StockEntry.objects.filter(sku=goods).exists()
    assert broken() == set()


@pytest.fixture
def tanaka(client: Client) -> Client:
    client.force_login(cast.staff("田中"))
    return client


def test_the_page_keeps_a_set_and_names_what_is_wrong(tanaka: Client) -> None:
    cup, _, whole = cast.sku("CUP", pieces=4), cast.sku("TEA", pieces=3), cast.sku("GIFT")
    url = f"/office/stock/{whole}/set/"
    wrong = tanaka.post(url, {"lines": "CUP 2\nNOPE 1"})
    assert wrong.status_code == 422 and "2 行目「NOPE 1」" in wrong.content.decode()
    assert tanaka.post(url, {"lines": "GIFT 1"}).status_code == 422
    done = tanaka.post(url, {"lines": "CUP\t2\nTEA\t1"})
    assert done.status_code == 302 and queries.levels([whole])[whole].free == 2
    page = tanaka.get(f"/office/stock/{whole}/").content.decode()
    assert "セットの中身" in page and "在庫を調整" not in page
    assert "この商品を含むセット" in tanaka.get(f"/office/stock/{cup}/").content.decode()


def test_a_stranger_changes_no_set(client: Client) -> None:
    whole, *_ = gift()
    client.force_login(cast.staff("部外者"))
    assert client.post(f"/office/stock/{whole}/set/", {"lines": ""}).status_code == 403
    assert Sku.objects.get(pk=whole).is_set
