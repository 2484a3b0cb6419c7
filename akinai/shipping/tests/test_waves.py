"""ウェーブ: orders leave by cut-off as one batch, once, and what was missed is told."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from akinai.core import clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.insights.ageing import aged
from akinai.insights.queries import leaks
from akinai.shipping import services, wave_queries
from akinai.shipping.models import DeliveryCalendar, Shipment, ShippingBatch, WaveRule
from akinai.shipping.tests import factories
from tests.together import together

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")
DAY = date(2026, 11, 24)


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    """November 2026: the 24th is a Tuesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


@pytest.fixture
def morning() -> Iterator[None]:
    """10:00 of the day, with the usual rule said a week ago."""
    with clock.told(at(9, day=16)):
        services.add_wave(name="当日便", cutoffs=[time(15)], by=None)
    with clock.told(at(10)):
        yield


@pytest.fixture
def takahashi(client: Client) -> Any:
    """高橋 (倉庫), logged in."""
    person = factories.staff("takahashi")
    person.user_permissions.set(
        factories.model("auth.Permission").objects.filter(content_type__app_label="shipping")
    )
    client.force_login(person)
    return person


def ready(hour: int = 9, *, day: int = 24, pieces: int = 1, **fields: Any) -> Any:
    return factories.order(factories.line(quantity=pieces), received_at=at(hour, day=day), **fields)


def rule(**fields: Any) -> WaveRule:
    made = WaveRule(**{"name": "冷凍便", "cutoffs": [time(11)], **fields})
    services.save_wave(made, by=None)
    return made


def send(hour: int = 15, *, name: str = "当日便") -> services.SentOff:
    return services.instruct_wave(WaveRule.objects.get(name=name).pk, at(hour), by=None)


@pytest.mark.usefixtures("morning")
def test_a_wave_leaves_as_one_batch_with_its_name_and_day() -> None:
    one, two, late = ready(pieces=2), ready(pieces=3), ready(day=24, hour=15)
    board = wave_queries.todays_board()
    assert [(x.wave.title, len(x.orders), x.pieces, x.wave.minutes_left) for x in board.loads] == [
        ("当日便 15:00", 2, 5, 300), ("当日便 15:00", 1, 1, 1740),
    ]  # fmt: skip
    sent = send()
    assert (sent.is_new, sent.batch.wave_title, sent.batch.wave_on, sent.batch.ship_on) == (
        True, "当日便 15:00", DAY, DAY,
    )  # fmt: skip
    assert sorted(s.order_id for s in sent.batch.shipments.all()) == [one.pk, two.pk]
    late.refresh_from_db()
    assert late.state == "ready"


@pytest.mark.usefixtures("morning")
def test_the_same_wave_again_leads_to_its_batch_and_newcomers_make_its_second_turn() -> None:
    ready()
    first = send()
    again = send()
    assert (again.is_new, again.batch.pk, ShippingBatch.objects.count()) == (False, first.batch.pk, 1)
    ready(hour=9)
    second = send()
    assert (second.is_new, second.batch.wave_title) == (True, "当日便 15:00（2 回目）")
    with pytest.raises(IntegrityError, match="batch_one_per_wave_and_turn"), transaction.atomic():
        ShippingBatch.objects.filter(pk=second.batch.pk).update(wave_turn=1)
    with pytest.raises(IntegrityError, match="batch_wave_is_whole"), transaction.atomic():
        ShippingBatch.objects.filter(pk=second.batch.pk).update(wave_on=None)


@pytest.mark.usefixtures("morning")
def test_an_empty_or_unknown_wave_writes_nothing() -> None:
    with pytest.raises(DomainError, match="出荷待ちの受注はありません"):
        send()
    with pytest.raises(DomainError, match="今の予定にありません"):
        send(16)
    services.retire_wave(WaveRule.objects.get().pk, by=None)
    with pytest.raises(DomainError, match="今の予定にありません"):
        send()
    assert not ShippingBatch.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_clerks_sending_off_one_wave_send_each_order_once() -> None:
    with clock.told(at(9, day=16)):
        found = services.add_wave(name="当日便", cutoffs=[time(15)], by=None)
    orders = [ready() for _ in range(4)]

    def act() -> services.SentOff:
        with clock.told(at(10)):
            return services.instruct_wave(found.pk, at(15), by=None)

    answers = together(act, act, act)
    assert sorted(answer.is_new for answer in answers) == [False, False, True]
    assert len({answer.batch.pk for answer in answers}) == ShippingBatch.objects.count() == 1
    assert sorted(Shipment.objects.values_list("order_id", flat=True)) == sorted(o.pk for o in orders)


@pytest.mark.usefixtures("morning")
def test_an_order_that_became_ready_after_the_cutoff_was_not_missed() -> None:
    missed, fresh = ready(day=20), ready(day=20)
    factories.model("core.Activity").objects.create(
        at=at(9, 30), subject_type="orders.order", subject_id=fresh.pk, verb="advance", to_state="ready"
    )
    assert [(one.order.order_id, one.at) for one in wave_queries.missed()] == [(missed.pk, at(15, day=20))]


