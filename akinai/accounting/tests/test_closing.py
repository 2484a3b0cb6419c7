"""月締め: a closed month takes nothing from anybody, a late fact goes to the next day, and only 店長 opens it again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akinai.accounting import services
from akinai.accounting.errors import MonthClosed, MonthNotReady
from akinai.accounting.models import ClosedMonth, JournalEntry, RevenueEntry
from akinai.accounting.services import closing
from akinai.accounting.tests import life
from akinai.core import clock
from akinai.core import closing as closing_core
from akinai.core.errors import spoken_by_database
from akinai.payments import services as payments
from akinai.payments.models import Payment
from akinai.payments.tests import factories as money
from tests.cast import company, staff

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)


def at(month: int, day: int, hour: int = 12) -> datetime:
    return timezone.make_aware(datetime(2026, month, day, hour))


@pytest.fixture
def october() -> Any:
    """A sale of October, invoiced and sent; today is 5 November."""
    company()
    with clock.told(at(10, 20)):
        life.goods("TEA-1")
        made = life.order("R-1", ("TEA-1", 2, 1080), ordered_at=at(10, 19))
        life.ship(made)
        services.post_upto()
    with clock.told(at(11, 5)):
        yield made


def test_a_finished_month_is_closed_with_what_was_checked(october: Any) -> None:
    made = closing.close(OCTOBER, by=staff("鈴木"), note="仕入先の請求書は翌月")
    assert made.month == OCTOBER and made.closed_by == staff("鈴木")
    assert {one["title"]: one["count"] for one in made.checks}["売上台帳にない出荷"] == 0
    assert life.broken() == set()


def test_the_running_month_cannot_be_closed(october: Any) -> None:
    with pytest.raises(MonthNotReady, match="まだ終わっていません"):
        closing.close(date(2026, 11, 1), by=None)


def test_what_is_left_needs_a_reason_and_what_must_be_done_is_not_forgiven(october: Any) -> None:
    with pytest.raises(MonthNotReady, match="残っているもの"):
        closing.close(OCTOBER, by=None)
    money.credit(500, "ナゾノヒト", on=date(2026, 10, 30))
    with pytest.raises(MonthNotReady, match="どの注文のお金か分からない入金が 1 件"):
        closing.close(OCTOBER, by=None, note="あとで")


def test_the_database_refuses_a_closed_day_in_every_ledger(october: Any) -> None:
    closing.close(OCTOBER, by=None, note="x")
    row = RevenueEntry.objects.filter(order=october).values().first()
    assert row
    for act in (
        lambda: JournalEntry.objects.create(
            number="JE-X", on=date(2026, 10, 31), source="t", key="x", memo="x"
        ),
        lambda: RevenueEntry.objects.create(**{**row, "id": None, "slip": "x"}),
        lambda: payments.receive_otherwise(
            order_id=october.pk, amount_yen=1, source="cash", received_on=date(2026, 10, 1), key="k", by=None
        ),
    ):
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            act()
        said = spoken_by_database(refused.value)
        assert said and "2026年10月までは締めています" in said.message and "2026/11/01 以降" in said.way_out


def test_the_first_open_day_is_the_day_after(october: Any) -> None:
    closing.close(OCTOBER, by=None, note="x")
    made = money.transfer("P-1", 1080, ordered_at=at(10, 29))
    line = money.credit(1080, on=date(2026, 10, 30))
    payments.match_all(by=staff("鈴木"))
    paid = Payment.objects.get(order=made)
    assert (paid.received_on, line.on) == (date(2026, 11, 1), date(2026, 10, 30))


def test_a_payment_of_a_closed_month_is_taken_back_in_the_open_one(october: Any) -> None:
    other = life.order("R-2", ("TEA-1", 1, 1080), payment="cod", payment_settled=False)
    with clock.told(at(10, 25)):
        life.ship(other)
        paid = payments.receive_otherwise(
            order_id=other.pk,
            amount_yen=1080,
            source="carrier",
            received_on=date(2026, 10, 26),
            key="k",
            by=None,
        )
    closing.close(OCTOBER, by=None, note="x")
    (back,) = payments.reverse_payment(paid.pk, note="別の受注", by=None)
    assert back.received_on == date(2026, 11, 1)


def shut() -> list[date]:
    """The months that the database takes nothing of, as the rows say."""
    return list(
        ClosedMonth.objects.filter(reopened_at=None).order_by("month").values_list("month", flat=True)
    )


def test_a_month_is_opened_again_with_a_reason_and_only_once(october: Any) -> None:
    last = closing.close(OCTOBER, by=None, note="x")
    with pytest.raises(MonthClosed, match="理由"):
        closing.reopen(last, reason=" ", by=None)
    assert closing.reopen(last, reason="請求漏れ", by=staff("伊藤")) == [OCTOBER]
    last.refresh_from_db()
    assert (last.reopened_by, last.reason) == (staff("伊藤"), "請求漏れ")
    with pytest.raises(MonthClosed, match="もう開いています"):
        closing.reopen(last, reason="請求漏れ", by=None)
    services.post_upto()
    assert closing.close(OCTOBER, by=None, note="x").pk != last.pk


def test_opening_a_month_leaves_all_before_it_shut_even_those_closed_with_it(october: Any) -> None:
    closing.reopen(closing.close(OCTOBER, by=None, note="x"), reason="訂正", by=None)
    assert shut() == [date(2026, 9, 1)]
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        JournalEntry.objects.create(number="JE-X", on=date(2026, 9, 30), source="t", key="x", memo="x")
    said = spoken_by_database(refused.value)
    assert said and "2026年9月までは締めています" in said.message
    assert closing_core.open_day(date(2026, 8, 3)) == OCTOBER
    assert life.broken() == set()


def test_an_earlier_month_opens_with_all_that_follow_it_and_says_which(october: Any) -> None:
    august, september = date(2026, 8, 1), date(2026, 9, 1)
    first = closing.close(august, by=None, note="x")
    closing.close(OCTOBER, by=None, note="x")  # September goes with it
    with pytest.raises(MonthClosed, match="ほかの月"):
        closing.reopen(first, reason="訂正", seen=[august], by=None)
    opened = closing.reopen(first, reason="訂正", seen=[august, september, OCTOBER], by=staff("伊藤"))
    assert opened == [OCTOBER, september, august]
    assert shut() == [date(2026, 7, 1)]
    assert set(ClosedMonth.objects.exclude(reopened_at=None).values_list("month", "reason")) == {
        (august, "訂正"), (OCTOBER, "訂正"),
    }  # fmt: skip


def test_a_month_is_closed_once(october: Any) -> None:
    closing.close(OCTOBER, by=None, note="x")
    with pytest.raises(MonthClosed):
        closing.close(OCTOBER, by=None, note="x")
    with pytest.raises(MonthClosed):
        closing.close(OCTOBER - timedelta(days=1), by=None, note="x")


def test_clerk_closes_manager_opens_and_strangers_see_nothing(client: Client, october: Any) -> None:
    client.force_login(staff("鈴木"))
    assert client.get(reverse("accounting:closing")).status_code == 200
    client.post(reverse("accounting:close", args=["2026-10"]), {"note": "翌月に届く"})
    made = ClosedMonth.objects.get()
    client.post(reverse("accounting:reopen", args=[made.pk]), {"reason": "x", "opens": "2026-10"})
    client.force_login(staff("部外者"))
    assert client.get(reverse("accounting:closing")).status_code == 403
    client.force_login(staff("伊藤"))
    page = client.get(reverse("accounting:closed", args=[made.pk]))
    assert page.context["opened"] == [OCTOBER]
    assert "2026年9月までは締まったままです" in page.content.decode()
    client.post(
        reverse("accounting:reopen", args=[made.pk]), {"reason": "訂正があるため", "opens": "2026-10"}
    )
    made.refresh_from_db()
    assert made.reason == "訂正があるため"


def test_a_refusal_of_the_database_is_a_sentence_on_the_page(client: Client, october: Any) -> None:
    other = life.order("R-2", ("TEA-1", 1, 1080), payment="cod", payment_settled=False)
    life.ship(other)
    closing.close(OCTOBER, by=None, note="x")
    client.force_login(staff("鈴木"))
    answer = client.post(
        reverse("payments:receive", args=[other.pk]),
        {
            "receive-source": "cash",
            "source": "cash",
            "amount_yen": "1080",
            "received_on": "2026-10-15",
            "note": "",
        },
        follow=True,
    )
    assert answer.status_code == 200
    assert "2026年10月までは締めています" in answer.content.decode()
