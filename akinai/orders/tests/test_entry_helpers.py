"""電話注文の下調べ: addresses, goods, buyers and sums while the clerk types."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from akinai.core.postal import split
from akinai.core.tax import Rounding
from akinai.orders import buyers
from akinai.orders.quoting import quote
from akinai.party.models import Customer
from tests import cast
from tests.cast import AOKI, draft, place, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def sato() -> Client:
    client = Client()
    client.force_login(cast.staff("佐藤"))
    return client


def ask(client: Client, name: str, **query: str) -> Any:
    return client.get(reverse(f"orders:{name}"), query).json()


def test_a_postal_code_gives_the_address(sato: Client) -> None:
    towns = ask(sato, "towns", code="１５０-０００１")
    assert towns == {"code": "150-0001", "towns": [{"prefecture": "東京都", "city": "渋谷区神宮前"}]}
    assert ask(sato, "towns", code="x") == {"towns": []}


def test_goods_are_found_by_code_jan_and_name_with_what_is_free(sato: Client) -> None:
    cast.sku("TEA-001", pieces=5)
    place(draft("A-1", ("TEA-001", 2, 1080)))
    one = {
        "value": "TEA-001", "title": "商品 TEA-001", "about": "TEA-001　¥1,080", "price_yen": 1080, "rate": 8, "free": 3,
        "waiting": 0, "is_sold": True,
    }  # fmt: skip
    assert ask(sato, "goods", q="商品 ＴＥＡ") == {"exact": False, "items": [one]}
    assert ask(sato, "goods", q="tea-001") == {"exact": True, "items": [one]}
    assert ask(sato, "goods", q="") == {"exact": False, "items": []}


def test_nothing_is_free_while_older_orders_wait(sato: Client) -> None:
    tea = cast.sku("TEA-001", pieces=1)
    place(draft("A-1", ("TEA-001", 3, 1080)))
    cast.receive(tea, 1, key="GR-1")
    (found,) = ask(sato, "goods", q="TEA-001")["items"]
    assert (found["free"], found["waiting"]) == (0, 1)


@pytest.fixture
def regular() -> Customer:
    cast.sku("TEA-001", pieces=9)
    gift = replace(AOKI, name="青木 花子", kana="アオキ ハナコ", postal_code="5300001", prefecture="大阪府", city="大阪市北区梅田",
                   line1="1-1-1", line2="梅田ビル3F", phone="06-0000-0000", email="")  # fmt: skip
    place(draft("A-1", ("TEA-001", 1, 1080)))
    place(draft("A-2", ("TEA-001", 1, 1080), ship_to=gift))
    place(draft("A-3", ("TEA-001", 1, 1080), ship_to=gift))
    place(draft("B-1", ("TEA-001", 1, 1080), buyer=replace(somebody("Z"), phone="03-9999-8888")))
    customer = Customer.objects.get(name="青木 美咲")
    Customer.objects.filter(pk=customer.pk).update(note="代引は不可")
    return customer


@pytest.mark.parametrize(
    "text",
    [
        "青木",
        "あおき",
        "ｱｵｷ ﾐｻｷ",
        "090-0000-1001",
        "０９０００００１００１",
        "00001001",
        "aoki@example.com",
        "number",
    ],
)
def test_the_buyer_is_found_by_whatever_is_said_on_the_phone(
    sato: Client, regular: Customer, text: str
) -> None:
    (found,) = ask(sato, "customers", q=regular.number if text == "number" else text)["items"]
    assert (found["value"], found["number"], found["memo"]) == ("青木 美咲", regular.number, "代引は不可")
    assert found["orders"].startswith("ご注文 3 回・前回 2026/11/24")
    assert found["fields"] == {
        "name": "青木 美咲", "kana": "アオキ ミサキ", "company": "", "postal_code": "150-0001", "prefecture": "東京都",
        "city": "渋谷区", "line1": "神宮前4-12-3", "line2": "", "phone": "090-0000-1001", "email": "aoki@example.com",
    }  # fmt: skip
    assert [other["name"] for other in found["others"]] == ["青木 花子"]
    assert found["others"][0]["line2"] == "梅田ビル3F"


def test_buyers_are_looked_up_in_three_questions(regular: Customer, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        assert len(buyers.find("ミ")) == 2


def test_who_may_not_see_customers_finds_none(regular: Customer) -> None:
    client = Client()
    client.force_login(cast.staff("部外者"))
    assert client.get(reverse("orders:customers"), {"q": "青木"}).status_code == 403


@pytest.mark.parametrize(
    ("address", "code", "parts"),
    [
        ("東京都渋谷区神宮前4-12-3", "1500001", ("東京都", "渋谷区神宮前", "4-12-3")),
        ("渋谷区神宮前4-12-3", "1500001", ("東京都", "渋谷区神宮前", "4-12-3")),
        ("東京都渋谷区千駄ヶ谷1-2", "1500001", ("東京都", "渋谷区", "千駄ヶ谷1-2")),
        (
            "京都府京都市中京区河原町通三条上る１－１",
            "",
            ("京都府", "京都市中京区河原町通三条上る", "１－１"),
        ),
        ("", "1500001", ("", "", "")),
    ],
)
def test_an_address_in_one_line_is_taken_apart(address: str, code: str, parts: tuple[str, str, str]) -> None:
    assert split(address, code) == parts


# ---- 合計


def sums(
    *goods: tuple[int, int], fees: int = 0, discount: int = 0, rounding: Rounding = Rounding.DOWN
) -> Any:
    found = quote(goods, fees_yen=fees, discount_yen=discount, standard_rate=10, rounding=rounding)
    return found.total_yen, [(t.rate, t.gross_yen, t.tax_yen) for t in found.taxes]


def test_tax_is_inside_and_rounded_once_per_rate() -> None:
    assert sums((8, 99), (8, 99)) == (198, [(8, 198, 14)])
    assert sums((10, 6180)) == (6180, [(10, 6180, 561)])
    assert sums((10, 6180), rounding=Rounding.HALF_UP) == (6180, [(10, 6180, 562)])


def test_fees_bear_the_standard_rate_even_when_all_goods_are_reduced() -> None:
    assert sums((8, 1080), fees=660) == (1740, [(10, 660, 60), (8, 1080, 80)])


def test_a_discount_is_shared_by_what_each_rate_charges() -> None:
    assert sums((8, 1080), (10, 1100), discount=218) == (1962, [(10, 990, 90), (8, 972, 72)])


def test_a_discount_beyond_the_sum_is_said() -> None:
    found = quote([(8, 100)], fees_yen=0, discount_yen=101, standard_rate=10, rounding=Rounding.DOWN)
    assert (found.is_cut_too_much, found.total_yen, found.taxes) == (True, 0, ())


@given(
    st.lists(st.tuples(st.sampled_from([8, 10, 0]), st.integers(0, 10**8)), max_size=6),
    st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(list(Rounding)),
)  # fmt: skip
def test_the_rates_always_add_up_to_the_total(
    goods: Any, fees: int, discount: int, rounding: Rounding
) -> None:
    found = quote(goods, fees_yen=fees, discount_yen=discount, standard_rate=10, rounding=rounding)
    if not found.is_cut_too_much:
        assert (
            sum(t.gross_yen for t in found.taxes)
            == found.total_yen
            == sum(a for _, a in goods) + fees - discount
        )


def test_the_quote_of_the_screen_is_the_one_of_the_invoice(sato: Client) -> None:
    cast.company()
    found = ask(sato, "quote", goods="8:1080,10:1100", fees="660", discount="100")
    assert found["total_yen"] == 2740 and not found["too_much"]
    assert sum(tax["gross_yen"] for tax in found["taxes"]) == 2740


@pytest.mark.parametrize("goods", ["", "x", "8:-5", "8:", "８:１", "8:99999999999999999999", "\0"])
def test_a_quote_for_rubbish_is_nothing(sato: Client, goods: str) -> None:
    assert ask(sato, "quote", goods=goods, fees="x", discount="-1")["total_yen"] in (0, 9999999999999)
