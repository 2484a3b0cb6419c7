"""決済: states move by their table, the order hears of it, and no yen is given back twice."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from akinai.core import activity, clock
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.orders.payment_methods import METHODS, PAID_LATER, PREPAID, SETTLED_BY_CHANNEL, PaymentKind
from akinai.orders.queries import why_waiting
from akinai.payments import services
from akinai.payments.models import PaymentRequest
from akinai.payments.tests.factories import again, broken
from akinai.payments.tests.screens import client_of, get, plain, post, said
from tests import cast
from tests.cast import draft, place
from tests.together import together

pytestmark = pytest.mark.django_db


def at(day: date, hour: int = 10) -> Any:
    return clock.told(timezone.make_aware(datetime(day.year, day.month, day.day, hour)))


def card(no: str = "C-1", amount: int = 1080, payment: str = "card") -> Order:
    """An order of the shop's own desk whose card nobody has authorised yet; its goods are on the shelf."""
    cast.sku(f"TEA-{no}", pieces=5)
    return place(draft(no, (f"TEA-{no}", 1, amount), payment=payment, payment_settled=False), channel="phone")


def asked(order: Order, **more: Any) -> PaymentRequest:
    told: dict[str, Any] = {
        "kind": order.payment,
        "provider": "見本決済",
        "amount_yen": order.owed_yen,
        "by": None,
    }
    return services.request_payment(order.pk, **told | more)


def fresh(row: PaymentRequest) -> PaymentRequest:
    return PaymentRequest.objects.get(pk=row.pk)


def test_the_table_of_methods_says_what_the_rules_have_always_said() -> None:
    assert set(METHODS) == set(PaymentKind)
    assert {"bank_transfer", "convenience"} == PREPAID
    assert {"card", "wallet", "mall"} == SETTLED_BY_CHANNEL
    assert {"cod", "deferred", "credit_terms"} == PAID_LATER


def test_a_card_order_waits_until_it_is_authorised_and_the_authorisation_has_a_last_day() -> None:
    order = card()
    with at(date(2026, 11, 24)):
        made = asked(order)
        assert again(order).state == "awaiting_payment"
        services.authorise(made, by=None)
    assert (again(order).state, again(order).payment_settled) == ("ready", True)
    assert (fresh(made).state, fresh(made).expires_on) == ("authorised", date(2027, 1, 23))
    assert activity.of(made).values_list("verb", flat=True)[0] == "authorise"
    assert broken() == []


def test_an_authorisation_that_runs_out_makes_the_order_wait_again() -> None:
    order = card()
    made = services.authorise(asked(order), expires_on=date(2026, 11, 30), by=None)
    with at(date(2026, 11, 30)):
        assert services.expire_due() == 0
    with at(date(2026, 12, 1)):
        assert [services.expire_due(), services.expire_due()] == [1, 0]
    assert (fresh(made).state, again(order).state, again(order).payment_settled) == (
        "expired",
        "awaiting_payment",
        False,
    )


def test_an_authorisation_is_renewed_for_later_days_only() -> None:
    made = services.authorise(asked(card()), expires_on=date(2026, 11, 30), by=None)
    with at(date(2026, 11, 29)):
        with pytest.raises(DomainError, match="過ぎた日"):
            services.renew(made, expires_on=date(2026, 11, 28), by=None)
        services.renew(made, expires_on=date(2027, 1, 15), by=None)
    with at(date(2026, 12, 1)):
        assert services.expire_due() == 0
    assert fresh(made).expires_on == date(2027, 1, 15)


def test_a_payment_at_the_convenience_store_lets_the_goods_go() -> None:
    order = card(payment="convenience")
    made = asked(order)
    with pytest.raises(DomainError, match="与信はありません"):
        services.authorise(made, by=None)
    services.capture(made, by=None)
    assert (fresh(made).state, again(order).state) == ("captured", "ready")


def test_a_deferred_order_is_not_counted_as_paid_because_it_was_authorised() -> None:
    order = card(payment="deferred")
    services.authorise(asked(order), by=None)
    assert again(order).payment_settled is False


def test_one_order_has_one_open_attempt_and_one_number_of_the_provider_is_taken_once() -> None:
    order = card()
    first = asked(order, provider_ref="pi_1")
    with pytest.raises(DomainError, match="進行中の決済"):
        asked(order)
    services.give_up(first, "fail", note="カードが使えない", by=None)
    with pytest.raises(DomainError, match="同じ決済番号"):
        asked(order, provider_ref="pi_1")
    assert asked(order, provider_ref="pi_2").state == "requested"
    with pytest.raises(DomainError, match="申し込めません"):
        asked(card("C-2"), amount_yen=1081)


