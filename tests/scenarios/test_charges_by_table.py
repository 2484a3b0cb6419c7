"""送料表 at work: an order by phone, a quote, a subscription, a change of address, two orders in one parcel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from akinai.catalog.models import Product
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.core.models import Activity
from akinai.orders import services as orders
from akinai.orders.gifts import Chosen, Gift
from akinai.orders.intervals import Interval
from akinai.orders.models import GiftOption, Order
from akinai.orders.services import Entry, EntryLine, subscriptions, turns
from akinai.shipping import services as shipping
from akinai.shipping.models import FeeTable
from tests import cast, fees
from tests.cast import AOKI

pytestmark = pytest.mark.django_db
SAPPORO = replace(AOKI, postal_code="0600001", prefecture="北海道", city="札幌市中央区", line1="北一条西1")
ISLAND = replace(AOKI, postal_code="1000511", prefecture="東京都", city="三宅島三宅村", line1="伊豆1")


@pytest.fixture
def tea() -> int:
    cast.company()
    fees.publish()
    return cast.sku("TEA-001", pieces=99, price=1_000)


@pytest.fixture
def sato() -> Client:
    client = Client()
    client.force_login(cast.staff("佐藤"))
    return client


def entered(tea: int, pieces: int = 1, **told: Any) -> Order:
    usual: dict[str, Any] = {
        "buyer": AOKI, "ship_to": AOKI, "payment": "cod", "shipping_yen": None, "cod_fee_yen": None, "charge_reason": "",
    }  # fmt: skip
    return orders.enter(
        Entry(lines=[EntryLine(tea, pieces)], **(usual | told)), by=cast.staff("佐藤"), now=clock.now()
    )


def checked(order: Order) -> Order:
    """Asked about and let go: the same customer ordered twice."""
    if order.state == "on_hold":
        orders.release_all(order, note="確認済", by=None)
    return order


def why(order: Order) -> list[str]:
    found = Activity.objects.filter(subject_type="orders.order", subject_id=order.pk, verb="charge_shipping")
    return list(found.order_by("pk").values_list("summary", flat=True))


def test_a_phone_order_takes_the_tables_charge_and_another_one_only_with_a_reason(tea: int) -> None:
    order = entered(tea)
    assert (order.shipping_yen, order.cod_fee_yen, order.total_yen) == (880, 330, 2_210)
    assert why(order) == ["送料 ¥880（関東（常温）¥880。送料無料まであと ¥2,980）、代引手数料 ¥330（送料表）"]
    free = entered(tea, 4)
    assert (free.shipping_yen, free.cod_fee_yen) == (0, 330)
    assert entered(tea, 4, ship_to=ISLAND).shipping_yen == 1_880
    with pytest.raises(DomainError, match="送料表の ¥880 と違います"):
        entered(tea, shipping_yen=0)
    given = entered(tea, shipping_yen=0, charge_reason="前回のお詫び")
    assert (given.shipping_yen, why(given)) == (
        0,
        ["送料 ¥0（送料表では ¥880）: 前回のお詫び、代引手数料 ¥330（送料表）"],
    )


def test_a_quote_takes_the_charge_and_keeps_what_was_agreed(tea: int) -> None:
    today = clock.today()
    offer = orders.Offer(SAPPORO, [EntryLine(tea, 1)], today + timedelta(days=9), "cod", shipping_yen=None)
    quote = orders.draft_quote(offer, by=None)
    assert (quote.shipping_yen, quote.total_yen) == (1_480, 2_480)
    agreed = orders.edit_quote(quote.pk, replace(offer, shipping_yen=500), by=None)
    assert agreed.total_yen == 1_500


def agreed(tea: int, **told: Any) -> subscriptions.Terms:
    usual: dict[str, Any] = {"shipping_yen": None, "cod_fee_yen": None, "days_before": 0}
    first = clock.today() + timedelta(days=30)
    return subscriptions.Terms(
        AOKI, ISLAND, [EntryLine(tea, 2)], "cod", Interval("days", 30), first, **(usual | told)
    )


def test_each_turn_of_a_subscription_costs_what_the_table_of_its_day_says_and_so_does_the_forecast(
    tea: int,
) -> None:
    one = subscriptions.subscribe(agreed(tea), by=None)
    fixed = subscriptions.subscribe(agreed(tea, shipping_yen=500, cod_fee_yen=0), by=None)
    today = clock.today()
    fees.publish(since=today + timedelta(days=45), cod=((None, 550),), island_yen=1_200)
    ahead = turns.planned(today, today + timedelta(days=65))
    assert [(row.subscription.pk, row.turn) for row in ahead] == [
        (one.pk, 1), (fixed.pk, 1), (one.pk, 2), (fixed.pk, 2),
    ]  # fmt: skip
    assert turns.planned_yen(ahead) == [2_000 + 1_880 + 330, 2_500, 2_000 + 2_080 + 550, 2_500]
    for _ in range(2):
        one.refresh_from_db()
        with clock.told(
            clock.now().replace(year=one.order_on.year, month=one.order_on.month, day=one.order_on.day)
        ):
            assert turns.make_turn(one.pk) is True
    made = Order.objects.filter(channel_order_no__startswith=one.number).order_by("channel_order_no")
    assert list(made.values_list("shipping_yen", "cod_fee_yen")) == [(1_880, 330), (2_080, 550)]


def test_a_turn_without_a_charge_is_not_made_for_nothing(tea: int) -> None:
    one = subscriptions.subscribe(agreed(tea), by=None)
    far = one.order_on
    FeeTable.objects.update(valid_until=far - timedelta(days=1))
    with clock.told(clock.now().replace(year=far.year, month=far.month, day=far.day)):
        assert turns.make_turn(one.pk) is False
    assert "送料が決まりません" in one.turns.get().reason
    with pytest.raises(DomainError, match="毎回の送料を入力"):
        subscriptions.subscribe(
            replace(agreed(tea), ship_to=replace(AOKI, prefecture="", postal_code="")), by=None
        )


def test_without_a_table_the_clerk_says_the_charge_or_that_there_is_none(sato: Client) -> None:
    cast.company()
    tea = cast.sku("TEA-001", pieces=99, price=1_000)
    with pytest.raises(DomainError, match="この日の送料表がありません") as refused:
        entered(tea)
    assert "「送料 0 円で受ける」に印" in refused.value.way_out
    assert entered(tea, takes_no_charge=True).shipping_yen == 0
    assert entered(tea, shipping_yen=700).shipping_yen == 700
    offer = orders.Offer(
        AOKI, [EntryLine(tea, 1)], clock.today() + timedelta(days=9), "cod", shipping_yen=None
    )
    with pytest.raises(DomainError, match="送料が決まりません"):
        orders.draft_quote(offer, by=None)
    page = sato.get(reverse("orders:enter")).content.decode()
    assert "送料 0 円で受ける" in page


def test_cold_goods_are_charged_as_cold_and_their_parcel_says_so(tea: int, sato: Client) -> None:
    ice, fish = cast.sku("ICE-001", pieces=99, price=1_000), cast.sku("FISH-001", pieces=99, price=1_000)
    Product.objects.filter(skus=fish).update(temperature="chilled")
    Product.objects.filter(skus=ice).update(temperature="frozen")
    assert entered(tea).shipping_yen == 880
    cold = checked(orders.enter(
        Entry(buyer=SAPPORO, ship_to=SAPPORO, payment="cod", lines=[EntryLine(tea, 1), EntryLine(fish, 1)], shipping_yen=None),
        by=None, now=clock.now(),
    ))  # fmt: skip
    assert cold.shipping_yen == 1_780  # 北海道 and 300 for the cold
    told = sato.get(
        reverse("orders:charge"), {"code": "1010051", "goods_yen": "1000", "goods": "TEA-001\nFISH-001"}
    )
    assert told.json()["yen"] == 1_180
    assert entered(ice).shipping_yen == 1_180
    batch = shipping.instruct([cold.pk], ship_on=clock.today(), by=None)
    assert batch.shipments.get().temperature == "chilled"


def test_a_change_of_address_shows_the_new_charge_and_the_clerk_decides(tea: int, sato: Client) -> None:
    order = entered(tea)
    where = reverse("orders:delivery", args=[order.number])
    names = ("name", "kana", "company", "postal_code", "prefecture", "city", "line1", "line2", "phone")
    sent = {name: getattr(SAPPORO, name) for name in names} | {"seen": orders.version(order)}
    page = sato.post(where, sent)
    assert page.context["preview"].table_yen == 1_480
    text = page.content.decode()
    assert "請求する送料は ¥880 です" in text
    assert "送料を ¥1,480 に直した影響を見る" in text
    again = sato.post(where, sent | {"by_table": "1", "retake": "1"})
    assert again.context["preview"].table_yen is None
    order.refresh_from_db()
    assert order.ship_prefecture == "東京都"
    sato.post(where, sent | {"by_table": "1", "shown": again.context["preview"].fingerprint})
    order.refresh_from_db()
    assert (order.ship_prefecture, order.shipping_yen, order.total_yen) == ("北海道", 1_480, 2_810)
    assert why(order)[-1].startswith("送料 ¥880 → ¥1,480（送料表: 北海道（常温）¥1,480")


def test_two_orders_in_one_parcel_cost_what_the_table_says_never_more_and_undoing_brings_all_back(
    tea: int,
) -> None:
    small, other = (checked(entered(tea, ship_to=SAPPORO)) for _ in range(2))
    merge = shipping.merge_orders([small.pk, other.pk], by=None)
    assert (merge.parcel_yen, merge.given_yen, merge.borne_yen) == (1_480, 1_480, 0)
    assert merge.told == "北海道（常温）¥1,480。送料無料まであと ¥1,980"
    shipping.undo_merge(merge, by=None)
    assert sorted(Order.objects.values_list("shipping_yen", flat=True)) == [1_480, 1_480]
    big = checked(entered(tea, 2, ship_to=SAPPORO))  # together above the free line
    free = shipping.merge_orders([small.pk, other.pk, big.pk], by=None)
    assert (free.parcel_yen, free.given_yen) == (0, 4_440)
    assert list(Order.objects.values_list("shipping_yen", flat=True)) == [0, 0, 0]
    shipping.undo_merge(free, by=None)
    cheap = [checked(entered(tea, shipping_yen=100, charge_reason="お約束")) for _ in range(2)]
    kept = shipping.merge_orders([one.pk for one in cheap], by=None)
    assert (kept.parcel_yen, kept.given_yen) == (200, 0)


def test_gifts_of_the_lines_are_chosen_on_the_phone_and_priced_into_the_order(tea: int, sato: Client) -> None:
    GiftOption.objects.create(name="包装紙", kind="wrapping", price_yen=110)
    address = {
        f"buyer-{name}": getattr(AOKI, name) for name in ("name", "kana", "postal_code", "prefecture", "city", "line1", "phone")
    }  # fmt: skip
    sent = address | {
        "lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "0", "lines-0-code": "TEA-001", "lines-0-quantity": "2",
        "lines-0-omote": "御礼", "lines-0-name": "青木", "lines-0-option0": "2", "terms-payment": "bank_transfer",
    }  # fmt: skip
    refused = sato.post(reverse("orders:enter"), sent)
    assert refused.status_code == 422
    assert "のしの種類を選んでください" in refused.content.decode()
    sato.post(reverse("orders:enter"), sent | {"lines-0-noshi": "cho", "lines-0-side": "inner"})
    order = Order.objects.get()
    assert (order.wrapping_yen, order.shipping_yen, order.total_yen) == (220, 880, 3_100)
    assert Gift.of(order.lines.get().gift) == Gift(
        "cho", "inner", "御礼", "青木", (Chosen("包装紙", 110, 2),)
    )
    asked = {"code": "0600001", "goods_yen": "9800", "besides": "220", "cod": "1"}
    told = sato.get(reverse("orders:charge"), asked).json()
    assert told == {"yen": 0, "cod_yen": 440, "told": "商品代が ¥3,980 以上のため送料無料"}
