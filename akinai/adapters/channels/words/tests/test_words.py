"""The words malls share, one by one."""

from __future__ import annotations

import sys
from datetime import datetime
from subprocess import run

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.adapters.channels.words import Code, delivery, payments, places
from akinai.adapters.channels.words.findings import rate_of
from akinai.adapters.channels.words.times import TOKYO, parse_moment
from akinai.orders.states import IssueCode, PaymentKind


def test_our_words_are_the_words_of_orders() -> None:
    said = {value for name, value in vars(Code).items() if name.isupper()}
    assert said <= set(IssueCode.values)
    kinds = {payments.CARD, payments.WALLET, payments.MALL, payments.CONVENIENCE, payments.BANK_TRANSFER, payments.COD,
             payments.DEFERRED, payments.CREDIT_TERMS, payments.POINTS, payments.UNKNOWN}  # fmt: skip
    assert kinds == set(PaymentKind.values)


def test_the_doors_know_no_django() -> None:
    code = (
        "import sys, akinai.adapters.channels as c, akinai.orders.ports as p; c.register_channels();"
        "print(sorted(p.FORMATS), 'django' in sys.modules)"
    )
    said = run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert said == "['amazon', 'base', 'eccube', 'generic', 'rakuten', 'shopify', 'yahoo'] False"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2023/12/10 10:00:00", (2023, 12, 10, 10, 0)),
        ("令和8年11月20日 10時30分", (2026, 11, 20, 10, 30)),
        ("R8.11.20", (2026, 11, 20, 0, 0)),
        ("令和元年5月1日", (2019, 5, 1, 0, 0)),
        ("H31/4/30 9:05", (2019, 4, 30, 9, 5)),
        ("2026/11/20 午後3:05", (2026, 11, 20, 15, 5)),
        ("2026/11/20 午前 12:10", (2026, 11, 20, 0, 10)),
        ("2026-11-20 24:00:00", (2026, 11, 21, 0, 0)),
        ("2023-12-10", (2023, 12, 10, 0, 0)),
        ("2023/1/2 3:04", (2023, 1, 2, 3, 4)),
        ("12/10/2023 10:00", (2023, 12, 10, 10, 0)),
        ("2023年12月10日(日) 10時5分", (2023, 12, 10, 10, 5)),
        ("２０２３／１２／１０", (2023, 12, 10, 0, 0)),
        ("20231210", (2023, 12, 10, 0, 0)),
        ("20231210103309", (2023, 12, 10, 10, 33)),
        ("2023-12-10T01:00:00Z", (2023, 12, 10, 10, 0)),
        ("2023-12-10T01:00:00.123+00:00", (2023, 12, 10, 10, 0)),
        ("2023-12-09 20:00:00 -0500", (2023, 12, 10, 10, 0)),
        ("1/2/2026 3:04:05 PM", (2026, 1, 2, 15, 4)),
        ("1/2/2026 12:04 AM", (2026, 1, 2, 0, 4)),
    ],
)
def test_dates_in_the_ways_of_malls_and_excel(text: str, wanted: tuple[int, int, int, int, int]) -> None:
    found = parse_moment(text)
    assert found is not None
    assert (found.year, found.month, found.day, found.hour, found.minute) == wanted
    assert found.utcoffset() == datetime(2023, 1, 1, tzinfo=TOKYO).utcoffset()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "昨日",
        "45250",
        "2026-02-30",
        "13/13/2026",
        "2026/11/20 25:00",
        "1899/12/30",
        "2026/11/20 13:00 PM",
        "11/20",
        "昭和8年1月1日",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_moment(text) is None


@given(st.text(max_size=30))
def test_no_text_breaks_a_reader(text: str) -> None:
    parse_moment(text)
    delivery.slot(text)
    delivery.carrier(text)
    payments.payment_kind(text)
    rate_of(text)
    places.postal(text)
    places.phone(text)
    places.prefecture(text)


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("クレジットカード", "card"), ("ｸﾚｼﾞｯﾄｶｰﾄﾞ決済", "card"), ("Credit Card", "card"), ("Shopify Payments", "card"),
        ("代金引換", "cod"), ("商品代引", "cod"), ("Cash on Delivery (COD)", "cod"), ("ヤマトコレクト", "cod"), ("COD", "cod"),
        ("QRCode", "unknown"), ("銀行振込", "bank_transfer"), ("Bank Deposit", "bank_transfer"), ("ゆうちょ振替", "bank_transfer"),
        ("現金書留", "bank_transfer"), ("セブンイレブン（前払）", "convenience"), ("ローソン、郵便局ATM等（前払）", "convenience"),
        ("コンビニ決済・Pay-easy", "convenience"), ("番号端末式決済", "convenience"), ("コンビニ後払い", "deferred"),
        ("NP後払い", "deferred"), ("あと払い（ペイディ）", "deferred"), ("PayPay残高払い", "wallet"), ("Amazon Pay V2", "wallet"),
        ("楽天ペイ", "wallet"), ("ドコモ払い", "wallet"), ("auかんたん決済", "wallet"), ("掛け払い（月末締め）", "credit_terms"),
        ("請求書払い", "credit_terms"), ("ポイント全額払い", "points"), ("Gift Card", "points"), ("", "unknown"),
        ("manual", "unknown"), ("その他", "unknown"),
    ],
)  # fmt: skip
def test_payment_words(label: str, kind: str) -> None:
    assert payments.payment_kind(label) == kind


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("", ""), ("指定なし", ""), ("0", ""), ("午前中", "am"), ("午前中(8時～12時)", "am"), ("AM", "am"), ("1", "am"),
        ("9:00-12:00", "am"), ("0812", "am"), ("12時～14時", "1214"), ("14:00-16:00", "1416"), ("１６：００〜１８：００", "1618"),
        ("1820", "1820"), ("19時から21時", "1921"), ("20時頃-21時頃", "2021"), ("午後2時-4時", "1416"), ("午後", None),
        ("18-21", None), ("夕方", None), ("2", None), ("24-26", None),
    ],
)  # fmt: skip
def test_slot_words(text: str, slot: str | None) -> None:
    assert delivery.slot(text) == slot


