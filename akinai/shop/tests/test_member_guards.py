"""会員の守り: how often, for how long, and whose; what guessing, flooding and old links do not get."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from akinai.catalog.models import Sku
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.shop import member_links
from akinai.shop.models import Address, Favourite, Member, MemberLink, MemberSession, RestockNotice
from akinai.shop.services import accounts, addresses, consents, leaving, wishes
from akinai.shop.tests import factories
from akinai.shop.tests.people import PASSWORD, logged_in, member
from akinai.shop.views import orders as order_views
from tests import cast

pytestmark = pytest.mark.django_db
MAIL = "aoki@example.com"


def test_nobody_fills_a_post_box_from_here(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.company()
    monkeypatch.setattr(accounts, "MAILS_TO_ONE", 1)
    accounts.ask_reset(MAIL, address="10.0.0.1")
    with pytest.raises(DomainError, match="短い時間に何度も"):
        accounts.ask_registration(f" {MAIL.upper()}", address="10.0.0.2", back_to="")
    monkeypatch.setattr(accounts, "MAILS_TO_ONE", 99)
    monkeypatch.setattr(accounts, "MAILS_FROM_ONE", 1)
    with pytest.raises(DomainError, match="短い時間に何度も"):
        accounts.ask_reset("other@example.com", address="10.0.0.1")
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize(
    ("bound", "others"),
    [("ADDRESS_TRIES", [("b@example.com", "10.0.0.1")]), ("MAIL_TRIES", [(MAIL, "10.0.0.2")])],
)
def test_neither_many_names_from_one_place_nor_many_places_for_one_name_are_tried_for_ever(
    monkeypatch: pytest.MonkeyPatch, bound: str, others: list[tuple[str, str]]
) -> None:
    member(MAIL), member("b@example.com")
    monkeypatch.setattr(accounts, bound, 1)
    with pytest.raises(accounts.LoginRefused, match="違います"):
        accounts.log_in(MAIL, "wrong-password", address="10.0.0.1")
    for mail, address in others:
        with pytest.raises(accounts.LoginRefused, match="しばらく"):
            accounts.log_in(mail, PASSWORD, address=address)


def test_who_sits_at_an_open_browser_does_not_guess_the_password() -> None:
    cast.company()
    found = member(MAIL)
    for _ in range(10):
        with pytest.raises(accounts.LoginRefused):
            accounts.change_password(found, old="wrong-password", new="quite-another-one")
    for act in (
        lambda: accounts.change_password(found, old=PASSWORD, new="quite-another-one"),
        lambda: accounts.ask_mail_change(found, new="x@example.com", password=PASSWORD, address="10.0.0.1"),
        lambda: leaving.withdraw(found, password=PASSWORD),
    ):
        with pytest.raises(accounts.LoginRefused):
            act()
    found.refresh_from_db()
    assert found.withdrawn_at is None and not OutgoingMail.objects.exists()


def test_who_left_gets_no_new_password_and_his_links_are_over() -> None:
    cast.company()
    found = member(MAIL)
    reset = member_links.token_of(member_links.make("reset", mail=MAIL, member=found))
    leaving.withdraw(found, password=PASSWORD)
    with pytest.raises(member_links.LinkOver):
        accounts.reset_password(reset, "quite-another-one")
    found.refresh_from_db()
    late = member_links.token_of(member_links.make("reset", mail="late@example.com", member=found))
    with pytest.raises(member_links.LinkOver):
        accounts.reset_password(late, "quite-another-one")
    with pytest.raises(DomainError, match="退会した会員"):
        accounts.send_reset(found, by=cast.staff("佐藤"))
    assert not consents.set_news(found, wanted=True, source="mypage")
    assert not MemberLink.objects.filter(mail=MAIL).exists()


def test_an_address_of_another_member_is_told_to_that_one_alone() -> None:
    cast.company()
    found, other = member(MAIL), member("other@example.com", name="森")
    accounts.ask_mail_change(found, new=other.mail, password=PASSWORD, address="10.0.0.1")
    told = OutgoingMail.objects.get()
    assert told.to == other.mail and not MemberLink.objects.filter(kind="mail").exists()
    taken = member_links.token_of(member_links.make("mail", mail=other.mail, member=found))
    with pytest.raises(member_links.LinkOver):
        accounts.change_mail(taken)
    found.refresh_from_db()
    assert found.mail == MAIL


def test_a_login_ends_after_its_month() -> None:
    client = logged_in(member(MAIL))
    MemberSession.objects.update(ends_at=clock.now() - timedelta(seconds=1))
    assert client.get("/mypage/").status_code == 302


def test_wishes_and_favourites_have_their_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.open_shop()
    tea, cup = (factories.goods(code, pieces=0) for code in ("TEA-1", "CUP-1"))
    found = member(MAIL)
    monkeypatch.setattr(wishes, "MOST_WISHES", 1)
    monkeypatch.setattr(wishes, "MOST_FAVOURITES", 1)
    product = Sku.objects.get(pk=tea).product_id
    wishes.add_favourite(found, product)
    with pytest.raises(DomainError, match="お気に入りは 1 件まで"):
        wishes.add_favourite(found, product)
    assert wishes.ask_as_member(found, tea)
    with pytest.raises(DomainError, match="お知らせは 1 件まで"):
        wishes.ask_as_member(found, cup)
    assert Favourite.objects.count() == RestockNotice.objects.count() == 1


def test_a_guests_wish_is_asked_for_within_bounds_and_stopped_by_its_owner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast.company()
    factories.open_shop()
    tea = factories.goods("TEA-1", pieces=0)
    for _ in range(10):
        wishes.ask_as_guest(MAIL, tea, address="10.0.0.1")
    with pytest.raises(DomainError, match="短い時間に"):
        wishes.ask_as_guest(MAIL.upper(), tea, address="10.0.0.2")
    for n in range(20):
        wishes.ask_as_guest(f"{n}@example.com", tea, address="10.0.0.1")
    with pytest.raises(DomainError, match="短い時間に"):
        wishes.ask_as_guest("one-more@example.com", tea, address="10.0.0.1")
    mine, other = member("m@example.com"), member("n@example.com", name="森")
    wishes.ask_as_member(mine, tea)
    wish = RestockNotice.objects.get(member=mine)
    assert not wishes.stop(wish.pk, member=other) and wishes.stop(wish.pk, member=mine)
    assert wishes.wish_of(str(wish.pk)) is None
    assert wishes.wish_of(signing.dumps(RestockNotice.objects.earliest("pk").pk, salt="another")) is None


def test_an_address_of_another_member_is_neither_made_usual_nor_removed() -> None:
    mine, other = member(MAIL), member("other@example.com", name="森")
    told: dict[str, Any] = {
        "name": "x",
        "postal_code": "1500001",
        "prefecture": "東京都",
        "city": "渋谷区",
        "line1": "1",
    }
    theirs = addresses.save_address(other, Address(**told), is_default=False)
    assert not addresses.make_usual(mine, theirs.pk)
    assert not addresses.remove_address(mine, theirs.pk)
    assert Address.objects.get().member_id == other.pk


@pytest.mark.parametrize("bound", ["PER_ADDRESS", "PER_NUMBER"])
def test_orders_are_looked_for_within_bounds_of_place_and_number(
    monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(order_views, bound, 1)
    told = {"number": "WEB-2026-000001", "email": MAIL}
    other = told | ({"number": "WEB-2026-000002"} if bound == "PER_ADDRESS" else {})
    place = {} if bound == "PER_ADDRESS" else {"REMOTE_ADDR": "10.0.0.9"}
    assert Client().post("/orders/", told).status_code == 422
    assert Client(**place).post("/orders/", other).status_code == 429  # type: ignore[arg-type]


def test_a_member_is_one_however_he_writes_his_address_and_who_left_has_none() -> None:
    cast.company()
    found = member(MAIL)
    assert accounts.member_by_mail(f"  {MAIL.upper()} ") == found
    leaving.withdraw(found, password=PASSWORD)
    assert accounts.member_by_mail(MAIL) is None
    assert accounts.member_by_mail(" ") is None


def test_two_links_of_one_address_that_were_made_at_once_make_one_member() -> None:
    cast.company()
    first, second = (member_links.make("register", mail=MAIL) for _ in range(2))
    MemberLink.objects.filter(pk=first.pk).update(used_at=None)
    told = accounts.Profile("青木 美咲")
    accounts.register(member_links.token_of(first), told, password=PASSWORD, takes_news=False)
    with pytest.raises(member_links.LinkOver):
        accounts.register(member_links.token_of(second), told, password=PASSWORD, takes_news=False)
    assert Member.objects.count() == 1


def test_who_called_off_his_wish_a_moment_ago_is_not_written_to() -> None:
    cast.company()
    factories.open_shop()
    wish = RestockNotice.objects.create(
        sku_id=factories.goods("TEA-1"), mail="guest@example.com", confirmed_at=clock.now()
    )
    assert wishes.stop(wish.pk)
    assert not wishes._tell(wish), "as the job read it before"
    assert not OutgoingMail.objects.exists()
