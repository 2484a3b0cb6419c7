"""送料表 at work: an order by phone, a quote, a subscription, a change of address, two orders in one parcel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.core.models import Activity
from akinai.orders import services as orders
from akinai.orders.gifts import Chosen, Gift
from akinai.orders.intervals import Interval
from akinai.orders.models import GiftOption, Order
from akinai.orders.services import Entry, EntryLine, subscriptions
from akinai.shipping import services as shipping
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


def test_quotes_and_subscriptions_take_the_charge_and_keep_what_was_agreed(tea: int) -> None:
    today = clock.today()
    offer = orders.Offer(SAPPORO, [EntryLine(tea, 1)], today + timedelta(days=9), "cod", shipping_yen=None)
    quote = orders.draft_quote(offer, by=None)
    assert (quote.shipping_yen, quote.total_yen) == (1_480, 2_480)
    agreed = orders.edit_quote(quote.pk, replace(offer, shipping_yen=500), by=None)
    assert agreed.total_yen == 1_500
    terms = subscriptions.Terms(
        AOKI, ISLAND, [EntryLine(tea, 2)], "cod", Interval("days", 30), today + timedelta(days=9), shipping_yen=None,
        cod_fee_yen=None,
    )  # fmt: skip
    one = subscriptions.subscribe(terms, by=None)
    assert (one.shipping_yen, one.cod_fee_yen) == (1_880, 330)


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
