"""入金明細の取込: a bank's statement becomes BankLine rows; an overlapping file adds only what is new."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core.kana import payer_key
from akinai.payments.models import BankAccount, BankLine, BankLineStatus
from akinai.payments.ports import AccountHint, Statement, StatementLine
from akinai.payments.states import BankLineState

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

NOT_FROM_CUSTOMERS = {"利息": "利息", "手数料": "手数料", "口座振替": "口座振替", "組戻": "組戻"}


@dataclass(frozen=True, slots=True)
class Counts:
    """取込の結果: new lines, lines already there, and the yen of all credits in the statement."""

    created: int
    unchanged: int
    credit_yen: int


def account_code(hint: AccountHint, fallback: str) -> str:
    """口座コード: bank-branch-number as far as the file tells, else the format's name."""
    known = [part for part in (hint.bank_code or hint.bank_name, hint.branch_code, hint.number) if part]
    return "-".join(known)[:40] if hint.number else fallback


def account_for(hint: AccountHint, *, code: str, title: str) -> BankAccount:
    """The account of a statement, made on first sight."""
    account, _ = BankAccount.objects.get_or_create(
        code=code,
        defaults={
            "bank_name": (hint.bank_name or title)[:60],
            "bank_code": hint.bank_code[:4],
            "branch_name": hint.branch_name[:60],
            "branch_code": hint.branch_code[:3],
            "kind": hint.kind[:10],
            "account_no": hint.number[:12],
            "holder": hint.holder[:60],
        },
    )
    return account


def digests(account_code: str, lines: Sequence[StatementLine]) -> list[str]:
    """指紋 of each line: account, date, amount, payer, text, balance, and the how-manieth of its like.

    With balances two equal payments of one day differ by themselves. Without, the second of two equal lines is
    numbered 2, so both are kept and the same file again adds nothing.
    """
    seen: Counter[str] = Counter()
    made = []
    for line in lines:
        content = "|".join(
            [account_code, line.on.isoformat(), str(line.amount_yen), payer_key(line.payer), payer_key(line.text),
             "" if line.balance_yen is None else str(line.balance_yen), line.bank_ref]
        )  # fmt: skip
        seen[content] += 1
        made.append(hashlib.sha256(f"{content}|{seen[content]}".encode()).hexdigest())
    return made


@transaction.atomic
def take_statement(
    statement: Statement, *, account: BankAccount, by: Staff | None, intake_file: IntakeFile | None = None
) -> Counts:
    """Add the lines of one statement. Set-based; lines already there are left alone."""
    keys = digests(account.code, statement.lines)
    known = set(BankLine.objects.filter(digest__in=keys).values_list("digest", flat=True))
    fresh = [
        _line(line, digest, account, intake_file)
        for line, digest in zip(statement.lines, keys, strict=True)
        if digest not in known
    ]
    BankLine.objects.bulk_create(fresh, batch_size=2000, ignore_conflicts=True)
    added = BankLine.objects.filter(
        digest__in=[line.digest for line in fresh], status__isnull=True, amount_yen__gt=0
    )
    notes = {digest: _aside_note(line) for line, digest in zip(statement.lines, keys, strict=True)}
    BankLineStatus.objects.bulk_create(
        [
            BankLineStatus(
                line=line,
                amount_yen=line.amount_yen,
                state=BankLineState.SET_ASIDE if notes[line.digest] else BankLineState.OPEN,
                note=notes[line.digest],
            )
            for line in added
        ],
        batch_size=2000,
        ignore_conflicts=True,
    )
    credit_yen = sum(line.amount_yen for line in statement.lines if line.amount_yen > 0)
    return Counts(len(fresh), len(statement.lines) - len(fresh), credit_yen)


def _aside_note(line: StatementLine) -> str:
    """Why a credit is surely not a customer's payment, or ''."""
    if line.is_cancellation:
        return "取消・組戻"
    return NOT_FROM_CUSTOMERS.get(line.kind, "")


def _line(line: StatementLine, digest: str, account: BankAccount, intake_file: IntakeFile | None) -> BankLine:
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
