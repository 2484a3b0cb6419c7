"""入荷の同時操作: receipts, counts and orders on two real connections; whatever the order, every number stays true."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from akinai.catalog import services as catalog
from akinai.catalog.models import PriceChange, Product, Sku
from akinai.core import proofs
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders.models import Order
from akinai.party.models import Supplier
from akinai.purchasing import services
from akinai.purchasing.models import GoodsReceipt
from akinai.purchasing.services import LineInput
from akinai.shipping import services as shipping
from akinai.stock import adjusting, queries
from akinai.stock import services as stock
from akinai.stock.models import StockEntry
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 11, 24)
NOW = timezone.make_aware(datetime(2026, 11, 24, 9, 0))


def at_once(*acts: Callable[[], object]) -> list[str]:
    """How each act ended: "done" or the refusal's code, sorted."""
    return sorted(a.code if isinstance(a, DomainError) else "done" for a in together(*acts))


def slip(*lines: tuple[int, int, str], **more: object) -> GoodsReceipt:
    rows = [LineInput(sku, pieces, Decimal(cost)) for sku, pieces, cost in lines]
    return services.create_draft(lines=rows, received_on=DAY, by=None, **more)  # type: ignore[arg-type]


def broken() -> list[str]:
    return [f"{finding.name}: {finding.broken}" for finding in proofs.run_all() if finding.broken]


def test_two_clerks_cannot_post_one_slip_twice() -> None:
    tea = cast.sku("TEA")
    made = slip((tea, 12, "500"))
    acts = [lambda: services.post(GoodsReceipt.objects.get(pk=made.pk), by=None)] * 3
    assert at_once(*acts) == ["done", "impossible_move", "impossible_move"]
    assert cast.level(tea) == (12, 0)
    assert broken() == []


def test_one_suppliers_slip_typed_by_two_clerks_is_posted_once() -> None:
    tea = cast.sku("TEA")
    supplier = Supplier.objects.create(number="SU-1", code="S1", name="見本製茶")
    same = {"supplier_id": supplier.pk, "supplier_slip_no": "A-77"}
    drafts = [slip((tea, 5, "500"), **same) for _ in range(2)]
    ended = at_once(*[lambda one=one: services.post(one, by=None) for one in drafts])
    assert ended == ["done", "duplicate_slip"]
    assert cast.level(tea) == (5, 0)
    assert broken() == []


def test_what_is_posted_is_what_the_slip_says_although_it_is_rewritten_meanwhile() -> None:
    tea = cast.sku("TEA")
    for _ in range(4):
        made = slip((tea, 3, "500"))
        together(
            lambda made=made: services.post(GoodsReceipt.objects.get(pk=made.pk), by=None),
            lambda made=made: services.replace_draft(made, lines=[LineInput(tea, 4, Decimal(500))], by=None),
        )
        said = sum(made.lines.values_list("quantity", flat=True))
        assert (
            sum(StockEntry.objects.filter(reference=made.number).values_list("quantity", flat=True)) == said
        )
    assert broken() == []


def test_a_slip_looked_at_before_it_was_rewritten_is_not_posted() -> None:
    tea = cast.sku("TEA")
    made = slip((tea, 3, "500"))
    services.replace_draft(made, lines=[LineInput(tea, 4)], by=None)
    assert at_once(lambda: services.post(made, version=1, by=None)) == ["changed_meanwhile"]
    assert cast.level(tea) == (0, 0)


def test_a_receipt_taken_back_while_orders_reserve_never_takes_what_is_promised() -> None:
    tea, place = cast.sku("TEA"), queries.default_location_id()
    for turn in range(4):
        made = slip((tea, 5, "500"))
        services.post(made, by=None)
        want = stock.Want(f"SO-{turn}/1", tea, place, 5, NOW + timedelta(minutes=turn))
        ended = at_once(
            lambda made=made: services.reverse(made, reason="数え間違い", by=None),
            lambda want=want: stock.reserve_lines([want], by=None),
        )
        held = queries.reserved([want.reference])[want.reference].quantity
        made.refresh_from_db()
        assert (ended, held, made.state) in (
            (["done", "not_enough_stock"], 5, "posted"),
            (["done", "done"], 0, "reversed"),
        )
        assert cast.level(tea) == (held, held)
        stock.release([want.reference], by=None)
        if made.state == "posted":
            services.reverse(made, reason="片付け", by=None)
    assert broken() == []


