"""会員登録・ログイン: the mail address is proven first, nobody learns whose address is known, and members are not staff."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from akinai.core import clock, mail
from akinai.core.models import OutgoingMail
from akinai.party.models import Customer
from akinai.shop import member_links, sessions
from akinai.shop.models import Consent, Member, MemberLink, MemberSession
from akinai.shop.services import accounts
from akinai.shop.tests.people import PASSWORD, logged_in, member
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db
MAIL = "aoki@example.com"


def link_in_mail() -> str:
    """The path of the link in the mail that left last."""
    mail.send_due()
    body = outbox.outbox[-1].body
    found = re.search(r"https?://[^/]+(/\S+)", body)
    assert found, body
    return found[1]


def registered(client: Client, **changes: Any) -> Any:
    client.post(reverse("shop:register"), {"mail": changes.pop("mail", MAIL)})
    told = {"name": "青木 美咲", "kana": "あおき みさき", "password": PASSWORD, "agrees": "on"} | changes
    return client.post(link_in_mail(), told)


def test_who_registers_proves_the_mail_address_and_then_sees_orders_of_that_address() -> None:
    cast.company()
    cast.sku("TEA", pieces=3)
    order = cast.place(cast.draft("A-1", ("TEA", 1, 1080)), channel="phone")
    client = Client()
    answer = registered(client, mail=" Aoki@Example.com ")
    assert answer.status_code == 302 and answer["Location"] == reverse("shop:mypage")
    found = Member.objects.get()
    assert (found.mail, found.kana, found.customer_id) == (MAIL, "アオキ ミサキ", order.customer_id)
    assert "A-1" in client.get(reverse("shop:mypage")).text
    assert list(found.consents.order_by("pk").values_list("kind", "is_given")) == [
        ("terms", True), ("privacy", True), ("news", False),
    ]  # fmt: skip


def said(url: str, told: dict[str, str]) -> str:
    """What the screen says, without what differs at each look (nonce, token) and the address itself."""
    text = Client().post(url, told).text.replace(told["mail"], "x")
    return re.sub(r'(nonce|value)="[^"]*"', "", text)


def test_the_screens_say_the_same_whether_an_address_is_known_or_not() -> None:
    cast.company()
    member(MAIL)
    for page in ("shop:register", "shop:reset", "shop:login"):
        url = reverse(page)
        answers = [
            said(url, {"mail": one, "password": "wrong-password"}) for one in (MAIL, "nobody@example.com")
        ]
        assert answers[0] == answers[1]
    assert "メールアドレスかパスワードが違います" in answers[0]


def test_a_known_and_an_unknown_address_cost_the_same_statements() -> None:
    cast.company()
    member(MAIL)
    for ask in (
        lambda one: accounts.ask_registration(one, back_to="", address=one),
        lambda one: accounts.ask_reset(one, address=one),
    ):
        counts = []
        for one in (MAIL, "nobody@example.com"):
            with CaptureQueriesContext(connection) as seen:
                ask(one)
            counts.append(len(seen))
        assert counts[0] == counts[1]


def test_somebody_who_is_a_member_already_gets_a_way_to_a_new_password_instead_of_a_second_account() -> None:
    cast.company()
    member(MAIL)
    client = Client()
    client.post(reverse("shop:register"), {"mail": MAIL})
    path = link_in_mail()
    assert path.startswith("/reset/")
    assert client.post(path, {"password": "another-long-one"}).status_code == 302
    assert Member.objects.count() == 1


def test_a_link_is_good_once_and_for_a_day() -> None:
    cast.company()
    registered(Client())
    old = MemberLink.objects.get()
    assert Client().get(f"/register/{member_links.token_of(old)}/").status_code == 410
    late = member_links.make("register", mail="late@example.com")
    token = member_links.token_of(late)
    MemberLink.objects.filter(pk=late.pk).update(ends_at=clock.now() - timedelta(seconds=1))
    assert Client().get(f"/register/{token}/").status_code == 410
    assert Client().get("/register/nonsense/").status_code == 410
    assert Client().get(f"/reset/{member_links.token_of(old)}/").status_code == 410


def test_no_table_and_no_screen_of_the_office_has_the_link() -> None:
    cast.company()
    member(MAIL)
    Client().post(reverse("shop:reset"), {"mail": MAIL})
    kept = OutgoingMail.objects.get()
    assert mail.SECRET in kept.body and "/reset/" not in kept.body
    assert link_in_mail().startswith("/reset/")
    assert "/reset/" not in OutgoingMail.objects.get().body


def test_the_sixth_wrong_password_closes_the_door_for_a_while_even_for_the_right_one() -> None:
    member(MAIL)
    client = Client()
    for _ in range(accounts.LOGIN_TRIES):
        client.post(reverse("shop:login"), {"mail": MAIL, "password": "wrong-password"})
    answer = client.post(reverse("shop:login"), {"mail": MAIL, "password": PASSWORD})
    assert answer.status_code == 422 and "しばらくログインできません" in answer.text
    elsewhere = Client(REMOTE_ADDR="10.0.0.9").post(
        reverse("shop:login"), {"mail": MAIL, "password": PASSWORD}
    )
    assert elsewhere.status_code == 302
    with clock.told(clock.now() + timedelta(minutes=16)):
        assert client.post(reverse("shop:login"), {"mail": MAIL, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("password", ["short-1", "password1234", "aoki@example"])
def test_weak_passwords_are_refused_with_the_reason(password: str) -> None:
    cast.company()
    answer = registered(Client(), password=password)
    assert answer.status_code == 422 and "errorlist" in answer.text
    assert not Member.objects.exists()


def test_a_members_login_opens_no_screen_of_the_office_and_a_clerks_login_is_no_member() -> None:
    found = member(MAIL)
    shopper = logged_in(found)
    assert shopper.get("/mypage/").status_code == 200
    for path in ("/office/", "/office/orders/", "/cms/", f"/office/shop/members/{found.pk}/reset/"):
        assert shopper.get(path).status_code in (302, 405) and "/login/" in shopper.get(path).get(
            "Location", "/login/"
        )
    clerk = Client()
    clerk.force_login(cast.staff("伊藤"), backend="akinai.staff.backends.StaffBackend")
    assert clerk.get("/office/shop/members/").status_code == 200
    assert clerk.get("/mypage/")["Location"] == "/login/?next=%2Fmypage%2F"


def test_each_login_makes_a_new_secret_and_logging_out_ends_it() -> None:
    client = logged_in(member(MAIL))
    first = client.cookies[sessions.COOKIE].value
    again = Client()
    again.cookies[sessions.COOKIE] = first
    again.post(reverse("shop:logout"))
    assert client.get("/mypage/").status_code == 302
    client.post(reverse("shop:login"), {"mail": MAIL, "password": PASSWORD})
    assert client.cookies[sessions.COOKIE].value != first
    assert MemberSession.objects.count() == 1


def test_who_is_logged_in_costs_one_query_and_a_guest_none(rf: Any, django_assert_num_queries: Any) -> None:
    client = logged_in(member(MAIL))
    request = rf.get("/")
    request.COOKIES[sessions.COOKIE] = client.cookies[sessions.COOKIE].value
    with django_assert_num_queries(1):
        assert sessions.member_of(request) and sessions.member_of(request)
    with django_assert_num_queries(0):
        assert sessions.member_of(rf.get("/")) is None


def test_a_new_password_logs_out_every_other_browser_and_is_told_by_mail() -> None:
    cast.company()
    found = member(MAIL)
    here, there = logged_in(found), logged_in(found)
    new = {"old": PASSWORD, "password": "quite-another-one"}
    assert here.post(reverse("shop:my_profile_password"), new).status_code == 302
    assert here.get("/mypage/").status_code == 200
    assert there.get("/mypage/").status_code == 302
    assert OutgoingMail.objects.filter(subject__contains="パスワードが変わりました", to=MAIL).exists()


def test_a_new_mail_address_counts_when_its_own_mail_was_opened_and_the_old_one_is_told() -> None:
    cast.company()
    found = member(MAIL)
    client = logged_in(found)
    client.post(reverse("shop:my_profile_mail"), {"mail": "new@example.com", "password": PASSWORD})
    path = link_in_mail()
    assert outbox.outbox[-1].to == ["new@example.com"]
    client.get(path)
    found.refresh_from_db()
    assert found.mail == MAIL
    client.post(path)
    found.refresh_from_db()
    assert (found.mail, Customer.objects.get(pk=found.customer_id).email) == (
        "new@example.com",
        "new@example.com",
    )
    assert OutgoingMail.objects.filter(subject__contains="メールアドレスが変わりました", to=MAIL).exists()


def test_consents_are_never_changed_and_never_lost() -> None:
    found = member(MAIL)
    row = Consent.objects.filter(member=found)
    for act in (lambda: row.update(is_given=False), lambda: row.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


@pytest.mark.django_db(transaction=True)
def test_two_presses_of_one_registration_make_one_member() -> None:
    cast.company()
    token = member_links.token_of(member_links.make("register", mail=MAIL))

    def press() -> Any:
        return accounts.register(token, accounts.Profile("青木 美咲"), password=PASSWORD, takes_news=False)

    made = together(press, press)
    assert sorted(isinstance(one, Member) for one in made) == [False, True]
    assert Member.objects.count() == 1
