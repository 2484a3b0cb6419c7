"""顧客の連絡先: corrected on screen, with its history; later orders find the same customer."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from akinai.core.errors import ChangedMeanwhile
from akinai.core.models import Activity
from akinai.party import queries, services
from akinai.party.errors import SomebodyElse
from akinai.party.models import Customer
from akinai.party.services import CONTACT, Person
from akinai.staff.models import Staff

pytestmark = pytest.mark.django_db
AOKI = Person(
    "青木 美咲",
    "アオキ ミサキ",
    "",
    "aoki@example.com",
    "090-0000-1001",
    "1500001",
    "東京都渋谷区神宮前4-12-3",
)


def customer(person: Person = AOKI) -> Customer:
    return Customer.objects.get(pk=services.ensure_customers([person]).ids[person.identity])


def correct(who: Customer, **changes: str) -> list[str]:
    now = {name: getattr(who, name) for name in CONTACT}
    return services.correct_customer(who, by=None, seen=now, **{**now, **changes})


def test_a_correction_is_kept_with_its_history_and_found_by_search() -> None:
    aoki = customer()
    assert correct(aoki, name="青木 みさき", phone="03-1111-2222") == [
        "氏名: 青木 美咲 → 青木 みさき", "電話番号: 090-0000-1001 → 03-1111-2222",
    ]  # fmt: skip
    assert [found.pk for found in queries.find_customers("0311112222")] == [aoki.pk]
    assert queries.find_customers("09000001001") == []
    noted = Activity.objects.get(verb="change").summary
    assert "氏名を直しました" in noted and "090-****-1001 → 03-****-2222" in noted
    assert not any(word in noted for word in ("青木", "090-0000-1001", "03-1111-2222"))
    assert correct(Customer.objects.get(pk=aoki.pk)) == []


def test_orders_under_the_new_and_the_old_address_find_the_same_customer() -> None:
    aoki = customer()
    correct(aoki, email="misaki@example.com")
    new = Person("青木 美咲", email="MISAKI@example.com")
    assert services.ensure_customers([AOKI, new]).ids == {AOKI.identity: aoki.pk, new.identity: aoki.pk}
    assert Customer.objects.count() == 1


def test_an_address_of_another_customer_is_refused_by_his_number() -> None:
    aoki, other = customer(), customer(Person("山田 太郎", email="yamada@example.com"))
    with pytest.raises(SomebodyElse, match=other.number):
        correct(aoki, email="yamada@example.com")
    aoki.refresh_from_db()
    assert aoki.email == "aoki@example.com"


def test_who_saves_after_somebody_else_is_told_so() -> None:
    aoki = customer()
    correct(aoki, phone="03-1111-2222")
    with pytest.raises(ChangedMeanwhile):
        correct(aoki, phone="03-3333-4444")  # still the old number before the eyes


def test_the_screen_saves_and_refuses(client: Client) -> None:
    aoki = customer()
    sato = Staff.objects.create(username="sato")
    url = reverse("party:customer_edit", args=[aoki.number])
    client.force_login(sato)
    assert client.get(url).status_code == 403
    sato.user_permissions.set(Permission.objects.filter(content_type__app_label="party"))
    client.force_login(Staff.objects.get(pk=sato.pk))
    page = client.get(url)
    values: dict[str, Any] = {
        name: page.context["form"][name].value() or "" for name in page.context["form"].fields
    }
    bad = client.post(url, {**values, "email": "x", "postal_code": "12"})
    assert bad.status_code == 422 and "7桁" in bad.content.decode()
    assert client.post(url, {**values, "name": "", "company": ""}).status_code == 422
    assert client.post(url, {**values, "postal_code": "〒150-0002"}).status_code == 302
    aoki.refresh_from_db()
    assert aoki.postal_code == "1500002"
