"""入金精算: every yen of a payout is an order's, a cost, or open with its reason; nothing is counted twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from akinai.core.errors import DomainError
from akinai.orders import services as orders
from akinai.payments import services
from akinai.payments.models import (
    Payment,
    Settlement,
    SettlementEntry,
    SettlementLine,
    SettlementLineStatus,
    SettlementStatus,
)
from akinai.payments.rules.settlements import OrderMoney, Told, explain
from akinai.payments.services import settlements
from akinai.payments.settlement_ports import PayoutLine
from akinai.payments.settlement_states import How, LineKind, Why
from akinai.payments.tests.factories import again, broken
from akinai.payments.tests.settling import PAID_ON, back, fee, line_of, mall, payout, said, sale, take
from tests.together import overlapping, together

pytestmark = pytest.mark.django_db


def test_a_payout_pays_its_orders_and_books_the_fees_with_their_tax_rounded_once() -> None:
    first, second = mall("R-1"), mall("R-2", 2160)
    made = take(sale("R-1"), fee(38, "R-1"), sale("R-2", 2160), fee(77, "R-2"))
    assert (made.gross_yen, made.fee_yen, made.fee_tax_yen, made.net_yen) == (3240, -115, -10, 3125)
    assert said(made) == [("paid", ""), ("booked", ""), ("paid", ""), ("booked", "")]
    assert [again(first).paid_yen, again(second).paid_yen] == [1080, 2160]
    rows = Payment.objects.filter(batch=made.number).order_by("pk")
    assert [(p.source, p.amount_yen, p.received_on, p.order_id) for p in rows] == [
        ("channel", 1080, PAID_ON, first.pk), ("channel", 2160, PAID_ON, second.pk),
    ]  # fmt: skip
    entries = SettlementEntry.objects.order_by("pk")
    assert [(e.role, e.yen, e.tax_yen, e.act) for e in entries] == [("fees", 38, 3, 1), ("fees", 77, 7, 1)]
    assert broken() == []


def test_tax_that_the_file_tells_is_taken_as_told() -> None:
    mall("R-1")
    made = take(sale("R-1"), replace(fee(110, "R-1"), tax_yen=-9))
    assert made.fee_tax_yen == -9


def test_an_order_nobody_knows_stays_open_with_its_reason() -> None:
    made = take(sale("R-404"), fee(38, "R-404"))
    assert said(made) == [("", Why.UNKNOWN_ORDER), ("booked", "")]
    assert not Payment.objects.exists()


@pytest.mark.parametrize(("yen", "why"), [(1000, Why.SHORT), (1200, Why.OVER)])
def test_another_amount_than_the_orders_is_not_posted(yen: int, why: str) -> None:
    order = mall("R-1")
    assert said(take(sale("R-1", yen))) == [("", why)]
    assert again(order).paid_yen == 0


def test_two_lines_of_one_order_that_add_up_pay_it() -> None:
    order = mall("R-1")
    assert said(take(sale("R-1", 500), sale("R-1", 580))) == [("paid", ""), ("paid", "")]
    assert again(order).paid_yen == 1080


def test_points_the_mall_pays_for_are_no_payment_of_the_order() -> None:
    order = mall("R-1", points_yen=100, total_yen=980)
    made = take(sale("R-1", 980), PayoutLine(LineKind.POINTS, 100, "R-1", "R-1"))
    assert said(made) == [("paid", ""), ("points", "")]
    assert (again(order).paid_yen, Payment.objects.count()) == (980, 1)


def test_points_within_the_sale_are_told_apart() -> None:
    order = mall("R-1", points_yen=100, total_yen=980)
    made = take(sale("R-1", 1080))
    status = SettlementLineStatus.objects.get(settlement=made)
    assert (status.how, status.note, again(order).paid_yen) == ("paid", "うちポイントのお支払い 100 円", 980)
    assert broken() == []


def test_a_cancelled_order_that_was_charged_and_given_back_is_even() -> None:
    order = mall("R-1")
    orders.cancel(order.pk, reason="お客様都合", by=None)
    assert said(take(sale("R-1"), back("R-1", 1080))) == [("offset", ""), ("offset", "")]
    assert not Payment.objects.exists()


def test_money_for_a_cancelled_order_waits_for_a_person() -> None:
    order = mall("R-1")
    orders.cancel(order.pk, reason="お客様都合", by=None)
    assert said(take(sale("R-1"))) == [("", Why.CANCELLED)]


def test_a_refund_of_a_cancelled_order_gives_its_money_back() -> None:
    order = mall("R-1")
    take(sale("R-1"))
    orders.cancel(order.pk, reason="お客様都合", by=None)
    made = take(back("R-1", 1080), number="R-2")
    assert said(made) == [("refunded", "")]
    assert again(order).paid_yen == 0
    assert broken() == []


def test_a_refund_without_a_return_or_cancellation_waits_for_a_person() -> None:
    mall("R-1")
    take(sale("R-1"))
    assert said(take(back("R-1", 300), number="R-2")) == [("", Why.NO_RETURN)]


def test_a_refund_beyond_what_was_paid_waits_for_a_person() -> None:
    mall("R-1")
    assert said(take(back("R-1", 300))) == [("", Why.BEYOND)]


def test_a_chargeback_waits_for_a_person() -> None:
    mall("R-1")
    take(sale("R-1"))
    made = take(PayoutLine(LineKind.CHARGEBACK, -1080, "R-1", "R-1"), number="R-2")
    assert said(made) == [("", Why.CHARGEBACK)]


def test_what_the_provider_holds_back_is_no_cost() -> None:
    mall("R-1")
    made = take(sale("R-1"), PayoutLine(LineKind.RESERVE, -500, text="留保"))
    assert said(made) == [("paid", ""), ("kept", "")]
    assert (made.net_yen, made.reserve_yen) == (580, -500)
    assert not SettlementEntry.objects.exists()


def test_a_receipt_written_by_hand_before_is_explained_and_not_written_again() -> None:
    order = mall("R-1")
    mine = services.receive_otherwise(
        order_id=order.pk, amount_yen=1080, source="channel", received_on=PAID_ON, key="hand", by=None
    )
    made = take(sale("R-1"))
    status = SettlementLineStatus.objects.get(settlement=made)
    assert (status.how, status.payment_id) == (How.KNOWN, mine.pk)
    assert Payment.objects.count() == 1
    assert said(take(sale("R-1"), number="R-2")) == [("", Why.ALREADY_PAID)]


def test_a_card_payment_is_found_by_the_number_of_its_request() -> None:
    order = mall("P-1", channel="phone", payment="card", payment_settled=False)
    services.request_payment(
        order.pk, kind="card", provider="Stripe", amount_yen=1080, provider_ref="pi_000000000001", by=None
    )
    line = PayoutLine(LineKind.SALE, 1080, "txn_1", refs=("pi_000000000001", "ch_1"))
    assert said(take(line, provider="stripe")) == [("paid", "")]
    assert again(order).paid_yen == 1080
    assert said(take(line, provider="stripe", number="po_2")) == [("", Why.DOUBLE)]


def test_our_own_number_anywhere_in_the_line_is_enough() -> None:
    order = mall("P-1", channel="phone")
    line = PayoutLine(LineKind.SALE, 1080, "txn_1", text=f"charge ご注文 {order.number}")
    assert said(take(line, provider="stripe")) == [("paid", "")]


def test_fees_of_a_provider_without_tax_have_none() -> None:
    mall("P-1", channel="phone")
    made = take(fee(39, "P-1"), PayoutLine(LineKind.SALE, 1080, "P-1", "P-1"), provider="stripe")
    assert made.fee_tax_yen == 0


def test_the_same_payout_again_is_refused() -> None:
    mall("R-1")
    take(sale("R-1"))
    with pytest.raises(DomainError, match="取込済み"):
        take(sale("R-1"))
    assert (Settlement.objects.count(), Payment.objects.count()) == (1, 1)


def test_lines_that_are_not_the_net_are_refused_by_the_service() -> None:
    with pytest.raises(DomainError, match="合いません"):
        settlements.take(replace(payout(sale("R-1")), net_yen=1), settlements.terms_of("rakuten"), by=None)
    assert not Settlement.objects.exists()


def test_the_database_refuses_a_settlement_whose_lines_do_not_add_up() -> None:
    made = take(sale("R-1"))
    with pytest.raises(IntegrityError, match="does not add up"), transaction.atomic():
        Settlement.objects.create(
            number="SE-X", provider=made.provider, payout_no="X", paid_on=PAID_ON, gross_yen=1, refund_yen=0, fee_yen=0,
            fee_tax_yen=0, adjustment_yen=0, reserve_yen=0, net_yen=1, line_count=1, digest="x",
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_one_more_line() -> None:
    made = take(sale("R-1"))
    with pytest.raises(IntegrityError, match="has all its lines"), transaction.atomic():
        SettlementLine.objects.create(settlement=made, nth=2, kind="fee", yen=-1)


def test_nobody_changes_what_a_provider_wrote() -> None:
    made = take(sale("R-1"), fee(38))
    for table in ("payments_settlement", "payments_settlementline", "payments_settlemententry"):
        with (
            pytest.raises(IntegrityError, match="only grows"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(f"DELETE FROM {table}")
    assert Settlement.objects.filter(pk=made.pk).exists()


def test_the_database_knows_no_settlement_that_is_half_told() -> None:
    order = mall("R-1")
    hand = services.receive_otherwise(
        order_id=order.pk, amount_yen=1080, source="channel", received_on=PAID_ON, key="hand", by=None
    )
    made, other = take(sale("R-1")), take(fee(1), number="R-2")
    parts = dict.fromkeys(
        ("gross_yen", "refund_yen", "fee_yen", "fee_tax_yen", "adjustment_yen", "reserve_yen"), 0
    )
    whole = {"provider": made.provider, "payout_no": "X", "paid_on": PAID_ON, "digest": "x", **parts}
    status, line = (
        SettlementStatus.objects.filter(pk=made.pk),
        SettlementLineStatus.objects.filter(settlement=other),
    )
    tries = {
        "settlement_parts_are_net": lambda: Settlement.objects.create(number="A", net_yen=1, line_count=1, **whole),
        "settlement_has_lines": lambda: Settlement.objects.create(number="B", net_yen=0, line_count=0, **whole),
        "settlement_once_per_payout": lambda: SettlementStatus.objects.filter(pk=other.pk).update(payout_no="R-2026-11"),
        "settlement_bank_only_while_live": lambda: status.update(bank_yen=1),
        "settlementline_once": lambda: SettlementLine.objects.create(settlement=made, nth=1, kind="fee", yen=-1),
        "settlementline_moves_something": lambda: SettlementLine.objects.create(settlement=made, nth=2, kind="fee", yen=0),
        "settlementline_explained_or_why_not": lambda: line.update(how=""),
        "settlementline_one_payment_once": lambda: line.update(payment=hand),
        "settlemententry_moves_something": lambda: SettlementEntry.objects.create(
            settlement=made, act=9, on=PAID_ON, role="fees", yen=0
        ),
    }  # fmt: skip
    for name, attempt in tries.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            attempt()


def test_an_order_that_comes_in_later_explains_the_line_when_it_is_looked_at_again() -> None:
    made = take(sale("R-1"), fee(38))
    order = mall("R-1")
    result = settlements.explain_again(made, by=None)
    assert (result.looked, result.explained, result.open_yen) == (1, 1, 0)
    assert again(order).paid_yen == 1080
    assert settlements.explain_again(made, by=None).looked == 0
    assert broken() == []


# By hand ------------------------------------------------------------------------------------------------------------


def test_a_person_ties_a_line_to_its_order_and_the_rest_is_waited_for() -> None:
    order = mall("R-1")
    made = take(sale("R-9", 1000))
    settlements.tie_line(line_of(made), order=order.number, by=None)
    assert said(made) == [("paid", "")]
    assert (again(order).paid_yen, again(order).owed_yen) == (1000, 80)
    with pytest.raises(DomainError, match="説明済み"):
        settlements.tie_line(line_of(made), order=order.number, by=None)
    assert broken() == []


def test_a_line_is_not_tied_to_an_order_that_owes_less() -> None:
    order = mall("R-1", 500)
    made = take(sale("R-9", 1000))
    with pytest.raises(DomainError, match="500") as refused:
        settlements.tie_line(line_of(made), order=order.number, by=None)
    assert "差額を認める" in refused.value.way_out
    assert again(order).paid_yen == 0


@pytest.mark.parametrize(("yen", "rows", "booked"), [
    (1000, [("channel", 1000), ("short", 80)], []), (1200, [("channel", 1080)], [("gain", -120)]),
])  # fmt: skip
def test_a_difference_is_accepted_with_a_reason(
    yen: int, rows: list[tuple[str, int]], booked: list[tuple[str, int]]
) -> None:
    order = mall("R-1")
    made = take(sale("R-1", yen))
    with pytest.raises(DomainError, match="理由"):
        settlements.accept_difference(line_of(made), note=" ", by=None)
    settlements.accept_difference(line_of(made), note="送料の差", by=None)
    assert again(order).paid_yen == 1080
    assert list(Payment.objects.order_by("pk").values_list("source", "amount_yen")) == rows
    assert list(SettlementEntry.objects.values_list("role", "yen")) == booked
    assert broken() == []


def test_a_line_is_booked_to_an_account_with_its_tax() -> None:
    made = take(PayoutLine(LineKind.ADJUSTMENT, -1100, text="システム利用"))
    settlements.book_line(line_of(made), role="fees", note="月額", by=None)
    (entry,) = SettlementEntry.objects.all()
    assert (entry.role, entry.yen, entry.tax_yen) == ("fees", 1100, 100)
    open_one = line_of(take(sale("R-9"), number="R-2"))
    for role, note in (("nothing", "月額"), ("fees", " ")):
        with pytest.raises(DomainError, match="科目か理由がありません"):
            settlements.book_line(open_one, role=role, note=note, by=None)
    with pytest.raises(DomainError, match="説明がありません"):
        settlements.undo_line(open_one, note="間違い", by=None)
    assert said(made) == [("booked", "")]


def test_an_explanation_is_taken_back_by_mirrors() -> None:
    order = mall("R-1")
    made = take(sale("R-1", 1200))
    settlements.accept_difference(line_of(made), note="送料の差", by=None)
    settlements.undo_line(line_of(made), note="間違い", by=None)
    assert again(order).paid_yen == 0
    assert said(made) == [("", Why.BY_HAND)]
    assert sum(SettlementEntry.objects.values_list("yen", flat=True)) == 0
    settlements.book_line(line_of(made), role="gain", note="雑", by=None)
    assert broken() == []


def test_a_settlement_is_reversed_as_a_whole_and_its_payout_may_come_again() -> None:
    order = mall("R-1")
    made = take(sale("R-1"), fee(38, "R-1"))
    settlements.reverse(made, note="違うファイル", by=None)
    assert again(order).paid_yen == 0
    assert sum(SettlementEntry.objects.values_list("yen", flat=True)) == 0
    assert SettlementStatus.objects.get(pk=made.pk).state == "reversed"
    with pytest.raises(DomainError, match="取り消されています"):
        settlements.reverse(made, note="もう一度", by=None)
    assert said(take(sale("R-1"), fee(38, "R-1"))) == [("paid", ""), ("booked", "")]
    assert broken() == []


def test_a_late_settlement_is_dated_by_its_own_day_and_never_to_come() -> None:
    mall("R-1")
    take(sale("R-1"), paid_on=date(2027, 1, 31))
    assert Payment.objects.get().received_on < date(2027, 1, 31)


# Two at once ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_clerks_cannot_explain_one_line_twice() -> None:
    order = mall("R-1", 2160)
    line = line_of(take(sale("R-9", 1000)))
    _, refused = overlapping(
        lambda: settlements.tie_line(line, order=order.number, by=None),
        lambda: settlements.book_line(line, role="gain", note="雑収入", by=None),
    )
    assert isinstance(refused, DomainError) and "説明済み" in refused.message
    assert (again(order).paid_yen, SettlementEntry.objects.count()) == (1000, 0)
    assert broken() == []


@pytest.mark.django_db(transaction=True)
def test_one_payout_taken_twice_at_once_is_taken_once() -> None:
    mall("R-1")
    results = together(lambda: take(sale("R-1")), lambda: take(sale("R-1")))
    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert (SettlementStatus.objects.count(), Payment.objects.count()) == (1, 1)


# What the driver took at the door ------------------------------------------------------------------------------------


def test_the_sum_of_a_parcel_is_shared_only_where_every_order_still_owes_its_part() -> None:
    def verdict(yen: int, *money: OrderMoney) -> tuple[str, str, int, int | None]:
        shares = tuple((one.order_id, 1000) for one in money)
        line = Told(1, LineKind.SALE, yen, tuple(pk for pk, _ in shares), collects=shares)
        (told,) = explain([line], {one.order_id: one for one in money})
        return told.how, told.why, told.pay_yen, told.payment_id

    owes = OrderMoney(7, 3000, 0)
    assert verdict(1000, owes) == (How.PAID, "", 1000, None)  # a part of it: 分納
    assert verdict(2000, owes, OrderMoney(8, 1000, 0)) == (How.PAID, "", 2000, None)  # 同梱
    several = ("", Why.SEVERAL_ORDERS, 0, None)
    assert verdict(1999, owes, OrderMoney(8, 1000, 0)) == several
    assert verdict(2000, owes, OrderMoney(8, 1000, 1)) == several
    assert verdict(2000, owes, OrderMoney(8, 1000, 0, is_cancelled=True)) == several
    assert verdict(2000, owes, OrderMoney(8, 1000, 0, amounts_known=False)) == several
    by_hand = OrderMoney(7, 3000, 1000, by_hand=((9, 1000),))  # a clerk has written this very receipt
    assert verdict(1000, by_hand) == (How.KNOWN, "", 0, 9)
