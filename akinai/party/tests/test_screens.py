"""取引先の画面: who may write, and what a number must look like."""

from __future__ import annotations

import pytest
from django.test import Client

from akinai.party import queries
from akinai.party.models import Customer, Supplier
from akinai.party.services import Person, ensure_customers
from tests import cast

pytestmark = pytest.mark.django_db
SUPPLIER = {
    "code": "Ｓ001",
    "name": "見本製茶",
    "registration_number": "ｔ4011-0010-98993",
    "is_active": "on",
}


def browser(name: str) -> Client:
    client = Client()
    client.force_login(cast.staff(name), backend="akinai.staff.backends.StaffBackend")
    return client


def test_a_supplier_is_added_and_changed() -> None:
    goods = browser("田中")
    assert goods.post("/office/suppliers/new/", SUPPLIER).status_code == 302
    made = Supplier.objects.get()
    assert (made.code, made.registration_number, made.number[:3]) == ("S001", "T4011001098993", "SU-")
    goods.post(f"/office/suppliers/{made.pk}/edit/", SUPPLIER | {"name": "見本製茶（株）"})
    assert Supplier.objects.get().name == "見本製茶（株）"
    assert goods.get("/office/suppliers/?q=製茶").content.decode().count("見本製茶（株）") >= 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"registration_number": "T123"}, "13桁"),
        ({"code": ""}, "必須"),
        ({"email": "x"}, "メール"),
    ],
)
def test_what_cannot_be_is_said_and_not_written(change: dict[str, str], words: str) -> None:
    answer = browser("田中").post("/office/suppliers/new/", SUPPLIER | change)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Supplier.objects.exists()


def test_a_code_is_used_once() -> None:
    goods = browser("田中")
    goods.post("/office/suppliers/new/", SUPPLIER)
    answer = goods.post("/office/suppliers/new/", SUPPLIER | {"name": "別の店"})
    assert answer.status_code == 422 and Supplier.objects.count() == 1


def test_only_the_owner_changes_the_company() -> None:
    told = {
        "name": "株式会社 見本茶舗",
        "postal_code": "101-0051",
        "tax_rounding": "down",
        "cost_method": "average",
        "slip_totals": "required",
        "registration_number": "",
    }
    assert browser("佐藤").post("/office/company/", told).status_code == 403
    assert browser("伊藤").post("/office/company/", told).status_code == 302
    assert (queries.company().name, queries.company().postal_code) == ("株式会社 見本茶舗", "1010051")


def test_customers_are_found_by_kana_and_noted() -> None:
    ensure_customers(
        [Person("青木 美咲", "アオキ ミサキ", email="aoki@example.com"), Person("見本 太郎", "ミホン タロウ")]
    )
    orders = browser("佐藤")
    page = orders.get("/office/customers/?q=あおき").content.decode()
    assert "青木 美咲" in page and "見本 太郎" not in page
    number = Customer.objects.get(name="青木 美咲").number
    orders.post(f"/office/customers/{number}/note/", {"note": "電話は午後"})
    assert "電話は午後" in orders.get(f"/office/customers/{number}/").content.decode()


def test_customers_with_a_company_or_without_a_mail_address_are_picked_out() -> None:
    ensure_customers(
        [
            Person("青木 美咲", company="青葉企画", email="aoki@example.com"),
            Person("見本 太郎", phone="03-1111-2222"),
        ]
    )
    orders = browser("佐藤")

    def found(query: str) -> list[str]:
        page = orders.get(f"/office/customers/?{query}").content.decode()
        return [name for name in ("青木 美咲", "見本 太郎") if name in page]

    assert found("f.company=1") == ["青木 美咲"]
    assert found("f.email=0") == ["見本 太郎"]
    assert found("f.created=~2001-01-01") == []


@pytest.mark.parametrize("page", ["suppliers/", "suppliers/new/", "customers/", "company/"])
def test_outsiders_stay_outside(page: str) -> None:
    assert browser("部外者").get(f"/office/{page}").status_code == 403


def test_who_may_look_at_suppliers_but_not_change_them_sees_their_page_without_the_way_to_edit() -> None:
    browser("田中").post("/office/suppliers/new/", SUPPLIER | {"phone": "054-000-2202", "note": "火曜に届く"})
    made = Supplier.objects.get()
    warehouse = browser("高橋")
    page = warehouse.get(f"/office/suppliers/{made.pk}/")
    told = page.content.decode()
    assert page.status_code == 200 and "054-000-2202" in told and "火曜に届く" in told
    assert f"/office/suppliers/{made.pk}/edit/" not in told
    assert warehouse.get(f"/office/suppliers/{made.pk}/edit/").status_code == 403
    assert browser("田中").get(f"/office/suppliers/{made.pk}/").content.decode().count("/edit/") >= 1


def test_a_customers_page_shows_the_postal_code_as_it_is_written_on_parcels() -> None:
    ensure_customers(
        [Person("青木 美咲", email="a@example.com", postal_code="1010051", address="東京都千代田区 1-2")]
    )
    number = Customer.objects.get().number
    assert "〒101-0051" in browser("佐藤").get(f"/office/customers/{number}/").content.decode()


def test_the_account_suppliers_are_paid_from_is_told_whole_or_not_at_all(client: Client) -> None:
    cast.company()
    client.force_login(cast.staff("伊藤"), backend="akinai.staff.backends.StaffBackend")
    told = {
        "name": "株式会社 見本茶舗",
        "tax_rounding": "down",
        "cost_method": "average",
        "slip_totals": "required",
        "po_approval_yen": "１００，０００円",
        "payer_code": "12345",
    }
    half = client.post("/office/company/", told)
    assert half.status_code == 422 and "すべての欄" in half.content.decode()
    whole = {
        "payer_kana": "カ）ミホンチャホ",
        "payer_bank_code": "9",
        "payer_branch_code": "１２",
        "payer_account_number": "123-4567",
    }
    assert client.post("/office/company/", told | whole).status_code == 302
    found = queries.company()
    assert (found.po_approval_yen, found.payer_kana, found.payer_code) == (100_000, "ｶ)ﾐﾎﾝﾁﾔﾎ", "0000012345")
    assert (found.payer_bank_code, found.payer_branch_code, found.payer_account_number) == (
        "0009",
        "012",
        "1234567",
    )
