"""知らせの順番: late, twice, of another payment or while we move it ourselves, a notice never makes money out of nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from akinai.adapters.payment_providers import null
from akinai.adapters.payment_providers.base import signing
from akinai.adapters.payment_providers.null import Null, events
from akinai.core import activity, clock
from akinai.payments import services
from akinai.payments.models import Payment, PaymentRequest, ProviderCall, WebhookEvent
from akinai.payments.provider_ports import BadSignature
from akinai.payments.services import webhooks
from akinai.payments.tests.factories import again, broken
from akinai.payments.tests.providers import card_order, fresh, held, linked, moment, tell
from tests.together import overlapping

pytestmark = pytest.mark.django_db
PI = "pi_demo_1"


def captured() -> PaymentRequest:
    """A card payment of 1,080 yen that was taken, and is on the order as paid."""
    made = held(linked(card_order()))
    tell(events.succeeded(PI, 1080))
    return fresh(made)


def received(body: bytes) -> int:
    """The notice stands here and nobody has handled it yet."""
    signed = signing.sign(body, secret=null.secret(), at=clock.now())
    services.receive_webhook("null", body, {"Stripe-Signature": signed})
    return WebhookEvent.objects.get(event_id=json.loads(body)["id"]).pk


def altered(body: bytes, mark: str, **inner: Any) -> bytes:
    """Another notice of the same kind, with other facts."""
    told = json.loads(body)
    told["id"] += mark
    told["data"]["object"] |= inner
    return json.dumps(told).encode()


def charge_refunded(total: int) -> bytes:
    """The provider has given back so much in all."""
    inner = {
        "id": "ch_demo_1", "object": "charge", "payment_intent": PI, "amount_refunded": total, "currency": "jpy",
        "captured": True,
    }  # fmt: skip
    return events._event("charge.refunded", inner, mark=str(total))


# Each counts once ----------------------------------------------------------------------------------------------------


def test_without_a_secret_nothing_is_believed_and_a_header_is_read_only_so_far() -> None:
    body, now = b"{}", clock.now()
    good = signing.sign(body, secret="s", at=now)
    signing.check(body, good, secret="s", now=now)
    for header, secret in ((signing.sign(body, secret="", at=now), ""), ("v0=0," * 200 + good, "s")):
        with pytest.raises(BadSignature):
            signing.check(body, header, secret=secret, now=now)


def test_a_notice_that_comes_again_is_not_new_and_uses_up_none_of_its_tries() -> None:
    made = linked(card_order())
    body = events.held(PI, 1080, made.number)[0]
    headers = {"Stripe-Signature": signing.sign(body, secret=null.secret(), at=clock.now())}
    assert [services.receive_webhook("null", body, headers) for _ in range(2)] == [True, False]


def test_a_notice_that_a_person_has_settled_is_not_done_by_a_worker_that_comes_late() -> None:
    made = linked(card_order())
    pk = received(events.held(PI, 1080, made.number)[0])
    WebhookEvent.objects.update(state="failed")
    services.settle_webhook(WebhookEvent.objects.get(), note="電話で確かめた", by=None)
    assert services.handle_webhook(pk) is False
    assert (fresh(made).state, WebhookEvent.objects.get().state) == ("requested", "ignored")


def test_one_payment_told_by_two_notices_is_taken_once() -> None:
    order = card_order("K-1", payment="convenience")
    made = linked(order, "convenience")
    paid = events.session("checkout.session.async_payment_succeeded", "cs_1", PI, 1080, made.number, "paid")
    assert (tell(paid).state, tell(events.succeeded(PI, 1080)).state) == ("handled", "ignored")
    assert (again(order).paid_yen, Payment.objects.count()) == (1080, 1)
    assert broken() == []


@pytest.mark.parametrize("amount", [0, 1081])
def test_another_sum_than_was_asked_for_is_put_before_a_person(amount: int) -> None:
    made = held(linked(card_order()))
    row = tell(events.succeeded(PI, amount))
    assert (row.state, f"¥{amount:,} の支払が届きました" in row.error) == ("failed", True)
    assert (fresh(made).state, fresh(made).amount_yen, again(made.order).paid_yen) == ("authorised", 1080, 0)


def test_who_pays_when_it_was_over_is_put_before_a_person() -> None:
    made = held(linked(card_order()))
    services.give_up(made, "expire", by=None)
    row = tell(events.succeeded(PI, 1080))
    assert (row.state, "返金するか、入金を記録してください" in row.error) == ("failed", True)
    assert (fresh(made).state, again(made.order).paid_yen) == ("expired", 0)


# In another order ----------------------------------------------------------------------------------------------------


def test_the_newest_word_on_an_open_page_stays() -> None:
    made = linked(card_order())
    tell(events.declined(PI, 1080, made.number, "card_declined", "a"), moment(24, 12))
    newest = fresh(made).last_told
    late = events.session("checkout.session.completed", "cs_1", PI, 1080, made.number, "unpaid")
    assert tell(late, moment(24, 11)).state == "ignored"
    assert (fresh(made).last_told, "決済が通りませんでした" in newest) == (newest, True)


def test_the_time_of_the_last_notice_does_not_go_back() -> None:
    made = linked(card_order())
    first, charge = events.held(PI, 1080, made.number)
    tell(first, moment(24, 12))
    assert tell(charge, moment(24, 11)).state == "handled"
    assert fresh(made).told_at == datetime(2026, 11, 24, 12, tzinfo=UTC)


def dispute(kind: str, number: str = "dp_1", *, days: int = 10, status: str = "needs_response") -> bytes:
    return events.dispute(f"charge.dispute.{kind}", number, PI, 1080, status=status, due_in_days=days)


def in_hours(count: int) -> datetime:
    return clock.now() + timedelta(hours=count)


def test_an_older_notice_does_not_bring_back_an_earlier_day_for_the_answer() -> None:
    made = captured()
    tell(dispute("created"), in_hours(1))
    tell(dispute("updated", days=20), in_hours(3))
    last_day = fresh(made).answer_by
    assert tell(altered(dispute("updated", days=5), "b"), in_hours(2)).state == "ignored"
    assert (fresh(made).answer_by, (last_day - clock.today()).days) == (last_day, 20)  # type: ignore[operator]


def test_a_dispute_that_is_over_is_not_begun_again_by_its_older_news() -> None:
    made = captured()
    tell(dispute("closed", status="won"), moment(25))
    assert tell(dispute("updated"), moment(24)).state == "ignored"
    assert fresh(made).state == "captured"


# Of another page, dispute or refund -----------------------------------------------------------------------------------


def test_a_page_that_runs_out_closes_no_other_page() -> None:
    made = linked(card_order())
    services.open_page(fresh(made))
    until = fresh(made).page_until
    other = events.session("checkout.session.expired", "cs_other", "", 1080, made.number, "unpaid")
    assert (tell(other).state, until is not None) == ("ignored", True)
    assert fresh(made).page_until == until
    own = events.session("checkout.session.expired", fresh(made).page_ref, "", 1080, made.number, "unpaid")
    assert (tell(own).state, fresh(made).page_until) == ("handled", None)


def test_a_dispute_that_is_lost_takes_no_money_for_another_one() -> None:
    made = captured()
    tell(dispute("created"))
    assert tell(dispute("closed", "dp_2", status="lost")).state == "ignored"
    assert (fresh(made).state, again(made.order).paid_yen) == ("disputed", 1080)


def test_a_refund_fails_once_and_only_when_the_provider_says_so() -> None:
    made = captured()
    call = services.ask_refund(made, amount_yen=300, by=None)
    services.run_due()
    failed = events.refund_failed("re_1", PI, 300, call.key)
    moving = altered(failed, "a", status="pending")
    assert (tell(moving).error, fresh_call(call).state) == ("返金の状態: pending", "done")
    tell(failed)
    assert fresh_call(call).state == "failed"
    services.resolve(fresh_call(call), note="銀行振込でお返しした", by=None)
    assert tell(altered(failed, "b")).state == "ignored"
    assert (fresh_call(call).state, activity.of(made).filter(verb="refund_failed").count()) == ("resolved", 1)


def fresh_call(call: ProviderCall) -> ProviderCall:
    return ProviderCall.objects.get(pk=call.pk)


# Two at once ---------------------------------------------------------------------------------------------------------


def test_who_waits_for_the_providers_answer_is_not_overtaken_by_another_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = captured()
    call = services.ask_refund(made, amount_yen=300, by=None)
    asked: list[bool] = []
    refund = Null.refund

    def slow(self: Null, ref: str, **told: Any) -> Any:
        asked.append(services.run_call(call.pk) if not asked else True)
        return refund(self, ref, **told)

    monkeypatch.setattr(Null, "refund", slow)
    assert services.run_call(call.pk) is True
    assert asked == [False]
    assert services.run_call(call.pk) is False


def test_the_database_knows_a_call_by_one_key_and_one_end_of_a_hold() -> None:
    made = held(linked(card_order()))
    services.ask_release(made, by=None)
    key = ProviderCall.objects.get().key
    for told in ({"verb": "close", "key": key}, {"verb": "capture", "key": "another", "amount_yen": 1080}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProviderCall.objects.create(request=made, **told)


@pytest.mark.django_db(transaction=True)
def test_a_refund_that_we_are_writing_down_is_not_found_once_more_by_its_own_notice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = captured()
    monkeypatch.setattr(webhooks, "handle_named", lambda *told: True)
    pk = received(charge_refunded(80))
    overlapping(
        lambda: services.ask_refund(fresh(made), amount_yen=80, by=None), lambda: services.handle_webhook(pk)
    )
    assert (fresh(made).refunded_yen, again(made.order).paid_yen) == (80, 1000)
    assert WebhookEvent.objects.get(pk=pk).state == "ignored"


@pytest.mark.django_db(transaction=True)
def test_a_notice_that_one_worker_handles_is_left_alone_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    made = linked(card_order())
    monkeypatch.setattr(webhooks, "handle_named", lambda *told: True)
    pk = received(events.declined(PI, 1080, made.number, "card_declined", "a"))
    one = WebhookEvent.objects.select_for_update().filter(pk=pk)
    assert overlapping(one.get, lambda: services.handle_webhook(pk))[1] is False
    assert fresh(made).last_told == ""
