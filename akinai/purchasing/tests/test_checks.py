"""検品と不一致: four papers compared; what does not agree has an owner, and its goods are not sold until it is settled."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from akinai.core import events, proofs
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.purchasing import services
from akinai.purchasing.checks import Kind, Seen, compare
from akinai.purchasing.models import Discrepancy, GoodsReceipt, PurchaseOrder
from akinai.purchasing.queries import leadtimes
from akinai.purchasing.queries import orders as order_queries
from akinai.purchasing.services import LineInput, counting, doubting, settling
from akinai.purchasing.services.counting import Counted
from akinai.purchasing.tests import factories
from akinai.stock import queries as stock
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


def broken() -> list[str]:
    return [f"{finding.name}: {finding.broken}" for finding in proofs.run_all() if finding.broken]


def arrive(
    order: PurchaseOrder, *lines: tuple[int, int, str], counted: dict[int, Counted] | None = None
) -> GoodsReceipt:
    """A slip against an order, counted and posted."""
    rows = [LineInput(sku, pieces, Decimal(cost) if cost else None) for sku, pieces, cost in lines]
    made = services.create_draft(
        lines=rows, received_on=DAY, supplier_id=order.supplier_id, purchase_order_id=order.pk, by=None
    )
    if counted:
        counting.count(made, counted, by=None)
    post(made)
    return made


def post(made: GoodsReceipt) -> None:
    inputs = counting.as_counted(services.drafting.as_inputs(made), counting.latest(made))
    services.post(made, confirmed=[doubt.text for doubt in doubting.of_receipt(made, inputs)], by=None)


def free(sku: int) -> tuple[int, int]:
    """(free to sell, held back)."""
    return stock.levels([sku])[sku].free, stock.held([sku]).get(sku, 0)


@pytest.fixture
def tea() -> int:
    factories.company()
    return cast.sku("TEA")


@pytest.fixture
def order(tea: int) -> PurchaseOrder:
    """10 pieces at 500 yen are on their way."""
    return factories.sent(factories.supplier(), (tea, 10, "500"))


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Seen(1, "A", 10, slip=10, slip_cost=Decimal(5), ordered=10, order_cost=Decimal(5)), []),
        (Seen(1, "A", 4, ordered=10, order_cost=Decimal(5)), []),
        (Seen(1, "A", 9, slip=10, slip_cost=Decimal(5), ordered=10), [(Kind.SHORT, 1, 0, 5)]),
        (Seen(1, "A", 0, slip=3, slip_cost=Decimal(5)), [(Kind.SHORT, 3, 0, 15)]),
        (Seen(1, "A", 12, ordered=10, order_cost=Decimal(5)), [(Kind.OVER, 2, 2, 10)]),
        (Seen(1, "A", 12, slip=10, slip_cost=Decimal(5)), [(Kind.OVER, 2, 2, 10)]),
        (Seen(1, "A", 5, slip_cost=Decimal(7)), [(Kind.NOT_ORDERED, 5, 5, 35)]),
        (Seen(1, "A", 10, damaged=3, ordered=10, order_cost=Decimal(5)), [(Kind.DAMAGED, 3, 3, 15)]),
        (Seen(1, "A", 10, ordered=10, order_cost=Decimal(5), slip_cost=Decimal("5.5")), [(Kind.PRICE, 10, 10, 5)]),
        (
            Seen(1, "A", 12, damaged=1, ordered=10, order_cost=Decimal(5), slip_cost=Decimal(6)),
            [(Kind.OVER, 2, 2, 12), (Kind.DAMAGED, 1, 1, 6), (Kind.PRICE, 12, 9, 12)],
        ),
    ],
)  # fmt: skip
def test_four_papers_are_compared(seen: Seen, expected: list[tuple[Kind, int, int, int]]) -> None:
    has_order = seen.ordered is not None or seen.slip is None
    assert [
        (one.kind, one.quantity, one.held, one.yen) for one in compare([seen], has_order=has_order)
    ] == expected


def test_a_part_of_an_order_comes_and_the_rest_is_waited_for(tea: int, order: PurchaseOrder) -> None:
    arrive(order, (tea, 4, "500"))
    order.refresh_from_db()
    assert (order.state, order.progress, order.lines.get().open) == ("sent", "partial", 6)
    arrive(order, (tea, 6, "500"))
    order.refresh_from_db()
    assert (order.state, order.progress) == ("closed", "done")
    assert free(tea) == (10, 0) and not Discrepancy.objects.exists()
    assert [one.quantity for one in leadtimes.arrivals([order.supplier_id])[order.supplier_id]] == [4, 6]
    assert broken() == []


def test_the_order_tells_the_price_where_the_slip_does_not(tea: int, order: PurchaseOrder) -> None:
    made = arrive(order, (tea, 4, ""))
    assert made.lines.get().unit_cost == 500


def test_pieces_beyond_the_order_are_not_sold_until_somebody_accepts_them(
    tea: int, order: PurchaseOrder
) -> None:
    arrive(order, (tea, 12, "500"))
    assert free(tea) == (10, 2)
    one = Discrepancy.objects.get()
    assert (one.kind, one.quantity, one.held, one.yen, one.state) == ("over", 2, 2, 1000, "open")
    held = cast.place(cast.draft("R-1", ("TEA", 12, 1080)))
    assert free(tea) == (0, 2) and held.state == "awaiting_stock"
    settling.settle(one, resolution="accept", note="使う", by=None)
    assert stock.levels([tea])[tea].on_hand == 12 and free(tea) == (0, 0)
    events.drain()
    held.refresh_from_db()
    assert held.state == "ready", "what was accepted goes to the waiting order at once"
    assert broken() == []


def test_another_price_than_ordered_holds_the_goods_until_it_is_settled(
    tea: int, order: PurchaseOrder
) -> None:
    arrive(order, (tea, 10, "550"))
    one = Discrepancy.objects.get()
    assert (one.kind, one.yen, one.expected_cost, one.found_cost) == ("price", 500, 500, 550)
    assert free(tea) == (0, 10)
    with pytest.raises(DomainError, match="行き先"):
        settling.settle(one, resolution="claim", note="差額を請求", by=None)
    settling.settle(one, resolution="claim", goods="shelf", note="差額を請求", by=None)
    assert free(tea) == (10, 0)
    assert broken() == []


def test_broken_pieces_go_back_and_the_order_waits_for_others(tea: int, order: PurchaseOrder) -> None:
    arrive(order, (tea, 10, "500"), counted={tea: Counted(10, 3)})
    one = Discrepancy.objects.get()
    assert (one.kind, free(tea)) == ("damaged", (7, 3))
    settling.settle(one, resolution="return", note="着払いで返送", is_replaced=True, by=None)
    order.refresh_from_db()
    assert (free(tea), order.state, order.lines.get().open) == ((7, 0), "confirmed", 3)
    assert broken() == []
    arrive(order, (tea, 3, "500"))
    order.refresh_from_db()
    assert (free(tea), order.state) == ((10, 0), "closed")
    assert broken() == []


def test_what_was_counted_goes_into_stock_not_what_the_slip_says(tea: int, order: PurchaseOrder) -> None:
    cup = cast.sku("CUP")
    made = arrive(order, (tea, 10, "500"), counted={tea: Counted(9), cup: Counted(2)})
    assert (free(tea), free(cup)) == ((9, 0), (0, 2))
    assert sorted(Discrepancy.objects.values_list("kind", "quantity", "held")) == [
        ("not_ordered", 2, 2),
        ("short", 1, 0),
    ]
    assert list(made.lines.values_list("sku_id", "slip_quantity", "quantity")) == [(tea, 10, 9), (cup, 0, 2)]
    assert order.lines.get().open == 1
    assert broken() == []


def test_goods_that_did_not_come_at_all_stand_on_the_slip_with_nothing(
    tea: int, order: PurchaseOrder
) -> None:
    cup = cast.sku("CUP")
    made = services.create_draft(
        lines=[LineInput(tea, 5, Decimal(500)), LineInput(cup, 2, Decimal(9))], received_on=DAY, by=None
    )
    counting.count(made, {tea: Counted(5)}, by=None)
    post(made)
    assert (free(tea), free(cup)) == ((5, 0), (0, 0))
    assert Discrepancy.objects.get().kind == "short"
    assert broken() == []
    services.reverse(made, reason="やり直し", by=None)
    assert broken() == []


def test_the_newest_of_two_counts_counts(tea: int, order: PurchaseOrder) -> None:
    made = services.create_draft(
        lines=[LineInput(tea, 10)], received_on=DAY, purchase_order_id=order.pk, by=None
    )
    assert counting.count(made, {tea: Counted(8)}, by=None) == 1
    assert counting.count(made, {tea: Counted(10)}, by=None) == 2
    post(made)
    assert free(tea) == (10, 0) and made.counts.count() == 2
    with pytest.raises(ImpossibleMove, match="検品できません"):
        counting.count(made, {tea: Counted(1)}, by=None)


def test_correcting_takes_the_receipt_back_and_begins_a_draft(tea: int, order: PurchaseOrder) -> None:
    made = arrive(order, (tea, 12, "500"))
    one = Discrepancy.objects.get()
    again = settling.settle(one, resolution="correct", note="10 の打ち間違い", by=None)
    made.refresh_from_db()
    one.refresh_from_db()
    order.refresh_from_db()
    assert again and (made.state, one.state, again.state, again.purchase_order_id) == (
        "reversed",
        "void",
        "draft",
        order.pk,
    )
    assert (free(tea), order.progress, order.lines.get().open) == ((0, 0), "none", 10)
    assert broken() == []


def test_a_receipt_whose_extra_pieces_were_accepted_can_still_be_taken_back(
    tea: int, order: PurchaseOrder
) -> None:
    made = arrive(order, (tea, 12, "500"))
    settling.settle(Discrepancy.objects.get(), resolution="accept", note="使う", by=None)
    services.reverse(made, reason="別の店の荷物", by=None)
    assert free(tea) == (0, 0)
    assert broken() == []


def test_a_receipt_of_which_pieces_went_back_stands(tea: int, order: PurchaseOrder) -> None:
    made = arrive(order, (tea, 12, "500"))
    settling.settle(Discrepancy.objects.get(), resolution="return", note="返送", by=None)
    with pytest.raises(DomainError, match="2 点を仕入先に返す"):
        services.reverse(made, reason="誤り", by=None)
    assert free(tea) == (10, 0)
    assert broken() == []


def test_nothing_is_received_for_an_order_the_supplier_does_not_know(tea: int) -> None:
    draft = factories.order(factories.supplier("S9"), (tea, 5, "500"))
    with pytest.raises(DomainError, match="入荷できません"):
        arrive(draft, (tea, 5, "500"))
    assert free(tea) == (0, 0)


def test_the_database_refuses_a_settlement_that_says_nothing(tea: int, order: PurchaseOrder) -> None:
    arrive(order, (tea, 12, "500"))
    for change in ({"state": "settled"}, {"held": 3}):
        with pytest.raises(IntegrityError, match="discrepancy_"), transaction.atomic():
            Discrepancy.objects.update(**change)


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("UPDATE purchasing_discrepancy SET held = 1", "posted_receipts_hold_back_what_their_mismatches_say"),
        ("UPDATE purchasing_discrepancy SET quantity = 9, held = 9", "goods_of_open_mismatches_are_held_back"),
        ("UPDATE purchasing_discrepancy SET state = 'settled', resolution = 'accept', goods = 'shelf', settled_at = now()", "settled_mismatches_moved_their_goods"),
        ("UPDATE purchasing_purchaseorderline SET received = 9", "order_lines_received_what_receipts_say"),
        ("UPDATE purchasing_purchaseorder SET state = 'closed'", "closed_orders_have_nothing_open"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(tea: int, order: PurchaseOrder, fault: str, name: str) -> None:
    cup = cast.sku("CUP")
    other = factories.sent(factories.supplier("S2"), (cup, 10, "500"))
    arrive(order, (tea, 12, "500"))
    arrive(other, (cup, 4, "500"))
    assert broken() == []
    with connection.cursor() as cursor:
        cursor.execute(fault)
    assert name in {finding.name for finding in proofs.run_all(name) if finding.broken}


@pytest.mark.django_db(transaction=True)
def test_two_receipts_of_one_order_at_once_count_every_piece(tea: int, order: PurchaseOrder) -> None:
    drafts = [
        services.create_draft(
            lines=[LineInput(tea, 7, Decimal(500))], received_on=DAY, purchase_order_id=order.pk, by=None
        )
        for _ in range(2)
    ]
    together(*[lambda one=one: services.post(one, by=None) for one in drafts])
    line = order.lines.get()
    assert (line.received, line.over, free(tea)) == (14, 4, (10, 4))
    assert broken() == []


@pytest.mark.django_db(transaction=True)
def test_two_clerks_settling_one_mismatch_move_its_goods_once(tea: int, order: PurchaseOrder) -> None:
    arrive(order, (tea, 12, "500"))
    acts = [
        lambda how=how: settling.settle(Discrepancy.objects.get(), resolution=how, note="x", by=None)
        for how in ("accept", "return")
    ]
    answers = together(*acts)
    assert sum(isinstance(answer, ImpossibleMove) for answer in answers) == 1
    assert free(tea) in ((12, 0), (10, 0))
    assert broken() == []


@pytest.mark.django_db(transaction=True)
def test_settling_and_taking_back_at_once_leave_every_number_true(tea: int, order: PurchaseOrder) -> None:
    made = arrive(order, (tea, 12, "500"))
    together(
        lambda: settling.settle(Discrepancy.objects.get(), resolution="accept", note="x", by=None),
        lambda: services.reverse(made, reason="誤り", by=None),
    )
    assert broken() == []
    assert free(tea) == (0, 0)


def test_the_pages_of_receiving_and_settling(client: Client, tea: int, order: PurchaseOrder) -> None:
    client.force_login(cast.staff("高橋"), backend="akinai.staff.backends.StaffBackend")
    page = client.get(f"/office/receipts/new/?order={order.number}").content.decode()
    assert "TEA\t10\t500" in page
    told = {
        "purchase_order": order.pk,
        "received_on": "2026-11-24",
        "location": "MAIN",
        "lines": "TEA\t10\t500",
    }
    assert client.post("/office/receipts/new/", told).status_code == 302
    made = GoodsReceipt.objects.get()
    assert (made.supplier_id, made.purchase_order_id) == (order.supplier_id, order.pk)
    blind = client.get(f"/office/receipts/{made.number}/count/").content.decode()
    assert "TEA" not in blind.split("<main", 1)[1].replace("TEA-030", "")
    assert client.post(f"/office/receipts/{made.number}/count/", {"lines": "TEA 12 13"}).status_code == 422
    assert client.post(f"/office/receipts/{made.number}/count/", {"lines": "TEA 12 1"}).status_code == 302
    assert "計上すると、次の不一致" in client.get(f"/office/receipts/{made.number}/").content.decode()
    client.post(f"/office/receipts/{made.number}/post/", {"version": 1})
    over, damaged = Discrepancy.objects.order_by("kind").all()[::-1]
    assert {over.kind, damaged.kind} == {"over", "damaged"}
    for path in (
        f"receipts/{made.number}/",
        "discrepancies/",
        "discrepancies/?tab=mine",
        f"discrepancies/{over.number}/",
        "discrepancies/?q=TEA",
    ):
        assert client.get(f"/office/{path}").status_code == 200
    owner = cast.staff("高橋")
    client.post(
        f"/office/discrepancies/{over.number}/assign/",
        {"owner": owner.pk, "cause": "supplier", "note": "電話した"},
    )
    over.refresh_from_db()
    assert (over.owner_id, over.cause) == (owner.pk, "supplier")
    client.post(
        f"/office/discrepancies/{over.number}/settle/",
        {"resolution": "claim", "goods": "shelf", "note": "値引"},
    )
    over.refresh_from_db()
    assert over.state == "settled"
    assert order_queries.on_order([tea]) == {}
    client.force_login(cast.staff("佐藤"), backend="akinai.staff.backends.StaffBackend")
    assert (
        client.post(
            f"/office/discrepancies/{damaged.number}/settle/", {"resolution": "accept", "note": "x"}
        ).status_code
        == 403
    )


def test_other_goods_in_place_of_the_slips_are_one_mismatch_that_names_both(
    tea: int, order: PurchaseOrder
) -> None:
    cup = cast.sku("CUP")
    arrive(order, (tea, 10, "500"), counted={tea: Counted(6), cup: Counted(4)})
    found = Discrepancy.objects.get()
    assert (found.kind, found.sku_id, found.quantity, found.held, found.yen) == (
        "wrong_item",
        cup,
        4,
        4,
        2000,
    )
    assert found.text == "CUP: 納品書の TEA の代わりに 4 点届いています。"
    assert (free(tea), free(cup)) == ((6, 0), (0, 4))
    assert order.lines.get().open == 4
    settling.settle(found, resolution="return", note="送り返す", by=None)
    assert free(cup) == (0, 0)
    assert broken() == []


def test_other_goods_in_another_number_stay_two_mismatches(tea: int, order: PurchaseOrder) -> None:
    cup = cast.sku("CUP")
    arrive(order, (tea, 10, "500"), counted={tea: Counted(6), cup: Counted(3)})
    assert sorted(Discrepancy.objects.values_list("kind", flat=True)) == ["not_ordered", "short"]


def test_goods_that_the_suppliers_code_means_by_now_are_a_wrong_item(tea: int) -> None:
    cup, seller = cast.sku("CUP"), factories.supplier("S7")
    factories.sells(seller, tea, "500", code="X-1")
    order = factories.sent(seller, (tea, 10, "500"))
    later = factories.SINCE + timedelta(days=30)
    services.save_items([services.ItemInput(seller.pk, cup, Decimal(500), later, "X-1")], by=None)
    arrive(order, (cup, 10, "500"))
    found = Discrepancy.objects.get()
    assert (found.kind, found.held) == ("wrong_item", 10)
    assert "発注した TEA の仕入先コードが今は CUP を指しています" in found.text
