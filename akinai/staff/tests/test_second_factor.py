"""二段階認証: with it a password alone opens nothing; a lost telephone is answered by the 店長."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from akinai.core.errors import DomainError
from akinai.staff import services
from akinai.staff.models import Staff
from tests.cast import staff

pytestmark = pytest.mark.django_db
PASSWORD = "tsukau-toki-dake"


def code_for(secret: str) -> str:
    """What the telephone shows now."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


@pytest.fixture
def suzuki() -> Staff:
    person = staff("鈴木")
    person.set_password(PASSWORD)
    person.save()
    return person


def log_in(client: Client, person: Staff) -> str:
    """Name and password; returns where that leads."""
    answer = client.post("/accounts/login/", {"login": person.username, "password": PASSWORD})
    return str(answer.headers.get("Location", ""))


def activate(client: Client, person: Staff) -> str:
    """Register the telephone; returns its secret."""
    log_in(client, person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    found = re.search(r'<code class="mono">([A-Z2-7]+)</code>', page.content.decode())
    assert found
    client.post("/accounts/2fa/totp/activate/", {"code": code_for(found[1])})
    return found[1]


def test_with_a_telephone_registered_the_password_alone_opens_nothing(suzuki: Staff) -> None:
    activate(Client(), suzuki)
    client = Client()
    assert log_in(client, suzuki).startswith("/accounts/2fa/authenticate/")
    assert client.get("/office/").headers["Location"].startswith("/accounts/login/")


def test_a_recovery_code_lets_in_once(suzuki: Staff) -> None:
    activate(Client(), suzuki)
    code = Authenticator.objects.get(user=suzuki, type="recovery_codes").wrap().get_unused_codes()[0]
    first, second = Client(), Client()
    for client in (first, second):
        log_in(client, suzuki)
        client.post("/accounts/2fa/authenticate/", {"code": code})
    assert (first.get("/office/").status_code, second.get("/office/").status_code) == (200, 302)


def test_a_wrong_code_is_refused_in_japanese(suzuki: Staff) -> None:
    activate(Client(), suzuki)
    client = Client()
    log_in(client, suzuki)
    page = client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert "数字が違うか" in page
    assert client.get("/office/").status_code == 302


def test_changing_it_asks_for_the_password_again(suzuki: Staff) -> None:
    client = Client()
    log_in(client, suzuki)
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")


def test_the_secret_is_not_readable_in_the_database(suzuki: Staff) -> None:
    secret = activate(Client(), suzuki)
    assert secret not in str(Authenticator.objects.get(user=suzuki, type="totp").data)


def test_the_manager_takes_a_lost_telephone_off(suzuki: Staff) -> None:
    activate(Client(), suzuki)
    manager = staff("伊藤")
    client = Client()
    client.force_login(manager, backend="akinai.staff.backends.StaffBackend")
    client.post(f"/office/staff/{suzuki.pk}/second-factor/reset/")
    assert log_in(Client(), suzuki) == "/office/"


def test_nobody_takes_off_their_own_here_and_a_clerk_takes_off_nobodys(suzuki: Staff) -> None:
    manager = staff("伊藤")
    with pytest.raises(DomainError):
        services.reset_second_factor(manager, by=manager)
    activate(Client(), suzuki)
    clerk = Client()
    clerk.force_login(staff("佐藤"), backend="akinai.staff.backends.StaffBackend")
    assert clerk.post(f"/office/staff/{suzuki.pk}/second-factor/reset/").status_code == 403
    assert Authenticator.objects.filter(user=suzuki, type="totp").exists()


@pytest.mark.parametrize("page", ["signup/", "email/", "password/reset/", "password/set/"])
def test_pages_for_customers_are_not_open(page: str) -> None:
    assert Client().get(f"/accounts/{page}").headers["Location"] == "/accounts/login/"
