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


def test_a_shops_own_layout() -> None:
    made = write(label(), account=ACCOUNT | {"columns": "お客様側管理番号|お届け先名称1|お届け先電話番号"})
    assert made.data.decode("cp932") == "SH-2026-000123,山田太郎,06-1234-5678\r\n"
    wrong = write(label(), account=ACCOUNT | {"columns": "お客様側管理番号|なぞの列"})
    assert (wrong.count, fields(wrong.problems)) == (0, ["取込レイアウト"])


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
    data = (HISTORY + "SH-1,193715301010,20261124,,10,0A\r\nSH-2,193715301021,,,10,0A\r\n").encode("cp932")
    assert POST.sniff_result(data, "rireki.csv")
    read = POST.read_result(data, "rireki.csv")
    assert [(each.reference, each.number, each.shipped_on) for each in read.trackings] == [
        ("SH-1", "193715301010", date(2026, 11, 24)), ("SH-2", "193715301021", None),
    ]  # fmt: skip


def test_ruined_by_excel() -> None:
    with pytest.raises(FileRefused):
        POST.read_result((HISTORY + "SH-1,1.93715E+11,,,10,0A\r\n").encode("cp932"), "rireki.csv")