@pytest.mark.usefixtures("morning")
def test_the_rules_read_channel_carrier_temperature_place_and_calendar_from_the_shop() -> None:
    rule(temperature="frozen", carriers=["plain"], channels=["rakuten"], position=1)
    cold = ready(12, channel=factories.channel("rakuten"), delivery_method="クール冷凍便")
    warm = ready(channel=factories.channel("rakuten"))
    DeliveryCalendar.objects.create(pk=1, closed_days=[date(2026, 11, 25)])
    with clock.told(at(12, 30)):
        loads = wave_queries.todays_board().loads
    assert [(x.wave.title, x.wave.at, [o.order_id for o in x.orders]) for x in loads] == [
        ("冷凍便 11:00", at(11), []), ("当日便 15:00", at(15), [warm.pk]), ("冷凍便 11:00", at(11, day=26), [cold.pk]),
    ]  # fmt: skip


@pytest.mark.usefixtures("morning")
def test_the_waves_of_the_day_know_when_each_carrier_comes() -> None:
    services.save_account(carrier="plain", settings={"pickup_at": "14:00"}, is_default=True, by=None)
    WaveRule.objects.filter(name="当日便").update(cutoffs=[time(11), time(15)])
    one = ready(12)
    with clock.told(at(12, 30)):
        loads = wave_queries.todays_board().loads
    assert [load.wave.at for load in loads if [o.order_id for o in load.orders] == [one.pk]] == [
        at(11, day=25)
    ]


@pytest.mark.usefixtures("morning")
def test_a_missed_cutoff_is_a_leak_of_the_warehouse_and_late_the_next_day() -> None:
    ready(day=24, hour=9)
    assert _leak() == (0, 0) and _aged() == ("倉庫", 0, 0, 0)
    with clock.told(at(15)):
        assert _leak() == (1, 1100) and _aged() == ("倉庫", 1, 0, 0)
    with clock.told(at(9, day=25)):
        assert _aged() == ("倉庫", 1, 1, 1)
        services.instruct_wave(WaveRule.objects.get().pk, at(15, day=25), by=None)
        assert _leak() == (0, 0)


def _leak() -> tuple[int, int]:
    found = next(one for one in leaks().others if one["name"] == "wave_missed")
    return found["count"], found["yen"]


def _aged() -> tuple[str, int, int, int]:
    found = next(one for one in aged() if one.leak.name == "wave_missed")
    return found.who, found.count, found.late, found.days


@pytest.mark.usefixtures("morning")
def test_a_rule_said_anew_forgives_what_waited_and_a_new_name_alone_does_not() -> None:
    ready(day=20)
    kept = WaveRule.objects.get()
    kept.name = "昼便"
    services.save_wave(kept, by=None)
    assert len(wave_queries.missed()) == 1
    kept.cutoffs = [time(16), time(12), time(12)]
    services.save_wave(kept, by=None)
    assert (wave_queries.missed(), kept.cutoffs) == ((), [time(12), time(16)])


