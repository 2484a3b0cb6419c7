"""仕訳を読む: the balances of accounts (試算表) and the lines of one of them (元帳)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from akinai.accounting.models import Account, JournalEntry

BALANCES = """
SELECT a.id, coalesce(sum(d.debit_yen - d.credit_yen) FILTER (WHERE d."on" < %(first)s), 0)::bigint,
  coalesce(sum(d.debit_yen) FILTER (WHERE d."on" >= %(first)s), 0)::bigint,
  coalesce(sum(d.credit_yen) FILTER (WHERE d."on" >= %(first)s), 0)::bigint
FROM accounting_account a LEFT JOIN accounting_dailybalance d ON d.account_id = a.id AND d."on" <= %(last)s GROUP BY a.id
"""
LINES = """
SELECT e.number, e."on", e.memo, e.partner, e.document, l.side, l.yen,
  string_agg(DISTINCT o.name, '・') FILTER (WHERE x.side <> l.side),
  sum(CASE l.side WHEN 'debit' THEN l.yen ELSE -l.yen END) OVER (ORDER BY e."on", e.id, l.line_no)
FROM accounting_journalline l JOIN accounting_journalentry e ON e.id = l.entry_id
JOIN accounting_journalline x ON x.entry_id = e.id JOIN accounting_account o ON o.id = x.account_id
WHERE l.account_id = %(account)s AND l."on" BETWEEN %(first)s AND %(last)s GROUP BY e.id, l.id ORDER BY e."on", e.id, l.line_no
"""
SHOWN_LINES = 500


@dataclass(frozen=True, slots=True)
class Balance:
    """試算表の 1 行. `before` and `after` are on the account's own side."""

    account: Account
    before_yen: int
    debit_yen: int
    credit_yen: int

    @property
    def after_yen(self) -> int:
        moved = self.debit_yen - self.credit_yen
        return self.before_yen + (moved if self.account.is_debit else -moved)


def trial_balance(first: date, last: date) -> list[Balance]:
    """試算表: every account by code; 収益 and 費用 begin at `first`'s balance, too, as they are not closed here."""
    accounts = {account.pk: account for account in Account.objects.all()}
    with connection.cursor() as cursor:
        cursor.execute(BALANCES, {"first": first, "last": last})
        rows = {pk: amounts for pk, *amounts in cursor.fetchall()}
    return [
        Balance(account, rows[pk][0] if account.is_debit else -rows[pk][0], rows[pk][1], rows[pk][2])
        for pk, account in accounts.items()
    ]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """元帳の 1 行, with the balance after it."""

    number: str
    on: date
    memo: str
    partner: str
    document: str
    side: str
    yen: int
    others: str
    balance_yen: int


def ledger(account: Account, first: date, last: date, opening_yen: int) -> list[LedgerLine]:
    """元帳 of one account in the period, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(LINES, {"account": account.pk, "first": first, "last": last})
        rows: Sequence[Any] = cursor.fetchall()
    sign = 1 if account.is_debit else -1
    found = []
    for number, on, memo, partner, document, side, yen, others, moved in rows:
        after = opening_yen + sign * int(moved)
        found.append(LedgerLine(number, on, memo, partner, document, side, yen, others or "", after))
    return found


def entry(number: str) -> JournalEntry | None:
    """One entry with its lines."""
    return (
        JournalEntry.objects.filter(number=number)
        .select_related("order", "channel", "by", "reverses")
        .prefetch_related("lines__account")
        .first()
    )


def entries_of_order(order_id: int) -> list[JournalEntry]:
    """The entries of one order, oldest first."""
    return list(
        JournalEntry.objects.filter(order_id=order_id).prefetch_related("lines__account").order_by("on", "id")
    )
