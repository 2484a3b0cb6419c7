"""買掛の期首残高: what was owed before the ledger began comes in once, is paid like a bill, and can be taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from akinai.core import intake, proofs
from akinai.core.errors import DomainError
from akinai.core.intake.models import IntakeFile
from akinai.purchasing.models import PayableEntry
from akinai.purchasing.queries import payables
from akinai.purchasing.services import paying
from akinai.purchasing.tests import factories

pytestmark = pytest.mark.django_db
HEADER = "仕入先コード,残高（税込）,請求番号,日付,支払期日\n"
ROWS = 'S1,"1,100,000",A-1,2026/9/30,2026/11/30\nS1,50000,A-2,2026/10/31,2026/12/31\nS2,▲3300,,2026/10/31,\n'


def look(rows: str) -> tuple[IntakeFile, intake.Plan]:
    kind = intake.kind_of("payable_opening")
    assert kind
    return intake.preview(kind, [intake.Upload("in.csv", (HEADER + rows).encode())], options={}, by=None)


def take_in() -> IntakeFile:
    row, plan = look(ROWS)
    assert not plan.refused, plan.errors
    intake.apply(row, by=None)
    return row


def broken() -> list[str]:
    return [finding.name for finding in proofs.run_all() if finding.broken]


def undo(row: IntakeFile) -> Any:
    kind = intake.kind_of("payable_opening")
    assert kind
    row.refresh_from_db()
    return kind.undo(row, None)


def test_balances_come_in_once_and_wait_for_payment_by_their_due_days() -> None:
    one, two = factories.supplier("S1"), factories.supplier("S2")
    take_in()
    assert (payables.balance_of(one.pk), payables.balance_of(two.pk)) == (1_150_000, -3_300)
    waiting = payables.payable_now().order_by("due_on")
    assert [(row.document, row.left_yen, row.due_on) for row in waiting] == [
        ("A-1", 1_100_000, date(2026, 11, 30)), ("A-2", 50_000, date(2026, 12, 31)),
    ]  # fmt: skip
    _, again = look(ROWS)
    assert (again.created, again.unchanged) == (0, 3)
    _, other = look('S1,"1,200,000",A-1,2026/9/30,\n')
    assert other.refused and "1,100,000 円で登録済み" in other.errors[0].message
    assert broken() == []


def test_a_balance_taken_back_is_owed_no_more_unless_it_is_being_paid() -> None:
    one = factories.supplier("S1")
    factories.supplier("S2")
    row = take_in()
    first = PayableEntry.objects.get(document="A-1")
    run = paying.gather([first.pk], pay_on=date(2026, 11, 30), by=None)
    with pytest.raises(DomainError, match="支払に入っています"):
        undo(row)
    paying.cancel_run(run, reason="やめる", by=None)
    undo(row)
    assert payables.balance_of(one.pk) == 0
    assert not payables.owed().exists()
    assert broken() == []


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        ("S9,1000,,2026/9/30,", "仕入先コード", "登録されていません"),
        ("S1,0,,2026/9/30,", "残高（税込）", "0 円"),
        ("S1,千円,,2026/9/30,", "残高（税込）", "読めません"),
        ("S1,1000,,2999/9/30,", "日付", "未来"),
        ("S1,1000,B,2026/9/30,いつか", "支払期日", "読めません"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_comes_in(line: str, column: str, word: str) -> None:
    factories.supplier("S1")
    _, plan = look(line + "\n")
    assert plan.refused and plan.errors[0].column == column and word in plan.errors[0].message
    assert not PayableEntry.objects.exists()
