"""対象外と組戻: money that is no customer's, and transfers the bank takes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from akinai.core.errors import DomainError
from akinai.payments import queries, services
from akinai.payments.errors import AlreadyMatched
from akinai.payments.models import BankLine, BankLineStatus
from akinai.payments.services import Part
from akinai.payments.tests.factories import DAY, account, again, broken, credit, take, told, transfer

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=1)


def debit() -> BankLine:
    return BankLine.objects.get(amount_yen__lt=0)


def test_setting_aside_needs_a_reason_and_can_be_taken_back() -> None:
    line = credit(500)
    with pytest.raises(DomainError, match="理由"):
        services.set_aside(line.pk, by=None, note=" ")
    with pytest.raises(DomainError, match="理由"):
        services.set_aside(line.pk, by=None, note="x", reason="because")
    services.set_aside(line.pk, by=None, note="モール入金", reason="settlement")
    assert (again(line).state, again(line).aside_reason) == ("set_aside", "settlement")
    services.bring_back(line.pk, by=None)
    assert (again(line).state, again(line).aside_reason, again(line).note) == ("open", "", "")


def test_matched_money_is_not_set_aside() -> None:
    order, line = transfer("P-1"), credit(2000)
    services.match(line.pk, [Part(order.pk, 1080)], by=None)
    with pytest.raises(AlreadyMatched, match="先に消込を取り消して"):
        services.set_aside(line.pk, by=None, note="x")


def test_interest_and_fees_are_set_aside_as_they_come() -> None:
    take(told(3, "", kind="利息", is_transfer=False), told(9000, "", kind="口座振替", is_transfer=False))
    assert set(BankLineStatus.objects.values_list("state", "aside_reason")) == {
        ("set_aside", "interest"), ("set_aside", "settlement"),
    }  # fmt: skip


def test_a_transfer_that_the_bank_cancels_is_nobodys_payment() -> None:
    order, line = transfer("P-1"), credit(1080)
    take(told(-1080, is_cancellation=True, on=LATER))
    assert (again(line).state, again(line).aside_reason) == ("set_aside", "returned")
    assert again(line).returned_by_id == debit().pk
    assert services.match_all(by=None).credits == 0
    assert (again(order).paid_yen, broken()) == (0, [])


def test_a_cancellation_in_the_same_file_counts_as_well() -> None:
    order = transfer("P-1")
    take(told(1080), told(-1080, is_cancellation=True))
    services.match_all(by=None)
    assert again(order).paid_yen == 0


def test_a_cancelled_transfer_that_was_matched_asks_for_a_person() -> None:
    order, line = transfer("P-1"), credit(1080)
    services.match_all(by=None)
    assert again(order).paid_yen == 1080
    assert queries.to_do_count() == 0
    take(told(-1080, is_cancellation=True, on=LATER))
    assert (again(line).state, again(line).returned_by_id) == ("matched", debit().pk)
    assert queries.to_do_count() == 1


def test_once_undone_the_cancelled_transfer_is_nobodys_and_is_not_matched_again() -> None:
    order, line = transfer("P-1"), credit(1080)
    services.match_all(by=None)
    take(told(-1080, is_cancellation=True, on=LATER))
    services.unmatch(line.line.matches.get().pk, by=None, note="銀行で取消")
    assert (again(line).state, again(line).aside_reason, again(order).paid_yen) == (
        "set_aside",
        "returned",
        0,
    )
    assert services.match_all(by=None).credits == 0
    assert broken() == []


def test_a_cancelled_transfer_that_is_partly_used_is_not_matched_further() -> None:
    order, rest, line = transfer("P-1", 1000), transfer("P-2", 80), credit(1080)
    services.match(line.pk, [Part(order.pk, 1000)], by=None)
    take(told(-1080, is_cancellation=True, on=LATER))
    assert services.match_all(by=None).credits == 0
    assert (again(rest).paid_yen, queries.to_do_count()) == (0, 1)


def test_which_of_two_equal_transfers_was_cancelled_is_not_guessed() -> None:
    take(told(1080), told(1080), told(-1080, is_cancellation=True))
    assert set(BankLineStatus.objects.values_list("state", "returned_by")) == {("open", None)}


def test_a_person_ties_the_debit_that_gave_the_money_back() -> None:
    line = credit(1080, "ｼﾗﾅｲ ﾋﾄ")
    take(told(-1080, "", text="組戻", kind="その他", on=LATER))
    services.set_aside(line.pk, by=None, note="組戻を依頼", reason="returned", returned_by=debit().pk)
    assert again(line).returned_by_id == debit().pk
    with pytest.raises(DomainError, match="取消・組戻された入金"):
        services.bring_back(line.pk, by=None)
    services.bring_back(line.pk, by=None, untie=True)
    assert (again(line).state, again(line).returned_by_id) == ("open", None)


@pytest.mark.parametrize("case", ["earlier", "another amount", "another account", "used"])
def test_only_a_fitting_debit_gives_money_back(case: str) -> None:
    line = credit(1080, "ｼﾗﾅｲ ﾋﾄ")
    amount = -1079 if case == "another amount" else -1080
    day = DAY - timedelta(days=1) if case == "earlier" else LATER
    take(
        told(amount, "", kind="その他", on=day), into=account("other") if case == "another account" else None
    )
    if case == "used":
        other = credit(1080, "ﾍﾞﾂﾉ ﾋﾄ")
        services.set_aside(other.pk, by=None, note="x", reason="returned", returned_by=debit().pk)
    with pytest.raises(DomainError, match="この入金の組戻ではありません"):
        services.set_aside(line.pk, by=None, note="x", reason="returned", returned_by=debit().pk)
    assert again(line).state == "open"
