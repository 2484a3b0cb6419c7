"""入金明細の取込: a bank's statement becomes BankLine rows; an overlapping file adds only what is new."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core.kana import payer_key, search_key
from akinai.payments.models import BankAccount, BankLine, BankLineStatus
from akinai.payments.ports import Statement, StatementLine
from akinai.payments.rules.overlap import Overlap, Seen, sort_out
from akinai.payments.services.aside import note_returns
from akinai.payments.states import AsideReason, BankLineState

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

ASIDE = {
    "利息": AsideReason.INTEREST,
    "手数料": AsideReason.OTHER,
    "口座振替": AsideReason.SETTLEMENT,
    "組戻": AsideReason.OTHER,
}


@dataclass(frozen=True, slots=True)
class Counts:
    """取込の結果: new lines, lines already there, and the yen of all credits in the statement."""

    created: int
    unchanged: int
    credit_yen: int


def seen_lines(account: BankAccount | None, lines: Sequence[StatementLine]) -> list[Seen]:
    """What is already there of the account in the days of these lines."""
    if account is None or account.pk is None or not lines:
        return []
    days = [line.on for line in lines]
    rows = BankLine.objects.filter(account=account, on__gte=min(days), on__lte=max(days))
    return [
        Seen(*row)
        for row in rows.order_by("id").values_list("on", "amount_yen", "payer_key", "balance_yen", "bank_ref")
    ]


def digest(account_code: str, line: StatementLine, occurrence: int) -> str:
    """指紋: account, day, amount, payer, balance, and the how-manieth of its like."""
    balance = "" if line.balance_yen is None else str(line.balance_yen)
    parts = [account_code, line.on.isoformat(), str(line.amount_yen), payer_key(line.payer)[:100], balance]
    return hashlib.sha256("|".join([*parts, str(occurrence)]).encode()).hexdigest()


@transaction.atomic
def take_statement(
    statement: Statement, *, account: BankAccount, by: Staff | None, intake_file: IntakeFile | None = None
) -> Counts:
    """Add the lines of one statement that are new. Set-based; lines already there are left alone."""
    lines = statement.lines
    overlap = sort_out(lines, seen_lines(account, lines))
    fresh = _rows(statement, overlap, account, intake_file)
    BankLine.objects.bulk_create(fresh, batch_size=2000, ignore_conflicts=True)
    added = _added(account, {row.digest for row in fresh}, [row.on for row in fresh])
    notes = {digest(account.code, lines[at], nth): _aside(lines[at]) for at, nth in overlap.new}
    BankLineStatus.objects.bulk_create(
        [_status(line, notes[line.digest]) for line in added if line.amount_yen > 0],
        batch_size=2000,
        ignore_conflicts=True,
    )
    cancelling = {
        digest(account.code, lines[at], nth) for at, nth in overlap.new if lines[at].is_cancellation
    }
    note_returns([line for line in added if line.amount_yen < 0 and line.digest in cancelling])
    credit_yen = sum(line.amount_yen for line in lines if line.amount_yen > 0)
    return Counts(len(fresh), len(lines) - len(fresh), credit_yen)


def _added(account: BankAccount, digests: set[str], days: Sequence[date]) -> list[BankLine]:
    """The rows that this call has written (another process may have been faster with some)."""
    if not digests:
        return []
    rows = BankLine.objects.filter(account=account, on__gte=min(days), on__lte=max(days), status__isnull=True)
    return [row for row in rows.order_by("id") if row.digest in digests]


def _aside(line: StatementLine) -> tuple[str, str]:
    """(reason, note) why a credit is surely not a customer's payment; empty when it may be one."""
    if line.is_cancellation:
        return AsideReason.OTHER, "取消・組戻で戻ったお金"
    reason = ASIDE.get(line.kind)
    return (reason, line.kind) if reason else ("", "")


def _status(line: BankLine, aside: tuple[str, str]) -> BankLineStatus:
    reason, note = aside
    return BankLineStatus(
        line=line,
        on=line.on,
        amount_yen=line.amount_yen,
        state=BankLineState.SET_ASIDE if reason else BankLineState.OPEN,
        aside_reason=reason,
        note=note,
        search_text=search_text(line),
    )


def search_text(line: BankLine) -> str:
    """検索の文字: payer and text as written, and folded as banks write (small kana large, no long marks)."""
    written = f"{line.payer} {line.text} {line.memo} {line.edi}"
    return f"{search_key(written)} {search_key(payer_key(written))} {line.amount_yen}"


def _rows(
    statement: Statement, overlap: Overlap, account: BankAccount, intake_file: IntakeFile | None
) -> list[BankLine]:
    lines = statement.lines
    return [
        _row(lines[at], digest(account.code, lines[at], nth), account, intake_file) for at, nth in overlap.new
    ]


def _row(line: StatementLine, digest: str, account: BankAccount, intake_file: IntakeFile | None) -> BankLine:
    return BankLine(
        account=account,
        on=line.on,
        amount_yen=line.amount_yen,
        payer=line.payer[:100],
        payer_key=payer_key(line.payer)[:100],
        text=line.text[:200],
        kind=line.kind[:20],
        is_transfer=line.is_transfer,
        balance_yen=line.balance_yen,
        bank_ref=line.bank_ref[:30],
        edi=line.edi[:30],
        memo=line.memo[:200],
        digest=digest,
        intake_file=intake_file,
        source_line=line.source_line,
        raw=line.raw,
    )
