"""三菱UFJ銀行: the fixtures of another project, and what this door makes of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from akinai.adapters.banks.mufg import MufgBank
from akinai.adapters.banks.mufg.writer import write
from akinai.core.tables import FileRefused, RowError
from akinai.payments.ports import AccountHint, Statement, StatementLine

BANK = MufgBank()
SAMPLES = Path(__file__).parent.parent / "samples"
HEADER = "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分\n"


def read(text: str, encoding: str = "cp932") -> Statement:
    (statement,) = BANK.read(text.encode(encoding), "a.csv")
    return statement


def refusal(text: str) -> RowError:
    with pytest.raises(FileRefused) as caught:
        read(text)
    return caught.value.errors[0]


def test_the_sample_of_october() -> None:
    data = (SAMPLES / "mufg201810.csv").read_bytes()
    assert BANK.sniff(data, "mufg201810.csv")
    (statement,) = BANK.read(data, "mufg201810.csv")
    assert [
        (line.on.isoformat(), line.amount_yen, line.kind, line.is_transfer, line.payer)
        for line in statement.lines
    ] == [
        ("2018-10-01", 10_000, "現金", False, ""),
        ("2018-10-01", 10_000, "振込", True, "フリコミモト－アカウント"),
        ("2018-10-20", 10_000, "口座振替", False, ""),
        ("2018-10-29", -59_260, "口座振替", False, ""),
    ]
    assert statement.lines[1].text == "振込９　フリコミモト－アカウント"
    assert statement.account.bank_code == "0005"
    assert [warning.column for warning in statement.warnings] == [
        "差引残高"
    ]  # made up by its author: no chain


@pytest.mark.parametrize(
    ("name", "amount", "kind"),
    [("mufg201808.csv", 20, "利息"), ("mufg201811.csv", -3628, "その他"), ("mufg202304.csv", -9000, "現金")],
)
def test_the_other_samples(name: str, amount: int, kind: str) -> None:
    (statement,) = BANK.read((SAMPLES / name).read_bytes(), name)
    assert [(line.amount_yen, line.kind, line.is_transfer) for line in statement.lines] == [
        (amount, kind, False)
    ]
    assert statement.warnings == ()


def test_a_column_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(FileRefused) as caught:
        BANK.read((SAMPLES / "mufg201810_bad.csv").read_bytes(), "mufg201810_bad.csv")
    (error,) = caught.value.errors
    assert (error.line, error.column) == (1, "新カラム")
    assert "形式「汎用」で列を指定" in error.message


def test_utf8_with_bom_and_lines_above_the_header() -> None:
    text = "口座番号,1234567\n\n" + HEADER + '2026/11/20,振込１,ヤマダ,,"▲5,400","1,000",,,\n'
    statement = read(text, "utf-8-sig")
    assert statement.account.number == "1234567"
    assert statement.lines[0].amount_yen == -5400
    assert statement.lines[0].source_line == 4


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("2026/11/31,振込１,ヤマダ,,100,100,,,入金", "日付", "という日はありません"),
        ("2026/11/20,振込１,ヤマダ,,1.23E+11,100,,,入金", "預かり金額", "桁が失われた"),
        ("2026/11/20,振込１,ヤマダ,,百円,100,,,入金", "預かり金額", "読めません"),
        ("2026/11/20,振込１,ヤマダ,50,100,100,,,入金", "預かり金額", "両方に金額"),
        ("2026/11/20,振込１,ヤマダ,,,100,,,入金", "預かり金額", "空欄"),
        ("2026/11/20,振込１,ヤマダ,,100,100,,,支払い", "入払区分", "食い違って"),
        ("2026/11/20,振込１,ヤマダ,100,,100,,,振替入金", "入払区分", "食い違って"),
        ('2026/11/20,振込１,"=HYPERLINK(""http://x"")",,100,100,,,入金', "摘要内容", "計算式"),
        ("2026/11/20,振込１,ヤマダ,,100.5,100,,,入金", "預かり金額", "小数"),
    ],
)
def test_refused_by_line_and_column(row: str, column: str, words: str) -> None:
    error = refusal(HEADER + row + "\n")
    assert (error.line, error.column) == (2, column)
    assert words in error.message
    assert error.message.endswith("ください。")


def test_two_equal_payments_of_one_day_are_two() -> None:
    row = "2026/11/20,振込１,ヤマダ,,100,,,,入金\n"
    assert len(read(HEADER + row + row).lines) == 2


def test_what_is_written_is_read_back() -> None:
    def line(day: int, amount: int, balance: int, kind: str, payer: str = "") -> StatementLine:
        return StatementLine(date(2026, 11, day), amount, payer, "電気", balance_yen=balance, kind=kind)

    lines = (
        line(1, 12_000, 112_000, "振込", "ヤマダ　タロウ"),
        line(1, -330, 111_670, "手数料"),
        line(2, 1, 111_671, "利息"),
        line(3, -5000, 106_671, "その他"),
    )
    (back,) = BANK.read(write(Statement(AccountHint(), lines)), "a.csv")
    assert [(each.on, each.amount_yen, each.balance_yen, each.kind, each.payer) for each in back.lines] == [
        (each.on, each.amount_yen, each.balance_yen, each.kind, each.payer) for each in lines
    ]
    assert back.warnings == ()
