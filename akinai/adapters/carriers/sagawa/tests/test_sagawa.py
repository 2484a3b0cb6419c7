"""e飛伝Ⅲ: labels out, numbers in by column name."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from akinai.adapters.carriers.sagawa import Sagawa
from akinai.adapters.carriers.sagawa.columns import COLUMNS
from akinai.adapters.carriers.tests.labels import TODAY, fields, label
from akinai.core.tables import FileRefused
from akinai.shipping.ports import Label, LabelFile

SAGAWA = Sagawa()
ACCOUNT = {"customer_code": "123456789012"}


def write(*labels: Label, account: dict[str, str] = ACCOUNT) -> LabelFile:
    return SAGAWA.write_labels(labels, account=account, today=TODAY)


def cells(made: LabelFile) -> dict[str, str]:
    assert made.problems == ()
    header, row = csv.reader(io.StringIO(made.data.decode("cp932"), newline=""))
    assert tuple(header) == COLUMNS
    return {name: cell for name, cell in zip(COLUMNS, row, strict=True) if cell}


def test_a_plain_parcel() -> None:
    assert cells(write(label())) == {
        "お届け先電話番号": "06-1234-5678", "お届け先郵便番号": "530-0001", "お届け先住所１": "大阪府大阪市北区梅田3丁目1番3号",
        "お届け先住所２": "梅田マンション502", "お届け先名称１": "山田太郎", "お客様管理番号": "SH-2026-000123",
        "お客様コード": "123456789012", "ご依頼主電話番号": "03-1234-5678", "ご依頼主郵便番号": "100-0005",
        "ご依頼主住所１": "東京都千代田区丸の内1-9-1", "ご依頼主住所２": "あきないビル3階", "ご依頼主名称１": "商店あきない",
        "荷姿": "001", "品名１": "りんごジュース 1L", "出荷個数": "1", "スピード指定": "000", "クール便指定": "001",
        "営業所受取": "0", "SRC区分": "0", "元着区分": "1", "出荷日": "2026/11/24",
    }  # fmt: skip


def test_ehiden_column_by_column() -> None:
    made = write(
        label(
            to={"company": "山田商会"}, goods=("りんごジュース", "みかん"), note="ギフト", cod_yen=5400, cod_tax_yen=490, parcels=2,
            temperature="chilled", delivery_on=date(2026, 11, 26), delivery_slot="1820", fragile=True,
        ),
        account=ACCOUNT | {"packing": "004", "cod_payment": "2"},
    )  # fmt: skip
    text = made.data.decode("cp932")
    assert made.problems == () and text.count("\r\n") == text.count("\n") == 2
    header, row = csv.reader(io.StringIO(text, newline=""))
    assert len(header) == len(set(header)) == len(row) == 74
    places = {
        3: ("お届け先電話番号", "06-1234-5678"), 4: ("お届け先郵便番号", "530-0001"),
        5: ("お届け先住所１", "大阪府大阪市北区梅田3丁目1番3号"), 6: ("お届け先住所２", "梅田マンション502"), 7: ("お届け先住所３", ""),
        8: ("お届け先名称１", "山田商会"), 9: ("お届け先名称２", "山田太郎"), 10: ("お客様管理番号", "SH-2026-000123"),
        11: ("お客様コード", "123456789012"), 18: ("ご依頼主電話番号", "03-1234-5678"), 19: ("ご依頼主郵便番号", "100-0005"),
        20: ("ご依頼主住所１", "東京都千代田区丸の内1-9-1"), 21: ("ご依頼主住所２", "あきないビル3階"), 22: ("ご依頼主名称１", "商店あきない"),
        24: ("荷姿", "004"), 25: ("品名１", "りんごジュース"), 26: ("品名２", "みかん"), 27: ("品名３", "ギフト"), 42: ("出荷個数", "2"),
        43: ("スピード指定", "000"), 44: ("クール便指定", "002"), 45: ("配達日", "2026/11/26"), 46: ("配達指定時間帯", "18"),
        48: ("代引金額", "5400"), 49: ("消費税", "490"), 50: ("決済種別", "2"), 52: ("指定シール１", "005"), 53: ("指定シール２", "007"),
        54: ("指定シール３", "011"), 55: ("営業所受取", "0"), 58: ("元着区分", "1"), 61: ("出荷日", "2026/11/24"),
        62: ("お問い合せ送り状No.", ""), 74: ("編集１０", ""),
    }  # fmt: skip
    assert {at: (header[at - 1], row[at - 1]) for at in places} == places


@pytest.mark.parametrize(
    ("changes", "column", "cell"),
    [
        ({"temperature": "chilled"}, "クール便指定", "002"),
        ({"temperature": "frozen"}, "クール便指定", "003"),
        ({"delivery_slot": "1820"}, "配達指定時間帯", "18"),
        ({"delivery_on": date(2026, 11, 26), "delivery_slot": "am", "fragile": True}, "指定シール３", "011"),
        ({"cod_yen": 5400, "cod_tax_yen": 490}, "代引金額", "5400"),
        ({"parcels": 4}, "出荷個数", "4"),
        ({"to": {"company": "山田商会"}}, "お届け先名称２", "山田太郎"),
        ({"to": {"name": "アキナイショウテンニシニホン 山田太郎左衛門"}}, "お届け先名称２", "山田太郎左衛門"),
        ({"note": "ギフト"}, "品名２", "ギフト"),
    ],
)
def test_written_as(changes: dict[str, Any], column: str, cell: str) -> None:
    assert cells(write(label(**changes)))[column] == cell


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"delivery_slot": "2021"}, "配達指定時間帯"),
        ({"service": "mail"}, "スピード指定"),
        ({"goods": ("あ" * 17,)}, "品名１"),
        ({"reference": "SH-2026-00012345678"}, "お客様管理番号"),
        ({"service": "cod"}, "代引金額"),
        ({"parcels": 100}, "出荷個数"),
        ({"to": {"name": "あ" * 17}}, "お届け先名称１"),
        ({"ship_on": date(2026, 11, 23)}, "出荷予定日"),
    ],
)
def test_refused(changes: dict[str, Any], field: str) -> None:
    made = write(label(**changes))
    assert (made.count, fields(made.problems)) == (0, [field])


def test_without_a_customer_code_nothing_is_written() -> None:
    assert fields(write(label(), account={}).problems) == ["お客様コード"]


@pytest.mark.parametrize("number", ["お問い合せ送り状No.", "お問合せ送り状No", "お問い合わせ送り状Ｎｏ．"])
@pytest.mark.parametrize("key", ["お客様管理番号", "お客様管理ナンバー"])
def test_result_columns_are_found_by_name(number: str, key: str) -> None:
    data = f"{number},出荷日,お届け先名称１,{key}\r\n123456789013,20261124,山田,SH-1\r\n123456789024,20261124,山田,SH-1\r\n".encode(
        "cp932"
    )
    assert SAGAWA.sniff_result(data, "a.csv")
    read = SAGAWA.read_result(data, "a.csv")
    assert [(each.reference, each.number, each.shipped_on) for each in read.trackings] == [
        ("SH-1", "123456789013", date(2026, 11, 24)), ("SH-1", "123456789024", date(2026, 11, 24)),
    ]  # fmt: skip


SENT = ",".join(["", "", "06", "530", *[""] * 5, "SH-2026-000001", *[""] * 51, "123456789013", *[""] * 12])


def test_without_a_header_74_columns_are_known_by_their_places() -> None:
    data = f"{SENT}\r\n".encode("cp932")
    assert SAGAWA.sniff_result(data, "a.csv")
    (tracking,) = SAGAWA.read_result(data, "a.csv").trackings
    assert (tracking.reference, tracking.number) == ("SH-2026-000001", "123456789013")


def test_without_a_header_and_without_our_numbers_it_is_refused() -> None:
    with pytest.raises(FileRefused, match="見出しの行"):
        SAGAWA.read_result("山田太郎,大阪\r\n".encode("cp932"), "a.csv")


def test_ruined_by_excel() -> None:
    data = "お問合せ送り状No,お客様管理番号\r\n4.01E+11,SH-1\r\n".encode("cp932")
    with pytest.raises(FileRefused) as caught:
        SAGAWA.read_result(data, "a.csv")
    assert (caught.value.errors[0].line, caught.value.errors[0].column) == (2, "お問合せ送り状No")
