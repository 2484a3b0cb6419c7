"""住信SBIネット銀行: newest first, proven by its balances."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from akinai.adapters.banks.sbi_sumishin import SbiSumishinBank
from akinai.adapters.banks.sbi_sumishin.writer import write
from akinai.payments.ports import AccountHint, Statement, StatementLine

BANK = SbiSumishinBank()
SAMPLE = Path(__file__).parent.parent / "samples" / "sbi_sumishin_net_bank202201.csv"


def test_the_sample_is_turned_to_oldest_first() -> None:
    assert BANK.sniff(SAMPLE.read_bytes(), SAMPLE.name)
    (statement,) = BANK.read(SAMPLE.read_bytes(), SAMPLE.name)
    assert [
        (line.on.isoformat(), line.amount_yen, line.balance_yen, line.kind) for line in statement.lines
    ] == [
        ("2021-12-30", 200_000, 200_000, "現金"),
        ("2021-12-30", -200_000, 0, "その他"),
        ("2021-12-30", 200_000, 200_000, "その他"),
        ("2022-01-05", -10_000, 190_000, "その他"),
        ("2022-01-16", 1, 190_001, "利息"),
    ]
    assert not any(line.is_transfer for line in statement.lines)
    assert [line.memo for line in statement.lines] == [""] * 5
    assert statement.warnings == ()


def test_what_is_written_is_read_back() -> None:
    lines = (
        StatementLine(
            date(2026, 11, 1),
            5400,
            "ヤマダ　タロウ",
            "振込＊ヤマダ　タロウ",
            balance_yen=5400,
            kind="振込",
            memo="先払い",
        ),
        StatementLine(
            date(2026, 11, 1), 5400, "ヤマダ　タロウ", "振込＊ヤマダ　タロウ", balance_yen=10_800, kind="振込"
        ),
        StatementLine(date(2026, 11, 2), -800, "", "ATM手数料", balance_yen=10_000, kind="手数料"),
    )
    (back,) = BANK.read(write(Statement(AccountHint(), lines)), "a.csv")
    assert [(each.amount_yen, each.balance_yen, each.payer, each.kind, each.memo) for each in back.lines] == [
        (each.amount_yen, each.balance_yen, each.payer, each.kind, each.memo) for each in lines
    ]
    assert [each.is_transfer for each in back.lines] == [True, True, False]
