"""会員 for tests."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.test import Client

from akinai.party import services as party
from akinai.shop.models import Member
from akinai.shop.services import consents

PASSWORD = "himitsu-no-ocha"


def member(mail: str = "aoki@example.com", *, name: str = "青木 美咲", takes_news: bool = False) -> Member:
    """A member whose mail address is proven."""
    person = party.Person(name, email=mail)
    customer_id = party.ensure_customers([person]).ids[person.identity]
    made = Member.objects.create(
        mail=mail, name=name, customer_id=customer_id, password=make_password(PASSWORD), search_text=mail
    )
    consents.agree(made, takes_news=takes_news)
    return made


def logged_in(found: Member) -> Client:
    """A browser in which this member is logged in."""
    client = Client()
    answer = client.post("/login/", {"mail": found.mail, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client
