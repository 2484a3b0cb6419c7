"""書き出し: safe in a spreadsheet, readable in Excel, whole."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from akinai.ui.tests.mails import NOON, mail
from akinai.ui.worklist.export import encode, safe_text


def csv_of(office: Client, query: str, encoding: str) -> list[list[str]]:
    answer = office.get(f"/office/mails/?export=csv{query}")
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode(encoding))))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1+2", "＠x", "-1+cmd|' /C calc'!A0", "+0901234"]
)  # fmt: skip
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert safe_text(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["-1,200", "-12.5", "+81312345678", "-", "ー", "山田 花子", "", "a=b", "▲1,200"]
)
def test_what_runs_nothing_stays_as_it_is(text: str) -> None:
    assert safe_text(text) == text


def test_csv_opens_in_excel_with_a_bom_once(office: Client) -> None:
    mail(1, subject="=HYPERLINK(1)", sent_at=NOON)
    answer = office.get("/office/mails/?export=csv")
    raw = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert raw.startswith("\ufeff件名,状態,作成日時,送信日時,失敗回数\r\n".encode())
    assert raw.count(b"\xef\xbb\xbf") == 1
    assert (
        raw.decode("utf-8-sig").splitlines()[1]
        == "'=HYPERLINK(1),送信待ち,2026/11/24 12:01,2026/11/24 12:00,0"
    )
    assert "filename*=UTF-8''%E9%80%81%E4%BF%A1" in answer["Content-Disposition"]


def test_shift_jis_shows_a_geta_where_it_has_no_character(office: Client) -> None:
    mail(1, subject="𠮷野家 髙島屋 〜 ①", body="😀")
    assert csv_of(office, "&encoding=sjis", "cp932")[1][0] == "〓野家 髙島屋 ～ ①"
    assert encode("山田", "cp932") == "山田".encode("cp932")


def test_the_whole_filtered_list_is_exported_in_the_order_of_the_screen(office: Client) -> None:
    for number in range(30):
        mail(number, state="failed" if number < 25 else "sent")
    rows = csv_of(office, "&f.state=failed&sort=created_at&after=x", "utf-8-sig")
    assert [row[0] for row in rows[1:]] == [f"件名 {n:04}" for n in range(25)]


def test_all_columns_are_exported_on_request(office: Client) -> None:
    mail(1)
    assert csv_of(office, "&columns=all", "utf-8-sig")[0][-1] == "本文"


def test_excel_holds_texts_numbers_and_times_but_no_formulas(office: Client) -> None:
    mail(1, subject="=1+1", tries=7, body="a\x0bb")
    answer = office.get("/office/mails/?export=xlsx&columns=all")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    head, row = list(sheet.iter_rows())
    assert [cell.value for cell in head] == ["件名", "状態", "作成日時", "送信日時", "失敗回数", "本文"]
    assert (row[0].value, row[0].data_type, row[4].value) == ("=1+1", "s", 7)
    assert str(row[2].value) == "2026-11-24 12:01:00"
    assert row[5].value == "ab"
