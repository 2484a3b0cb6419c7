"""ゆうプリR: the standard layout, a shop's own layout, and the history export."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from akinai.adapters.carriers.japanpost import JapanPost
from akinai.adapters.carriers.japanpost.layouts import STANDARD
from akinai.adapters.carriers.tests.labels import TODAY, fields, label
from akinai.core.tables import FileRefused
from akinai.shipping.ports import Label, LabelFile

POST = JapanPost()
ACCOUNT = {"label_kind": "1100780", "size": "060"}


def write(*labels: Label, account: dict[str, str] = ACCOUNT) -> LabelFile:
    return POST.write_labels(labels, account=account, today=TODAY)


def cells(made: LabelFile) -> dict[str, str]:
    assert made.problems == ()
    (row,) = csv.reader(io.StringIO(made.data.decode("cp932"), newline=""))
    return {name: cell for name, cell in zip(STANDARD, row, strict=True) if cell}


def test_a_plain_parcel_without_a_header_row() -> None:
    assert len(STANDARD) == len(set(STANDARD)) == 117
    assert cells(write(label(note="ギフト"))) == {
        "お客様側管理番号": "SH-2026-000123", "発送予定日": "20261124", "郵便種別": "0", "保冷種別": "0", "元／着払／代引": "0",
        "送り状種別": "1100780", "お届け先 郵便番号": "530-0001", "お届け先 住所１": "大阪府大阪市北区梅田3丁目1番3号",
        "お届け先 住所２": "梅田マンション502", "お届け先 名称１": "山田太郎", "お届け先 敬称区分": "0",
        "お届け先 電話番号": "06-1234-5678", "ご依頼主 郵便番号": "100-0005", "ご依頼主 住所１": "東京都千代田区丸の内1-9-1",
        "ご依頼主 住所２": "あきないビル3階", "ご依頼主 名称１": "商店あきない", "ご依頼主 電話番号": "03-1234-5678",
        "こわれもの区分": "0", "商品サイズ区分": "060", "配達時間帯区分": "00", "複数個口数": "1", "記事名１": "ギフト",
        "品名": "りんごジュース 1L",
    }  # fmt: skip


def row(made: LabelFile) -> list[str]:
    assert made.problems == () and made.data.endswith(b"\r\n")
    (cells,) = csv.reader(io.StringIO(made.data.decode("cp932"), newline=""))
    return cells


OWN = "お客様側管理番号\n=0\n\nお届け先名称1\nお届け先電話番号\nお届け先郵便番号\nお届け先住所1"


def test_a_shops_own_layout_with_fixed_and_empty_columns() -> None:
    made = write(label(to={"line2": ""}), account=ACCOUNT | {"columns": OWN})
    assert row(made) == [
        "SH-2026-000123", "0", "", "山田太郎", "06-1234-5678", "530-0001", "大阪府大阪市北区梅田3丁目1番3号",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ("お客様側管理番号\nなぞの列", "列「なぞの列」が分かりません"),
        ("お客様側管理番号", "列「お届け先 郵便番号」がありません"),
    ],
)
def test_a_layout_that_cannot_be_is_refused_when_it_is_saved_and_when_it_is_used(
    columns: str, words: str
) -> None:
    setting = next(one for one in POST.settings if one.name == "columns")
    with pytest.raises(ValueError, match=words):
        setting.read(columns)
    made = write(label(), account=ACCOUNT | {"columns": columns})
    assert made.count == 0 and words in made.problems[0].message


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": {"company": "山田商会"}}, "お届け先 名称２"),
        ({"cod_yen": 5400}, "元／着払／代引"),
        ({"delivery_slot": "am"}, "配達時間帯区分"),
        ({"delivery_on": date(2026, 11, 27)}, "配達指定日／希望日"),
        ({"temperature": "frozen"}, "保冷種別"),
        ({"parcels": 2}, "複数個口数"),
    ],
)
def test_what_a_layout_has_no_column_for_is_refused_and_not_dropped(
    changes: dict[str, Any], field: str
) -> None:
    made = write(label(**changes), account=ACCOUNT | {"columns": OWN})
    assert (made.count, made.problems[0].field) == (0, field)
    assert "取込レイアウトに" in made.problems[0].message


def test_a_layout_with_one_address_column_takes_the_whole_address() -> None:
    made = write(label(), account=ACCOUNT | {"columns": OWN})
    assert row(made)[-1] == "大阪府大阪市北区梅田3丁目1番3号　梅田マンション502"


@pytest.mark.parametrize(
    ("layout", "columns", "places"),
    [
        ("117", 117, {1: "SH-2026-000123", 2: "20261124", 6: "0", 8: "2", 11: "1100780", 13: "530-0001", 17: "山田商会", 18: "山田太郎",
                      20: "06-1234-5678", 60: "060", 65: "20261126", 66: "51", 72: "2", 73: "ギフト", 99: "5400", 100: "490", 103: "りんごジュース 1L"}),
        ("118", 118, {1: "SH-2026-000123", 60: "060", 66: "51", 72: "", 73: "2", 74: "ギフト", 76: "", 100: "5400", 101: "490"}),
        ("100", 100, {1: "SH-2026-000123", 3: "0", 6: "20261124", 9: "0", 11: "2", 13: "1100780", 15: "530-0001",
                      16: "大阪府大阪市北区梅田3丁目1番3号", 17: "梅田マンション502", 18: "山田商会", 19: "山田太郎", 20: "0", 21: "06-1234-5678",
                      30: "100-0005", 31: "東京都千代田区丸の内1-9-1", 34: "商店あきない", 37: "03-1234-5678", 48: "060", 52: "20261126", 53: "51",
                      56: "2", 57: "ギフト", 69: "5400", 70: "490", 84: "りんごジュース 1L", 85: "1"}),
    ],
)  # fmt: skip
def test_each_layout_column_by_column(layout: str, columns: int, places: dict[int, str]) -> None:
    one = label(
        to={"company": "山田商会"}, cod_yen=5400, cod_tax_yen=490, delivery_on=date(2026, 11, 26), delivery_slot="am",
        parcels=2, note="ギフト",
    )  # fmt: skip
    cells = row(write(one, account=ACCOUNT | {"layout": layout}))
    assert len(cells) == columns
    assert {at: cells[at - 1] for at in places} == places


def test_the_evening_is_written_as_the_shops_yupuri_knows_it() -> None:
    late = label(delivery_slot="1921")
    assert cells(write(late))["配達時間帯区分"] == "57"
    assert cells(write(late, account=ACCOUNT | {"evening": "56"}))["配達時間帯区分"] == "56"


@pytest.mark.parametrize(
    ("changes", "column", "cell"),
    [
        ({"service": "mail"}, "郵便種別", "9"),
        ({"temperature": "frozen"}, "保冷種別", "2"),
        ({"cod_yen": 5400, "cod_tax_yen": 490}, "元／着払／代引", "2"),
        ({"delivery_slot": "1416"}, "配達時間帯区分", "53"),
        ({"delivery_on": date(2026, 11, 27)}, "配達指定日／希望日", "20261127"),
        ({"fragile": True}, "こわれもの区分", "1"),
    ],
)
def test_written_as(changes: dict[str, Any], column: str, cell: str) -> None:
    assert cells(write(label(**changes)))[column] == cell


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"service": "mail", "delivery_slot": "am"}, "郵便種別"),
        ({"service": "compact"}, "郵便種別"),
        ({"reference": "SH-2026-00012345"}, "お客様側管理番号"),
        ({"to": {"name": "𠮷田"}}, "お届け先 名称１"),
        ({"delivery_slot": "2021"}, "配達時間帯区分"),
        ({"cod_yen": 300_001}, "代引金額"),
    ],
)
def test_refused(changes: dict[str, Any], field: str) -> None:
    made = write(label(**changes))
    assert (made.count, fields(made.problems)) == (0, [field])


HISTORY = "お客様側管理番号,お問い合わせ番号,仮引受確定作業年月日,配送完了作業年月日,配達ステータス集約コード,配達ステータス明細コード\r\n"


def test_the_history_brings_numbers_back() -> None:
    data = (HISTORY + "SH-1,193715301010,20261124153000,,10,0A\r\nSH-2,193715301021,,,10,0A\r\n").encode(
        "cp932"
    )
    assert POST.sniff_result(data, "rireki.csv")
    read = POST.read_result(data, "rireki.csv")
    assert [(each.reference, each.number, each.shipped_on) for each in read.trackings] == [
        ("SH-1", "193715301010", date(2026, 11, 24)), ("SH-2", "193715301021", None),
    ]  # fmt: skip


def test_ruined_by_excel() -> None:
    with pytest.raises(FileRefused):
        POST.read_result((HISTORY + "SH-1,1.93715E+11,,,10,0A\r\n").encode("cp932"), "rireki.csv")


def test_an_international_number_comes_back_with_its_check_digit() -> None:
    read = POST.read_result(
        (HISTORY + "SH-1,EG123456785JP,,,,\r\nSH-2,EG123456784JP,,,,\r\n").encode("cp932"), "a.csv"
    )
    assert [tracking.number for tracking in read.trackings] == ["EG123456785JP"]
    assert [(error.line, error.value) for error in read.errors] == [(3, "EG123456784JP")]


def test_a_history_with_columns_elsewhere_and_a_title_above() -> None:
    data = "発送履歴一覧\r\n\r\nフリー項目０１,お客様側管理番号,お問い合わせ番号\r\n,SH-2026-000001,193715301010\r\n".encode(
        "cp932"
    )
    (tracking,) = POST.read_result(data, "a.csv").trackings
    assert (tracking.reference, tracking.number, tracking.source_line) == (
        "SH-2026-000001",
        "193715301010",
        4,
    )


def test_without_a_header_our_numbers_show_which_column_is_which() -> None:
    data = (
        "20261124,SH-2026-000001,193715301010,10,0A\r\n20261124,SH-2026-000002,193715301021,10,0A\r\n".encode(
            "cp932"
        )
    )
    read = POST.read_result(data, "a.csv")
    assert [(one.reference, one.number) for one in read.trackings] == [
        ("SH-2026-000001", "193715301010"), ("SH-2026-000002", "193715301021"),
    ]  # fmt: skip
    twice = "SH-2026-000001,193715301010,193715301021\r\n".encode("cp932")
    with pytest.raises(FileRefused):
        POST.read_result(twice, "a.csv")
