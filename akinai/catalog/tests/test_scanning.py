"""読み取り: goods, cases and labels are understood, and an unknown code says where to register it."""

from __future__ import annotations

from datetime import date
from urllib.parse import unquote

import pytest
from django.test import Client

from akinai.catalog import scanning
from akinai.catalog.models import Sku
from tests import cast

pytestmark = pytest.mark.django_db
JAN, CASE = "4901234567894", "14901234567891"


def goods(code: str = "TEA", **fields: object) -> int:
    pk = cast.sku(code)
    Sku.objects.filter(pk=pk).update(**{"jan": JAN, "itf": CASE, "pieces_per_case": 24} | fields)
    return pk


def told(text: str) -> tuple[str, int, str, date | None]:
    found = scanning.find(text)
    assert found is not None
    return found.sku.code, found.pieces, found.lot, found.expires_on


def test_a_piece_a_case_and_a_label_mean_the_same_goods() -> None:
    goods()
    assert told("tea") == told(JAN) == ("TEA", 1, "", None)
    assert told(CASE) == ("TEA", 24, "", None)
    assert told(f"(01)0{JAN}(17)270531(10)A1") == ("TEA", 1, "A1", date(2027, 5, 31))
    assert told(f"]C101{CASE}15270531") == ("TEA", 24, "", date(2027, 5, 31))
    assert told(f"02{CASE}3702") == ("TEA", 48, "", None)


def test_an_unknown_code_says_what_it_is_and_where_to_register_it() -> None:
    goods(itf=None, pieces_per_case=None)
    case = scanning.read(CASE)
    assert isinstance(case, scanning.Unknown)
    assert ("SKU TEA" in case.message, unquote(case.url)) == (
        True,
        f"/office/products/codes/give/?code={CASE}",
    )
    other = scanning.read("4512345678906")
    assert isinstance(other, scanning.Unknown) and other.label == "このJANを商品に登録する"
    wrong = scanning.read("4901234567895")
    assert isinstance(wrong, scanning.Unknown) and "正しければ 4901234567894" in wrong.message
    assert wrong.url == ""
    label = scanning.read("(01)04512345678906(10)A")
    assert isinstance(label, scanning.Unknown) and "4512345678906" in label.message
    word = scanning.read("NOPE")
    assert isinstance(word, scanning.Unknown) and "NOPE" in word.message


def test_a_clerk_registers_the_code_where_it_was_unknown(client: Client) -> None:
    pk = goods(jan=None, itf=None, pieces_per_case=None)
    client.force_login(cast.staff("田中"))
    page = client.post("/office/products/codes/give/", {"code": CASE, "sku": "TEA"})
    assert (page.status_code, "何点入っているか" in page.content.decode()) == (422, True)
    client.post("/office/products/codes/give/", {"code": CASE, "sku": "TEA", "pieces": "24"})
    client.post("/office/products/codes/give/", {"code": JAN, "sku": "TEA"})
    assert Sku.objects.values_list("jan", "itf", "pieces_per_case").get(pk=pk) == (JAN, CASE, 24)
    page = client.post("/office/products/codes/give/", {"code": "4512345678906", "sku": "TEA"})
    assert (page.status_code, "置き換えるときは" in page.content.decode()) == (422, True)
    client.post("/office/products/codes/give/", {"code": "4512345678906", "sku": "TEA", "replaces": "1"})
    assert Sku.objects.get(pk=pk).jan == "4512345678906"


def test_a_code_of_other_goods_is_not_given_away(client: Client) -> None:
    goods("TEA")
    cast.sku("CUP")
    client.force_login(cast.staff("田中"))
    page = client.post("/office/products/codes/give/", {"code": JAN, "sku": "CUP"})
    assert (page.status_code, "TEA" in page.content.decode()) == (422, True)
    assert Sku.objects.get(code="CUP").jan is None


def test_an_outsider_registers_nothing(client: Client) -> None:
    goods()
    client.force_login(cast.staff("部外者"))
    assert client.get("/office/products/codes/give/").status_code == 403
