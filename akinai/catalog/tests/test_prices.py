"""価格の予約: a price comes at its moment, goes again, and never through another's change; 二重価格 is warned of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akinai.catalog import double_price, services
from akinai.catalog.models import PriceChange, PriceSchedule, Sku
from akinai.catalog.services.batch import Batch, write
from akinai.catalog.services.prices import Plan
from akinai.catalog.tests.factories import make_sku
from akinai.core import activity, clock
from akinai.core.errors import ChangedMeanwhile, DomainError, ImpossibleMove
from tests.cast import staff
from tests.together import together

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 12, 1, 10, 0))
HOUR = timedelta(hours=1)


def book(
    *skus: Sku, price: int = 800, former: int | None = None, start: int = 1, end: int | None = 3
) -> list[PriceSchedule]:
    with clock.told(NOW):
        return services.schedule_prices(
            [Plan(sku, price, former) for sku in skus], starts_at=NOW + start * HOUR,
            ends_at=None if end is None else NOW + end * HOUR, reason="セール", by=staff("田中"),
        )  # fmt: skip


def at(hours: float) -> int:
    """The clock stands `hours` later and the job runs."""
    with clock.told(NOW + hours * HOUR):
        return services.apply_due()


def price(sku: Sku) -> tuple[int, int | None]:
    sku.refresh_from_db()
    return sku.price_yen, sku.list_price_yen


def change(sku: Sku, yen: int) -> None:
    batch = Batch()
    batch.edit(Sku.objects.select_related("product").get(pk=sku.pk), "price_yen", yen)
    write(batch, by=None, verb="update", created="", changed="")


def test_a_price_comes_at_its_moment_and_goes_again() -> None:
    sku = make_sku("A")
    (row,) = book(sku, former=1000)
    assert (at(0.9), price(sku)) == (0, (1000, None))
    assert (at(1), price(sku)) == (1, (800, 1000))
    assert (at(2), at(3), price(sku)) == (0, 1, (1000, None))
    row.refresh_from_db()
    assert row.state == "ended" and list(PriceChange.objects.values_list("price_yen", "list_price_yen")) == [
        (800, 1000),
        (1000, None),
    ]
    assert "¥1,000 → ¥800" in " ".join(activity.of(sku.product).values_list("summary", flat=True))


def test_thousands_change_at_one_moment_with_few_statements(django_assert_max_num_queries: Any) -> None:
    skus = [make_sku(f"A-{n}") for n in range(120)]
    book(*skus)
    with django_assert_max_num_queries(40):
        assert at(1) == 120
    assert not Sku.objects.exclude(price_yen=800).exists()
    with django_assert_max_num_queries(40):
        assert at(3) == 120
    assert not Sku.objects.exclude(price_yen=1000).exists()


def test_a_price_that_somebody_changed_meanwhile_stays_and_the_schedule_says_so() -> None:
    sku = make_sku("A")
    (row,) = book(sku)
    at(1)
    change(sku, 750)
    at(3)
    row.refresh_from_db()
    assert price(sku)[0] == 750 and "¥750 に変えられた" in row.note


def test_back_to_back_sales_lead_back_to_the_first_price() -> None:
    sku = make_sku("A")
    book(sku, price=900, start=1, end=2)
    book(sku, price=700, start=2, end=3)
    assert [(at(hour), price(sku)[0]) for hour in (1, 2, 3)] == [(1, 900), (2, 700), (1, 1000)]


def test_a_worker_that_slept_through_a_sale_changes_nothing() -> None:
    sku = make_sku("A")
    (row,) = book(sku)
    at(5)
    row.refresh_from_db()
    assert row.state == "missed" and price(sku)[0] == 1000 and not PriceChange.objects.exists()


def test_a_worker_that_slept_applies_what_is_due_in_its_order() -> None:
    sku = make_sku("A")
    book(sku, price=1200, start=1, end=None)
    book(sku, price=900, start=2, end=9)
    assert at(5) == 2 and price(sku)[0] == 900
    at(9)
    assert price(sku)[0] == 1200


@pytest.mark.parametrize(("start", "end"), [(1, 3), (2, 4), (0.5, 9), (2, None)])
def test_two_schedules_never_stand_at_once(start: int, end: int | None) -> None:
    sku = make_sku("A")
    book(sku)
    with pytest.raises(ChangedMeanwhile, match="A"):
        book(make_sku("B"), sku, start=start, end=end)
    assert PriceSchedule.objects.count() == 1
    book(sku, start=3, end=4)


def test_a_cancelled_schedule_makes_room_and_a_running_one_is_ended_instead() -> None:
    sku = make_sku("A")
    (row,) = book(sku)
    services.cancel_schedule(row, by=staff("田中"))
    assert at(1) == 0
    (second,) = book(sku)
    at(1)
    second.refresh_from_db()
    with pytest.raises(ImpossibleMove):
        services.cancel_schedule(second, by=staff("田中"))
    services.end_now(second, by=staff("田中"))
    assert price(sku)[0] == 1000
    with pytest.raises(DomainError):
        services.end_now(second, by=staff("田中"))


def test_the_database_refuses_what_could_not_be_undone() -> None:
    (row,) = book(make_sku("A"))
    for wrong in (
        {"state": "running"},
        {"ends_at": row.starts_at},
        {"price_yen": 0},
        {"list_price_yen": 800},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PriceSchedule.objects.filter(pk=row.pk).update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_two_workers_apply_a_schedule_once() -> None:
    skus = [make_sku(f"A-{n}") for n in range(5)]
    book(*skus)
    assert sum(together(lambda: at(1), lambda: at(1))) == 5
    assert PriceChange.objects.count() == 5
    assert set(PriceSchedule.objects.values_list("state", "price_before")) == {("running", 1000)}


def history(*spells: tuple[int, int]) -> list[tuple[datetime, int]]:
    """(days before the sale, price) each."""
    return [(NOW - timedelta(days=days), yen) for days, yen in spells]


@pytest.mark.parametrize(
    ("spells", "words"),
    [
        ([(100, 1000)], []),
        ([(20, 1000)], []),
        ([(10, 1000)], ["10 日です"]),
        ([(100, 900)], ["記録がありません"]),
        ([(100, 1000), (15, 900)], ["15 日たっています"]),
        ([(100, 1000), (13, 900)], []),
        ([(100, 900), (20, 1000)], ["36%"]),
        ([(100, 0), (20, 1000)], []),
        ([(100, 900), (28, 1000)], ["50%"]),
        ([(100, 900), (29, 1000)], []),
    ],
)  # fmt: skip
def test_a_former_price_needs_real_sales(spells: list[tuple[int, int]], words: list[str]) -> None:
    found = double_price.warnings(history(*spells), 1000, starts_at=NOW, ends_at=NOW + timedelta(days=7))
    assert len(found) == len(words) and all(word in text for word, text in zip(words, found, strict=True))


def test_a_sale_longer_than_four_weeks_is_warned_of() -> None:
    ends = NOW + timedelta(days=29)
    assert "4週間を超え" in double_price.warnings(history((100, 1000)), 1000, starts_at=NOW, ends_at=ends)[0]


def test_the_list_plans_prices_and_warns_of_double_prices(client: Client) -> None:
    sku = make_sku("A")
    sku.price_changes.create(price_yen=1000, at=clock.now() - timedelta(days=3))
    client.force_login(staff("田中"))
    start = timezone.localtime(clock.now() + timedelta(days=1))
    form = {
        "how": "percent", "amount": "15", "starts_at": start.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (start + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"), "shows_former": "on", "reason": "セール",
    }  # fmt: skip
    address = client.post(reverse("catalog:list"), {"action": "schedule", "pk": [str(sku.pk)]}).headers[
        "Location"
    ]
    page = client.post(address, form).content.decode()
    assert "2週間以上が必要" in page and "¥850" in page and not PriceSchedule.objects.exists()
    wrong = client.post(address, form | {"amount": "100", "ends_at": "2020-01-01"}).content.decode()
    assert "99%まで" in wrong and "開始日時より後" in wrong
    client.post(address, form | {"is_checked": "on"})
    row = PriceSchedule.objects.get()
    assert (row.price_yen, row.list_price_yen) == (850, 1000)
    assert "A" in client.get(reverse("catalog:schedules")).content.decode()
    assert (
        "年末"
        not in client.get(reverse("catalog:schedules"), {"q": "年末"}).content.decode().split("list")[-1]
    )
    client.force_login(staff("部外者"))
    assert client.get(reverse("catalog:schedules")).status_code == 403
