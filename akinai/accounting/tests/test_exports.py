"""会計ソフトへの出力: each entry goes once, the file says what the ledger says, and a reader can open it again."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from akinai.accounting import services
from akinai.accounting.models import Account, DailySales, JournalEntry, JournalExport
from akinai.accounting.ports import PRODUCTS
from akinai.accounting.queries import exports, sales
from akinai.accounting.rules.periods import Period
from akinai.accounting.services import exporting, settings
from akinai.accounting.tests import life
from akinai.billing import services as billing
from akinai.billing.services import CreditAsk
from akinai.core.errors import DomainError
from tests.cast import company, staff

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)


@pytest.fixture(autouse=True, scope="module")
def shop(common_ground: None) -> None:
    company()
    life.goods("TEA-1", cost="600")
    life.goods("CUP-1", cost="1200", rate=10)
    made = life.order(
        "P-1",
        ("TEA-1", 2, 1080),
        total_yen=2760,
        shipping_yen=700,
        discount_yen=100,
        taxes=(),
        channel="phone",
    )
    life.ship(made, life.order("R-2", ("TEA-1", 1, 1080), ("CUP-1", 1, 2200), taxes=(), total_yen=3280))
    billing.credit(
        life.invoice(made),
        asks=[CreditAsk(500, 1, 1)],
        reason="値引",
        returned_on=life.DAY,
        issued_on=life.DAY,
        by=None,
    )
    life.drain()
    services.post_upto()


def make(product: str) -> JournalExport:
    return exporting.make_export(product=product, first=FIRST, last=LAST, by=staff("鈴木"))


def net_of(side: str, rows: list[tuple[str, str, int, int]], names: set[str]) -> int:
    """税抜 sales of a file: credit less debit of the accounts that are sales."""
    return sum((yen - tax) * (1 if s == "credit" else -1) for s, name, yen, tax in rows if name in names)


def halves(product: str, data: bytes) -> list[tuple[str, str, int, int]]:
    """(side, account, 税込, tax) of every half in a file, as its reader gives them."""
    places = {
        "yayoi": (4, 8, 9, 10, 14, 15),
        "moneyforward": (2, 8, 9, 10, 16, 17),
        "freee": (3, 14, 16, 17, 28, 30),
    }[product]
    found = []
    for row in PRODUCTS[product].read(data):
        for side, (name, yen, tax) in (("debit", places[:3]), ("credit", places[3:])):
            if row[name]:
                found.append((side, row[name], int(row[yen]), int(row[tax] or 0)))
    return found


def test_sales_on_the_screen_are_the_ledger_and_every_file_to_the_yen() -> None:
    screen = sales.total(sales.series(Period(FIRST, LAST, "month"))).now.net_yen
    ledger = sum(DailySales.objects.values_list("net_yen", flat=True))
    books = -sum(life.balance(role) for role in ("sales", "charges", "cuts"))
    assert screen == ledger == books > 0
    for product in ("yayoi", "moneyforward", "freee"):
        names = {
            exporting.accounts_of(PRODUCTS[product])[a.pk][0] for a in Account.objects.filter(is_sales=True)
        }
        assert net_of("credit", halves(product, bytes(make(product).data)), names) == screen


@pytest.mark.parametrize("product", ["yayoi", "moneyforward", "freee"])
def test_both_sides_of_a_file_add_up(product: str) -> None:
    rows = halves(product, bytes(make(product).data))
    debit, credit = (sum(yen for side, _, yen, _ in rows if side == one) for one in ("debit", "credit"))
    assert debit == credit > 0


def test_yayoi_has_25_columns_in_cp932_with_crlf_and_slips_that_begin_and_end() -> None:
    data = bytes(make("yayoi").data)
    text = data.decode("cp932")
    assert text.count("\r\n") == text.count("\n")
    rows = PRODUCTS["yayoi"].read(data)
    assert {len(row) for row in rows} == {25}
    flags = "".join({"2111": "", "2110": "<", "2100": "-", "2101": ">"}[row[0]] for row in rows)
    assert re.fullmatch(r"(<-*>)+", flags)
    sale = [row for row in rows if row[10] == "売上高" and row[13] == "課税売上込軽減8%"]
    assert sale and sale[0][3] and all(row[8] and row[14] for row in rows)


def test_an_entry_goes_to_a_product_once_and_to_each_product() -> None:
    first = make("yayoi")
    with pytest.raises(DomainError, match="まだ出力していない仕訳はありません"):
        make("yayoi")
    assert make("freee").count == first.count == exporting_count()


def exporting_count() -> int:
    return JournalEntry.objects.exclude(lines__yen=0).distinct().count()


def test_a_withdrawn_file_frees_its_entries_and_stays() -> None:
    first = make("yayoi")
    exporting.withdraw(first, reason="取り込む前に科目を直す", by=staff("鈴木"))
    again = make("yayoi")
    assert bytes(again.data) == bytes(first.data) and JournalExport.objects.count() == 2
    with pytest.raises(DomainError):
        exporting.withdraw(first, reason="もう一度", by=None)


def test_what_a_new_file_would_say_otherwise_is_listed() -> None:
    first = make("yayoi")
    assert exports.differences(first) == []
    sales_account = Account.objects.get(role="sales")
    settings.tell_product(
        "yayoi", accounts={sales_account.pk: ("ネット売上高", "本店")}, taxes={}, by=staff("鈴木")
    )
    changed = exports.differences(first)
    assert changed and {one.what for one in changed} == {exports.CHANGED}
    life.ship(life.order("R-3", ("TEA-1", 1, 1080)))
    services.post_upto()
    later = [one for one in exports.differences(first) if one.what == exports.LATER]
    assert {one.number for one in later} == set(
        JournalEntry.objects.exclude(exports__product="yayoi").values_list("number", flat=True)
    )


def test_deals_of_freee_leave_goods_out_and_tell_the_money_once() -> None:
    rows = PRODUCTS["freee_deals"].read(bytes(make("freee_deals").data))
    assert {len(row) for row in rows} == {20}
    assert {row[0] for row in rows if row[0]} == {"収入", "支出"}
    assert not any(row[5] in ("売上原価", "商品") for row in rows)
    # What was sold, less what was given back: the receivables, which are all that is owed.
    sign, whole = 1, 0
    for row in rows:
        sign = {"収入": 1, "支出": -1, "": sign}[row[0]]
        whole += sign * int(row[7])
    assert whole == life.balance("receivable") == 2760 + 3280 - 500


def test_the_clerk_makes_downloads_and_withdraws_a_file(client: Client) -> None:
    client.force_login(staff("鈴木"))
    page = client.get(reverse("accounting:make_export"))
    assert page.status_code == 200
    client.post(
        reverse("accounting:make_export"), {"product": "yayoi", "first": "2026-01-01", "last": "2027-12-31"}
    )
    made = JournalExport.objects.get()
    shown = client.get(reverse("accounting:export", args=[made.number])).content.decode()
    assert made.number in shown and "2110" in shown
    answer = client.get(reverse("accounting:export_file", args=[made.number]))
    assert answer.content == bytes(made.data) and "attachment" in answer["Content-Disposition"]
    client.force_login(staff("佐藤"))
    assert client.get(reverse("accounting:export_file", args=[made.number])).status_code == 403
