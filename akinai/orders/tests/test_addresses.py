"""複数送付先の画面: the panel and form of the order page, the answer to 複数送付先, and what the mall tells afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akinai.channels import queries as channels
from akinai.core import proofs
from akinai.core.errors import DomainError
from akinai.orders import address_ports, services
from akinai.orders.models import Hold, Order, OrderAddress, OrderIssue
from akinai.orders.ports import DestinationDraft, IssueDraft, OrderDraft
from akinai.orders.services import Destination
from tests import cast
from tests.cast import AOKI, draft, place

pytestmark = pytest.mark.django_db
MOTHER = replace(
    AOKI, name="山本 和子", postal_code="5300001", prefecture="大阪府", city="大阪市北区梅田", email=""
)
TYPED = {
    "name": "山本 和子", "postal_code": "530-0001", "line1": "2-4-9", "phone": "06-0000-2222", "line_1": "２",
}  # fmt: skip


@pytest.fixture
def order(db: None) -> Order:
    cast.company()
    cast.sku("TEA-001", pieces=9)
    cast.sku("CUP-001", pieces=9)
    return place(draft("A-1", ("TEA-001", 3, 1080), ("CUP-001", 1, 1080)))


@pytest.fixture
def sato(client: Client) -> Client:
    client.force_login(cast.staff("佐藤"), backend="akinai.staff.backends.StaffBackend")
    return client


def add(order: Order) -> str:
    return reverse("orders:addresses", args=[order.number])


def test_the_postal_code_fills_the_address_and_the_panel_shows_who_gets_what(
    sato: Client, order: Order
) -> None:
    assert sato.get(add(order)).status_code == 200
    answer = sato.post(add(order), TYPED)
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"/office/orders/{order.number}/#addresses",
    )
    kept = OrderAddress.objects.get(order=order)
    assert (kept.no, kept.postal_code, kept.prefecture, kept.city) == (
        1,
        "5300001",
        "大阪府",
        "大阪市北区梅田",
    )
    page = sato.get(reverse("orders:detail", args=[order.number])).content.decode()
    assert "山本 和子 様" in page and "割り当てていない 2 点" in page and "送付先の追加" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"line_1": "4"}, "残り 3 点です"),
        ({"line_1": ""}, "どれかの明細に入れてください"),
        ({"line_1": "-1"}, "0"),
        ({"postal_code": "000-0000"}, "存在しません"),
        ({"line_1": "abc"}, "数"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    sato: Client, order: Order, wrong: dict[str, str], said: str
) -> None:
    answer = sato.post(add(order), TYPED | wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not OrderAddress.objects.exists()


def test_an_address_is_corrected_and_taken_off(sato: Client, order: Order) -> None:
    sato.post(add(order), TYPED)
    one = reverse("orders:address", args=[order.number, 1])
    assert 'value="530-0001"' in sato.get(one).content.decode()
    assert sato.post(one, TYPED | {"line_1": "3", "delivery_on": "2999-01-02"}).status_code == 302
    assert (order.lines.get(line_no=1).assigned, OrderAddress.objects.get().delivery_on) == (
        3,
        date(2999, 1, 2),
    )
    assert sato.post(reverse("orders:remove_address", args=[order.number, 1])).status_code == 302
    assert order.lines.get(line_no=1).assigned == 0
    assert sato.get(one).status_code == 404


def test_only_who_may_change_orders_shares_them_out(client: Client, order: Order) -> None:
    for name in ("高橋", "部外者"):
        client.force_login(cast.staff(name), backend="akinai.staff.backends.StaffBackend")
        assert client.post(add(order), TYPED).status_code == 403
    assert not OrderAddress.objects.exists()


def test_the_question_of_a_mall_order_is_answered_when_all_is_assigned(sato: Client) -> None:
    cast.company()
    cast.sku("TEA-001", pieces=9)
    told = IssueDraft("multi_ship", "送付先が 2 か所あります。")
    order = place(draft("R-1", ("TEA-001", 3, 1080), issues=(told,)))
    assert order.state == "on_hold"
    assert add(order) in sato.get(reverse("orders:detail", args=[order.number])).content.decode()
    services.add_address(order.pk, Destination(MOTHER, {1: 2}), by=None)
    assert OrderIssue.objects.get(order=order).resolved_at is None
    services.add_address(order.pk, Destination(replace(MOTHER, name="川口 茂"), {1: 1}), by=None)
    assert OrderIssue.objects.get(order=order).resolution == "2 か所の送付先に割り当て"
    assert Order.objects.get(pk=order.pk).state == "ready"


def test_a_wish_of_one_address_brings_the_day_to_ship_by_forward(order: Order) -> None:
    services.edit_delivery(
        order.pk, ship_to=AOKI, delivery_on=date(2999, 3, 20), delivery_slot="", carrier="", by=None
    )
    services.add_address(order.pk, Destination(MOTHER, {1: 1}, date(2999, 3, 10)), by=None)
    ship_by = Order.objects.get(pk=order.pk).ship_by
    assert ship_by is not None and date(2999, 3, 1) < ship_by < date(2999, 3, 10)


def test_fewer_pieces_told_by_the_mall_ask_for_a_new_sharing(order: Order) -> None:
    services.add_address(order.pk, Destination(MOTHER, {1: 3}), by=None)
    place(draft("A-1", ("TEA-001", 2, 1080), ("CUP-001", 1, 1080)))
    services.accept_change(order.changes.get(state="pending").pk, by=None)
    assert order.lines.get(line_no=1).assigned == 0
    asked = OrderIssue.objects.get(order=order, resolved_at=None)
    assert (asked.code, "割り当て直して" in asked.message) == ("multi_ship", True)
    assert [one.name for one in proofs.run_all() if one.broken] == []


def test_a_wish_of_another_address_that_cannot_be_met_holds_the_order_until_it_can(order: Order) -> None:
    assert order.state == "ready"
    soon = timezone.localdate()
    services.add_address(order.pk, Destination(MOTHER, {1: 1}, soon), by=None)
    hold = Hold.objects.get(order=order, released_at=None)
    assert hold.rule == "delivery_missed"
    assert hold.reason.startswith(f"送付先 1「{MOTHER.name} 様」: お届け希望日 ")
    assert Order.objects.get(pk=order.pk).state == "on_hold"
    services.change_address(order.pk, 1, Destination(MOTHER, {1: 1}, soon + timedelta(days=60)), by=None)
    assert not Hold.objects.filter(order=order, released_at=None).exists()
    assert Order.objects.get(pk=order.pk).state == "ready"


def test_the_search_finds_an_order_by_its_other_recipients_as_long_as_they_are_its_own(
    sato: Client, order: Order
) -> None:
    def found(text: str) -> bool:
        return order.number in sato.get(reverse("orders:list"), {"q": text}).content.decode()

    there = replace(MOTHER, phone="06-7777-8888")
    services.add_address(order.pk, Destination(there, {1: 1}), by=None)
    services.edit_delivery(order.pk, ship_to=AOKI, delivery_on=None, delivery_slot="am", carrier="", by=None)
    words = (there.name, "0677778888", there.postal_code, AOKI.name)
    assert [found(word) for word in words] == [True] * 4
    services.remove_address(order.pk, 1, by=None)
    assert [found(word) for word in words] == [False, False, False, True]


def test_lines_of_a_mall_order_go_to_the_addresses_that_the_file_told(sato: Client) -> None:
    cast.company()
    for code in ("TEA-001", "CUP-001"):
        cast.sku(code, pieces=9)
    told = DestinationDraft(MOTHER, ((2, 1),), number="1002")
    order = place(draft("R-9", ("TEA-001", 2, 1080), ("CUP-001", 1, 1080), others=(told,)))
    assert (order.state, order.issues.count()) == ("ready", 0)
    (address,) = OrderAddress.objects.filter(order=order)
    assert (address.no, address.name, address.channel_number) == (1, MOTHER.name, "1002")
    assert list(order.lines.order_by("line_no").values_list("assigned", flat=True)) == [0, 1]
    assert order.number in sato.get(reverse("orders:list"), {"q": MOTHER.name}).content.decode()
    assert [one.name for one in proofs.run_all() if one.broken] == []
    soon = replace(told, delivery_on=timezone.localdate())
    held = place(draft("R-10", ("TEA-001", 1, 1080), ("CUP-001", 1, 1080), others=(soon,)))
    assert held.state == "on_hold"
    assert "送付先 1" in Hold.objects.get(order=held, rule="delivery_missed").reason


def told(*others: DestinationDraft, cups: int = 2) -> OrderDraft:
    return draft("R-9", ("TEA-001", 2, 1080), ("CUP-001", cups, 1080), others=others)


def tell(one: OrderDraft) -> bool:
    """The mall tells the order again. Out: is it another one, by its own account?"""
    return bool(services.place_many([one], channel=channels.by_code("rakuten"), by=None).changed)


def shares(order: Order) -> list[tuple[int, str, dict[int, int]]]:
    """(no., first line, line → pieces) of the addresses that the order has."""
    rows = OrderAddress.objects.filter(order=order, removed_at=None).order_by("no")
    return [
        (one.no, one.line1, dict(one.lines.values_list("order_line__line_no", "quantity"))) for one in rows
    ]


def accept(order: Order) -> None:
    services.accept_change(order.changes.get(state="pending").pk, by=None)


def test_a_mall_that_tells_only_another_destination_is_a_change_that_a_person_decides() -> None:
    cast.company()
    for code in ("TEA-001", "CUP-001"):
        cast.sku(code, pieces=9)
    to_mother = DestinationDraft(MOTHER, ((2, 2),), number="1002")
    moved = replace(to_mother, to=replace(MOTHER, line1="中之島1-1"))
    order = place(told(to_mother))
    assert not tell(told(to_mother))
    assert tell(told(moved))
    (difference,) = order.changes.get().differences
    assert (difference["title"], "中之島1-1" in difference["after"]) == ("送付先 1002", True)
    assert (Order.objects.get(pk=order.pk).state, shares(order)) == ("on_hold", [(1, MOTHER.line1, {2: 2})])
    services.dismiss_change(order.changes.get().pk, by=None)
    assert not tell(told(moved))

    farther = DestinationDraft(replace(MOTHER, name="山本 次郎"), ((1, 1),), number="1003")
    assert tell(told(replace(moved, pieces=((2, 1),)), farther))
    accept(order)
    assert shares(order) == [(1, "中之島1-1", {2: 1}), (2, MOTHER.line1, {1: 1})]
    assert not tell(told(replace(moved, pieces=((2, 1),)), farther))

    assert tell(told(farther, cups=1))  # 1002 is no more, and a cup less
    accept(order)
    assert shares(order) == [(2, MOTHER.line1, {1: 1})]
    assert list(order.lines.order_by("line_no").values_list("quantity", "assigned")) == [(2, 1), (1, 0)]
    assert tell(told(cups=1))
    assert [one["after"] for one in order.changes.get(state="pending").differences] == ["（ありません）"]
    accept(order)
    assert (shares(order), order.lines.filter(assigned__gt=0).count()) == ([], 0)
    assert [one.name for one in proofs.run_all("order") if one.broken] == []


def test_addresses_that_a_person_entered_stay_while_the_mall_tells_none_and_give_way_when_it_does() -> None:
    cast.company()
    for code in ("TEA-001", "CUP-001"):
        cast.sku(code, pieces=9)
    order = place(told())
    services.add_address(order.pk, Destination(MOTHER, {1: 1}), by=None)
    assert tell(replace(told(), customer_note="急ぎ"))
    assert [one["title"] for one in order.changes.get().differences] == ["備考"]
    accept(order)
    assert shares(order) == [(1, MOTHER.line1, {1: 1})]
    services.release_all(order, by=None)
    assert tell(replace(told(DestinationDraft(AOKI, ((2, 2),), number="7")), customer_note="急ぎ"))
    assert len(order.changes.get(state="pending").differences) == 2
    accept(order)
    assert shares(order) == [(2, AOKI.line1, {2: 2})]


def test_an_order_that_leaves_with_another_takes_no_other_addresses_from_the_mall(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast.sku("TEA-001", pieces=9)
    cast.sku("CUP-001", pieces=9)
    order = place(told())
    tell(told(DestinationDraft(MOTHER, ((2, 2),), number="1002")))
    monkeypatch.setattr(address_ports, "_reasons", [lambda pk: "同梱 MG-2026-000001 の受注です"])
    with pytest.raises(DomainError, match="送付先を分けられません。同梱"):
        accept(order)
    assert shares(order) == []
