"""表の読み込み: Excel, and the cells Excel has touched."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest

from akinai.core.tables import (
    FileRefused,
    RowError,
    Table,
    dangerous_formula,
    is_excel_mangled,
    is_garbled,
    read_tables,
    unwrap_text,
)


def workbook(*sheets: list[list[Any]], hidden: int | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(row)
        if hidden == number:
            sheet.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(data: bytes, **how: Any) -> Table:
    return read_tables(data, filename="a.xlsx", **how)


def only(data: bytes, **how: Any) -> RowError:
    with pytest.raises(FileRefused) as refusal:
        read(data, **how)
    (error,) = refusal.value.errors
    return error


def test_cells_become_the_text_a_csv_would_hold() -> None:
    table = read(
        workbook(
            [
                ["番号", "数量", "単価", "率", "日付", "日時", "時刻", "可否", "空"],
                [
                    123456789012,
                    3,
                    1234.5,
                    0.1,
                    date(2026, 11, 24),
                    datetime(2026, 11, 24, 14, 5),
                    time(9, 30),
                    True,
                    None,
                ],
                [1, 2, 3, 4, 5, 6, 7, False, "あ"],
            ]
        )
    )
    assert (table.encoding, table.delimiter, table.sheet) == ("xlsx", "", "Sheet1")
    assert table.rows[0].cells == (
        "123456789012", "3", "1234.5", "0.1", "2026/11/24", "2026/11/24 14:05:00", "09:30:00", "TRUE", "",
    )  # fmt: skip
    assert (table.rows[1].get("可否"), table.rows[1].line) == ("FALSE", 3)


def test_numbers_too_long_for_excel_look_mangled() -> None:
    cell = read(workbook([["注文番号", "名前"], [1234567890123456789, "あ"]])).rows[0].get("注文番号")
    assert is_excel_mangled(cell)


def test_rows_are_numbered_as_excel_numbers_them() -> None:
    table = read(workbook([[], ["2026年 受注一覧"], [], ["注文番号", "金額"], ["A1", 100], [], ["A2", 200]]))
    assert (table.header_line, [row.line for row in table.rows]) == (4, [5, 7])


def test_the_first_visible_sheet_with_a_fitting_header_is_taken() -> None:
    data = workbook(
        [["説明"], ["このファイルは…"]],
        [["注文番号", "金額"], ["隠", 1]],
        [["注文番号", "金額"], ["A1", 2]],
        hidden=2,
    )
    table = read(data, find_header=lambda names: "注文番号" in names)
    assert (table.sheet, table.rows[0].get("注文番号")) == ("Sheet3", "A1")


def test_without_a_known_header_the_widest_table_is_taken() -> None:
    data = workbook(
        [["担当", "佐藤"], ["更新", "11月"]],
        [["注文番号", "金額", "備考"], ["A1", 2, ""]],
        [["集計", "x"], ["1", "2"]],
    )
    table = read(data)
    assert (table.sheet, table.rows[0].get("注文番号")) == ("Sheet2", "A1")


def test_two_sheets_of_the_same_columns_are_left_to_a_person() -> None:
    november, december = [["注文番号", "金額"], ["A1", 1]], [["注文番号", "金額"], ["B1", 2]]
    error = only(workbook(november, december))
    assert "同じ見出しのシートが2枚あります（Sheet1、Sheet2）" in error.message
    assert read(workbook(november, december, hidden=2)).rows[0].get("注文番号") == "A1"
    assert read(workbook(november, [["注文番号", "金額"]])).sheet == "Sheet1"


def test_a_sheet_without_the_header_is_refused() -> None:
    error = only(
        workbook([["名前", "年齢"], ["山田", 3]]),
        find_header=lambda names: "注文番号" in names,
        expected=("注文番号",),
    )
    assert "「注文番号」などの見出し" in error.message and error.value == "名前 年齢"


def test_an_empty_workbook_is_refused() -> None:
    assert "データがありません" in only(workbook([])).message


def test_rows_wider_than_the_header_are_refused() -> None:
    error = only(workbook([["注文番号", "金額"], ["A1", 1, "余分"]]))
    assert (error.line, error.message.startswith("列が多すぎます（見出しは2列、この行は3列です）")) == (
        2,
        True,
    )


def test_a_locked_workbook_says_so() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert "パスワード" in only(data).message


def test_a_broken_workbook_says_so() -> None:
    data = workbook([["注文番号", "金額"], ["A1", 1]])
    assert "壊れて" in only(data[: len(data) // 2]).message
    assert "壊れて" in only(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600).message


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("orders.csv", "a,b\n1,2\n")
    assert "展開（解凍）" in only(stream.getvalue()).message


def test_a_cell_at_the_end_of_the_world_is_refused_before_it_fills_the_memory() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B1"], sheet["A2"], sheet["XFD1048576"] = "注文番号", "金額", "A1", "x"
    stream = io.BytesIO()
    book.save(stream)
    error = only(stream.getvalue())
    assert "離れたセル" in error.message and error.value == "1,048,576行×16,384列"


def test_an_entry_that_is_bigger_than_it_says_is_refused() -> None:
    data = bytearray(workbook([["注文番号", "金額"], *[["A1", 1]] * 5000]))
    size = zipfile.ZipFile(io.BytesIO(bytes(data))).getinfo("xl/worksheets/sheet1.xml").file_size
    for at in range(len(data) - 4):
        if data[at : at + 4] == size.to_bytes(4, "little"):
            data[at : at + 4] = (1000).to_bytes(4, "little")
    assert "壊れて" in only(bytes(data)).message


def test_too_many_rows_of_a_sheet_are_refused() -> None:
    assert only(workbook([["a", "b"], *[["x", 1]] * 11]), max_rows=10).line == 12


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://x","y")', "=1+1", "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0",
     "@SUM(A1:A9)", "\t=1+1", "\r=A1", "＝1+1", "＠SUM(1)", "+SUM(1)", "-SUM(A1)", ' =IMPORTXML("x")', "'=1+1"],
)  # fmt: skip
def test_cells_that_excel_would_run_are_found(text: str) -> None:
    assert dangerous_formula(text)


@pytest.mark.parametrize(
    "text",
    ["", "-", "-1,200", "+81-90-1234-5678", "+81 3 1234 5678", "- ラッピング希望", "@cosme", "▲1,200", '="0123"', "1+1",
     "a=b", "==========", "-ワンピース-", "+α", "メール: a@b.jp", "-5%", "－", "@home ホーム（家）"],
)  # fmt: skip
def test_ordinary_cells_are_left_alone(text: str) -> None:
    assert not dangerous_formula(text)


@pytest.mark.parametrize(
    "text",
    ["1.23E+11", "1.23457E+11", "4.9E+12", "1E+15", "1.23e+11", "########", "#N/A", "#REF!", "#VALUE!"],
)
def test_what_excel_destroyed_is_found(text: str) -> None:
    assert is_excel_mangled(text)


@pytest.mark.parametrize("text", ["", "123456789012", "1E5", "E+11", "SKU-1E+2X", "1.23", "#1", "##"])
def test_what_excel_left_alone_is_not(text: str) -> None:
    assert not is_excel_mangled(text)


def test_the_text_trick_is_unwrapped() -> None:
    assert [unwrap_text(text) for text in ('="0123"', "'0900", "'90s", "abc", " x ")] == [
        "0123",
        "0900",
        "'90s",
        "abc",
        " x ",
    ]


def test_lost_characters_are_found() -> None:
    assert is_garbled("山\ufffd") and is_garbled("縺薙ｓ縺ｫ縺｡縺ｯ")
    assert not is_garbled("山田太郎") and not is_garbled("縺れる")
