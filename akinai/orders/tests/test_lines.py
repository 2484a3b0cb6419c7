"""明細を直す: lines that stand there twice go out by one act when the sum is right without them, and come back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from akinai.core import activity, intake
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import repeats, services
from akinai.orders.models import Order
from akinai.orders.ports import LineDraft, OrderDraft
from tests import cast
from tests.cast import draft, place
from tests.samples import sample

T, C = ("TEA-001", 1, 1080), ("CUP-001", 2, 1650)


def lines(*wanted: tuple[str, int, int]) -> tuple[LineDraft, ...]:
    return draft("A-1", *wanted).lines


REPEATS = [
    ("once each", lines(T, C), 4380, set()),
    ("both twice", lines(T, C, T, C), 4380, {3, 4}),
    ("side by side", lines(T, T), 1080, {2}),
    ("three times", lines(T, T, T), 1080, {2, 3}),
    ("three times, two are right", lines(T, T, T), 2160, set()),
    ("twice and charged twice", lines(T, T), 2160, set()),
    ("one twice, charged for one", lines(T, C, C), 4380, {3}),
    ("another quantity is no repeat", lines(T, ("TEA-001", 2, 1080)), 1080, set()),
    ("another price is no repeat", lines(T, ("TEA-001", 1, 1000)), 1080, set()),
    ("wrong even without them", lines(T, T), 999, set()),
    ("nothing there", (), 0, set()),
]  # fmt: skip


@pytest.mark.parametrize("case", REPEATS, ids=[case[0] for case in REPEATS])
def test_repeated_lines_are_those_whose_going_makes_the_sum_right(case: Any) -> None:
    _, told, goods_yen, expected = case
    found = repeats.find(told, goods_yen)
    assert (bool(found), found.is_alike, found.out()) == (bool(expected), True, expected)


def test_lines_that_differ_in_what_was_chosen_are_no_repeats() -> None:
    one, two = lines(T, T)
    for other in ({"options": "赤"}, {"name": "別の商品"}, {"tax_rate": 10}, {"price_includes_tax": False}):
        assert not repeats.find((one, replace(two, **other)), 1080)


def test_a_line_without_pieces_is_no_repeat() -> None:
    one, two = lines(T, T)
    assert not repeats.find((one, replace(two, quantity=0)), 1080)


def test_where_only_the_code_differs_a_person_chooses() -> None:
    one, two = lines(T, T)
    found = repeats.find((one, replace(two, sku_code="TEA-001-B")), 1080)
    assert (found.is_alike, found.step, found.out()) == (False, "2行→1行", None)
    assert found.text.startswith("同じ商品の明細が商品コードだけ違って重なっています。")
    assert found.out(keep=[2]) == {1}
    assert (found.out(which="first"), found.out(which="last")) == ({2}, {1})
    assert found.out(keep=[1, 2]) is None and found.out(which="x") is None


def doubled(**changes: Any) -> OrderDraft:
    """Two goods, each twice, charged once."""
    return draft("A-1", T, C, T, C, **{"goods_yen": 4380, "total_yen": 4380, "taxes": (), **changes})


@pytest.fixture
def goods(db: None) -> tuple[int, int]:
    return cast.sku("TEA-001", pieces=5), cast.sku("CUP-001", pieces=9, price=1650)


def reload(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def pieces(order: Order) -> list[tuple[int, int]]:
    return list(order.lines.order_by("line_no").values_list("quantity", "taken_out"))


def test_the_exception_says_that_repeats_explain_it(goods: tuple[int, int]) -> None:
    order = place(doubled())
    message = order.issues.get().message
    assert message == (
        "明細の合計 ¥8,760 と商品代 ¥4,380 が合いません。重複した明細を外すと（4行→2行）、合計が合います。"
    )


def test_an_exception_that_repeats_do_not_explain_promises_nothing(goods: tuple[int, int]) -> None:
    order = place(doubled(goods_yen=4000, total_yen=4000))
    assert "重複" not in order.issues.get().message
    with pytest.raises(DomainError, match="外すと合計が合う重複した明細がありません"):
        services.drop_repeats(order.pk, by=None)
    assert pieces(order) == [(1, 0), (2, 0), (1, 0), (2, 0)]


def test_one_act_takes_the_repeats_out_and_the_order_goes_on(goods: tuple[int, int]) -> None:
    tea, cup = goods
    order = place(doubled())
    assert (order.state, cast.level(tea), cast.level(cup)) == ("on_hold", (5, 2), (9, 4))
    assert services.drop_repeats(order.pk, by=cast.staff("佐藤")) == 2
    assert pieces(order) == [(1, 0), (2, 0), (0, 1), (0, 2)]
    assert (reload(order).state, cast.level(tea), cast.level(cup)) == ("ready", (5, 1), (9, 2))
    assert order.issues.get().resolution == "重複した明細を外して解消"
    last = activity.of(order).filter(verb="drop_repeats").get()
    assert last.summary == "重複した明細 3・4 を外しました（4行→2行）"
    assert last.actor_name == "佐藤"


def test_a_line_taken_out_comes_back_with_its_pieces(goods: tuple[int, int]) -> None:
    tea, cup = goods
    order = place(doubled())
    services.drop_repeats(order.pk, by=None)
    services.restore_line(order.pk, line_no=4, by=cast.staff("佐藤"))
    assert pieces(order) == [(1, 0), (2, 0), (0, 1), (2, 0)]
    assert (reload(order).state, cast.level(cup)) == ("on_hold", (9, 4))
    assert order.issues.filter(resolved_at=None).get().code == "total_mismatch"
    services.restore_line(order.pk, line_no=3, by=None)
    assert (pieces(order), cast.level(tea)) == ([(1, 0), (2, 0), (1, 0), (2, 0)], (5, 2))
    assert services.drop_repeats(order.pk, by=None) == 2


def test_a_line_set_to_nothing_by_hand_comes_back_too(goods: tuple[int, int]) -> None:
    order = place(draft("A-1", T, C))
    services.edit_line(order.pk, line_no=2, quantity=0, unit_price_yen=1650, by=None)
    services.edit_line(order.pk, line_no=2, quantity=0, unit_price_yen=1600, by=None)
    assert pieces(order) == [(1, 0), (0, 2)]
    services.restore_line(order.pk, line_no=2, by=None)
    assert pieces(order) == [(1, 0), (2, 0)]


@pytest.mark.parametrize("line_no", [1, 9])
def test_what_was_not_taken_out_cannot_come_back(goods: tuple[int, int], line_no: int) -> None:
    order = place(doubled())
    with pytest.raises(DomainError):
        services.restore_line(order.pk, line_no=line_no, by=None)
    assert pieces(order) == [(1, 0), (2, 0), (1, 0), (2, 0)]


def test_nothing_is_taken_out_or_brought_back_once_shipping_has_begun(goods: tuple[int, int]) -> None:
    order = place(doubled())
    services.drop_repeats(order.pk, by=None)
    services.note_instructed([order.pk], by=None)
    for act in (
        lambda: services.restore_line(order.pk, line_no=4, by=None),
        lambda: services.drop_repeats(order.pk, by=None),
    ):
        with pytest.raises(DomainError, match="出荷作業中"):
            act()
    assert pieces(order) == [(1, 0), (2, 0), (0, 1), (0, 2)]


def test_repeats_of_an_unknown_code_take_their_question_along(goods: tuple[int, int]) -> None:
    unknown = ("XXX-9", 1, 500)
    order = place(draft("A-1", unknown, unknown, goods_yen=500, total_yen=500, taxes=()))
    assert sorted(order.issues.values_list("code", "line_no")) == [
        ("total_mismatch", 0), ("unknown_sku", 1), ("unknown_sku", 2),
    ]  # fmt: skip
    services.drop_repeats(order.pk, by=None)
    assert list(order.issues.filter(resolved_at=None).values_list("code", "line_no")) == [("unknown_sku", 1)]
    services.restore_line(order.pk, line_no=2, by=None)
    still = order.issues.filter(resolved_at=None).order_by("code", "line_no")
    assert list(still.values_list("code", "line_no")) == [
        ("total_mismatch", 0), ("unknown_sku", 1), ("unknown_sku", 2),
    ]  # fmt: skip


def test_orders_shipped_before_they_came_here_can_be_put_right_without_moving_stock(
    goods: tuple[int, int],
) -> None:
    tea, _ = goods
    order = place(doubled(mall_status="shipped"))
    assert (order.state, order.shipped_outside) == ("shipped", True)
    services.drop_repeats(order.pk, by=None)
    assert (pieces(order)[2], cast.level(tea), reload(order).state) == ((0, 1), (5, 0), "shipped")
    assert not order.issues.filter(resolved_at=None).exists()
    services.restore_line(order.pk, line_no=3, by=None)
    assert (pieces(order)[2], cast.level(tea)) == ((1, 0), (5, 0))


def test_a_line_that_changed_under_the_clerks_eyes_is_not_written_over(goods: tuple[int, int]) -> None:
    order = place(draft("A-1", T))
    services.edit_line(order.pk, line_no=1, quantity=3, unit_price_yen=1080, was=(1, 1080), by=None)
    with pytest.raises(ChangedMeanwhile, match="3 × ¥1,080 に直されました"):
        services.edit_line(order.pk, line_no=1, quantity=2, unit_price_yen=1080, was=(1, 1080), by=None)
    assert pieces(order) == [(3, 0)]


@pytest.mark.django_db
@pytest.mark.parametrize("as_open", [True, False])
def test_the_doubled_rows_of_a_real_file_are_put_right_one_act_each(as_open: bool) -> None:
    kind = intake.kind_of("orders")
    assert kind
    upload = intake.Upload("orders.csv", sample("rakuten/orders_deidentified_a.csv"))
    options = {"create_skus": True, "treat_shipped_as_open": as_open}
    row, plan = intake.preview(kind, [upload], options=options, by=None)
    intake.apply(row, by=None)
    asked = Order.objects.filter(issues__code="total_mismatch", issues__resolved_at=None).distinct()
    assert (Order.objects.count(), asked.count()) == (40, 27)
    alike = 0
    for order in list(asked):
        message = order.issues.get(code="total_mismatch").message
        assert "行→" in message and message.endswith("合計が合います。")
        if "商品コードだけ違って" in message:
            with pytest.raises(DomainError, match="商品コードが違います"):
                services.drop_repeats(order.pk, by=None)
            services.drop_repeats(order.pk, which="first", by=None)
        else:
            alike += 1
            services.drop_repeats(order.pk, by=None)
    assert alike == 7
    assert asked.all().count() == 0
    for order in Order.objects.prefetch_related("lines"):
        assert sum(line.subtotal_yen for line in order.lines.all()) == order.goods_yen
    # The same file again is the same file: what was put right stays right.
    again, plan = intake.preview(kind, [upload], options=options, by=None)
    assert (plan.created, plan.changed, plan.unchanged) == (0, 0, 40)
    intake.apply(again, by=None)
    assert asked.all().count() == 0
