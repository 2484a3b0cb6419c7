"""表の読み込み: CSV・TSV. Bytes are written out, so that each test shows the file a clerk would bring."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.core.tables import FileRefused, RowError, Table, read_tables


def read(text: str | bytes, encoding: str = "utf-8", **how: object) -> Table:
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return read_tables(data, filename="a.csv", **how)  # type: ignore[arg-type]


def refused(text: str | bytes, encoding: str = "utf-8", **how: object) -> list[RowError]:
    with pytest.raises(FileRefused) as refusal:
        read(text, encoding, **how)
    return refusal.value.errors


def only(text: str | bytes, encoding: str = "utf-8", **how: object) -> RowError:
    (error,) = refused(text, encoding, **how)
    return error


PLAIN = "注文番号,金額,備考\n1,100,あ\n2,200,髙﨑①㈱\n"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp932", "cp932"), ("utf-16", "utf-16")],
)
def test_encodings_are_detected(encoding: str, name: str) -> None:
    table = read(PLAIN, encoding)
    assert (table.encoding, table.header, table.header_line) == (name, ("注文番号", "金額", "備考"), 1)
    assert [row.cells for row in table.rows] == [("1", "100", "あ"), ("2", "200", "髙﨑①㈱")]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiters_are_detected(delimiter: str) -> None:
    table = read(PLAIN.replace(",", delimiter))
    assert (table.delimiter, len(table.rows)) == (delimiter, 2)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_read(newline: str) -> None:
    assert [row.line for row in read(PLAIN.replace("\n", newline)).rows] == [2, 3]


def test_lines_are_physical_lines_even_after_a_line_break_in_a_cell() -> None:
    table = read('番号,備考\r\n1,"一行目\r\n二行目"\r\n2,x\r\n\r\n3,y\r\n')
    assert [(row.line, row.get("番号")) for row in table.rows] == [(2, "1"), (4, "2"), (6, "3")]
    assert table.rows[0].get("備考") == "一行目\r\n二行目"


def test_headers_are_normalised_and_unique_and_the_original_is_kept() -> None:
    table = read("入出金（円）, お 名前 ,ﾒﾓ,メモ,,残高\n1,2,3,4,5,6\n")
    assert table.header == ("入出金(円)", "お 名前", "メモ", "メモ_2", "列5", "残高")
    assert table.original_header == ("入出金（円）", " お 名前 ", "ﾒﾓ", "メモ", "", "残高")
    assert (table.rows[0].get("メモ_2"), table.original("メモ")) == ("4", "ﾒﾓ")


def test_a_row_answers_by_column_and_keeps_everything_verbatim() -> None:
    (row,) = read("a,b,c\n 1 ,, x\n").rows
    assert (row.get("a"), row.get("b"), row.get("z", "-"), row.has("z")) == ("1", "", "-", False)
    assert row.raw() == {"a": " 1 ", "c": " x"}


def test_lines_above_the_header_are_kept_as_preamble() -> None:
    bank = "お客様名,山田商店\n口座番号,1234567\n\n照会期間,2026/11/01,2026/11/24\n日付,お引出金額,お預入金額,残高\n2026.11.24,,100,100\n"
    table = read(bank)
    assert (table.header_line, table.header[0], len(table.rows)) == (5, "日付", 1)
    assert table.preamble[1] == ("口座番号", "1234567")


def test_the_caller_may_know_the_header() -> None:
    text = "a,b\nc,d\n注文番号,金額\n1,2\n"
    assert read(text, find_header=lambda names: "注文番号" in names).header_line == 3


def test_empty_columns_at_the_end_are_tolerated_on_both_sides() -> None:
    assert [row.cells for row in read("a,b,,\n1,2\n3,4,,\n").rows] == [("1", "2"), ("3", "4")]
    assert [row.cells for row in read("a,b\n1,2,,,\n3,4\n").rows] == [("1", "2"), ("3", "4")]


def test_blank_rows_are_skipped_wherever_they_are() -> None:
    assert [row.line for row in read("a,b\n\n1,2\n,\n  ,\n3,4\n,\n\n").rows] == [3, 6]


def test_full_width_digits_and_minus_marks_stay_as_written() -> None:
    assert read("品名,金額\nりんご,▲１，２００\n").rows[0].get("金額") == "▲１，２００"


# What is refused, with line, value and the way out


@pytest.mark.parametrize("end", [b"\x1a", b"\r\n\x1a", b"\x1a\x00\x00", b"\x1a\x1a"])
def test_the_end_mark_of_old_systems_is_no_row(end: bytes) -> None:
    table = read_tables(b"code,name\r\nA-1,x\r\nA-2,y" + end, filename="old.csv")
    assert [row.get("name") for row in table.rows] == ["x", "y"]
    with pytest.raises(FileRefused):
        read_tables(b"code,name\r\nA-1,x" + end + b"\r\nA-2\r\n", filename="old.csv")


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\n", b"  \r\n", "\n".encode("utf-16")])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert only(data).message.startswith("ファイルが空です。")


def test_a_header_alone_is_refused_unless_allowed() -> None:
    error = only("注文番号,金額\n")
    assert (error.line, error.message.startswith("見出しだけで、データの行がありません。")) == (1, True)
    assert read("注文番号,金額\n", allow_no_rows=True).rows == ()


def test_a_file_without_header_is_refused_with_the_columns_wanted() -> None:
    error = only("2026/11/24,振込,100\n2026/11/25,振込,200\n", expected=("日付", "摘要"))
    assert error.message.startswith("「日付、摘要」などの見出しの行が、先頭15行の中に見つかりません。")
    assert error.value == "2026/11/24,振込,100"


def test_one_column_is_a_table_too() -> None:
    table = read("送り状番号\n123456789013\n")
    assert (table.header, table.rows[0].cells) == (("送り状番号",), ("123456789013",))


def test_a_header_nobody_wanted_is_refused() -> None:
    error = only(
        "名前,年齢\n山田,30\n", find_header=lambda names: "注文番号" in names, expected=("注文番号",)
    )
    assert "「注文番号」などの見出し" in error.message


def test_a_byte_that_is_no_character_is_named_with_its_line() -> None:
    error = only("番号,名前\r\n1,山田\r\n2,".encode("cp932") + b"\xff\xfe" + b",\r\n3,x\r\n")
    assert error.line == 3
    assert "バイト FF" in error.message and error.value.startswith("FF FE")


def test_a_utf8_file_cut_in_a_character_is_called_truncated() -> None:
    error = only("番号,名前\n1,山田\n2,鈴木".encode()[:-1])
    assert (error.line, error.value) == (3, "E6 9C")
    assert "途中で切れています" in error.message


def test_one_bad_byte_in_a_utf8_file_is_named_where_it_is() -> None:
    error = only("番号,名前\n1,山田\n2,鈴木\n".encode() + b"3,\xe3\x81,x\n" + "4,佐藤\n".encode())
    assert (error.line, error.value[:5]) == (4, "E3 81")


def test_two_encodings_in_one_file_are_refused_at_the_line_of_the_change() -> None:
    error = only("番号,名前\n1,山田\n".encode() + "2,鈴木\n".encode("cp932"))
    assert error.line == 3
    assert "2行目まではUTF-8、3行目からShift_JIS" in error.message
    back = only("番号,名前\n1,山田\n".encode("cp932") + "2,鈴木\n".encode())
    assert back.line == 3 and "2行目まではShift_JIS、3行目からUTF-8" in back.message


def test_half_width_kana_in_cp932_is_not_taken_for_utf8() -> None:
    table = read("番号,名前\n1,ﾊｱﾃｨ\n2,ﾔﾏﾀﾞ\n3,山田\n", "cp932")
    assert [row.get("名前") for row in table.rows] == ["ﾊｱﾃｨ", "ﾔﾏﾀﾞ", "山田"]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "画像"),
        (b"\xff\xd8\xff\xe0", "画像"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"<!DOCTYPE html><html>", "ログイン"),
        (b"\xef\xbb\xbf\n<html lang=ja>", "ログイン"),
        (b"a,b\n1,\x00\n", "壊れた"),
        ("a,b\n1,2\n".encode("utf-16-le"), "UTF-16"),
        (b"PK\x03\x04 not a zip", "壊れて"),
    ],
)
def test_files_of_another_kind_are_called_by_name(data: bytes, word: str) -> None:
    assert word in only(data).message


def test_a_nul_is_named_with_its_line() -> None:
    assert only(b"a,b\n1,2\n3,\x004\n").line == 3


def test_an_unclosed_quote_at_the_end_is_called_truncated() -> None:
    error = only('番号,備考\n1,あ\n2,"切れた\n続き')
    assert (error.line, error.value) == (3, '2,"切れた')
    assert "閉じられないまま" in error.message


def test_a_stray_quote_is_named_with_its_line() -> None:
    error = only('番号,備考\n1,あ\n2,"い"う"\n3,え\n')
    assert error.line == 3 and "引用符" in error.message


def test_a_last_row_cut_short_is_called_truncated() -> None:
    error = only("a,b,c\n1,2,3\n4,5")
    assert (error.line, error.value) == (3, "4,5")
    assert "最後の行が途中で終わっています（見出しは3列、この行は2列です）" in error.message


def test_rows_that_do_not_fit_are_all_named() -> None:
    errors = refused("a,b,c\n1,2\n3,4,5\n6,7,8,9\n10\n")
    assert [(error.line, error.message[:8]) for error in errors] == [
        (2, "列が足りません（"),
        (4, "列が多すぎます（"),
        (5, "列が足りません（"),
    ]


def test_a_row_with_another_delimiter_says_so() -> None:
    error = only("a,b,c\n1,2,3\n4\t5\t6\n7,8,9\n")
    assert error.line == 3 and "この行だけタブ区切り" in error.message


def test_a_second_header_in_the_middle_is_refused() -> None:
    error = only("番号,名前\n1,あ\n番号,名前\n2,い\n")
    assert error.line == 3 and "見出しの行がもう一度" in error.message


@pytest.mark.parametrize("mark", ["|", "，", "、"])
def test_an_unknown_delimiter_is_called_by_name(mark: str) -> None:
    error = only(f"番号{mark}名前{mark}金額\n1{mark}あ{mark}5\n2{mark}い{mark}6\n")
    assert error.message.startswith("区切り文字が違います。")


def test_an_asked_for_delimiter_must_be_right() -> None:
    error = only("番号,名前,金額\n1,あ,5\n", delimiter="\t")
    assert "タブ区切りのはずですが、カンマ区切りになっています" in error.message


def test_tab_separated_files_without_quoting_are_read() -> None:
    text = 'order-id\tproduct-name\tqty\n1\t"24" モニター\t1\n2\t5" ケーブル"\t2\n3\tふつう\t3\n'
    table = read(text, "cp932")
    assert [row.get("product-name") for row in table.rows] == ['"24" モニター', '5" ケーブル"', "ふつう"]


def test_an_opening_quote_without_end_in_a_tab_file_swallows_no_rows() -> None:
    table = read('id\tname\n1\t"24インチ\n2\tb\n3\tc"\n')
    assert [row.get("id") for row in table.rows] == ["1", "2", "3"]


def test_a_cut_tab_file_with_quotes_inside_is_called_truncated() -> None:
    error = only('id\tname\tqty\n1\t"24" モニター\t1\n2\tb\t2\n3\tc')
    assert error.line == 4 and error.message.startswith("最後の行が途中で終わっています")


def test_quoted_tab_files_are_still_quoted() -> None:
    table = read('id\tname\n1\t"a\tb"\n2\t"c\nd"\n')
    assert [row.get("name") for row in table.rows] == ["a\tb", "c\nd"]


def test_too_large_files_are_refused_before_they_are_read() -> None:
    error = only("a,b\n1,2\n", max_bytes=5)
    assert "大きすぎます" in error.message and error.value == "8バイト"


def test_too_many_rows_are_refused() -> None:
    text = "a,b\n" + "1,2\n" * 11
    assert only(text, max_rows=10).line == 12
    assert len(read(text, max_rows=11).rows) == 11


def test_too_many_rows_of_a_long_file_stop_the_reading() -> None:
    error = only("a,b\n" + "1,2\n" * 1000, max_rows=10)
    assert "行数が多すぎます（10行まで）" in error.message


def test_a_cell_longer_than_excel_allows_is_refused() -> None:
    error = only("番号,説明\n1," + "あ" * 32_768 + "\n2,x\n")
    assert (error.line, error.column) == (2, "説明")
    assert "32,768文字" in error.message


def test_a_monstrous_cell_is_refused_too() -> None:
    error = only('番号,説明\n1,"' + "あ" * 200_000 + '"\n')
    assert error.line == 2 and "長すぎます" in error.message


def test_too_many_columns_are_refused() -> None:
    header = ",".join(f"c{at}x" for at in range(2001))
    assert "列が多すぎます" in only(header + "\n" + "," * 1999 + "1,2\n").message


def test_hundreds_of_errors_are_counted_not_listed() -> None:
    errors = refused("a,b\n" + "1\n" * 250 + "1,2\n")
    assert len(errors) == 101
    assert errors[-1].message.startswith("このほかに 150 件")


def test_mojibake_in_the_header_is_called_so() -> None:
    text = "注文番号,注文者氏名\n".encode().decode("cp932", "replace") + "1,2\n"
    assert "文字化け" in only(text, find_header=lambda names: "注文番号" in names).message


@given(st.binary(max_size=300))
def test_any_bytes_give_a_table_or_a_reason(data: bytes) -> None:
    try:
        read(data)
    except FileRefused as refusal:
        assert refusal.errors and all(error.message for error in refusal.errors)


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=("Cs",)), max_size=8
)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8),
    st.sampled_from([",", "\t", ";"]),
)
def test_what_csv_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([["注文番号", "商品名", "備考"], *rows])
    wanted = [tuple(row) for row in rows if any(cell.strip() for cell in row)]
    table = read(stream.getvalue(), allow_no_rows=True, find_header=lambda names: "注文番号" in names)
    assert [row.cells for row in table.rows] == wanted


def test_a_hundred_thousand_rows_take_seconds() -> None:
    line = ",".join(f"値{at}" for at in range(30))
    data = (
        ",".join(f"列名{chr(97 + at)}" for at in range(26)) + ",w,x,y,z\n" + f"{line}\n" * 100_000
    ).encode("cp932")
    begin = time.perf_counter()
    assert len(read(data).rows) == 100_000
    assert time.perf_counter() - begin < 15  # about 2 s on an idle machine
