"""受付: new orders with customer, lines, issues, holds, reservations and their first state; never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from akinai.channels import queries as channels
from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.orders import services
from akinai.orders.models import Order, OrderChange, OrderIssue
from akinai.orders.ports import Address, IssueDraft, LineDraft, OrderDraft
from akinai.party.models import Customer
from tests import cast
from tests.cast import AOKI, NOW, draft, place, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]


def place_many(*told: OrderDraft, channel: str = "rakuten", **options: Any) -> services.Placed:
    return services.place_many(told, channel=channels.by_code(channel), by=None, now=NOW, **options)


def test_an_order_with_goods_and_money_is_ready_to_ship() -> None:
    tea = cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 2, 1080)), now=NOW)
    line = order.lines.get()
    assert (order.state, order.total_yen, order.payment_progress) == ("ready", 2160, "done")
    assert (line.sku_id, line.quantity, line.unit_price_yen, line.tax_rate) == (tea, 2, 1080, 8)
    assert cast.level(tea) == (5, 2)
    assert order.number.startswith("SO-2026-")
    assert [(row.verb, row.to_state) for row in activity.of(order)] == [("place", "ready")]


def test_the_same_file_again_changes_nothing() -> None:
    tea = cast.sku("TEA-001", pieces=5)
    told = [draft(f"A-{n}", ("TEA-001", 1, 1080), buyer=somebody(f"P{n}")) for n in range(3)]
    first, again = place_many(*told), place_many(*told)
    assert (len(first.created), again.created, again.changed) == (3, [], [])
    assert sorted(again.unchanged) == sorted(first.created)
    assert (Order.objects.count(), Customer.objects.count(), cast.level(tea)) == (3, 3, (5, 3))


def test_the_number_of_questions_to_the_database_does_not_grow_with_the_orders() -> None:
    cast.sku("TEA-001", pieces=500)

    def count(prefix: str, orders: int) -> int:
        told = [
            draft(f"{prefix}{n}", ("TEA-001", 1, 1080), buyer=somebody(f"{prefix}{n}")) for n in range(orders)
        ]
        with CaptureQueriesContext(connection) as captured:
            place_many(*told)
        asides = ("SAVEPOINT", "to_regclass", "channels_channel")  # only in tests
        return sum(not any(aside in query["sql"] for aside in asides) for query in captured)

    place_many(draft("warm-up", ("TEA-001", 1, 1080)))
    one, many = count("x", 1), count("y", 100)
    assert one == 20
    assert many == 20


def test_an_unknown_code_waits_for_a_person_and_the_other_line_is_promised() -> None:
    tea = cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 1, 1080), ("NEW-9", 1, 500)))
    issue = order.issues.get()
    assert (order.state, issue.code, issue.line_no, issue.value) == ("on_hold", "unknown_sku", 2, "NEW-9")
    assert cast.level(tea) == (5, 1)


def test_unknown_codes_can_be_created_on_the_way() -> None:
    order = place(draft("A-1", ("NEW-9", 1, 500)), create_skus=True)
    assert (order.state, order.lines.get().sku.needs_review) == ("awaiting_stock", True)


def test_a_code_is_found_by_alternative_and_by_jan() -> None:
    tea = cast.sku("TEA-001", pieces=5)
    line = LineDraft(1, "mall-1", "お茶", 1, 1080, 8, alternative_codes=("nobody", "ｔｅａ-001"))
    order = place(draft("A-1", lines=(line,), goods_yen=1080, total_yen=1080))
    assert order.lines.get().sku_id == tea


def test_short_goods_wait_in_the_order_of_the_orders() -> None:
    tea = cast.sku("TEA-001", pieces=3)
    late = draft("A-1", ("TEA-001", 2, 1080), buyer=somebody("X"))
    early = draft("A-2", ("TEA-001", 2, 1080), buyer=somebody("Y"), ordered_at=NOW - timedelta(days=1))
    place_many(late, early)
    states = dict(Order.objects.values_list("channel_order_no", "state"))
    assert states == {"A-1": "awaiting_stock", "A-2": "ready"}
    cast.receive(tea, 1, key="gr-1")
    services.advance(list(Order.objects.values_list("pk", flat=True)), by=None)
    assert Order.objects.get(channel_order_no="A-1").state == "ready"


@pytest.mark.parametrize(
    ("payment", "settled", "channel", "state", "progress"),
    [
        ("bank_transfer", False, "rakuten", "awaiting_payment", "none"),
        ("convenience", True, "rakuten", "ready", "done"),
        ("card", False, "rakuten", "awaiting_payment", "none"),
        ("card", False, "eccube", "ready", "done"),
        ("cod", False, "rakuten", "ready", "none"),
    ],
)
def test_what_must_be_paid_first_waits(
    payment: str, settled: bool, channel: str, state: str, progress: str
) -> None:
    cast.sku("TEA-001", pieces=5)
    order = place(
        draft("A-1", ("TEA-001", 1, 1080), payment=payment, payment_settled=settled), channel=channel
    )
    assert (order.state, order.payment_progress) == (state, progress)


def test_a_prepaid_order_has_a_day_to_pay_by() -> None:
    cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 1, 1080), payment="bank_transfer", payment_settled=False))
    assert order.payment_due_on == date(2026, 12, 1)


def test_an_order_paid_by_points_needs_no_money() -> None:
    cast.sku("TEA-001", pieces=5)
    told = draft("A-1", ("TEA-001", 1, 1080), payment="points", points_yen=1080, total_yen=0)
    order = place(told)
    assert (order.state, order.payment_progress) == ("ready", "not_needed")


def test_what_the_mall_has_shipped_is_never_shipped_again() -> None:
    tea = cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 1, 1080), mall_status="shipped", shipped_on=date(2026, 11, 20)))
    assert (order.state, order.shipped_outside) == ("shipped", True)
    assert (order.shipment_progress, order.invoice_progress) == ("not_needed", "not_needed")
    assert f"{order.shipped_at.astimezone():%Y-%m-%d}" == "2026-11-20"
    assert cast.level(tea) == (5, 0)


@pytest.mark.parametrize("status", ["cancelled", "returned"])
def test_what_the_mall_has_cancelled_takes_nothing(status: str) -> None:
    tea = cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 1, 1080), ("NEW-9", 1, 500), mall_status=status))
    assert (order.state, order.issues.count(), cast.level(tea)) == ("cancelled", 0, (5, 0))


def test_what_the_mall_still_checks_is_held_but_keeps_its_goods() -> None:
    tea = cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 1, 1080), mall_status="hold"))
    assert (order.state, order.issues.get().code, cast.level(tea)) == ("on_hold", "mall_hold", (5, 1))


def test_what_the_door_found_odd_stays_on_the_order_with_file_and_line() -> None:
    cast.sku("TEA-001", pieces=5)
    odd = IssueDraft("mangled", "電話番号が壊れています", 0, "orders.csv", 12, "電話番号", "9.0E+10")
    issue = place(draft("A-1", ("TEA-001", 1, 1080), issues=(odd,))).issues.get()
    assert (issue.code, issue.source_file, issue.source_line, issue.column, issue.value) == (
        "mangled", "orders.csv", 12, "電話番号", "9.0E+10",
    )  # fmt: skip


def test_absurd_values_become_exceptions_and_never_an_error() -> None:
    cast.sku("TEA-001", pieces=5)
    line = LineDraft(1, "TEA-001" * 30, "茶" * 500, 10**12, -5, 8)
    order = place(draft("A-1", lines=(line,), goods_yen=-5 * 10**12, total_yen=-5 * 10**12))
    codes = sorted(order.issues.values_list("code", flat=True))
    assert codes == ["bad_price", "bad_price", "bad_quantity", "bad_text", "bad_text", "unknown_sku"]
    assert (order.state, order.total_yen, order.lines.get().quantity) == ("on_hold", 0, 999_999)


@pytest.mark.parametrize("number", ["", "　", "9" * 81])
def test_an_order_without_a_usable_number_is_refused_with_the_way_out(number: str) -> None:
    with pytest.raises(DomainError) as refusal:
        place_many(draft(number, ("TEA-001", 1, 1080)))
    assert refusal.value.way_out == "ファイルの注文番号を確かめてください。"
    assert Order.objects.count() == 0


def test_a_second_telling_in_the_same_call_is_a_change_to_decide() -> None:
    cast.sku("TEA-001", pieces=5)
    placed = place_many(draft("A-1", ("TEA-001", 1, 1080)), draft("A-1", ("TEA-001", 2, 1080)))
    order = Order.objects.get()
    assert (placed.created, placed.changed, order.state) == ([order.pk], [order.pk], "on_hold")
    assert order.lines.get().quantity == 1


def test_one_person_is_one_customer_however_the_mail_is_written() -> None:
    cast.sku("TEA-001", pieces=9)
    loud = replace(AOKI, email="AOKI@Example.com", name="青木　美咲")
    place_many(draft("A-1", ("TEA-001", 1, 1080)), draft("A-2", ("TEA-001", 2, 1080), buyer=loud))
    assert Customer.objects.count() == 1
    assert set(Order.objects.values_list("customer__name", flat=True)) == {"青木 美咲"}


def test_without_mail_phone_and_name_tell_who_it_is_and_nobody_is_nobody() -> None:
    cast.sku("TEA-001", pieces=9)
    plain = replace(AOKI, email="")
    place_many(
        draft("A-1", ("TEA-001", 1, 1080), buyer=plain),
        draft("A-2", ("TEA-001", 2, 1080), buyer=replace(plain, name="青木美咲", phone="09000001001")),
        draft("A-3", ("TEA-001", 3, 1080), buyer=replace(plain, name="青木 父")),
        draft("A-4", ("TEA-001", 1, 1080), buyer=Address()),
    )
    assert sorted(Customer.objects.values_list("identity", flat=True)) == [
        "tel:09000001001:青木父", "tel:09000001001:青木美咲",
    ]  # fmt: skip
    assert Order.objects.get(channel_order_no="A-4").customer is None


def test_the_same_goods_for_the_same_customer_within_days_are_a_suspected_double() -> None:
    cast.sku("TEA-001", pieces=9)
    cast.sku("CUP-001", pieces=9)
    first = place(draft("A-1", ("TEA-001", 1, 1080)))
    same = place(draft("A-2", ("TEA-001", 3, 1080)))
    other = place(draft("A-3", ("CUP-001", 1, 1650)))
    later = place(draft("A-4", ("TEA-001", 1, 1080), ordered_at=NOW + timedelta(days=5)))
    assert (first.state, other.state, later.state) == ("ready", "ready", "ready")
    assert same.holds.get().reason == f"同じお客様・同じ商品の注文 {first.number} があります（重複の疑い）"


def test_doubles_are_found_within_one_file() -> None:
    cast.sku("TEA-001", pieces=9)
    place_many(
        draft("A-2", ("TEA-001", 1, 1080), ordered_at=NOW),
        draft("A-1", ("TEA-001", 1, 1080), ordered_at=NOW - timedelta(hours=1)),
    )
    first, second = (Order.objects.get(channel_order_no=no) for no in ("A-1", "A-2"))
    assert (first.state, second.holds.get().rule) == ("ready", "duplicate")
    assert first.number in second.holds.get().reason


def test_all_or_nothing() -> None:
    tea = cast.sku("TEA-001", pieces=9)
    bad = draft("A-2", ("TEA-001", 1, 1080), payment="x" * 50)
    with pytest.raises(Exception, match="too long"):
        place_many(draft("A-1", ("TEA-001", 1, 1080)), bad)
    assert (Order.objects.count(), OrderIssue.objects.count(), OrderChange.objects.count()) == (0, 0, 0)
    assert (Customer.objects.count(), cast.level(tea)) == (0, (9, 0))
