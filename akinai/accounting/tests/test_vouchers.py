"""振替伝票・期首残高・勘定科目・消費税集計: entries by hand balance, follow the closed month, and go only by their opposite."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from akinai.accounting import services
from akinai.accounting.errors import NotBalanced
from akinai.accounting.models import Account, ClosedMonth, JournalEntry, JournalLine
from akinai.accounting.queries import taxes
from akinai.accounting.queries.journal import trial_balance
from akinai.accounting.rules import tax_classes
from akinai.accounting.rules.vouchers import Asked, booked
from akinai.accounting.services import accounts, vouchers
from akinai.accounting.tests import life
from akinai.accounting.usual import add_missing
from akinai.core.errors import DomainError, spoken_by_database
from akinai.core.tax import Rounding
from tests.cast import company, staff

DAY = date(2026, 11, 20)


def account(role: str) -> int:
    return Account.objects.get(role=role).pk


def rent(yen: int = 110_000, tax: str = "p10") -> JournalEntry:
    mine = Account.objects.filter(code="741").first() or accounts.save(
        Account(code="741", name="地代家賃", kind="expense", tax_class="p10"), by=None
    )
    lines = [Asked(mine.pk, "debit", yen, tax), Asked(account("bank"), "credit", yen)]
    return vouchers.write(on=DAY, memo="11月分の家賃", lines=lines, partner="大家", by=None)


def shape(entry: JournalEntry) -> list[tuple[str, str, int, str]]:
    rows = entry.lines.select_related("account").order_by("line_no")
    return [(row.side, row.account.name, row.yen, row.tax_class) for row in rows]


@pytest.mark.django_db
@pytest.mark.usefixtures("that_day")
class TestVouchers:
    @pytest.fixture(autouse=True)
    def shop(self) -> None:
        company()

    def test_an_amount_with_tax_becomes_net_and_tax(self) -> None:
        assert shape(rent()) == [
            ("debit", "地代家賃", 100_000, "p10"), ("debit", "仮払消費税等", 10_000, "p10"), ("credit", "普通預金", 110_000, ""),
        ]  # fmt: skip
        assert life.broken() == set()

    def test_of_an_unregistered_supplier_seventy_percent_of_the_tax_is_deducted(self) -> None:
        assert shape(rent(tax="p10_70")) == [
            ("debit", "地代家賃", 100_000, "p10_70"), ("debit", "仮払消費税等", 7_000, "p10_70"),
            ("debit", "租税公課", 3_000, "p10_70"), ("credit", "普通預金", 110_000, ""),
        ]  # fmt: skip

    def test_what_does_not_balance_is_not_written(self) -> None:
        with pytest.raises(NotBalanced, match="1 違います|¥1"):
            vouchers.write(
                on=DAY, memo="x", lines=[Asked(account("bank"), "debit", 2), Asked(account("cash"), "credit", 1)], by=None
            )  # fmt: skip
        assert not JournalEntry.objects.exists()

    def test_it_is_taken_back_once_by_its_opposite_and_nothing_is_left(self) -> None:
        made = rent()
        vouchers.reverse(made, on=DAY, reason="二重", by=None)
        with pytest.raises(DomainError, match="すでに取り消されています"):
            vouchers.reverse(made, on=DAY, reason="二重", by=None)
        assert {role: life.balance(role) for role in ("bank", "tax_paid")} == {"bank": 0, "tax_paid": 0}
        assert taxes.due(taxes.by_class(DAY, DAY)).deductible_yen == 0
        assert life.broken() == set()

    def test_an_entry_of_a_ledger_cannot_be_taken_back_by_hand(self) -> None:
        life.goods("TEA-1")
        life.ship(life.order("R-1", ("TEA-1", 1, 1080)))
        services.post_upto()
        with pytest.raises(DomainError, match="取り消せません"):
            vouchers.reverse(JournalEntry.objects.filter(source="sales").get(), on=DAY, reason="x", by=None)

    def test_a_closed_month_takes_no_voucher(self) -> None:
        ClosedMonth.objects.create(month=date(2026, 11, 1))
        with pytest.raises(Exception, match="締めています") as refused, transaction.atomic():
            rent()
        assert spoken_by_database(refused.value) is not None
        assert not JournalEntry.objects.exists()

    def test_opening_balances_stand_once_and_balance_on_their_own_account(self) -> None:
        given_ = {account("bank"): 1_000_000, account("receivable"): 200_000, account("kept"): 50_000}
        made = vouchers.open_balances(on=date(2026, 4, 1), balances=given_, by=None)
        assert shape(made) == [
            ("debit", "普通預金", 1_000_000, ""), ("debit", "売掛金", 200_000, ""), ("credit", "預り金", 50_000, ""),
            ("credit", "期首残高", 1_150_000, ""),
        ]  # fmt: skip
        with pytest.raises(DomainError, match="登録済み"):
            vouchers.open_balances(on=date(2026, 4, 1), balances=given_, by=None)
        vouchers.reverse(made, on=date(2026, 4, 1), reason="金額違い", by=None)
        again = vouchers.open_balances(on=date(2026, 4, 1), balances={account("bank"): 7}, by=None)
        assert again.key == "opening:2"
        row = next(r for r in trial_balance(date(2026, 5, 1), DAY) if r.account.role == "bank")
        assert (row.before_yen, row.after_yen) == (7, 7)

    def test_accounts_are_added_renamed_and_retired_but_those_of_the_rules_stay(self) -> None:
        mine = accounts.save(
            Account(code="742", name="水道光熱費", kind="expense"), names={"yayoi": ("水光熱費", "")}, by=None
        )
        assert mine.names.get().name == "水光熱費"
        accounts.retire(mine, by=None)
        with pytest.raises(DomainError, match="使わない科目"):
            vouchers.write(
                on=DAY,
                memo="x",
                lines=[Asked(mine.pk, "debit", 1), Asked(account("bank"), "credit", 1)],
                by=None,
            )
        accounts.delete(mine, by=None)
        with pytest.raises(DomainError, match="自動の仕訳"):
            accounts.retire(Account.objects.get(role="sales"), by=None)
        with pytest.raises(DomainError, match="同じコード"):
            accounts.save(Account(code="501", name="別の売上", kind="revenue"), by=None)
        used = rent().lines.get(line_no=1).account
        with pytest.raises(DomainError, match="消せません"):
            accounts.delete(used, by=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.filter(pk=used.pk)._raw_delete("default")

    def test_the_tax_of_a_month_is_what_the_ledgers_say(self) -> None:
        life.goods("TEA-1")
        made = life.order(
            "P-1", ("TEA-1", 2, 1080), channel="phone", total_yen=2860, shipping_yen=700, taxes=()
        )
        life.ship(made)
        services.post_upto()
        rent(tax="p10_70")
        rows = [
            (r.code, r.net_yen, r.tax_yen, r.booked_yen, r.lost_yen)
            for r in taxes.by_class(date(2026, 11, 1), date(2026, 12, 31))
        ]
        assert rows == [
            ("s10", 637, 63, 63, 0), ("s8", 2000, 160, 160, 0), ("p10_70", 100_000, 10_000, 7_000, 3_000),
        ]  # fmt: skip


@pytest.mark.django_db
def test_a_bank_fee_takes_its_purchase_tax_when_nobody_chooses() -> None:
    Account.objects.filter(role__in=["fees", "short"]).delete()
    add_missing()
    assert dict(Account.objects.filter(role__in=["fees", "short"]).values_list("role", "tax_class")) == {
        "fees": "p10", "short": "",
    }  # fmt: skip


@pytest.mark.django_db
class TestScreens:
    @pytest.fixture(autouse=True)
    def shop(self) -> None:
        company()

    @pytest.fixture
    def suzuki(self, client: Client) -> Client:
        client.force_login(staff("鈴木"))
        return client

    def test_a_voucher_is_written_on_the_screen(self, suzuki: Client) -> None:
        told: dict[str, Any] = {
            "rows": "2", "on": "2026-11-20", "memo": "両替", "account_0": account("cash"), "debit_0": "１,０００",
            "account_1": account("bank"), "credit_1": "1000", "tax_0": "usual", "tax_1": "usual",
        }  # fmt: skip
        page = suzuki.post("/office/accounting/journal/new/", {**told, "credit_1": "999"})
        assert page.status_code == 422
        assert "借方 ¥1,000 と貸方 ¥999 が合いません" in page.content.decode()
        assert suzuki.post("/office/accounting/journal/new/", told).status_code == 302
        assert JournalLine.objects.count() == 2
        grown = suzuki.post("/office/accounting/journal/new/", {**told, "more": "1"}).content.decode()
        assert "account_9" in grown
        assert "両替" in grown

    def test_a_voucher_for_a_closed_month_comes_back_as_it_was_typed(self, suzuki: Client) -> None:
        ClosedMonth.objects.create(month=date(2026, 10, 1))
        told: dict[str, Any] = {
            "rows": "2", "on": "2026-10-31", "memo": "両替", "account_0": account("cash"), "debit_0": "1000",
            "account_1": account("bank"), "credit_1": "1000", "tax_0": "usual", "tax_1": "usual",
        }  # fmt: skip
        page = suzuki.post("/office/accounting/journal/new/", told)
        words = page.content.decode()
        assert page.status_code == 422
        assert "2026年10月までは締めています。2026/11/01 以降の日付にするか" in words
        assert 'value="両替"' in words
        assert not JournalEntry.objects.exists()

    @pytest.mark.parametrize(
        "path",
        [
            "accounts/",
            "accounts/new/",
            "journal/new/",
            "journal/opening/",
            "taxes/",
            "taxes/file/csv/",
            "taxes/file/xlsx/",
        ],
    )
    def test_every_screen_opens_for_keepers_of_the_books_and_for_nobody_else(
        self, suzuki: Client, path: str
    ) -> None:
        rent()
        assert suzuki.get(f"/office/accounting/{path}").status_code == 200
        suzuki.force_login(staff("高橋"))
        assert suzuki.get(f"/office/accounting/{path}").status_code == 403

    def test_balances_and_reversal_on_the_screen(self, suzuki: Client) -> None:
        field = f"b_{account('bank')}"
        shown = suzuki.get("/office/accounting/journal/opening/").content.decode()
        # What stock and the suppliers' ledger open by themselves would stand in the books twice.
        assert field in shown and not [
            role for role in ("goods", "payable", "uninvoiced") if f"b_{account(role)}" in shown
        ]
        assert (
            suzuki.post("/office/accounting/journal/opening/", {"on": "2026-04-01", field: "500"}).status_code
            == 302
        )
        made = JournalEntry.objects.get()
        page = suzuki.get(f"/office/accounting/journal/{made.number}/").content.decode()
        assert "取り消す" in page
        assert (
            suzuki.post(
                f"/office/accounting/journal/{made.number}/reverse/", {"on": "2026-04-01", "reason": ""}
            ).status_code
            == 422
        )
        assert (
            suzuki.post(
                f"/office/accounting/journal/{made.number}/reverse/", {"on": "2026-04-01", "reason": "x"}
            ).status_code
            == 302
        )
        assert life.balance("bank") == 0


@given(
    st.lists(
        st.tuples(st.integers(1, 10**9), st.sampled_from(("", *tax_classes.CODES))), min_size=1, max_size=6
    ),
    st.sampled_from(list(Rounding)),
)
def test_whatever_is_written_balances_and_no_tax_gets_lost(
    asked: list[tuple[int, str]], rounding: Rounding
) -> None:
    lines = [Asked(n, "debit", yen, tax) for n, (yen, tax) in enumerate(asked)]
    lines.append(Asked(99, "credit", sum(yen for yen, _ in asked)))
    rows = booked(lines, rounding)
    assert sum(r.yen if r.side == "debit" else -r.yen for r in rows) == 0
    for n, (yen, _) in enumerate(asked):
        own = next(r for r in rows if r.account_id == n)
        assert own.yen + own.tax_yen == yen
    assert sum(r.yen for r in rows if r.is_tax) == sum(r.tax_yen for r in rows)
