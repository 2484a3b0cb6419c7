"""The order of a statement's lines (古い順への整列), found from the balances. Pure.

Banks write oldest first, newest first, or newest day first with the day itself in order. Only one of these makes
each balance the one before plus the amount; that one is taken. When none does, the dates decide and a warning says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from akinai.core.tables import RowError
from akinai.payments.ports import StatementLine

Lines = tuple[StatementLine, ...]


def oldest_first(
    lines: Sequence[StatementLine], *, newest_first: bool, file: str, column: str
) -> tuple[Lines, tuple[RowError, ...]]:
    """(lines oldest first, warnings). `newest_first` is the bank's habit, used when nothing in the file tells."""
    as_written = tuple(lines)
    if len(as_written) < 2:
        return as_written, ()
    candidates = _candidates(as_written, newest_first)
    if any(line.balance_yen is None for line in as_written):
        return _by_date(candidates[0]), ()
    for candidate in candidates:
        if not _breaks(candidate):
            return candidate, ()
    same_day = as_written[0].on == as_written[-1].on
    best = min(candidates, key=lambda each: len(_breaks(each))) if same_day else candidates[0]
    ordered = _by_date(best)
    return ordered, (_warning(ordered, file, column),)


def _by_date(lines: Lines) -> Lines:
    """Stable: the order within a day is the bank's."""
    return tuple(sorted(lines, key=lambda line: line.on))


def _candidates(lines: Lines, newest_first: bool) -> list[Lines]:
    """All orders a bank may have meant, the likeliest first."""
    turned = tuple(reversed(lines))
    dates = [line.on for line in lines]
    if dates[0] != dates[-1]:
        newest_first = dates[0] > dates[-1]
    first, second = (turned, lines) if newest_first else (lines, turned)
    return [first, _by_date(first), _by_date(second), second]


def _breaks(lines: Lines) -> list[tuple[StatementLine, StatementLine]]:
    """Neighbours whose balances do not follow from each other."""
    return [
        (before, after)
        for before, after in pairwise(lines)
        if (before.balance_yen or 0) + after.amount_yen != after.balance_yen
    ]


def _warning(lines: Lines, file: str, column: str) -> RowError:
    broken = _breaks(lines)
    before, after = broken[0]
    expected = (before.balance_yen or 0) + after.amount_yen
    more = f"（ほか{len(broken) - 1}か所）" if len(broken) > 1 else ""
    message = (
        f"残高がつながりません{more}。前の残高 {before.balance_yen:,} に {after.amount_yen:+,} を加えると {expected:,} です。"
        "明細が抜けていないか、期間を続けてダウンロードしたかを確かめてください。取込はできます。"
    )
    return RowError(file, after.source_line, column, str(after.balance_yen), message)
