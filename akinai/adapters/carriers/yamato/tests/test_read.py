"""発行済データ: numbers come back to their shipments."""

from __future__ import annotations

from datetime import date

import pytest

from akinai.adapters.carriers.yamato import Yamato
from akinai.adapters.carriers.yamato.columns import COLUMNS
from akinai.core.tables import FileRefused
from akinai.shipping.ports import Tracking

YAMATO = Yamato()
HEADER = ",".join(COLUMNS)


def row(reference: str, number: str, shipped: str = "2026/11/24") -> str:
    return ",".join([reference, "0", "", number, shipped, *[""] * 90])


def file(*rows: str, header: str = HEADER, encoding: str = "cp932") -> bytes:
    return "".join(line + "\r\n" for line in (header, *rows) if line).encode(encoding)


GOOD = (
    row("SH-2026-000123", "123456789013"),
    row("SH-2026-000124", "1234-5678-9024"),
    row("SH-2026-000124", "123456789035"),
)
READ = (
    Tracking("SH-2026-000123", "123456789013", date(2026, 11, 24), 2),
    Tracking("SH-2026-000124", "123456789024", date(2026, 11, 24), 3),
    Tracking("SH-2026-000124", "123456789035", date(2026, 11, 24), 4),
)


def refusal(data: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        YAMATO.read_result(data, "b2.csv")
    return caught.value.errors[0].message


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig"])
def test_several_rows_of_one_shipment_are_its_parcels(encoding: str) -> None:
    data = file(*GOOD, encoding=encoding)
    assert YAMATO.sniff_result(data, "b2.csv")
    read = YAMATO.read_result(data, "b2.csv")
    assert (read.trackings, read.errors) == (READ, ())


def test_without_a_header() -> None:
    data = file(*GOOD, header="")
    assert YAMATO.sniff_result(data, "b2.csv")
    read = YAMATO.read_result(data, "b2.csv")
    assert [(each.reference, each.number, each.source_line) for each in read.trackings] == [
        (each.reference, each.number, each.source_line - 1) for each in READ
    ]


def test_column_names_with_notes_and_97_columns() -> None:
    header = ",".join(f'"{name}\n半角英数字"' for name in COLUMNS) + ",仕分コード,発行者"
    assert (
        YAMATO.read_result(file(row("SH-1", "123456789013") + ",,"[:2], header=header), "b2.csv")
        .trackings[0]
        .number
        == "123456789013"
    )


def test_columns_elsewhere_are_found_by_name() -> None:
    data = "出荷予定日,伝票番号,お届け先名,お客様管理番号\r\n2026/11/24,123456789013,山田,SH-1\r\n".encode(
        "cp932"
    )
    assert YAMATO.read_result(data, "b2.csv").trackings == (
        Tracking("SH-1", "123456789013", date(2026, 11, 24), 2),
    )


def test_a_few_columns_without_a_header_are_known_by_our_numbers() -> None:
    data = "山田太郎,SH-2026-000001,123456789013,03-1234-5678\r\n".encode("cp932")
    (tracking,) = YAMATO.read_result(data, "b2.csv").trackings
    assert (tracking.reference, tracking.number) == ("SH-2026-000001", "123456789013")


def test_a_last_row_that_was_cut_off_is_told() -> None:
    data = file(*GOOD, header="")[:-110]
    (error,) = YAMATO.read_result(data, "b2.csv").errors
    assert (error.line, error.column) == (3, "伝票番号")


@pytest.mark.parametrize(
    ("bad", "column", "words"),
    [
        (row("SH-1", "123456789014"), "伝票番号", "検査数字が合いません"),
        (row("SH-1", "23456789013"), "伝票番号", "先頭の0が消えていないか"),
        (row("SH-1", ""), "伝票番号", "送り状番号が空です"),
        (row("", "123456789024"), "お客様管理番号", "どの出荷の送り状か分かりません"),
        (row("SH-9", "123456789013"), "伝票番号", "両方にあります"),
        (row("SH-1", "1234567890AB"), "伝票番号", "数字でない文字"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_and_the_rest_is_read(bad: str, column: str, words: str) -> None:
    read = YAMATO.read_result(file(GOOD[0], bad), "b2.csv")
    assert len(read.trackings) == 1
    (error,) = read.errors
    assert (error.line, error.column) == (3, column)
    assert words in error.message


@pytest.mark.parametrize("number", ["1.23E+11", "1.23457E+11", "########"])
@pytest.mark.parametrize("header", [HEADER, ""])
def test_a_file_that_excel_has_ruined_is_refused_whole(number: str, header: str) -> None:
    data = file(*GOOD, row("SH-5", number), header=header)
    assert YAMATO.sniff_result(data, "b2.csv")
    assert "Excelで開かずに" in refusal(data)


def test_labels_that_are_not_issued_yet() -> None:
    assert "送り状を発行した後に「発行済データ」を出力" in refusal(file(row("SH-1", ""), row("SH-2", "")))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a,b\r\n1,2\r\n",
        "注文番号,商品名\r\n1,りんご\r\n".encode("cp932"),
        b"\x00\x01\x02",
        file(*GOOD)[:-60],
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(FileRefused):
        YAMATO.read_result(data, "b2.csv")
