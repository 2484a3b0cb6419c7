"""連絡先を伏せる: who has no work with a telephone number sees only as much of it as tells two customers apart."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from akinai.party import masking
from tests import cast

BARE = ("090-0000-1001", "aoki@example.com", "神宮前4-12-3", "150-0001")


@pytest.mark.parametrize(
    ("rule", "told", "shown"),
    [
        (masking.phone, "090-0000-1001", "090-****-1001"),
        (masking.phone, "09000001001", "090-****-1001"),
        (masking.phone, "０３－１２３４－５６７８", "03-****-5678"),
        (masking.phone, "0312345678", "03-****-5678"),
        (masking.phone, "1001", "****"),
        (masking.phone, "", ""),
        (masking.mail, "aoki@example.com", "a•••@example.com"),
        (masking.mail, "a@b@example.com", "a•••@example.com"),
        (masking.mail, "壊れた", "•••"),
        (masking.address, "東京都渋谷区神宮前4-12-3", "東京都渋谷区…"),
        (masking.address, "大阪府大阪市北区梅田1-1", "大阪府大阪市北区…"),
        (masking.address, "三重県四日市市諏訪町1-5", "三重県四日市市…"),
        (masking.address, "神奈川県足柄下郡箱根町湯本1", "神奈川県足柄下郡箱根町…"),
        (masking.address, "どこか1-2-3", "…"),
        (
            masking.words,
            "電話は090-0000-1001、aoki@example.com へ",
            "電話は090-****-1001、a•••@example.com へ",
        ),
        (masking.words, "注文 SO-2026-000123 の 3,000円", "注文 SO-2026-000123 の 3,000円"),
    ],
)
def test_as_much_is_shown_as_tells_customers_apart(rule: object, told: str, shown: str) -> None:
    assert rule(told) == shown  # type: ignore[operator]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "sees"), [("田中", False), ("佐藤", True), ("高橋", True), ("加藤", True)])
def test_the_buyer_of_goods_sees_no_contact_data_on_any_page_or_file(name: str, sees: bool) -> None:
    cast.company()
    cast.sku("A-1", pieces=5)
    order = cast.place(cast.draft("1001", ("A-1", 1, 1080)))
    client = Client()
    client.force_login(cast.staff(name))
    pages = {
        address: client.get(address)
        for address in (
            reverse("orders:detail", args=[order.number]),
            reverse("party:customer", args=[order.customer.number]),
            reverse("party:customers"),
            f"{reverse('party:customers')}?export=csv&columns=all",
            f"{reverse('orders:list')}?export=csv&columns=all",
        )
    }
    text = {at: (b"".join(one) if one.streaming else one.content).decode() for at, one in pages.items()}
    assert {one.status_code for one in pages.values()} == {200}
    found = {word for word in BARE if any(word in page for page in text.values())}
    assert found == (set(BARE) if sees else set())
    shown = text[reverse("party:customer", args=[order.customer.number])]
    assert ("090-****-1001" in shown) is not sees
