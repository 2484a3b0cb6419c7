"""振替伝票: entries by hand. They balance or are not written, and are taken back only by their opposite."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction

from akinai.accounting.errors import NotBalanced
from akinai.accounting.models import Account, JournalEntry
from akinai.accounting.rules import vouchers as rules
from akinai.accounting.rules.vouchers import Asked
from akinai.core import activity, clock, numbering
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.money import yen
from akinai.core.tax import Rounding
from akinai.party import queries as party

if TYPE_CHECKING:
    from akinai.staff.models import Staff

BY_HAND = ("manual", "opening")
# Accounts whose opening the rooms of the work post by themselves, from stock and from what suppliers are owed.
OPENED_ELSEWHERE = ("goods", "payable", "uninvoiced")
# The entry and its lines at once. An account that was retired meanwhile takes no line, and the entry does not balance then.
WRITE = """
WITH made AS (
  INSERT INTO accounting_journalentry (number, "on", source, key, memo, document, partner, by_id, reverses_id, at)
  VALUES (%(number)s, %(on)s, %(source)s, %(key)s, %(memo)s, %(document)s, %(partner)s, %(by)s, %(reverses)s, %(now)s)
  RETURNING id, "on"
)
INSERT INTO accounting_journalline (entry_id, line_no, side, account_id, "on", yen, tax_class, tax_yen, is_tax)
SELECT made.id, l.no, l.side, a.id, made."on", l.yen, l.tax_class, l.tax_yen, l.is_tax
FROM made, unnest(%(accounts)s::bigint[], %(roles)s::text[], %(sides)s::text[], %(yen)s::bigint[], %(classes)s::text[],
  %(taxes)s::bigint[], %(are_tax)s::bool[]) WITH ORDINALITY AS l(account_id, role, side, yen, tax_class, tax_yen, is_tax, no)
JOIN accounting_account a ON a.id = l.account_id OR a.role = l.role
RETURNING entry_id
"""


@transaction.atomic
def write(
    *,
    on: date,
    memo: str,
    lines: Sequence[Asked],
    partner: str = "",
    document: str = "",
    by: Staff | None,
) -> JournalEntry:
    """振替伝票を起こす. Raises NotBalanced, DomainError for a retired account; a closed month is refused by the database."""
    number = numbering.take("journal")[0]
    made = _write(number, on, "manual", f"manual:{number}", memo, lines, partner, document, by)
    activity.record(made, "create", by=by, summary=f"振替伝票 {yen(_sum(lines))} {memo}"[:500])
    return made


@transaction.atomic
def open_balances(*, on: date, balances: dict[int, int], by: Staff | None) -> JournalEntry:
    """期首残高: account → yen on its own side (▲: on the other). What lacks to balance stands on 期首残高.

    Raises ChangedMeanwhile while another opening stands: it is taken back first.
    """
    standing = JournalEntry.objects.filter(source="opening", reverses=None, reversed_by=None).first()
    if standing is not None:
        raise ChangedMeanwhile(
            f"期首残高は {standing.number} で登録済みです。",
            way_out="その仕訳を取り消してから、登録し直してください。",
        )
    turn = JournalEntry.objects.filter(source="opening", reverses=None).count() + 1
    lines = opening_lines(balances)
    if not lines:
        raise DomainError("残高が入力されていません。", way_out="1 つ以上の科目に残高を入れてください。")
    number = numbering.take("journal")[0]
    made = _write(number, on, "opening", f"opening:{turn}", f"期首残高 {on:%Y/%m/%d}", lines, "", "", by)
    activity.record(made, "create", by=by, summary=f"期首残高 {len(lines)} 科目")
    return made


def opening_lines(balances: dict[int, int]) -> list[Asked]:
    """The lines of an opening, with the one on 期首残高 that makes them balance."""
    known = {account.pk: account for account in Account.objects.all()}
    lines = []
    for pk, amount in balances.items():
        if amount:
            is_debit = known[pk].is_debit == (amount > 0)
            lines.append(Asked(pk, "debit" if is_debit else "credit", abs(amount)))
    left = rules.gap(lines)
    if left:
        equity = next(pk for pk, account in known.items() if account.role == "opening")
        lines.append(Asked(equity, "credit" if left > 0 else "debit", abs(left)))
    return lines


@transaction.atomic
def reverse(entry: JournalEntry, *, on: date, reason: str, by: Staff | None) -> JournalEntry:
    """仕訳の取消 by its opposite. Only of entries by hand: all others follow the ledger they came from."""
    if entry.source not in BY_HAND or entry.reverses_id:
        raise DomainError(
            f"{entry.number} は取り消せません。",
            way_out="元の書類（受注・入金・仕入など）を直すと、仕訳も直ります。",
        )
    if not reason.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    number = numbering.take("journal")[0]
    rows = entry.lines.order_by("line_no")
    lines = [
        rules.Booked(row.account_id, "", "credit" if row.side == "debit" else "debit", row.yen, row.tax_class, row.tax_yen, row.is_tax)
        for row in rows
    ]  # fmt: skip
    memo = f"{entry.number} の取消: {reason.strip()}"
    try:
        with transaction.atomic():
            made = _insert(
                number,
                on,
                entry.source,
                f"{entry.source}:{number}",
                memo,
                lines,
                entry.partner,
                entry.document,
                by,
                entry.pk,
            )
    except IntegrityError:
        raise ChangedMeanwhile(f"{entry.number} はすでに取り消されています。") from None
    activity.record(
        entry, "reverse", by=by, summary=f"{made.number} で取り消しました: {reason.strip()}"[:500]
    )
    return made


def _sum(lines: Sequence[Asked]) -> int:
    return sum(line.yen for line in lines if line.side == "debit")


def _write(
    number: str,
    on: date,
    source: str,
    key: str,
    memo: str,
    lines: Sequence[Asked],
    partner: str,
    document: str,
    by: Staff | None,
) -> JournalEntry:
    left = rules.gap(lines)
    if left or len({line.side for line in lines}) < 2:
        raise NotBalanced(
            f"借方と貸方が {yen(abs(left))} 違います。" if left else "借方と貸方の両方が要ります。",
            way_out="金額を確かめてください。",
        )
    rounding = Rounding(party.company().tax_rounding)
    retired = Account.objects.filter(pk__in=[line.account_id for line in lines], is_live=False).first()
    if retired is not None:
        raise DomainError(
            f"{retired.name} は使わない科目です。", way_out="別の科目を選ぶか、科目を使うに戻してください。"
        )
    return _insert(number, on, source, key, memo, rules.booked(lines, rounding), partner, document, by, None)


def _insert(
    number: str, on: date, source: str, key: str, memo: str, lines: Sequence[rules.Booked], partner: str, document: str,
    by: Staff | None, reverses: int | None,
) -> JournalEntry:  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(WRITE, {
            "number": number, "on": on, "source": source, "key": key, "memo": memo[:200], "document": document[:60],
            "partner": partner[:120], "by": by.pk if by else None, "reverses": reverses, "now": clock.now(),
            "accounts": [line.account_id for line in lines], "roles": [line.role or None for line in lines],
            "sides": [line.side for line in lines], "yen": [line.yen for line in lines],
            "classes": [line.tax_class for line in lines], "taxes": [line.tax_yen for line in lines],
            "are_tax": [line.is_tax for line in lines],
        })  # fmt: skip
        (pk,) = cursor.fetchone()
    return JournalEntry.objects.get(pk=pk)
