"""Statement → MUFG CSV (三菱UFJ形式で書く), for the demo shop and round-trip tests."""

from __future__ import annotations

import csv
import io

from akinai.payments.ports import Statement, StatementLine

HEADER = (
    "日付",
    "摘要",
    "摘要内容",
    "支払い金額",
    "預かり金額",
    "差引残高",
    "メモ",
    "未資金化区分",
    "入払区分",
)
_WORDS = {"振込": "振込１", "利息": "利息", "手数料": "手数料", "口座振替": "口座振替３", "現金": "カ－ド"}


def write(statement: Statement) -> bytes:
    """CP932, LF, oldest first. Amounts over 999 carry commas and are quoted, as the bank does."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for line in statement.lines:
        writer.writerow(_row(line))
    return out.getvalue().encode("cp932")


def _row(line: StatementLine) -> list[str]:
    words = _WORDS.get(line.kind, line.text)
    amount = f"{abs(line.amount_yen):,}"
    paid_out, paid_in = (amount, "") if line.amount_yen < 0 else ("", amount)
    balance = "" if line.balance_yen is None else f"{line.balance_yen:,}"
    direction = (
        ("支払い" if line.amount_yen < 0 else "入金")
        if line.kind == "現金"
        else ("振替支払い" if line.amount_yen < 0 else "振替入金")
    )
    on = f"{line.on.year}/{line.on.month}/{line.on.day}"
    return [on, words, line.payer, paid_out, paid_in, balance, line.memo, "", direction]
