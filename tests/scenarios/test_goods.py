"""商品の一巡: 発注 → 入荷 → 不一致 → 解決 → 棚卸 → 締め, through the services that the screens use."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core import mail as outbox

from akinai.core import clock, events, mail, proofs
from akinai.core.errors import DomainError
from akinai.orders.models import Order
from akinai.party import services as party
from akinai.party.models import Company
from akinai.purchasing.models import Discrepancy, PurchaseOrder
from akinai.purchasing.services import counting, drafting, ordering, receiving, sending, settling, tell_terms
from akinai.purchasing.services.counting import Counted
from akinai.purchasing.services.drafting import LineInput
from akinai.purchasing.services.ordering import OrderLineInput
from akinai.stock import queries as stock
from akinai.stock import services as stocktakes
from akinai.stock.models import StocktakeLine
from tests.cast import company, draft, level, place, sku, staff

pytestmark = pytest.mark.django_db(transaction=True)


def broken() -> list[str]:
    return [f"{one.name}: {one.broken}" for one in proofs.run_all() if one.broken]


def test_goods_are_ordered_counted_questioned_and_never_sold_before_it_is_settled() -> None:
    company()
    Company.objects.update(po_approval_yen=50_000)
    tanaka, ito, takahashi = staff("田中"), staff("伊藤"), staff("高橋")
    tea, cup = sku("TEA-1", pieces=2), sku("CUP-1", price=1650)
    seller = party.add_supplier(code="S-1", name="見本製茶", email="order@example.com", by=tanaka)
    tell_terms(seller, by=tanaka, lead_days=5)
    waiting = place(draft("R-1", ("TEA-1", 40, 1080)))
    assert (waiting.state, level(tea)) == ("awaiting_stock", (2, 2))

    # 発注: above the limit a second person approves; the order goes out by mail and the supplier answers.
    lines = [OrderLineInput(tea, 100, Decimal(500)), OrderLineInput(cup, 20, Decimal(700))]
    order = ordering.create_order(supplier_id=seller, lines=lines, by=tanaka)
    assert ordering.submit(order, by=tanaka).state == "waiting_approval"
    with pytest.raises(DomainError, match="別の人"):
        ordering.approve(PurchaseOrder.objects.get(), by=tanaka)
    ordering.approve(PurchaseOrder.objects.get(), by=ito)
    sending.send(PurchaseOrder.objects.get(), by=tanaka)
    mail.send_due()
    assert "見本製茶" in outbox.outbox[-1].body and outbox.outbox[-1].attachments
    ordering.confirm(PurchaseOrder.objects.get(), promised_on=clock.today(), by=tanaka)

    # 入荷: the slip says 100 and 20; counted are 90 tea, 3 of them broken, and all cups. What is in question is not sold.
    slip = drafting.create_draft(
        lines=[LineInput(tea, 100, Decimal(500)), LineInput(cup, 20, Decimal(700))], received_on=clock.today(),
        supplier_id=seller, supplier_slip_no="N-77", purchase_order_id=order.pk, by=takahashi,
    )  # fmt: skip
    counting.count(slip, {tea: Counted(90, damaged=3), cup: Counted(20)}, by=takahashi)
    receiving.post(slip, by=takahashi)
    events.drain()
    found = {one.kind: one for one in Discrepancy.objects.all()}
    assert set(found) == {"short", "damaged"}
    assert (found["short"].quantity, found["damaged"].held) == (10, 3)
    assert level(tea)[0] == 2 + 87
    waiting.refresh_from_db()
    assert (waiting.state, level(tea)) == ("ready", (89, 40))
    order.refresh_from_db()
    assert PurchaseOrder.objects.get().progress == "partial"
    assert broken() == []

    # 解決: the broken pieces go back, the missing ones are claimed; the rest of the order is no longer waited for.
    settling.settle(found["damaged"], resolution="return", cause="carrier", by=tanaka)
    settling.settle(
        found["short"], resolution="claim", goods="shelf", cause="supplier", note="次回値引", by=tanaka
    )
    with pytest.raises(DomainError):
        settling.settle(found["short"], resolution="accept", by=tanaka)
    ordering.close(PurchaseOrder.objects.get(), reason="残りは不要", by=tanaka)
    assert not Discrepancy.objects.filter(state="open").exists()
    assert level(tea) == (89, 40)

    # 棚卸 while selling goes on: two cups fewer lie there; an order placed after the count changes nothing of that.
    location = stock.default_location_id()
    take = stocktakes.open_stocktake(kind="full", location_id=location, by=takahashi)
    stocktakes.count(take, tea, 89, by=takahashi)
    stocktakes.count(take, cup, 18, by=takahashi)
    place(draft("R-2", ("CUP-1", 1, 1650)))
    assert stocktakes.close_counts(take, by=takahashi) == 0
    stocktakes.set_cause(StocktakeLine.objects.filter(sku=cup), cause="loss", by=takahashi)
    stocktakes.post_stocktake(take, by=ito)
    events.drain()
    assert (level(tea), level(cup)) == ((89, 40), (18, 1))

    # 締め: every ledger agrees with every other.
    assert broken() == []
    assert set(Order.objects.values_list("state", flat=True)) == {"ready"}
