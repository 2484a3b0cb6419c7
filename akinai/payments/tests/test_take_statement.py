"""入金明細の取込: rows as the bank wrote them, each once, and of the right account."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from akinai.core.tables import FileRefused
from akinai.payments import services
from akinai.payments.models import BankAccount, BankLine, BankLineStatus
from akinai.payments.ports import AccountHint
from akinai.payments.services.accounts import account_of
from akinai.payments.tests.factories import account, again, broken, credit, take, told
from tests.cast import staff

pytestmark = pytest.mark.django_db


def test_each_credit_gets_a_status_and_debits_are_kept_as_well() -> None:
    counts = take(told(3000), told(-330, "", kind="手数料", is_transfer=False))
    assert (counts.created, counts.unchanged, counts.credit_yen) == (2, 0, 3000)
    status = BankLineStatus.objects.get()
    assert (status.state, status.amount_yen, status.matched_yen, status.on) == ("open", 3000, 0, told(1).on)
    assert BankLine.objects.count() == 2
    assert broken() == []


def test_overlapping_files_add_only_what_is_new() -> None:
    first = [told(3000, balance_yen=103_000), told(500, "ｻﾄｳ", balance_yen=103_500)]
    more = [*first, told(3000, balance_yen=106_500)]
    take(*first)
    counts = take(*more)
    assert (counts.created, counts.unchanged) == (1, 2)
    assert take(*more).created == 0
    assert sorted(BankLine.objects.values_list("amount_yen", flat=True)) == [500, 3000, 3000]


def test_the_same_line_in_two_accounts_is_two_lines() -> None:
    take(told(3000), into=account("one"))
    assert take(told(3000), into=account("two")).created == 1


def test_the_bank_line_itself_never_changes() -> None:
    line = credit(3000)
    with pytest.raises(Exception, match="only grows"), transaction.atomic():
        BankLine.objects.filter(pk=line.pk).update(amount_yen=1)


@pytest.mark.parametrize(
    ("state", "matched"),
    [("matched", 0), ("partial", 0), ("partial", 3000), ("open", 1), ("set_aside", 1), ("matched", 3001)],
)
def test_the_database_refuses_a_state_that_the_money_denies(state: str, matched: int) -> None:
    line = credit(3000)
    with pytest.raises(IntegrityError), transaction.atomic():
        BankLineStatus.objects.filter(pk=line.pk).update(state=state, matched_yen=matched)
    assert again(line).state == "open"


# Which account ---------------------------------------------------------------------------------------------------


def of(hint: AccountHint, chosen: str = "", code: str = "mufg") -> BankAccount:
    return account_of(hint, chosen=chosen, code=code, title="三菱UFJ銀行", file="a.csv")


ZENGIN = AccountHint("0005", "ﾐﾂﾋﾞｼUFJ", "001", "ﾎﾝﾃﾝ", "普通", "1234567", "ｶ)ｱｷﾅｲ")


def test_a_new_account_is_named_by_bank_branch_and_number() -> None:
    made = of(ZENGIN)
    assert (made.pk, made.code, made.account_no, made.holder) == (
        None,
        "0005-001-1234567",
        "1234567",
        "ｶ)ｱｷﾅｲ",
    )


def test_a_file_without_a_number_belongs_to_the_only_account_of_its_bank() -> None:
    made = of(ZENGIN)
    made.save()
    assert of(AccountHint("0005", "三菱UFJ銀行")) == made
    assert of(AccountHint("0009", "三井住友銀行"), code="smbc").pk is None


def test_the_same_number_is_the_same_account_however_it_is_padded() -> None:
    made = of(ZENGIN)
    made.save()
    assert of(AccountHint("0005", "", "", "", "", "0001234567")) == made
    assert of(AccountHint("0005", "", "002", "", "", "1234567")).pk is None
    assert of(AccountHint("0009", "", "001", "", "", "1234567")).pk is None


def test_two_accounts_of_one_bank_ask_a_person() -> None:
    account("one", bank_code="0005")
    account("two", bank_code="0005")
    with pytest.raises(FileRefused) as caught:
        of(AccountHint("0005", "三菱UFJ銀行"))
    assert "同じ銀行の口座が 2 つあります" in caught.value.errors[0].message
    assert of(AccountHint("0005"), chosen="two").code == "two"
    BankAccount.objects.filter(code="one").update(is_active=False)
    assert of(AccountHint("0005")).code == "two"


def test_an_account_nobody_has_registered_is_refused_with_those_there_are() -> None:
    account("one", bank_name="見本銀行")
    with pytest.raises(FileRefused) as caught:
        of(ZENGIN, chosen="gone")
    assert (
        "口座「gone」は登録されていません。登録されている口座は one（見本銀行）"
        in caught.value.errors[0].message
    )


def test_a_registered_account_gets_a_code_and_keeps_it() -> None:
    made = services.save_account(
        BankAccount(bank_name="見本銀行", bank_code="0005", branch_code="001", account_no="7654321"),
        by=staff("鈴木"),
    )
    assert made.code == "0005-001-7654321"
    made.branch_name = "本店"
    services.save_account(made, by=staff("鈴木"))
    assert BankAccount.objects.get().branch_name == "本店"
