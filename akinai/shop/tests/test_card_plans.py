"""定期便 by card, as its buyer walks it: agreed to before the button, kept on the provider's page, changed and taken off on my page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from akinai.core import clock
from akinai.orders.models import Order, Subscription
from akinai.orders.services import turns
from akinai.payments import services as payments
from akinai.payments.models import KeptCard, PaymentRequest, TurnCharge, WebhookEvent
from akinai.shop.models import Member
from akinai.shop.services import leaving, my_cards
from akinai.shop.tests import factories, people
from akinai.shop.tests.test_plans import offer, walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    with clock.told(timezone.make_aware(datetime(2026, 12, 1, 9))):
        payments.switch_provider("null", is_on=True, by=None)
        yield


@pytest.fixture
def tea() -> int:
    factories.open_shop()
    pk = factories.goods("TEA-1", pieces=50, price=1_080)
    offer(pk)
    return pk


@pytest.fixture
def aoki() -> Client:
    return people.logged_in(people.member())


def settle() -> None:
    """What the provider told is handled, the card is asked for, turns are charged."""
    payments.handle_webhooks()
    payments.tidy_cards()
    payments.charge_due()
    payments.run_due()
    payments.tidy_cards()


def bought(client: Client, sku: int, choice: str = "keep") -> Subscription:
    page = walk(client, sku, payment="card")
    answer = factories.press(client, page)
    client.post(answer.headers["Location"], {"choice": choice})
    settle()
    return Subscription.objects.get()


def test_the_last_page_says_who_keeps_the_card_and_what_becomes_of_a_turn_it_does_not_pay(
    aoki: Client, tea: int
) -> None:
    page = walk(aoki, tea, payment="card")
    told = next(one for one in page.context["requirements"] if one.code == "plan")
    text = "\n".join(told.lines)
    assert "2 回目からは、お届けの 3 営業日前に、登録したカードに請求します" in text
    assert "カードを決済会社が保管することに同意" in text and "7 日以内にお支払いがなければ" in text
    assert "2 回目からの代金もこのカードに請求します" in page.content.decode()


def test_a_plan_is_bought_by_card_and_its_later_turns_cost_what_was_agreed(aoki: Client, tea: int) -> None:
    page = walk(aoki, tea, payment="card")
    agreed = page.context["quote"].plan.each_yen
    leads = factories.press(aoki, page).headers["Location"]
    assert "同意します" in aoki.get(leads).content.decode()
    answer = aoki.post(leads, {"choice": "keep"})
    settle()
    one = Subscription.objects.get()
    assert "定期便" in aoki.get(answer.headers["Location"]).content.decode()
    card = KeptCard.objects.get()
    assert (card.state, card.last4, card.subscription_id, one.payment) == ("kept", "4242", one.pk, "card")
    with clock.told(clock.now() + (one.order_on - clock.today())):
        turns.run()
        settle()
    second = Order.objects.latest("pk")
    charge = TurnCharge.objects.get()
    assert (
        second.total_yen,
        charge.request.amount_yen,
        charge.state,
        second.payment_settled or Order.objects.get(pk=second.pk).payment_settled,
    ) == (agreed, agreed, "held", True)


def test_my_page_shows_the_card_and_the_turn_that_it_did_not_pay(aoki: Client, tea: int) -> None:
    one = bought(aoki, tea, "keep_declined")
    page = aoki.get("/mypage/subscriptions/").content.decode()
    assert (
        "Visa 下4けた 0341" in page
        and "カードを変更・削除する" in page
        and "請求できませんでした" not in page
    )
    with clock.told(clock.now() + (one.order_on - clock.today())):
        turns.run()
        settle()
        page = aoki.get("/mypage/subscriptions/").content.decode()
        assert "カードに請求できませんでした" in page
        link = "/pay/" + page.split('href="/pay/')[1].split('"')[0]
        paid = aoki.get(link).content.decode()
        assert "カードを決済会社が保管" in paid.replace(
            "このカードを決済会社が保管し", "カードを決済会社が保管し"
        )
        demo = aoki.post(link).headers["Location"]
        aoki.post(demo, {"choice": "keep"})
        settle()
        assert "請求できませんでした" not in aoki.get("/mypage/subscriptions/").content.decode()
    assert TurnCharge.objects.get().state == "held"
    assert KeptCard.objects.get(state="kept").last4 == "4242"


def test_a_member_changes_and_removes_the_card_and_the_deliveries_rest(aoki: Client, tea: int) -> None:
    one = bought(aoki, tea)
    where = f"/mypage/subscriptions/{one.number}/card/"
    demo = aoki.post(where).headers["Location"]
    assert "カードの登録（お支払いはありません）" in aoki.get(demo).content.decode()
    done = aoki.post(demo, {"choice": "keep_old"}).headers["Location"]
    settle()
    assert "登録しました" in aoki.get(done, follow=True).content.decode()
    assert KeptCard.objects.filter(state="kept").count() == 1 and KeptCard.objects.count() == 2
    assert PaymentRequest.objects.count() == 1
    aoki.post(f"{where}remove/", {})
    assert KeptCard.objects.filter(state="kept").exists()
    aoki.post(f"{where}remove/", {"sure": "on"})
    one.refresh_from_db()
    assert (one.state, KeptCard.objects.filter(state="kept").exists()) == ("paused", False)
    resumed = aoki.get(f"/mypage/subscriptions/{one.number}/resume/")
    assert resumed.headers["Location"] == where
    assert my_cards.lacks_card(one)


def test_who_leaves_takes_his_card_with_him(aoki: Client, tea: int) -> None:
    one = bought(aoki, tea)
    leaving.leave_for_good(Member.objects.get(customer=one.customer_id))
    one.refresh_from_db()
    assert (one.state, KeptCard.objects.filter(state="kept").exists()) == ("paused", False)


def test_a_first_order_that_was_declined_keeps_no_card(aoki: Client, tea: int) -> None:
    bought(aoki, tea, "declined")
    assert not KeptCard.objects.exclude(state="asked").exists()
    assert WebhookEvent.objects.get().type == "payment_intent.payment_failed"


def test_a_page_that_nobody_finished_is_forgotten(aoki: Client, tea: int) -> None:
    one = bought(aoki, tea)
    aoki.post(f"/mypage/subscriptions/{one.number}/card/")
    with clock.told(clock.now() + timedelta(days=4)):
        settle()
    assert sorted(KeptCard.objects.values_list("state", flat=True)) == ["gone", "kept"]