def test_a_receipt_taken_back_while_its_goods_leave() -> None:
    tea = cast.sku("TEA")
    made = slip((tea, 2, "500"))
    services.post(made, by=None)
    order = cast.place(cast.draft("R-1", ("TEA", 2, 1080)))
    batch = shipping.instruct([order.pk], ship_on=timezone.localdate(), carrier="yamato", by=None)
    parcels = list(batch.shipments.values_list("pk", flat=True))
    ended = at_once(
        lambda: services.reverse(made, reason="数え間違い", by=None), lambda: shipping.ship(parcels, by=None)
    )
    assert ended == ["done", "not_enough_stock"]
    assert Order.objects.get().state in ("shipped", "completed")
    assert cast.level(tea) == (0, 0)
    assert broken() == []


def test_two_clerks_who_count_the_same_shelf_at_once_correct_it_once() -> None:
    tea, place = cast.sku("TEA", pieces=5), queries.default_location_id()
    count = {"sku_id": tea, "location_id": place, "quantity": 7, "is_counted": True, "by": None}
    ended = at_once(*[lambda: adjusting.adjust(reason="数え直し", **count)] * 3)  # type: ignore[arg-type]
    assert ended == ["done", "refused", "refused"]
    assert cast.level(tea) == (7, 0)
    assert broken() == []


def test_a_receipt_taken_back_by_two_clerks_leaves_stock_once() -> None:
    tea = cast.sku("TEA", pieces=9)
    made = slip((tea, 3, "500"))
    services.post(made, by=None)
    acts = [lambda: services.reverse(GoodsReceipt.objects.get(pk=made.pk), reason="誤り", by=None)] * 2
    assert at_once(*acts) == ["done", "impossible_move"]
    assert cast.level(tea) == (9, 0)
    assert broken() == []


def test_an_entry_taken_back_by_two_clerks_is_answered_once() -> None:
    tea, place = cast.sku("TEA", pieces=5), queries.default_location_id()
    made = adjusting.adjust(
        sku_id=tea, location_id=place, quantity=2, is_counted=False, reason="見つかった", by=None
    )
    acts = [lambda: adjusting.take_back(made, reason="誤り", by=None)] * 2
    assert at_once(*acts) == ["changed_meanwhile", "done"]
    assert cast.level(tea) == (5, 0)


def test_a_new_price_and_a_new_cost_at_once_both_stand_in_the_history() -> None:
    tea = cast.sku("TEA")
    sku = Sku.objects.select_related("product").get(pk=tea)
    for turn in range(5):
        made = slip((tea, 1, f"50{turn}"))
        product = Product.objects.get(pk=sku.product_id)
        row = {"id": tea, "code": "TEA", "price_yen": 2000 + turn}
        together(
            lambda made=made: services.post(made, by=None),
            lambda product=product, row=row: catalog.update_product(
                product, version=product.version, values={}, skus=[row], by=None
            ),
        )
        now = Sku.objects.get(pk=tea)
        last = PriceChange.objects.filter(sku=tea).latest("id")
        assert (last.price_yen, last.cost) == (now.price_yen, now.cost)
    assert broken() == []


def test_receiving_and_repricing_the_same_goods_do_not_wait_in_a_ring() -> None:
    goods = [cast.sku(f"TEA-{n}") for n in range(8)]

    def receive() -> str:
        for turn in range(6):
            made = slip(*[(pk, 1, str(500 + turn)) for pk in goods])
            services.post(made, by=None)
        return "received"

    def reprice() -> str:
        for turn in range(12):
            for pk in goods[::-1]:
                product = Product.objects.get(skus=pk)
                row = {"id": pk, "code": "", "price_yen": 1000 + turn}
                with suppress(ChangedMeanwhile):  # the receipt was faster; the next turn tries again
                    catalog.update_product(product, version=product.version, values={}, skus=[row], by=None)
        return "repriced"

    assert together(receive, reprice) == ["received", "repriced"]
    assert broken() == []
