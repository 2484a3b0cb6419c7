"""Statement → 住信SBIネット銀行 CSV, for the demo shop and round-trip tests."""

from __future__ import annotations

import csv
import io

from akinai.payments.ports import Statement, StatementLine

HEADER = ("日付", "内容", "出金金額(円)", "入金金額(円)", "残高(円)", "メモ")


def write(statement: Statement) -> bytes:
    """CP932, LF, every filled cell quoted, newest first, as the bank writes it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    for line in reversed(statement.lines):
        writer.writerow(_row(line))
    return out.getvalue().encode("cp932")


def _row(line: StatementLine) -> list[str]:
    text = f"振込＊{line.payer}" if line.kind == "振込" else line.text
    amount = f"{abs(line.amount_yen):,}"
    paid_out, paid_in = (amount, "") if line.amount_yen < 0 else ("", amount)
    balance = "" if line.balance_yen is None else f"{line.balance_yen:,}"
    return [f"{line.on:%Y/%m/%d}", text, paid_out, paid_in, balance, line.memo or "-"]