def test_refunds_add_up_to_what_was_taken_and_never_beyond() -> None:
    made = services.capture(asked(card()), by=None)
    services.refund(made, amount_yen=80, by=None)
    assert (fresh(made).state, fresh(made).refunded_yen) == ("partly_refunded", 80)
    with pytest.raises(DomainError, match="返金できるのは ¥1,000 まで"):
        services.refund(made, amount_yen=1001, by=None)
    services.refund(made, amount_yen=1000, by=None)
    assert (fresh(made).state, fresh(made).refunded_yen) == ("refunded", 1080)
    with pytest.raises(DomainError):
        services.refund(made, amount_yen=1, by=None)


def test_a_dispute_is_won_or_lost_and_has_a_last_day_for_the_answer() -> None:
    made = services.capture(asked(card()), by=None)
    services.dispute(made, answer_by=date(2026, 12, 10), by=None)
    assert (fresh(made).state, fresh(made).answer_by) == ("disputed", date(2026, 12, 10))
    services.close_dispute(made, is_won=True, by=None)
    assert (fresh(made).state, fresh(made).answer_by) == ("captured", None)
    services.dispute(made, answer_by=date(2026, 12, 20), by=None)
    services.close_dispute(made, is_won=False, by=None)
    with pytest.raises(ImpossibleMove):
        services.capture(made, by=None)
    assert fresh(made).state == "lost"


def test_an_authorisation_that_ends_after_shipping_reopens_the_order_and_says_what_is_owed() -> None:
    made = services.authorise(asked(card()), by=None)
    Order.objects.filter(pk=made.order_id).update(
        state="completed", invoice_progress="sent", notified_at=clock.now(), shipped_at=clock.now()
    )
    services.give_up(made, "expire", by=None)
    order = again(made.order)
    assert (order.state, order.payment_progress) == ("shipped", "none")
    told = why_waiting(order)
    assert (told.reasons, told.act) == (
        ("出荷のあとに決済が無効になりました。¥1,080 をいただいていません",),
        "代金をいただく",
    )


def test_the_list_shows_what_runs_out_and_whose_money_is_still_held() -> None:
    late, cancelled = card("C-1"), card("C-2", 2160)
    services.authorise(asked(late), expires_on=date(2026, 11, 26), by=None)
    services.authorise(asked(cancelled), expires_on=date(2026, 12, 20), by=None)
    orders.cancel(cancelled.pk, reason="お客様都合", by=None)
    client = client_of("鈴木")
    with at(date(2026, 11, 25)):
        page = plain(get(client, "payments:requests"))
        soon = plain(get(client, "payments:requests", query="?tab=soon"))
        back = plain(get(client, "payments:requests", query="?tab=back"))
    assert "期限まで3日 1" in page and "キャンセル・要返金 1" in page
    assert "11/26 ¥1,080 1 件" in page
    assert ("¥1,080" in soon, late.number in soon, cancelled.number in soon) == (True, True, False)
    assert (late.number in back, cancelled.number in back) == (False, True)


def test_a_clerk_records_and_moves_a_request_and_a_card_number_is_refused() -> None:
    order, client = card(), client_of("鈴木")
    told = {"kind": "card", "provider": "見本決済", "amount_yen": "1,080"}
    refused = post(client, "payments:add_request", order.pk, provider_ref="4242 4242 4242 4242", **told)
    assert "カード番号は入力しないでください" in refused.content.decode() + said(refused)
    assert PaymentRequest.objects.count() == 0
    post(client, "payments:add_request", order.pk, provider_ref="pi_123", **told)
    made = PaymentRequest.objects.get()
    assert "与信が通った" in plain(get(client, "payments:request", made.number))
    post(client, "payments:move_request", made.number, "authorise", day="2026-12-24")
    assert (fresh(made).state, fresh(made).expires_on) == ("authorised", date(2026, 12, 24))
    assert "2026/12/24(木) まで" in plain(get(client, "orders:detail", order.number))
    post(client, "payments:move_request", made.number, "capture")
    assert fresh(made).state == "captured"
    assert post(client, "payments:move_request", made.number, "steal").status_code == 404
    stranger = client_of("部外者")
    assert (
        post(stranger, "payments:move_request", made.number, "refund", amount_yen="1080").status_code == 403
    )
    assert fresh(made).refunded_yen == 0


@pytest.mark.django_db(transaction=True)
def test_two_refunds_at_once_never_give_back_more_than_was_taken() -> None:
    made = services.capture(asked(card()), by=None)
    answers = together(*[lambda: services.refund(fresh(made), amount_yen=700, by=None)] * 2)
    assert sorted(isinstance(one, DomainError) for one in answers) == [False, True]
    assert (fresh(made).refunded_yen, fresh(made).state) == (700, "partly_refunded")
