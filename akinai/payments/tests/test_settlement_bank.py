"""精算と銀行: a deposit is a settlement's when amount, day and payer agree and nothing else fits; the rest is a person's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from akinai.core.errors import DomainError
from akinai.payments import queries, services
from akinai.payments.models import BankLineStatus, SettlementEntry, SettlementStatus
from akinai.payments.services import settlements
from akinai.payments.tests.factories import broken, credit
from akinai.payments.tests.settling import PAID_ON, fee, line_of, mall, sale, take
from tests.together import together

pytestmark = pytest.mark.django_db
RAKUTEN = "ﾗｸﾃﾝｸﾞﾙ-ﾌﾟ(ｶ"
TODAY = date(2026, 11, 30)


def parts(today: date = TODAY) -> dict[str, int]:
    """説明のつかない金額 by part, those that are not 0."""
    return {part.name: part.yen for part in queries.unexplained(today).parts if part.count}


def bank_line(settlement: object) -> int | None:
    return SettlementStatus.objects.get(settlement=settlement).bank_line_id


def test_the_deposit_of_that_amount_day_and_payer_is_tied_by_itself_and_everything_is_explained() -> None:
    mall("R-1")
    made = take(sale("R-1"), fee(38))
    assert parts() == {"not_at_bank": 1042}
    deposit = credit(1042, RAKUTEN, PAID_ON)
    assert parts() == {"not_at_bank": 1042, "deposits": 1042}
    assert settlements.tie_all() == 1
    assert bank_line(made) == deposit.pk
    status = BankLineStatus.objects.get(pk=deposit.pk)
    assert (status.state, status.aside_reason) == ("set_aside", "settlement")
    assert parts() == {}
    assert settlements.tie_all() == 0
    assert broken() == []


@pytest.mark.parametrize(("yen", "payer", "on"), [
    (1043, RAKUTEN, PAID_ON), (1042, "ﾔﾏﾀﾞ ﾀﾛｳ", PAID_ON), (1042, RAKUTEN, PAID_ON + timedelta(days=11)),
    (1042, RAKUTEN, PAID_ON - timedelta(days=4)),
])  # fmt: skip
def test_nothing_is_tied_below_certainty(yen: int, payer: str, on: date) -> None:
    mall("R-1")
    made = take(sale("R-1"), fee(38))
    credit(yen, payer, on)
    assert settlements.tie_all() == 0
    assert bank_line(made) is None


def test_two_equal_deposits_wait_for_a_person() -> None:
    mall("R-1")
    take(sale("R-1"), fee(38))
    credit(1042, RAKUTEN, PAID_ON)
    credit(1042, RAKUTEN, PAID_ON + timedelta(days=1))
    assert settlements.tie_all() == 0


def test_two_equal_settlements_wait_for_a_person() -> None:
    mall("R-1"), mall("R-2")
    take(sale("R-1"))
    take(sale("R-2"), number="R-3")
    credit(1080, RAKUTEN, PAID_ON)
    assert settlements.tie_all() == 0


def test_a_person_ties_a_strange_payer_and_the_name_is_learned() -> None:
    mall("R-1"), mall("R-2")
    first = take(sale("R-1"))
    deposit = credit(1080, "ﾐﾎﾝｹﾂｻｲ(ｶ", PAID_ON)
    settlements.tie_bank(first.pk, deposit.pk, by=None)
    second = take(sale("R-2"), number="R-3", paid_on=date(2026, 11, 27))
    other = credit(1080, "ﾐﾎﾝｹﾂｻｲ(ｶ", date(2026, 11, 27))
    with pytest.raises(DomainError, match="すでに入金明細と結び付いています"):
        settlements.tie_bank(first.pk, other.pk, by=None)
    assert settlements.tie_all() == 1
    assert bank_line(second) == other.pk


def test_a_transfer_fee_taken_off_needs_a_reason_and_becomes_a_cost() -> None:
    mall("R-1")
    made = take(sale("R-1"))
    deposit = credit(750, RAKUTEN, PAID_ON)
    with pytest.raises(DomainError, match="330 足りません"):
        settlements.tie_bank(made.pk, deposit.pk, by=None)
    settlements.tie_bank(made.pk, deposit.pk, note="振込手数料", by=None)
    (entry,) = SettlementEntry.objects.all()
    assert (entry.role, entry.yen, entry.tax_yen) == ("fees", 330, 30)
    assert parts() == {}
    settlements.untie_bank(made.pk, note="間違い", by=None)
    assert sum(SettlementEntry.objects.values_list("yen", flat=True)) == 0
    assert parts() == {"not_at_bank": 1080, "deposits": 750}
    assert broken() == []


def test_one_deposit_may_bring_two_settlements_and_never_more_than_it_is() -> None:
    mall("R-1"), mall("R-2"), mall("R-3")
    first, second = take(sale("R-1")), take(sale("R-2"), number="R-3")
    deposit = credit(2160, RAKUTEN, PAID_ON)
    settlements.tie_bank(first.pk, deposit.pk, by=None)
    assert parts() == {"not_at_bank": 1080, "deposits": 1080}
    settlements.tie_bank(second.pk, deposit.pk, by=None)
    assert parts() == {}
    third = take(sale("R-3"), number="R-4")
    with pytest.raises(DomainError, match="使われています"):
        settlements.tie_bank(third.pk, deposit.pk, note="無理に", by=None)
    assert broken() == []


def test_a_customers_matched_deposit_is_no_settlements() -> None:
    from akinai.payments.tests.factories import transfer

    order = transfer("T-1", 1042)
    deposit = credit(1042, "ｱｵｷ ﾐｻｷ", PAID_ON)
    services.match(deposit.pk, [services.Part(order.pk, 1042)], by=None)
    mall("R-1")
    made = take(sale("R-1"), fee(38))
    with pytest.raises(DomainError, match="使われています"):
        settlements.tie_bank(made.pk, deposit.pk, by=None)


def test_a_tied_deposit_is_not_brought_back_to_the_worklist() -> None:
    mall("R-1")
    made = take(sale("R-1"))
    deposit = credit(1080, RAKUTEN, PAID_ON)
    settlements.tie_all()
    with pytest.raises(DomainError, match=made.number):
        services.bring_back(deposit.pk, by=None)
    settlements.untie_bank(made.pk, note="間違い", by=None)
    services.bring_back(deposit.pk, by=None)
    assert BankLineStatus.objects.get(pk=deposit.pk).state == "open"


def test_a_settlement_at_the_bank_is_untied_before_it_is_reversed() -> None:
    mall("R-1")
    made = take(sale("R-1"))
    credit(1080, RAKUTEN, PAID_ON)
    settlements.tie_all()
    with pytest.raises(DomainError, match="結び付"):
        settlements.reverse(made, note="違う", by=None)


def test_a_deposit_without_a_file_is_explained_by_an_account() -> None:
    deposit = credit(5000, RAKUTEN, PAID_ON)
    assert parts() == {"deposits": 5000}
    made = settlements.by_hand(
        deposit.pk, settlements.terms_of("rakuten"), role="gain", note="キャンペーンの協賛金", by=None
    )
    assert (made.net_yen, bank_line(made)) == (5000, deposit.pk)
    assert parts() == {}
    assert broken() == []


def test_a_payout_to_come_is_not_missed_yet() -> None:
    mall("R-1")
    take(sale("R-1"), paid_on=date(2026, 12, 10))
    assert parts() == {}
    assert parts(date(2026, 12, 10)) == {"not_at_bank": 1080}


def test_open_lines_count_whichever_way_the_money_goes() -> None:
    mall("R-1")
    made = take(sale("R-1"), sale("R-404", 500), fee(38), number="R-9")
    assert parts()["lines"] == 500
    settlements.book_line(line_of(made, 2), role="suspense", note="調査中", by=None)
    assert "lines" not in parts()


def test_an_order_shipped_long_ago_and_in_no_settlement_is_overdue_from_the_first_settlement_on() -> None:
    from akinai.orders.models import Order

    late, early = mall("R-2", 2160), mall("R-3")
    shipped = timezone.make_aware(timezone.datetime(2026, 11, 10, 12))
    Order.objects.filter(pk=late.pk).update(state="shipped", shipped_at=shipped)
    Order.objects.filter(pk=early.pk).update(state="shipped", shipped_at=shipped - timedelta(days=60))
    day = date(2026, 12, 26)
    assert "overdue" not in parts(day)
    mall("R-1")
    take(sale("R-1"), since=date(2026, 11, 1))
    assert parts(day)["overdue"] == 2160
    assert "overdue" not in parts(day - timedelta(days=2))
    take(sale("R-2", 2160), number="R-8")
    assert "overdue" not in parts(day)


@pytest.mark.django_db(transaction=True)
def test_two_settlements_cannot_take_one_deposit_at_once() -> None:
    mall("R-1"), mall("R-2")
    first, second = take(sale("R-1")), take(sale("R-2"), number="R-3")
    deposit = credit(1080, RAKUTEN, PAID_ON)
    results = together(
        lambda: settlements.tie_bank(first.pk, deposit.pk, by=None),
        lambda: settlements.tie_bank(second.pk, deposit.pk, by=None),
    )
    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert SettlementStatus.objects.filter(bank_line=deposit.pk).count() == 1
    assert broken() == []
