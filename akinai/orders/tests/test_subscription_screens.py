"""定期購入の画面: listed, begun from an order, changed, skipped, foreseen; who may and who may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from akinai.core import clock
from akinai.orders.intervals import Interval
from akinai.orders.models import Order, Subscription
from akinai.orders.services import EntryLine, subscriptions, turns
from tests import cast
from tests.cast import draft, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea() -> int:
    return cast.sku("TEA-001", pieces=50)


@pytest.fixture
def sato(client: Client) -> Client:
    client.force_login(cast.staff("佐藤"), backend="akinai.staff.backends.StaffBackend")
    return client


def begun(sku: int, days: int = 20) -> Subscription:
    terms = subscriptions.Terms(
        cast.AOKI,
        cast.AOKI,
        [EntryLine(sku, 2)],
        "cod",
        Interval("days", 30),
        clock.today() + timedelta(days=days),
    )
    return subscriptions.subscribe(terms, by=cast.staff("佐藤"))


def page(name: str, one: Subscription | None = None) -> str:
    return reverse(f"orders:{name}", args=[one.number] if one else [])


def form(**changes: Any) -> dict[str, Any]:
    buyer = {
        "name": "青木 美咲", "kana": "アオキ ミサキ", "postal_code": "150-0001", "prefecture": "東京都", "city": "渋谷区神宮前",
        "line1": "4-12-3", "phone": "090-0000-1001", "email": "aoki@example.com",
    }  # fmt: skip
    plan = {
        "interval_kind": "month_week", "every": "1", "week": "2", "weekday": "1", "first_on": str(clock.today() + timedelta(days=9)),
        "days_before": "3", "notice_days": "5", "payment": "cod", "price_is": "current", "shipping_yen": "0",
    }  # fmt: skip
    lines = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "0", "0-code": "TEA-001", "0-quantity": "3"}
    parts = {"buyer": buyer, "plan": plan, "lines": lines}
    return {f"{part}-{name}": value for part, told in parts.items() for name, value in told.items()} | changes


def test_a_subscription_is_begun_by_form(sato: Client, tea: int) -> None:
    answer = sato.post(page("subscribe"), form())
    one = Subscription.objects.get()
    assert answer.headers["Location"] == page("subscription", one)
    assert (one.interval.words, one.lines.get().quantity, one.customer is not None) == (
        "毎月第2火曜日",
        3,
        True,
    )
    shown = sato.get(page("subscription", one)).content.decode()
    assert "毎月第2火曜日" in shown and "¥3,240" in shown


def test_a_subscription_is_begun_from_an_order(sato: Client, tea: int) -> None:
    order = place(draft("A-1", ("TEA-001", 2, 1080), payment="cod", payment_settled=False))
    assert "定期購入にする" in sato.get(reverse("orders:detail", args=[order.number])).content.decode()
    shown = sato.get(f"{page('subscribe')}?from={order.number}").content.decode()
    assert 'value="青木 美咲"' in shown and 'value="TEA-001"' in shown and 'value="150-0001"' in shown
    sato.post(f"{page('subscribe')}?from={order.number}", form())
    assert Subscription.objects.get().began_from == order


def test_bad_input_is_told_and_nothing_is_written(sato: Client, tea: int) -> None:
    wrong = [
        ({"plan-every": "0"}, "1以上"), ({"plan-first_on": "2020-01-01"}, "今日から 1 年以内"),
        ({"lines-0-code": "NOPE"}, "登録されていません"), ({"lines-0-code": ""}, "商品を 1 行以上"),
        ({"plan-interval_kind": "month_day"}, "日は 1 から 31"), ({"plan-price_is": "fixed"}, "単価が必要"),
        ({"plan-cod_fee_yen": "330", "plan-payment": "card"}, "代金引換のときだけ"), ({"plan-interval_kind": "yearly"}, "yearly"),
    ]  # fmt: skip
    for changes, message in wrong:
        answer = sato.post(page("subscribe"), form(**changes))
        assert answer.status_code == 422 and message in answer.content.decode(), message
    assert not Subscription.objects.exists()


def test_a_form_opened_before_somebody_else_saved_is_refused(sato: Client, tea: int) -> None:
    one = begun(tea)
    assert sato.get(page("edit_subscription", one)).status_code == 200
    assert sato.post(page("edit_subscription", one), form(**{"plan-seen": "1"})).status_code == 302
    late = sato.post(page("edit_subscription", one), form(**{"plan-seen": "1", "lines-0-quantity": "9"}))
    assert late.status_code == 422 and "画面を開いたあとに変わりました" in late.content.decode()
    assert one.lines.get().quantity == 3


def test_its_acts_are_on_its_page(sato: Client, tea: int) -> None:
    one = begun(tea)
    sato.post(page("skip_turn", one), {"turn": "1", "reason": "旅行"})
    to = clock.today() + timedelta(days=70)
    sato.post(page("move_turn", one), {"turn": "2", "to": str(to)})
    one.refresh_from_db()
    assert (one.next_turn, one.next_on) == (2, to)
    sato.post(page("move_turn", one), {"turn": "2", "to": "2020-01-01"})
    sato.post(page("pause_subscription", one), {})
    one.refresh_from_db()
    assert (one.state, one.next_on) == ("paused", to)
    sato.post(page("resume_subscription", one), {"next_on": str(to)})
    sato.post(page("end_subscription", one), {"reason": "転居"})
    one.refresh_from_db()
    assert (one.state, one.ended_reason) == ("ended", "転居")
    shown = sato.get(page("subscription", one)).content.decode()
    assert "旅行" in shown and "次の回を休む" not in shown


def test_lists_ask_few_questions_and_find(sato: Client, tea: int) -> None:
    ones = [begun(tea, days=20 + n) for n in range(3)]
    sato.get(page("subscriptions"))
    for name in ("subscriptions", "turns"):
        with CaptureQueriesContext(connection) as captured:
            assert sato.get(page(name)).status_code == 200
        assert len(captured) <= 8, name
    found = sato.get(page("subscriptions") + "?q=アオキ&f.sku=TEA-001&sort=-next_on").content.decode()
    assert all(one.number in found for one in ones)
    assert ones[0].number not in sato.get(page("subscriptions") + "?tab=paused").content.decode()
    assert sato.get(page("subscriptions") + "?export=csv").status_code == 200


def test_a_turn_that_cannot_be_made_is_in_sight_and_tried_again(sato: Client, tea: int) -> None:
    from akinai.catalog.models import Sku

    one = begun(tea, days=1)
    Sku.objects.update(is_active=False)
    turns.run()
    assert "つくれない回あり" in sato.get(page("subscriptions")).content.decode()
    assert "販売を終えています" in sato.get(page("turns") + "?tab=failed").content.decode()
    sato.post(page("retry_turn", one))
    assert not Order.objects.exists()
    Sku.objects.update(is_active=True)
    turn = one.turns.get()
    sato.post(page("turns"), {"action": "retry", "pk": [turn.pk]})
    sato.post(page("retry_turn", one))
    assert Order.objects.count() == 1


def test_the_next_ninety_days_by_day_and_goods(sato: Client, tea: int) -> None:
    one = begun(tea)
    shown = sato.get(page("subscription_forecast")).content.decode()
    assert shown.count(page("subscription", one)) == 3 and "TEA-001" in shown
    file = sato.get(page("subscription_forecast") + "?export=csv").content.decode("utf-8-sig")
    assert len(file.splitlines()) == 4 and "TEA-001,商品 TEA-001,2" in file


@pytest.mark.parametrize(
    "name",
    [
        "edit_subscription",
        "skip_turn",
        "move_turn",
        "pause_subscription",
        "resume_subscription",
        "end_subscription",
        "retry_turn",
    ],
)
def test_only_who_may_changes_a_subscription(client: Client, tea: int, name: str) -> None:
    one = begun(tea)
    client.force_login(cast.staff("高橋"), backend="akinai.staff.backends.StaffBackend")
    assert client.post(page(name, one), {"turn": "1", "reason": "x"}).status_code == 403
    assert client.get(page("subscription", one)).status_code == 200
    client.force_login(cast.staff("部外者"), backend="akinai.staff.backends.StaffBackend")
    for path in (
        page("subscription", one),
        page("subscriptions"),
        page("turns"),
        page("subscription_forecast"),
    ):
        assert client.get(path).status_code == 403
    one.refresh_from_db()
    assert (one.state, one.next_turn) == ("active", 1)