@pytest.mark.parametrize(
    ("text", "carrier"),
    [("ヤマト運輸", "yamato"), ("クロネコ宅急便", "yamato"), ("1001", "yamato"), ("佐川急便", "sagawa"), ("1002", "sagawa"),
     ("ゆうパック", "japanpost"), ("1003", "japanpost"), ("クリックポスト", "japanpost"), ("西濃運輸", ""), ("宅配便", ""), ("", "")],
)  # fmt: skip
def test_carrier_words(text: str, carrier: str) -> None:
    assert delivery.carrier(text) == carrier


@pytest.mark.parametrize(
    ("pieces", "prefecture", "wanted"),
    [
        (("100", "1"), "", "1000001"), (("1", "1"), "", "0010001"), (("060", "0001"), "", "0600001"),
        (("100-0001",), "", "1000001"), (("〒１００－０００１",), "", "1000001"), (("1000001",), "", "1000001"),
        (("600001",), "北海道", "0600001"), (("10001",), "北海道", "0010001"), (("600001",), "東京都", "600001"),
        (("",), "", ""), (("100",), "", "100"), (("94107",), "CA", "94107"), (("100", ""), "", "100"),
    ],
)  # fmt: skip
def test_postal_codes(pieces: tuple[str, ...], prefecture: str, wanted: str) -> None:
    assert places.postal(*pieces, prefecture=prefecture) == wanted


@pytest.mark.parametrize(
    ("pieces", "wanted"),
    [
        (("90", "0", "20"), "090-0000-0020"), (("090", "1234", "5678"), "090-1234-5678"), (("3", "1234", "567"), "03-1234-0567"),
        (("45", "12", "3"), "045-012-0003"), (("120", "1", "2"), "0120-001-002"), (("09012345678",), "09012345678"),
        (("9012345678",), "09012345678"), (("312345678",), "0312345678"), (("+81 90-1234-5678",), "090-1234-5678"),
        (("+819012345678",), "09012345678"), (("０９０－１２３４－５６７８",), "090-1234-5678"), (("",), ""), (("", "", ""), ""),
        (("03-1234-5678",), "03-1234-5678"), (("+1 415 555 0100",), "+1 415 555 0100"),
    ],
)  # fmt: skip
def test_phones(pieces: tuple[str, ...], wanted: str) -> None:
    assert places.phone(*pieces) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("東京都", "東京都"), ("東京", "東京都"), ("JP-13", "東京都"), ("13", "東京都"), ("Tokyo", "東京都"), ("Hokkaidō", "北海道"),
     ("Kyoto-fu", "京都府"), ("大阪", "大阪府"), ("", ""), ("CA", "CA"), ("99", "99")],
)  # fmt: skip
def test_prefectures(text: str, wanted: str) -> None:
    assert places.prefecture(text) == wanted


def test_an_address_begins_with_its_prefecture() -> None:
    assert places.split_prefecture("京都府京都市1-1") == ("京都府", "京都市1-1")
    assert places.split_prefecture("東京都 千代田区1-1") == ("東京都", "千代田区1-1")
    assert places.split_prefecture("千代田区1-1") == ("", "千代田区1-1")
    assert places.without_prefecture("東京都", "東京都千代田区") == "千代田区"
    assert places.without_prefecture("", "東京都千代田区") == "東京都千代田区"


@pytest.mark.parametrize(
    ("text", "rate"),
    [("0.1", 10), ("0.08", 8), ("10", 10), ("8%", 8), ("１０％", 10), ("標準税率10%", 10), ("0", 0), ("非課税", 0), ("5%", None),
     ("abc", None), ("1", None), ("10.00", 10), ("0.1%", None)],
)  # fmt: skip
def test_tax_rates(text: str, rate: int | None) -> None:
    assert rate_of(text) == rate