@pytest.mark.usefixtures("morning")
def test_two_rules_in_use_never_bear_one_name() -> None:
    with pytest.raises(ChangedMeanwhile):
        rule(name="当日便")
    old = WaveRule.objects.get()
    services.retire_wave(old.pk, by=None)
    rule(name="当日便")
    with pytest.raises(ChangedMeanwhile):
        services.resume_wave(old.pk, by=None)


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("name", "", "waverule_has_name"), ("cutoffs", [], "waverule_has_cutoff"), ("weekdays", [], "waverule_has_weekdays"),
        ("weekdays", [7], "waverule_has_weekdays"), ("temperature", "hot", "waverule_temperature_is_known"),
        ("due_days", 61, "waverule_due_within_reach"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("morning")
def test_the_database_refuses_a_rule_that_says_nothing(field: str, value: Any, name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        WaveRule.objects.update(**{field: value})


# ---- the screens


@pytest.mark.usefixtures("morning")
def test_the_ready_screen_shows_the_waves_and_one_press_leads_to_the_picking_list(
    client: Client, takahashi: Any
) -> None:
    factories.company()
    ready(pieces=4)
    shown = client.get(reverse("shipping:ready")).content.decode()
    assert "当日便" in shown and "あと 5 時間" in shown and "このウェーブを出荷指示" in shown
    url = reverse("shipping:instruct_wave", args=[WaveRule.objects.get().pk])
    done = client.post(url, {"at": at(15).isoformat()})
    batch = ShippingBatch.objects.get()
    assert (
        done["Location"] == reverse("shipping:batch", args=[batch.number]) and batch.created_by == takahashi
    )
    page = client.get(done["Location"]).content.decode()
    assert "当日便 15:00" in page and "ピッキングリスト" in page and "1 件を出荷指示しました" in page
    sheet = client.post(reverse("shipping:print_picking", args=[batch.number]))
    assert "当日便15:00" in "".join(PdfReader(io.BytesIO(sheet.content)).pages[0].extract_text().split())
    again = client.post(url, {"at": at(15).isoformat()}, follow=True).content.decode()
    assert "すでに出荷指示されています" in again and ShippingBatch.objects.count() == 1
    assert "当日便 15:00" in client.get(reverse("shipping:batches"), {"q": "当日便"}).content.decode()
    assert "締め切りが読めません" in client.post(url, {"at": "nix"}, follow=True).content.decode()


@pytest.mark.usefixtures("morning")
def test_the_ready_screen_asks_the_same_few_queries_however_many_wait(
    client: Client, takahashi: Any, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        ready()
    rule(position=1, temperature="frozen")
    with django_assert_num_queries(6):
        client.get(reverse("shipping:ready"))


@pytest.mark.usefixtures("morning")
def test_the_ready_list_finds_an_order_by_its_own_number(client: Client, takahashi: Any) -> None:
    order, other = ready(), ready()
    found = client.get(reverse("shipping:ready"), {"q": order.number}).content.decode()
    assert [reverse("orders:detail", args=[one.number]) in found for one in (order, other)] == [True, False]


@pytest.mark.usefixtures("morning")
def test_missed_orders_are_found_from_the_leak(client: Client, takahashi: Any) -> None:
    missed, fresh = ready(day=20), ready()
    shown = client.get(reverse("shipping:ready"), {"tab": "missed"}).content.decode()
    assert missed.number in shown and fresh.number not in shown and "締め切り過ぎ 1 件" in shown


def test_a_rule_is_written_changed_and_retired_in_the_office(client: Client, takahashi: Any) -> None:
    factories.channel("rakuten", name="楽天市場")
    given = {
        "name": " 冷凍 便 ", "cutoffs": "１５時、11:30", "weekdays": ["0", "2"], "channels": ["rakuten"], "carriers": ["plain"],
        "temperature": "frozen", "due_days": "2", "location": factories.location().code, "position": "5",
    }  # fmt: skip
    assert client.post(reverse("shipping:add_wave"), given).status_code == 302
    made = WaveRule.objects.get()
    assert (made.name, made.cutoffs, made.weekdays, made.channels, made.carriers) == (
        "冷凍 便", [time(11, 30), time(15)], [0, 2], ["rakuten"], ["plain"],
    )  # fmt: skip
    assert (made.temperature, made.due_days, made.location_id, made.position) == (
        "frozen", 2, factories.location().pk, 5,
    )  # fmt: skip
    shown = client.get(reverse("shipping:waves")).content.decode()
    assert (
        "11:30、15:00" in shown
        and "月水" in shown
        and "楽天市場 / テスト運輸 / 冷凍 / 出荷期限 2 日以内 / 本社倉庫" in shown
    )
    edit = reverse("shipping:wave", args=[made.pk])
    assert "11:30、15:00" in client.get(edit).content.decode()
    client.post(edit, {**given, "cutoffs": "16:00", "location": ""})
    made.refresh_from_db()
    assert (made.cutoffs, made.location_id) == ([time(16)], None)
    client.post(reverse("shipping:retire_wave", args=[made.pk]))
    made.refresh_from_db()
    assert not made.is_active
    client.post(reverse("shipping:resume_wave", args=[made.pk]))
    made.refresh_from_db()
    assert made.is_active


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "必須"), ("cutoffs", "25:00", "「25:00」を時刻として読めません"), ("cutoffs", "、", "1 つ以上"),
        ("cutoffs", "午後", "「午後」を時刻として読めません"), ("weekdays", [], "曜日を 1 つ以上"),
        ("weekdays", ["5", "6"], "すべて定休日"), ("due_days", "61", "60"), ("channels", ["nix"], "nix"),
    ],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused_in_words(
    client: Client, takahashi: Any, field: str, value: Any, says: str
) -> None:
    given = {
        "name": "当日便",
        "cutoffs": "15:00",
        "weekdays": ["0"],
        "temperature": "",
        "position": "1",
        field: value,
    }
    answer = client.post(reverse("shipping:add_wave"), given)
    assert answer.status_code == 422 and says in answer.content.decode() and not WaveRule.objects.exists()


@pytest.mark.usefixtures("morning")
def test_an_outsider_sees_no_rule_and_sends_nothing_off(client: Client) -> None:
    order = ready()
    client.force_login(factories.staff("stranger"))
    pk = WaveRule.objects.get().pk
    pages = [reverse("shipping:waves"), reverse("shipping:add_wave"), reverse("shipping:wave", args=[pk])]
    assert {client.get(page).status_code for page in pages} == {403}
    acts = [reverse(f"shipping:{verb}_wave", args=[pk]) for verb in ("instruct", "retire", "resume")]
    assert {client.post(act, {"at": at(15).isoformat()}).status_code for act in acts} == {403}
    order.refresh_from_db()
    assert order.state == "ready" and WaveRule.objects.get().is_active
