"""例外への答え: naming the SKU, correcting the line or the amounts, accepting with a reason."""

from __future__ import annotations

import pytest

from akinai.channels import queries as channels
from akinai.channels.models import Listing
from akinai.core import activity
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import services
from akinai.orders.models import Order
from tests import cast
from tests.cast import draft, place, somebody

pytestmark = pytest.mark.django_db


def state(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def test_naming_the_goods_frees_the_order_and_promises_them() -> None:
    tea = cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("mall-77", 2, 1080)))
    services.assign_sku(order.issues.get().pk, sku_id=tea, remember=False, by=cast.staff("佐藤"))
    assert (state(order), order.lines.get().sku_id, cast.level(tea)) == ("ready", tea, (5, 2))
    assert Listing.objects.count() == 0
    assert activity.of(order).filter(verb="assign_sku").get().actor_name == "佐藤"


def test_a_remembered_code_frees_the_other_orders_and_the_next_ones() -> None:
    tea = cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("mall-77", 1, 1080), buyer=somebody("X")))
    other = place(draft("A-2", ("mall-77", 1, 1080), buyer=somebody("Y")))
    elsewhere = place(draft("A-3", ("mall-77", 1, 1080), buyer=somebody("Z")), channel="yahoo")
    services.assign_sku(order.issues.get().pk, sku_id=tea, remember=True, by=cast.staff("佐藤"))
    assert [state(o) for o in (order, other, elsewhere)] == ["ready", "ready", "on_hold"]
    assert other.issues.get().resolution == "同じコードの商品を選択"
    assert channels.resolve_skus(order.channel_id, ["ＭＡＬＬ-77"]) == {"ＭＡＬＬ-77": tea}
    assert state(place(draft("A-4", ("mall-77", 1, 1080), buyer=somebody("V")))) == "ready"
    assert cast.level(tea) == (5, 3)


def test_unknown_goods_cannot_be_accepted_but_dropped() -> None:
    cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 1, 1080), ("GIFT", 1, 0)))
    issue = order.issues.get()
    with pytest.raises(DomainError, match="商品が決まらないまま"):
        services.accept_issue(issue.pk, reason="サービス品", by=None)
    services.correct_line(issue.pk, quantity=0, unit_price_yen=0, by=None)
    assert (state(order), order.lines.get(line_no=2).quantity) == ("ready", 0)


def test_accepting_needs_a_reason_and_happens_once() -> None:
    cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 1, 1080), shipping_yen=500))
    issue = order.issues.get()
    with pytest.raises(DomainError, match="理由がありません"):
        services.accept_issue(issue.pk, reason=" ", by=None)
    services.accept_issue(issue.pk, reason="送料は当社負担", by=cast.staff("佐藤"))
    issue.refresh_from_db()
    assert (state(order), issue.resolution) == ("ready", "受け入れ: 送料は当社負担")
    with pytest.raises(ChangedMeanwhile):
        services.accept_issue(issue.pk, reason="もう一度", by=None)


def test_a_corrected_quantity_is_promised_and_asks_about_the_total_when_it_no_longer_fits() -> None:
    tea = cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 0, 1080), goods_yen=2160, total_yen=2160))
    quantity, total = order.issues.order_by("line_no", "id").reverse()
    assert (quantity.code, total.code) == ("bad_quantity", "total_mismatch")
    services.correct_line(quantity.pk, quantity=3, unit_price_yen=1080, by=None)
    assert (state(order), cast.level(tea)) == ("on_hold", (5, 3))
    services.correct_amounts(order.pk, amounts={}, reason="3個で受注", by=cast.staff("佐藤"))
    order.refresh_from_db()
    assert (order.state, order.goods_yen, order.total_yen, order.taxes) == ("ready", 3240, 3240, [])
    assert order.issues.filter(resolved_at=None).count() == 0


def test_a_correction_that_breaks_the_sum_is_the_next_question() -> None:
    cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 2000, 1)))
    services.correct_line(order.issues.get().pk, quantity=2, unit_price_yen=1, by=None)
    question = order.issues.get(resolved_at=None)
    assert question.message.startswith("明細の合計 ¥2 と商品代 ¥2,000 が合いません")
    assert state(order) == "on_hold"


def test_amounts_never_go_below_zero_or_what_is_paid() -> None:
    cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 1, 1080), payment="bank_transfer", payment_settled=False))
    with pytest.raises(DomainError, match="▲¥920"):
        services.correct_amounts(order.pk, amounts={"discount_yen": 2000}, reason="値引", by=None)
    services.note_paid(order.pk, 1000, by=None)
    with pytest.raises(DomainError, match="¥1,000 入金済み"):
        services.correct_amounts(order.pk, amounts={"discount_yen": 200}, reason="値引", by=None)
    services.correct_amounts(order.pk, amounts={"discount_yen": 80}, reason="値引", by=None)
    order.refresh_from_db()
    assert (order.total_yen, order.owed_yen, order.state) == (1000, 0, "ready")


def test_nothing_can_be_corrected_once_shipping_has_begun() -> None:
    cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 1, 1080)))
    services.note_instructed([order.pk], by=None)
    with pytest.raises(DomainError) as refusal:
        services.correct_amounts(order.pk, amounts={}, reason="…", by=None)
    assert refusal.value.way_out.startswith("出荷作業中なら出荷指示を取り消して")


def test_a_question_about_an_order_shipped_elsewhere_can_be_answered_without_touching_stock() -> None:
    tea = cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 1, 1080), shipping_yen=500, mall_status="shipped"))
    services.accept_issue(order.issues.get().pk, reason="モールで出荷済み", by=None)
    assert (state(order), cast.level(tea)) == ("shipped", (5, 0))
