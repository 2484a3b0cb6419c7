"""お届け予定: the earliest day and why, 出荷期限, the carrier's days and the shop's calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akinai.core import intake
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.intake import Upload
from akinai.orders.delivery_ports import DeliveryAsk
from akinai.orders.models import Order
from akinai.shipping import delivery_rules as rules
from akinai.shipping import services
from akinai.shipping.delivery_queries import delivery_times
from akinai.shipping.delivery_rules import DaysRow, ShopDays, Transit
from akinai.shipping.models import CarrierDays, DeliveryCalendar
from tests import cast
from tests.cast import AOKI, draft, place

TOKYO = ZoneInfo("Asia/Tokyo")
NEXT_DAY = Transit("東京都", 1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026: the 24th is a Tuesday, the 23rd a holiday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


# ---- the rules, without a database


def test_an_order_before_the_cutoff_leaves_today_and_one_after_it_the_next_day() -> None:
    shop = ShopDays(cutoff=time(12))
    assert rules.earliest(at(24, 11, 59), shop, NEXT_DAY) == rules.Earliest(
        date(2026, 11, 24), date(2026, 11, 25), ()
    )
    late = rules.earliest(at(24, 12), shop, NEXT_DAY)
    assert (late.ship_on, late.arrives_on) == (date(2026, 11, 25), date(2026, 11, 26))
    assert late.why == ("締め時刻 12:00 を過ぎたため、翌営業日の扱いです",)


def test_what_comes_in_after_the_carrier_has_been_here_leaves_the_next_day() -> None:
    shop, soon, late = (
        ShopDays(cutoff=time(15)),
        rules.Pickup("ヤマト運輸", time(14)),
        rules.Pickup("佐川急便", time(18)),
    )
    assert rules.earliest(at(24, 13, 59), shop, NEXT_DAY, pickup=soon).ship_on == date(2026, 11, 24)
    gone = rules.earliest(at(24, 14), shop, NEXT_DAY, pickup=soon)
    assert (gone.ship_on, gone.why) == (
        date(2026, 11, 25), ("ヤマト運輸の集荷 14:00 を過ぎたため、翌営業日の扱いです",)
    )  # fmt: skip
    assert rules.earliest(at(24, 14, 59), shop, NEXT_DAY, pickup=late).ship_on == date(2026, 11, 24)
    assert (
        "締め時刻 15:00" in rules.earliest(at(24, 15), shop, NEXT_DAY, pickup=late).why[0]
    )  # the cut-off comes first


def test_the_pickup_of_the_own_carrier_counts_and_moves_what_waits(shop: None) -> None:
    DeliveryCalendar.objects.update_or_create(pk=1, defaults={"cutoff": time(16)})
    services.save_account(carrier="yamato", settings={"pickup_at": "２３：５９"}, is_default=True, by=None)
    services.save_account(carrier="sagawa", settings={"pickup_at": "09:00"}, by=None)
    asks = [
        DeliveryAsk(at(24, 10), "東京都", carrier=carrier)
        for carrier in ("", "yamato", "sagawa", "japanpost")
    ]
    told = [one.ship_on.day for one in delivery_times(asks) if one]
    assert told == [24, 24, 25, 24]
    order = ordered()
    assert order.ship_by == order.received_at.date()
    services.save_account(carrier="yamato", settings={"pickup_at": "00:01"}, is_default=True, by=None)
    order.refresh_from_db()
    assert order.ship_by is not None and order.ship_by > order.received_at.date()
    for wrong in ("25:00", "3時", "9:60"):
        with pytest.raises(DomainError, match="集荷時刻は15:30 のように"):
            services.save_account(carrier="yamato", settings={"pickup_at": wrong}, by=None)


def test_nothing_leaves_on_days_of_rest_and_the_sentence_names_them() -> None:
    found = rules.earliest(at(20, 13), ShopDays(), NEXT_DAY)
    assert (found.ship_on, found.arrives_on) == (date(2026, 11, 24), date(2026, 11, 25))
    assert found.why == (
        "締め時刻 12:00 を過ぎたため、翌営業日の扱いです",
        "11/21(土)〜11/23(月) は定休日です",
    )
    holiday = rules.earliest(at(23, 9), ShopDays(), NEXT_DAY)
    assert holiday.why == ("11/23(月) は定休日（勤労感謝の日）です",)
    open_all_week = ShopDays(weekdays=frozenset(), on_holidays=False)
    assert rules.earliest(at(23, 9), open_all_week, NEXT_DAY).ship_on == date(2026, 11, 23)


def test_goods_that_come_later_and_preparation_put_the_day_off() -> None:
    shop = ShopDays(prepare_days=2)
    found = rules.earliest(at(24, 9), shop, Transit("沖縄県", 3), goods_on=date(2026, 11, 27))
    assert (found.ship_on, found.arrives_on) == (date(2026, 12, 1), date(2026, 12, 4))
    assert found.why == (
        "商品がそろうのは 11/27(金) です", "出荷の準備に 2 営業日かかります", "沖縄県へは 3 日かかります",
    )  # fmt: skip


def test_the_day_to_ship_by_is_the_last_open_day_that_still_meets_the_wish() -> None:
    assert rules.ship_by(date(2026, 11, 24), ShopDays(), NEXT_DAY) == date(2026, 11, 20)
    assert rules.ship_by(date(2026, 11, 28), ShopDays(), Transit("福岡県", 2)) == date(2026, 11, 26)


def test_a_wish_is_missed_only_when_it_lies_before_the_earliest_day() -> None:
    soonest = rules.earliest(at(24, 13), ShopDays(), NEXT_DAY)
    assert rules.missed(date(2026, 11, 26), soonest) == ""
    assert rules.missed(None, soonest) == ""
    assert rules.missed(date(2026, 11, 25), soonest) == (
        "お届け希望日 11/25(水) に間に合いません。最短は 11/26(木) です。締め時刻 12:00 を過ぎたため、翌営業日の扱いです"
    )


@pytest.mark.parametrize(
    ("origin", "to", "is_island", "days"),
    [
        ("東京都", "東京都", False, 1), ("東京都", "大阪府", False, 1), ("東京都", "北海道", False, 2),
        ("東京都", "福岡県", False, 2), ("東京都", "沖縄県", True, 3), ("東京都", "東京都", True, 3),
        ("北海道", "鹿児島県", False, 3), ("沖縄県", "沖縄県", True, 1), ("", "東京都", False, 3),
    ],
)  # fmt: skip
def test_days_nobody_registered_are_guessed_by_distance(
    origin: str, to: str, is_island: bool, days: int
) -> None:
    assert rules.usual_days(origin, to, is_island=is_island) == days


def test_the_closest_row_wins_postal_code_before_island_before_prefecture() -> None:
    rows = [
        DaysRow("", "東京都", "", False, 1), DaysRow("", "東京都", "", True, 4, has_slots=False),
        DaysRow("plain", "東京都", "", False, 2), DaysRow("", "", "1001", False, 5), DaysRow("other", "東京都", "", False, 9),
    ]  # fmt: skip
    ask: dict[str, Any] = {"carrier": "plain", "prefecture": "東京都", "postal_code": "1500001", "is_island": False, "origin": ""}  # fmt: skip
    assert rules.transit(rows, **ask).days == 2
    assert rules.transit(rows, **ask | {"carrier": "yamato"}).days == 1
    assert rules.transit(rows, **ask | {"is_island": True}) == Transit("東京都の離島", 4, has_slots=False)
    assert rules.transit(rows, **ask | {"postal_code": "1001511", "is_island": True}).days == 5
    guessed = rules.transit(
        rows, **ask | {"prefecture": "大阪府", "postal_code": "5300001", "origin": "東京都"}
    )
    assert (guessed.days, guessed.is_estimate) == (1, True)


# ---- with orders


@pytest.fixture
def shop(db: None) -> None:
    cast.company()
    cast.sku("TEA-001", pieces=9)
    CarrierDays.objects.create(prefecture="東京都", days=1)


def ordered(no: str = "A-1", **changes: Any) -> Order:
    return place(draft(no, ("TEA-001", 1, 1080), **{"ordered_at": at(24, 9), **changes}), now=at(24, 9))


def test_an_imported_order_whose_day_cannot_be_met_is_held_with_the_reason(shop: None) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080), delivery_on=date(2026, 11, 26)), now=at(25, 13))
    hold = order.holds.get(rule="delivery_missed")
    assert (order.state, hold.reason[:41]) == (
        "on_hold",
        "お届け希望日 11/26(木) に間に合いません。最短は 11/27(金) です。",
    )
    assert order.ship_by == date(2026, 11, 25)


def test_a_day_that_can_be_met_holds_nothing_and_says_by_when_to_ship(shop: None) -> None:
    order = ordered(delivery_on=date(2026, 12, 1))
    assert (order.state, order.ship_by) == ("ready", date(2026, 11, 30))


def test_an_order_that_waits_for_its_money_is_late_only_once_it_is_paid(shop: None) -> None:
    order = ordered(payment="bank_transfer", payment_settled=False)
    assert (order.state, order.ship_by) == ("awaiting_payment", None)
    from akinai.orders import services as orders

    orders.settle(order.pk, note="窓口で受け取り", by=cast.staff("佐藤"))
    order.refresh_from_db()
    now = timezone.localtime()
    assert order.state == "ready"
    assert order.ship_by == delivery_times([DeliveryAsk(now, "東京都")])[0].ship_by


def test_another_calendar_moves_the_days_of_all_that_wait(shop: None) -> None:
    order = ordered()
    assert order.ship_by == date(2026, 11, 24)
    services.save_calendar(DeliveryCalendar(cutoff=time(8)), by=cast.staff("高橋"))
    order.refresh_from_db()
    assert order.ship_by == date(2026, 11, 25)
    with pytest.raises(DomainError, match="すべての曜日"):
        services.save_calendar(DeliveryCalendar(closed_weekdays=list(range(7))), by=None)


def test_the_same_place_cannot_be_registered_twice(shop: None) -> None:
    with pytest.raises(ChangedMeanwhile, match="東京都 のお届け日数は"):
        services.save_days(CarrierDays(prefecture="東京都", days=2), by=None)
    assert CarrierDays.objects.get().days == 1


def test_the_guesses_are_laid_out_beside_what_is_registered(shop: None) -> None:
    assert services.seed_days("", by=None) == 46
    assert services.seed_days("", by=None) == 0
    assert CarrierDays.objects.get(prefecture="沖縄県").is_estimate
    assert not CarrierDays.objects.get(prefecture="東京都").is_estimate


def test_questions_to_the_database_do_not_grow_with_the_orders(
    shop: None, django_assert_num_queries: Any
) -> None:
    asks = [DeliveryAsk(at(24, 9), "東京都")] * 200
    with django_assert_num_queries(3):
        assert len(delivery_times(asks)) == 200


# ---- the file


def take_in(text: str) -> Any:
    kind = intake.kind_of("carrier-days")
    assert kind is not None
    row, plan = intake.preview(kind, [Upload("days.csv", text.encode("cp932"))], options={}, by=None)
    return plan if plan.refused else intake.apply(row, by=None)


@pytest.fixture
def home(tmp_path: Any, settings: Any, db: None) -> None:
    settings.AKINAI_HOME = tmp_path
    settings.FILES_ROOT = tmp_path / "files"


FILE = "運送会社,都道府県,郵便番号,離島,お届け日数,時間帯指定\nplain,北海道,,,2,\n,沖縄,,,３日,不可\n,,100-15,はい,4,0\n"


def test_days_come_in_by_file_and_the_same_file_again_changes_nothing(home: None) -> None:
    plan = take_in(FILE)
    assert (plan.created, plan.changed, plan.unchanged) == (3, 0, 0)
    rows = CarrierDays.objects.order_by("pk").values_list(
        "carrier", "prefecture", "postal_prefix", "is_island", "days", "has_slots"
    )
    assert list(rows) == [
        ("plain", "北海道", "", False, 2, True), ("", "沖縄県", "", False, 3, False), ("", "", "10015", True, 4, False),
    ]  # fmt: skip
    again = take_in(FILE.replace("北海道,,,2", "北海道,,,3"))
    assert (again.created, again.changed, again.unchanged) == (0, 1, 2)
    assert CarrierDays.objects.get(prefecture="北海道").days == 3


def test_wrong_rows_are_named_by_line_and_column_and_nothing_is_written(home: None) -> None:
    plan = take_in(
        "運送会社,都道府県,郵便番号,お届け日数\n赤帽,東京都,,1\n,東京,,0\n,江戸,,1\n,,,1\n,大阪府,12a,1\n,京都,,1\n,京都府,,2\n"
    )
    assert plan.refused
    assert [(error.line, error.column) for error in plan.errors] == [
        (2, "運送会社"), (3, "お届け日数"), (4, "都道府県"), (5, "都道府県"), (6, "郵便番号"), (8, "都道府県"),
    ]  # fmt: skip
    assert plan.errors[5].message == "7行目に同じお届け先があります。どちらかを消してください。"
    assert not CarrierDays.objects.exists()


# ---- screens


def test_the_warehouse_keeps_the_days_and_an_outsider_sees_nothing(shop: None) -> None:
    client = Client()
    client.force_login(cast.staff("高橋"))
    listed = client.get(reverse("shipping:days"))
    assert "東京都" in listed.content.decode()
    sent = {"carrier": "", "prefecture": "大阪府", "days": "２", "has_slots": "on"}
    assert client.post(reverse("shipping:add_days"), sent).status_code == 302
    assert CarrierDays.objects.get(prefecture="大阪府").days == 2
    again = client.post(reverse("shipping:add_days"), sent)
    assert again.status_code == 422 and "すでに登録されています" in again.content.decode()
    assert client.post(reverse("shipping:add_days"), {"days": "2"}).status_code == 422
    saved = client.post(
        reverse("shipping:calendar"),
        {
            "cutoff": "15:00",
            "prepare_days": "0",
            "closed_weekdays": ["6"],
            "closed_days": "2026/12/29〜2027/1/3",
        },
    )
    kept = DeliveryCalendar.objects.get()
    assert (saved.status_code, kept.cutoff, kept.closed_weekdays, len(kept.closed_days)) == (
        302,
        time(15),
        [6],
        6,
    )
    outsider = Client()
    outsider.force_login(cast.staff("部外者"))
    for name in ("days", "calendar", "add_days"):
        assert outsider.get(reverse(f"shipping:{name}")).status_code == 403


def test_the_order_page_and_the_telephone_say_the_earliest_day_and_why(shop: None) -> None:
    client = Client()
    client.force_login(cast.staff("佐藤"))
    order = ordered(
        ship_to=replace(AOKI, prefecture="沖縄県", city="那覇市", line1="泉崎1-1", postal_code="9000021")
    )
    page = client.get(reverse("orders:detail", args=[order.number])).content.decode()
    assert "最短のお届け" in page and "沖縄県へは 3 日かかります（距離からの目安）" in page
    asked = {"code": "1500001", "goods": "TEA-001:2", "wish": "2026-01-05", "slot": "2021"}
    said = client.get(reverse("orders:outlook"), asked).content.decode()
    assert "に間に合いません" in said and "時間帯「20〜21時」はありません" in said
    cast.sku("NEW-001")
    unknown = client.get(reverse("orders:outlook"), asked | {"goods": "NEW-001:1"}).content.decode()
    assert "入荷日の分からない商品があるため" in unknown
