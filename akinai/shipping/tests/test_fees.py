"""送料表: what a parcel costs the buyer and why, versions that stand once published, the file in and out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from akinai.core import clock, intake
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.intake import Upload
from akinai.core.postal import PREFECTURES
from akinai.orders.fee_ports import FeeAsk
from akinai.shipping import fee_queries, services
from akinai.shipping import fee_rules as rules
from akinai.shipping.fee_forms import FeeTableForms
from akinai.shipping.fee_intake import COLUMNS, parts_of, rows_of
from akinai.shipping.fee_rules import Fee, Free, Parcel, Surcharge, Table
from akinai.shipping.models import CodFee, FeeSurcharge, FeeTable, FreeLine, ShippingFee
from akinai.shipping.services import FeeParts
from akinai.shipping.services.fees import REGIONS
from tests import cast

KANTO = Fee("関東", frozenset({"東京都", "千葉県"}), "", "", {"": 880, "chilled": 1_210})
MAIL = Fee("全国のポスト投函", frozenset({"東京都", "沖縄県"}), "", "mail", {"": 250})
OKINAWA = Fee("沖縄", frozenset({"沖縄県"}), "", "", {"": 1_650})
TOSHIMA = Fee("利島村", frozenset(), "10003", "", {"": 2_000})
ISLAND = Surcharge("離島", True, "", "", 1_000, True)
TABLE = Table(
    "秋の送料", date(2026, 10, 1), None, 10, (KANTO, MAIL, OKINAWA, TOSHIMA), (ISLAND,),
    (Free("", 3_980, False), Free("rakuten", 3_980, True)), ((9_999, 330), (29_999, 440), (300_000, 660)),
)  # fmt: skip


def parcel(goods: int = 1_000, to: str = "東京都", **more: Any) -> Parcel:
    usual: dict[str, Any] = {
        "channel": "phone", "postal_code": "1000001", "is_island": False, "service": "parcel", "temperature": ""
    }  # fmt: skip
    return Parcel(goods, prefecture=to, **(usual | more))


# ---- the rules, without a database


def test_a_charge_says_its_region_and_how_much_is_missing_to_the_free_line() -> None:
    found = rules.charge(TABLE, parcel())
    assert (found.yen, found.reasons) == (880, ("関東（常温）¥880", "送料無料まであと ¥2,980"))
    assert (found.tax_rate, found.table, found.cod_yen) == (10, "秋の送料", None)
    assert rules.charge(TABLE, parcel(temperature="chilled")).yen == 1_210
    assert rules.charge(TABLE, parcel(service="mail")).yen == 250


def test_above_the_free_line_a_parcel_is_free_but_islands_only_where_the_channel_says_so() -> None:
    assert rules.charge(TABLE, parcel(3_979)).yen == 880
    free = rules.charge(TABLE, parcel(3_980))
    assert (free.yen, free.told) == (0, "商品代が ¥3,980 以上のため送料無料")
    to_island = {"to": "沖縄県", "postal_code": "9000001", "is_island": True}
    dear = rules.charge(TABLE, parcel(4_000, **to_island))
    assert dear.yen == 2_650
    assert dear.reasons == (
        "沖縄（常温）¥1,650",
        "離島・沖縄は ¥3,980 以上でも送料がかかります",
        "離島の加算 ¥1,000",
    )
    mall = rules.charge(TABLE, parcel(4_000, channel="rakuten", **to_island))
    assert (mall.yen, mall.reasons[-1]) == (1_000, "離島の加算 ¥1,000")


def test_the_longest_postal_code_wins_and_what_no_table_says_is_never_guessed() -> None:
    assert rules.charge(TABLE, parcel(postal_code="1000301")).yen == 2_000
    frozen = rules.charge(TABLE, parcel(temperature="frozen"))
    assert (frozen.yen, frozen.told) == (None, "送料表「秋の送料」に東京都への冷凍の送料がありません")
    assert rules.charge(TABLE, parcel(to="青森県", postal_code="0300001")).yen is None
    assert rules.charge(None, parcel()).told == "この日の送料表がありません"


def test_the_cod_fee_follows_the_sum_to_be_collected_and_ends_where_the_carrier_collects_no_more() -> None:
    def fee(goods: int, besides: int = 0) -> int | None:
        return rules.charge(TABLE, parcel(goods, is_cod=True, besides_yen=besides)).cod_yen

    assert (fee(1_000), fee(9_999), fee(10_000), fee(300_000), fee(300_001)) == (330, 330, 440, 660, None)
    assert fee(10_000, -500) == 330


# ---- the tables


def parts(normal: int = 800, **more: Any) -> FeeParts:
    fees = [
        ShippingFee(region=name, prefectures=places.split(), normal_yen=normal + 100 * no, chilled_yen=normal + 300)
        for no, (name, places) in enumerate(REGIONS)
    ]  # fmt: skip
    usual: dict[str, Any] = {
        "surcharges": [FeeSurcharge(name="離島", is_island=True, yen=1_000)],
        "free_lines": [FreeLine(from_yen=3_980)],
        "cod_fees": [CodFee(up_to_yen=9_999, yen=330), CodFee(yen=440)],
    }
    return FeeParts(fees, **(usual | more))


def published(day: date, name: str = "送料", **more: Any) -> FeeTable:
    table = services.draft_fees(name=name, valid_from=day, parts=parts(**more), by=None)
    return services.publish_fees(table.pk, by=None)


TODAY = date(2026, 11, 24)


@pytest.fixture
def _today(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


pytestmark = pytest.mark.usefixtures("_today")


def test_a_new_version_ends_the_one_before_it_and_taking_it_back_lets_that_one_go_on() -> None:
    first = published(date(2026, 4, 1), "春")
    second = published(date(2026, 12, 1), "冬", normal=900)
    first.refresh_from_db()
    assert (first.valid_until, second.valid_until) == (date(2026, 11, 30), None)
    asks = [
        FeeAsk(1_000, "phone", "東京都", day, "1000001") for day in (date(2026, 11, 30), date(2026, 12, 1))
    ]
    assert [one.yen for one in fee_queries.charges(asks)] == [1_100, 1_200]
    services.withdraw_fees(second.pk, by=None)
    first.refresh_from_db()
    assert first.valid_until is None
    assert (
        fee_queries.charge_for(1_000, channel="", prefecture="東京都", postal_code="", on=asks[1].on).yen
        == 1_100
    )
    with pytest.raises(DomainError, match="もう使われています"):
        services.withdraw_fees(first.pk, by=None)


def test_publishing_is_refused_for_gone_days_gaps_doubles_and_the_same_first_day() -> None:
    published(date(2026, 4, 1))
    with pytest.raises(DomainError, match="もう始まっています"):
        published(TODAY)
    gap = services.draft_fees(
        name="穴", valid_from=date(2027, 1, 1), parts=FeeParts(parts().fees[1:]), by=None
    )
    with pytest.raises(DomainError, match="北海道"):
        services.publish_fees(gap.pk, by=None)
    more = ShippingFee(region="首都", prefectures=["東京都"], normal_yen=700)
    double = FeeParts([*parts().fees, more])
    made = services.draft_fees(name="重複", valid_from=date(2027, 1, 1), parts=double, by=None)
    with pytest.raises(DomainError, match="東京都 が 2 つの地域"):
        services.publish_fees(made.pk, by=None)
    published(date(2027, 1, 1))
    with pytest.raises(ChangedMeanwhile, match="2027/01/01 から"):
        published(date(2027, 1, 1))


def test_the_database_keeps_published_tables_as_they_are_and_never_two_at_once() -> None:
    table = published(date(2026, 4, 1))
    with pytest.raises(DomainError, match="直せません"):
        services.rewrite_fees(table.pk, name="x", valid_from=table.valid_from, parts=parts(), by=None)
    fee = ShippingFee.objects.filter(table=table)
    tries = [
        lambda: fee.update(normal_yen=0),
        lambda: fee.first().delete(),  # type: ignore[union-attr]
        lambda: CodFee.objects.create(table=table, up_to_yen=1, yen=1),
        lambda: FeeSurcharge.objects.filter(table=table).update(yen=0),
        lambda: FreeLine.objects.filter(table=table).update(from_yen=0),
        lambda: FeeTable.objects.filter(pk=table.pk)._raw_delete("default"),
        lambda: FeeTable.objects.filter(pk=table.pk).update(valid_from=date(2020, 1, 1)),
        lambda: FeeTable.objects.filter(pk=table.pk).update(state="draft"),
        lambda: FeeTable.objects.create(name="y", valid_from=date(2026, 5, 1), state="live"),
    ]
    for attempt in tries:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    assert fee.count() == len(REGIONS)
    later = services.withdraw_fees(published(date(2026, 12, 1)).pk, by=None)
    with pytest.raises(IntegrityError, match="is published"), transaction.atomic():
        FeeTable.objects.filter(pk=later.pk).update(state="live")
    for act in (services.discard_fees, services.publish_fees):
        with pytest.raises(DomainError, match="直せません"):
            act(table.pk, by=None)


def test_the_database_refuses_a_row_of_a_fee_table_that_says_nothing_or_says_it_twice() -> None:
    table = services.draft_fees(name="下書き", valid_from=date(2026, 12, 1), parts=parts(), by=None)
    first = {"region": "北海道", "prefectures": ["北海道"], "normal_yen": 1}
    tries = {
        "feetable_ends_after_start": lambda: FeeTable.objects.update(valid_until=date(2026, 11, 30)),
        "shippingfee_once": lambda: ShippingFee.objects.create(table=table, **first),
        "shippingfee_has_place": lambda: ShippingFee.objects.create(table=table, region="x", normal_yen=1),
        "shippingfee_has_price": lambda: ShippingFee.objects.create(table=table, region="x", prefectures=["北海道"]),
        "feesurcharge_once": lambda: FeeSurcharge.objects.create(table=table, name="離島", is_island=True, yen=1),
        "feesurcharge_has_place": lambda: FeeSurcharge.objects.create(table=table, name="x", yen=1),
        "freeline_once_per_channel": lambda: FreeLine.objects.create(table=table, from_yen=1),
        "codfee_once_per_step": lambda: CodFee.objects.create(table=table, yen=1),
    }  # fmt: skip
    for name, attempt in tries.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            attempt()


def test_any_number_of_parcels_costs_the_same_queries(django_assert_num_queries: Any) -> None:
    published(date(2026, 4, 1))
    asks = [
        FeeAsk(1_000, "phone", name, TODAY + timedelta(days=no % 3), is_island=False)
        for no, name in enumerate(PREFECTURES * 20)
    ]
    with django_assert_num_queries(1):
        found = fee_queries.charges(asks)
    assert len(found) == 940 and None not in {one.yen for one in found}
    okinawa = fee_queries.charge_for(1_000, channel="phone", prefecture="沖縄県", postal_code="", on=TODAY)
    assert okinawa.yen == 2_900
    island = fee_queries.charge_for(1_000, channel="phone", prefecture="", postal_code="1000511", on=TODAY)
    assert (island.yen, island.reasons[-1]) == (2_100, "離島の加算 ¥1,000")  # 三宅村, by its code alone


# ---- the file


def test_what_is_written_out_is_read_back_as_the_same_table() -> None:
    old = fee_queries.with_parts(FeeTable.objects.filter(pk=published(date(2026, 4, 1)).pk)).get()
    rows = [COLUMNS, *rows_of(parts_of(old))]
    text = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    kind = intake.kind_of("shipping-fees")
    row, _plan = intake.preview(kind, [Upload("冬の送料.csv", text.encode("cp932"))], options={}, by=None)
    done = intake.apply(row, by=None)
    assert done.created == 16
    new = fee_queries.with_parts(FeeTable.objects.filter(state="draft")).get()
    assert (new.name, new.valid_from) == ("冬の送料", TODAY + timedelta(days=1))
    assert list(rows_of(parts_of(new))) == rows[1:]


def test_wrong_rows_are_named_by_line_and_column_and_nothing_is_written() -> None:
    text = (
        "種別,地域,都道府県,常温,金額,条件の金額,店舗\n"
        "送料,関東,東京都・江戸,八百,,,\n"
        "送料,関東,千葉,,,,\n"
        "おまけ,x,,,,,\n"
        "送料無料,楽天,,,,3980,どこか\n"
        "代引手数料,y,,,,9999,\n"
    )
    kind = intake.kind_of("shipping-fees")
    _row, plan = intake.preview(kind, [Upload("fees.csv", text.encode())], options={}, by=None)
    assert plan.refused
    assert [(e.line, e.column) for e in plan.errors] == [
        (2, "都道府県"), (2, "常温"), (2, "常温"), (3, "常温"), (4, "種別"), (5, "店舗"), (6, "金額"),
    ]  # fmt: skip
    assert not FeeTable.objects.exists()


# ---- the screens


def test_a_table_is_written_tried_and_published_on_screen(client: Client) -> None:
    client.force_login(cast.staff("高橋"))
    page = client.get(reverse("shipping:add_fees"))
    data = {}
    forms = page.context["forms"]
    for part in (forms.head, *forms.sets):
        for form in (part, *getattr(part, "forms", ())) if not hasattr(part, "forms") else part.forms:
            data |= {field.html_name: field.value() or "" for field in form}
        if hasattr(part, "management_form"):
            data |= {field.html_name: field.value() for field in part.management_form}
    data |= {"head-name": "2026年12月から", "head-valid_from": "2026-12-01", "extras-0-yen": "1,100"}
    wrong = client.post(page.request["PATH_INFO"], data)
    assert wrong.status_code == 422
    assert "常温・冷蔵・冷凍のどれかの送料を入力してください。" in wrong.content.decode()
    data |= {f"fees-{no}-normal_yen": "８８０円" for no in range(len(REGIONS))}
    done = client.post(page.request["PATH_INFO"], data)
    table = FeeTable.objects.get()
    assert done.headers["Location"] == reverse("shipping:fee_table", args=[table.pk])
    client.post(reverse("shipping:publish_fees", args=[table.pk]))
    shown = client.get(
        reverse("shipping:fee_table", args=[table.pk]), {"goods_yen": "1000", "code": "100-0511"}
    )
    assert "<strong>¥1,980</strong>" in shown.content.decode()
    table.refresh_from_db()
    assert table.state == "live"
    assert client.get(reverse("shipping:edit_fees", args=[table.pk])).status_code == 302
    file = client.get(reverse("shipping:download_fees", args=[table.pk])).content.decode("utf-8-sig")
    assert file.splitlines()[1].startswith("送料,北海道,北海道")


def test_a_surcharge_that_was_only_proposed_is_left_out_and_one_that_was_begun_is_asked_about() -> None:
    forms = FeeTableForms()
    data = {
        "extras-TOTAL_FORMS": "2", "extras-INITIAL_FORMS": "1",
        "extras-0-name": "離島", "extras-0-is_island": "on", "extras-0-even_when_free": "on", "extras-0-yen": "",
    }  # fmt: skip
    untouched = FeeTableForms(data).surcharges
    assert [form.initial for form in forms.surcharges.forms[:1]] == [
        {"name": "離島", "is_island": True, "even_when_free": True}
    ]
    assert untouched.is_valid() and untouched.rows() == []
    begun = FeeTableForms(data | {"extras-0-name": "伊豆七島"}).surcharges
    assert "加算する額を入力してください。" in str(begun.errors)


def test_who_may_not_change_fees_is_refused(client: Client) -> None:
    table = services.draft_fees(name="下書き", valid_from=date(2026, 12, 1), parts=parts(), by=None)
    client.force_login(cast.staff("佐藤"))
    assert client.get(reverse("shipping:fees")).status_code == 200
    assert client.get(reverse("shipping:add_fees")).status_code == 403
    assert client.post(reverse("shipping:publish_fees", args=[table.pk])).status_code == 403
    client.force_login(cast.staff("部外者"))
    assert client.get(reverse("shipping:fee_table", args=[table.pk])).status_code == 403
    table.refresh_from_db()
    assert table.state == "draft"
