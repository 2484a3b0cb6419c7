"""マイページ: members see and change what is theirs, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from akinai.catalog.models import Sku
from akinai.core import clock
from akinai.core.models import OutgoingMail
from akinai.orders.intervals import Interval
from akinai.orders.models import Order, Subscription
from akinai.orders.services import EntryLine, subscriptions
from akinai.party import merging
from akinai.party.models import Customer
from akinai.shipping import services as shipping
from akinai.shipping.models import ReturnCase, Shipment
from akinai.shop import member_links, member_urls
from akinai.shop.models import (
    MOST_ADDRESSES,
    Address,
    Cart,
    Consent,
    Favourite,
    Member,
    RestockNotice,
)
from akinai.shop.services import wishes
from akinai.shop.tests.people import PASSWORD, logged_in, member
from tests import cast

pytestmark = pytest.mark.django_db
PLACE = {
    "name": "青木 美咲", "kana": "アオキ ミサキ", "postal_code": "150-0001", "line1": "4-12-3", "line2": "", "phone": "090-0000-1001",
}  # fmt: skip


def sold(code: str, *, pieces: int = 0) -> int:
    pk = cast.sku(code, pieces=pieces)
    Sku.objects.filter(pk=pk).update(needs_review=False)
    return pk


def ordered(no: str = "A-1", **changes: Any) -> Order:
    if not Sku.objects.filter(code="TEA").exists():
        sold("TEA", pieces=20)
    return cast.place(cast.draft(no, ("TEA", 2, 1080), **changes), channel="phone")


def left(order: Order) -> Shipment:
    """The parcel of the order, on its way."""
    shipping.save_account(
        carrier="yamato",
        settings={"customer_code": "030000123401", "freight_no": "01"},
        is_default=True,
        by=None,
    )
    batch = shipping.instruct([order.pk], ship_on=clock.today(), by=None)
    shipment = batch.shipments.get()
    shipping.ship([shipment.pk], by=None)
    return Shipment.objects.get(pk=shipment.pk)


def subscribed() -> Subscription:
    sku = sold("CHA", pieces=50)
    told = subscriptions.Terms(
        cast.AOKI,
        cast.AOKI,
        [EntryLine(sku, 1)],
        "cod",
        Interval("days", 30),
        clock.today() + timedelta(days=20),
        least_turns=2,
    )
    return subscriptions.subscribe(told, by=None)


# ---- nobody else's


def _things_of(owner: Member) -> dict[str, dict[str, Any]]:
    """Every my-page address that names a thing, filled with things of this member."""
    order, one = ordered(), subscribed()
    address = Address.objects.create(
        member=owner, **{**PLACE, "postal_code": "1500001"}, prefecture="東京都", city="渋谷区"
    )
    wish = RestockNotice.objects.create(
        member=owner, sku=Sku.objects.get(code="TEA"), confirmed_at=clock.now()
    )
    of_order, of_plan = {"number": order.number}, {"number": one.number}
    return {
        "my_card": of_plan, "my_card_done": of_plan, "my_card_remove": of_plan,
        "my_order": of_order, "my_cancel": of_order, "my_invoice": of_order, "my_reorder": of_order, "my_return": of_order | {"shipment_no": "SH-1"},
        "my_address": {"pk": address.pk}, "my_address_usual": {"pk": address.pk}, "my_address_remove": {"pk": address.pk},
        "my_restock_stop": {"pk": wish.pk}, "my_subscription_act": {"number": one.number, "act": "end"},
    }  # fmt: skip


def test_another_member_finds_nothing_at_any_address_of_my_page() -> None:
    cast.company()
    owner = member()
    stranger = logged_in(member("stranger@example.com", name="部外 者"))
    things = _things_of(owner)
    named = [
        one.name
        for one in member_urls.urlpatterns
        if str(one.pattern).startswith("mypage/") and "<" in str(one.pattern)
    ]
    assert set(named) == set(things)  # a new page must be thought of here
    before = _state(owner)
    for name, kwargs in things.items():
        url = reverse(f"shop:{name}", kwargs=kwargs)
        for answer in (stranger.get(url), stranger.post(url, {"reason": "x", "password": PASSWORD})):
            assert answer.status_code in (404, 405), (name, answer.status_code)
        assert stranger.post(url, {"reason": "x"}).status_code in (404, 405)
        assert Client().get(url).status_code in (302, 405)
    assert _state(owner) == before
    page = stranger.get("/mypage/").text + stranger.get("/mypage/orders/").text
    assert "A-1" not in page and "ご注文はまだありません" in page


def _state(owner: Member) -> tuple[Any, ...]:
    return (
        list(Order.objects.values_list("state")), list(Subscription.objects.values_list("state")),
        list(owner.addresses.values_list()), list(owner.restock_notices.values_list()),
    )  # fmt: skip


def test_every_page_opens_for_its_owner_and_costs_the_same_with_many_orders() -> None:
    cast.company()
    owner = member()
    client = logged_in(owner)
    ordered()
    counts = {}
    for name in ("mypage", "my_orders"):
        assert (
            client.get(reverse(f"shop:{name}")).status_code == 200
        )  # what is remembered for minutes is asked here
        with CaptureQueriesContext(connection) as few:
            client.get(reverse(f"shop:{name}"))
        counts[name] = len(few)
    for n in range(9):
        ordered(f"B-{n}")
    for name, before in counts.items():
        with CaptureQueriesContext(connection) as many:
            client.get(reverse(f"shop:{name}"))
        assert len(many) == before
    for page in ("my_subscriptions", "my_favourites", "my_restock", "my_addresses", "my_profile", "my_withdraw",
                 "my_address_new", "my_profile_name", "my_profile_mail", "my_profile_password"):  # fmt: skip
        assert client.get(reverse(f"shop:{page}")).status_code == 200, page


def test_orders_of_malls_stay_on_the_malls_pages() -> None:
    client = logged_in(member())
    sold("TEA", pieces=5)
    cast.place(cast.draft("R-1", ("TEA", 1, 1080)), channel="rakuten")
    assert "R-1" not in client.get("/mypage/orders/").text


# ---- orders


def test_an_order_that_waits_is_cancelled_by_its_buyer_and_one_on_its_way_is_not() -> None:
    cast.company()
    client = logged_in(member())
    order = ordered()
    url = reverse("shop:my_cancel", args=[order.number])
    assert "キャンセルします" in client.get(url).text
    assert client.post(url).status_code == 302
    order.refresh_from_db()
    assert (order.state, cast.level(order.lines.get().sku_id)) == ("cancelled", (20, 0))  # type: ignore[arg-type]
    other = ordered("A-2")
    Order.objects.filter(pk=other.pk).update(state="picking")
    client.post(reverse("shop:my_cancel", args=[other.number]))
    other.refresh_from_db()
    assert other.state == "picking"


def test_the_goods_of_an_order_come_into_the_cart_again_and_a_guests_cart_comes_along_at_login() -> None:
    owner = member()
    order = ordered()
    guest = Client()
    guest.post(reverse("shop:cart_add"), {"sku": order.lines.get().sku_id, "quantity": "1"})
    guest.post("/login/", {"mail": owner.mail, "password": PASSWORD})
    assert Cart.objects.get(member_id=owner.pk).lines.get().quantity == 1
    guest.post(reverse("shop:my_reorder", args=[order.number]))
    assert Cart.objects.get(member_id=owner.pk).lines.get().quantity == 3


def test_goods_are_asked_back_within_the_days_of_the_shop_and_not_later() -> None:
    cast.company()
    client = logged_in(member())
    order = ordered()
    shipment = left(order)
    url = reverse("shop:my_return", args=[order.number, shipment.number])
    line = shipment.lines.get()
    told = {"reason": "defect", "wish": "refund", "detail": "缶がへこんでいた", f"q{line.pk}": "1"}
    assert client.post(url, told | {f"q{line.pk}": "3"}).status_code == 422
    assert client.post(url, told).status_code == 302
    case = ReturnCase.objects.get()
    assert (case.order_id, case.pays_shipping, case.lines.get().quantity) == (order.pk, "shop", 1)
    with clock.told(clock.now() + timedelta(days=9)):
        later = logged_in(Member.objects.get())
        assert later.post(url, told).status_code == 404


def test_a_subscription_is_skipped_rested_and_ended_within_its_rules() -> None:
    cast.company()
    client = logged_in(member())
    one = subscribed()

    def act(name: str, **told: Any) -> Subscription:
        client.post(reverse("shop:my_subscription_act", args=[one.number, name]), told)
        one.refresh_from_db()
        return one

    first = one.next_on
    assert act("skip", turn=1).next_on == first + timedelta(days=30)
    assert act("skip", turn=1).next_turn == 2  # a second press of the same page skips nothing more
    assert act("pause").state == "paused"
    assert act("resume").state == "active"
    assert act("end").state == "active"  # two turns were promised
    Subscription.objects.filter(pk=one.pk).update(least_turns=0)
    assert act("end", reason="飲みきれない").state == "ended"


# ---- addresses, favourites, restock


def test_the_postal_code_fills_the_address_and_one_of_the_book_is_the_usual_one() -> None:
    owner = member()
    client = logged_in(owner)
    assert client.post("/mypage/addresses/new/", PLACE).status_code == 302
    first = owner.addresses.get()
    assert (first.prefecture, first.city, first.postal_code, first.is_default) == (
        "東京都",
        "渋谷区神宮前",
        "1500001",
        True,
    )
    client.post("/mypage/addresses/new/", {**PLACE, "line1": "9-9", "is_default": "on"})
    assert [one.line1 for one in owner.addresses.filter(is_default=True)] == ["9-9"]
    wrong = client.post("/mypage/addresses/new/", {**PLACE, "prefecture": "大阪府", "city": "大阪市"})
    assert wrong.status_code == 422 and "大阪府 のものではありません" in wrong.text
    client.post(reverse("shop:my_address_remove", args=[owner.addresses.get(line1="9-9").pk]))
    assert owner.addresses.get().is_default


def test_the_twenty_first_address_is_refused() -> None:
    owner = member()
    client = logged_in(owner)
    for n in range(MOST_ADDRESSES):
        client.post("/mypage/addresses/new/", {**PLACE, "line1": f"{n}-1"})
    assert client.post("/mypage/addresses/new/", PLACE).status_code == 422
    assert owner.addresses.count() == MOST_ADDRESSES


def test_a_favourite_is_one_however_often_it_is_pressed_and_a_guest_logs_in_first() -> None:
    sku = Sku.objects.get(pk=sold("TEA", pieces=1))
    url = reverse("shop:favourite", args=[sku.product.number])
    assert Client().post(url)["Location"].startswith("/login/?next=/products/")
    owner = member()
    client = logged_in(owner)
    client.post(url)
    client.post(url)
    assert owner.favourites.count() == 1
    assert "商品 TEA" in client.get("/mypage/favourites/").text
    client.post(url, {"off": "1"})
    assert not owner.favourites.exists()


def test_who_waits_is_told_once_when_pieces_are_there() -> None:
    cast.company()
    sku = sold("TEA")
    owner = member()
    client = logged_in(owner)
    page = reverse("shop:restock_ask", args=[sku])
    client.post(page)
    client.post(page)
    Client().post(page, {"mail": "guest@example.com"})
    assert wishes.tell_arrivals() == 0
    cast.receive(sku, 2, key="arrived")
    assert wishes.tell_arrivals() == 1  # the guest has not confirmed
    guest = RestockNotice.objects.get(member=None)
    wishes.confirm(guest)
    assert wishes.tell_arrivals() == 1
    assert wishes.tell_arrivals() == 0
    told = OutgoingMail.objects.filter(subject__contains="再入荷しました")
    assert sorted(told.values_list("to", flat=True)) == ["aoki@example.com", "guest@example.com"]
    guest.refresh_from_db()
    assert guest.mail == ""


def test_one_press_of_the_mail_program_stops_the_mails_of_a_wish() -> None:
    cast.company()
    sku = sold("TEA")
    wish = RestockNotice.objects.create(sku_id=sku, mail="guest@example.com", confirmed_at=clock.now())
    path = member_links.stop_url("restock", wish.pk).partition("//")[2].partition("/")[2]
    outside = Client(enforce_csrf_checks=True)
    assert outside.get(f"/{path}").status_code == 200
    wish.refresh_from_db()
    assert wish.stopped_at is None
    assert outside.post(f"/{path}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    wish.refresh_from_db()
    assert wish.stopped_at and wish.mail == ""


def test_news_are_stopped_by_the_link_and_the_ledger_says_where() -> None:
    owner = member(takes_news=True)
    path = member_links.stop_url("news", owner.pk).partition("//")[2].partition("/")[2]
    Client().post(f"/{path}")
    Client().post(f"/{path}")
    owner.refresh_from_db()
    assert not owner.takes_news
    rows = Consent.objects.filter(member=owner, kind="news").order_by("pk")
    assert list(rows.values_list("is_given", "source")) == [(True, "registration"), (False, "link")]


# ---- leaving, 名寄せ


def test_leaving_erases_the_account_and_keeps_customer_and_orders() -> None:
    cast.company()
    owner = member(takes_news=True)
    client = logged_in(owner)
    order = ordered()
    client.post("/mypage/addresses/new/", PLACE)
    Favourite.objects.create(member=owner, product=Sku.objects.get(code="TEA").product)
    page = client.get("/mypage/withdraw/").text
    assert "A-1" in page
    assert client.post("/mypage/withdraw/", {"understood": "on", "password": "wrong"}).status_code == 422
    assert (
        client.post("/mypage/withdraw/", {"understood": "on", "password": PASSWORD}).headers["Location"]
        == "/withdrawn/"
    )
    owner.refresh_from_db()
    assert (owner.mail, owner.name, owner.password, owner.phone) == ("", "", "", "")
    assert not (Address.objects.exists() or Favourite.objects.exists() or owner.sessions.exists())
    assert client.get("/mypage/").status_code == 302
    order.refresh_from_db()
    assert order.customer_id == owner.customer_id and order.buyer_email == "aoki@example.com"
    last = {one.kind: one.is_given for one in owner.consents.order_by("pk")}
    assert last == {"terms": False, "privacy": False, "news": False}
    again = member()  # the same address may come back
    assert again.customer_id == owner.customer_id


def test_two_members_whose_customers_become_one_open_the_same_page_until_it_is_undone() -> None:
    cast.company()
    one, two = member(), member("second@example.com", name="青木 美咲")
    sku = Sku.objects.get(pk=sold("TEA"))
    Favourite.objects.create(member=two, product=sku.product)
    kept, gone = Customer.objects.get(pk=one.customer_id), Customer.objects.get(pk=two.customer_id)
    row = merging.merge(kept, gone, reason="同じ方", by=cast.staff("佐藤"))
    assert "aoki@example.com" in logged_in(two).get("/mypage/profile/").text
    assert one.favourites.count() == 1
    merging.take_apart(row, reason="別の方", by=cast.staff("佐藤"))
    assert "second@example.com" in logged_in(two).get("/mypage/profile/").text
    assert two.favourites.count() == 1 and not one.favourites.exists()


# ---- the office


def test_the_office_sees_members_and_sends_a_link_but_never_a_password() -> None:
    cast.company()
    owner = member()
    clerk = Client()
    clerk.force_login(cast.staff("佐藤"), backend="akinai.staff.backends.StaffBackend")
    assert "青木 美咲" in clerk.get("/office/shop/members/").text
    page = clerk.get(f"/office/customers/{owner.customer.number}/").text
    assert "再設定のリンクを送る" in page and owner.password not in page
    assert clerk.post(f"/office/shop/members/{owner.pk}/reset/").status_code == 302
    assert OutgoingMail.objects.get().to == owner.mail
    assert clerk.get("/office/shop/members/?export=csv").status_code == 403
    manager = Client()
    manager.force_login(cast.staff("伊藤"), backend="akinai.staff.backends.StaffBackend")
    assert b"aoki@example.com" in b"".join(manager.get("/office/shop/members/?export=csv").streaming_content)  # type: ignore[attr-defined]
    nobody = Client()
    nobody.force_login(cast.staff("高橋"), backend="akinai.staff.backends.StaffBackend")
    assert nobody.get("/office/shop/members/").status_code == 403


def test_the_list_of_wishes_says_how_many_wait_for_which_goods() -> None:
    sku = sold("TEA")
    for n in range(3):
        RestockNotice.objects.create(sku_id=sku, mail=f"g{n}@example.com", confirmed_at=clock.now())
    clerk = Client()
    clerk.force_login(cast.staff("田中"), backend="akinai.staff.backends.StaffBackend")
    page = clerk.get("/office/shop/wishes/").text
    assert "TEA" in page and ">3<" in page.replace("\n", "")
