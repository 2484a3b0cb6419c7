"""Files that cannot be read, by the command: refused by file, line, value and way out, and nothing is written."""

from __future__ import annotations

import csv
import gzip
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.apps import apps

from akinai.adapters.channels.amazon.tests import realistic as amazon
from akinai.adapters.channels.rakuten.tests import realistic as rakuten
from akinai.adapters.channels.rakuten.writer import HEADER
from akinai.adapters.channels.shopify.tests import realistic as shopify
from akinai.adapters.channels.tests import taken
from akinai.adapters.channels.tests.files import csv_file
from akinai.adapters.channels.tests.truth import Sale, ordinary
from akinai.catalog.models import Sku
from akinai.core.models import IntakeFile
from akinai.orders.models import Order
from akinai.party.models import Customer

pytestmark = pytest.mark.django_db

SOLD = [ordinary(number=f"900001-20261120-{n:010d}", note='一行目\n二行目、"引用"') for n in range(1, 6)]
RAKUTEN = rakuten.file(SOLD)
SHOPIFY = shopify.file(SOLD)
AMAZON = amazon.unshipped([ordinary(number=f"250-{n}", note="") for n in range(5)])
TEXT = RAKUTEN.decode("cp932")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    settings.AKINAI_HOME = tmp_path / "home"


def counts() -> dict[str, int]:
    """Rows of every table."""
    return {model._meta.db_table: model._default_manager.count() for model in apps.get_models()}


def refused(folder: Path, data: bytes, name: str = "注文.csv") -> list[dict[str, Any]]:
    answer = taken.intake(folder, {name: data}, code=1)
    assert (answer["ok"], answer["created"], answer["total_yen"]) == (False, 0, 0)
    assert not Order.objects.exists() and not Sku.objects.exists() and not Customer.objects.exists()
    assert IntakeFile.objects.get().state == "refused"
    for error in answer["errors"]:
        assert error["file"] == name and error["message"].endswith("。")
    errors: list[dict[str, Any]] = answer["errors"]
    return errors


def delimited(mark: str) -> bytes:
    rows = list(csv.reader(io.StringIO(TEXT, newline="")))
    return "\r\n".join(mark.join(cell.replace("\n", " ") for cell in row) for row in rows).encode("cp932")


def without(data: bytes, at: float) -> bytes:
    return data[: int(len(data) * at)]


BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "ファイルが空です"),
    "only a BOM": (b"\xef\xbb\xbf", "ファイルが空です"),
    "only blank lines": (b"\r\n \r\n", "ファイルが空です"),
    "only the header": (RAKUTEN.split(b"\r\n", 1)[0] + b"\r\n", "見出しだけで"),
    "no header": (RAKUTEN.split(b"\r\n", 1)[1], "見出しの行が"),
    "no header, Shopify": (SHOPIFY.split(b"\n", 1)[1], "見出しの行が"),
    "cut in a quoted cell": (RAKUTEN[: RAKUTEN.rindex("二行目".encode("cp932"))], "引用符（\"）が閉じられないまま"),
    "cut in a row": (AMAZON[:-200], "最後の行が途中で終わっています"),
    "cut in a letter": (RAKUTEN[: RAKUTEN.rindex("千".encode("cp932")) + 1], "最後の文字が完結していません"),
    "UTF-16 without a BOM": (TEXT.encode("utf-16-le"), "UTF-16で保存されたか"),
    "EUC-JP": (TEXT.encode("euc_jp"), "文字コードがEUC-JPです"),
    "JIS": (TEXT.encode("iso2022_jp"), "文字コードがJIS"),
    "read as Latin-1 once": (RAKUTEN.decode("latin-1").encode("utf-8"), "文字化けしています"),
    "read as Shift_JIS once": (TEXT.encode("utf-8").decode("cp932", "replace").encode("utf-8"), "文字化けしています"),
    "bytes that are no letter": (RAKUTEN[:2000] + b"\xff\x01" + RAKUTEN[2000:], "読めない文字があります"),
    "two encodings": (RAKUTEN + TEXT.split("\r\n", 1)[1].encode("utf-8"), "文字コードが途中で変わっています"),
    "two files in one": (RAKUTEN + RAKUTEN, "見出しの行がもう一度出てきます"),
    "cut by bars": (delimited("|"), "区切り文字が違います"),
    "cut by Japanese commas": (delimited("、"), "区切り文字が違います"),
    "NUL": (RAKUTEN[:3000] + b"\x00" + RAKUTEN[3000:], "文字でないデータ（00）"),
    "PNG": (b"\x89PNG\r\n\x1a\n" + os.urandom(500), "画像（PNG）"),
    "PDF": (b"%PDF-1.7\n" + os.urandom(500), "PDF"),
    "a program": (b"MZ\x90\x00\x03" + os.urandom(500), "文字でないデータ（00）"),
    "gzip": (gzip.compress(RAKUTEN), "圧縮（gzip）"),
    "a web page": (b"<!DOCTYPE html><html>login</html>", "Webページ"),
    "10,000 columns": ((",".join(f"c{n}" for n in range(10_000)) + "\n" + ",".join("x" * 10_000)).encode(), "列が多すぎます"),
    "a cell of 5 MB": (RAKUTEN.replace("りんごジュース 1L".encode("cp932"), b"A" * 5_000_000, 1), "セルが長すぎます"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_refused_with_the_reason(tmp_path: Path, what: str) -> None:
    data, reason = BROKEN[what]
    errors = refused(tmp_path, data)
    assert reason in errors[0]["message"], errors[:2]


def changed(**cells: str) -> bytes:
    """The first row of the second order with these cells."""
    rows = rakuten.rows(SOLD)
    rows[2] |= cells
    return csv_file(HEADER, rows, quote_all=True)


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"注文番号": "1.23E+11"}, "注文番号", "注文番号がExcelで壊れています"),
        ({"注文番号": ""}, "注文番号", "注文番号が空欄です"),
        ({"注文番号": "9" * 500}, "注文番号", "注文番号が長すぎます"),
        ({"注文日時": "45985.5", "注文日": "45985", "注文確認日時": "", "注文確定日時": ""}, "注文日時", "Excelの連番"),
        ({"注文日時": "昨日", "注文日": "", "注文確認日時": "", "注文確定日時": ""}, "注文日時", "注文日時を読めません"),
    ],
)  # fmt: skip
def test_a_row_that_belongs_to_no_order_refuses_the_file_by_line_and_column(
    tmp_path: Path, cells: dict[str, str], column: str, reason: str
) -> None:
    (error,) = refused(tmp_path, changed(**cells))
    lines = TEXT.split(SOLD[1].number)[0].count("\n") + 1
    assert (error["line"], error["column"]) == (lines, column)
    assert reason in error["message"] and error["value"][:20] == cells[column][:20]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"個数": "-3"}, "個数", "マイナス"), ({"個数": "1000000000000"}, "個数", "大きすぎます"), ({"個数": "1.23E+05"}, "個数", "Excel"),
        ({"単価": "9" * 30}, "単価", "大きすぎます"), ({"請求金額": "999999"}, "請求金額", "違います"), ({"商品税率": "0.05"}, "商品税率", "税率"),
        ({"商品名": '=HYPERLINK("http://x","y")'}, "商品名", "数式"), ({"送付先姓": "+cmd|' /C calc'!A0"}, "送付先姓", "数式"),
        ({"商品名": "ベル\x07"}, "商品名", "制御文字"), ({"注文者姓": "縺薙ｓ縺ｫ縺｡縺ｯ"}, "注文者姓", "文字化け"),
        ({"商品名": "å±±ç”°å¤ªéƒŽ".replace("Ž", "")}, "商品名", "文字化け"), ({"お届け日指定": "2026/13/45"}, "お届け日指定", "日付"),
    ],
)  # fmt: skip
def test_an_odd_value_becomes_an_exception_of_its_order_alone(
    tmp_path: Path, cells: dict[str, str], column: str, reason: str
) -> None:
    encoding = "utf-8" if not cells.get(column, "").isascii() else "cp932"
    rows = rakuten.rows(SOLD)
    rows[2] |= cells
    answer = taken.intake(tmp_path, {"a.csv": csv_file(HEADER, rows, quote_all=True, encoding=encoding)})
    assert (answer["created"], answer["exceptions"]) == (5, 1), answer["errors"]
    told = [error for error in answer["errors"] if error["column"] == column]
    assert told and reason in told[0]["message"]
    assert {number for number, _message in taken.issues()} == {SOLD[1].number}
    assert Order.objects.get(channel_order_no=SOLD[1].number).state == "on_hold"


def test_wide_digits_triangles_and_lost_zeros_are_read_as_they_are_meant(tmp_path: Path) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    sale: Sale = ordinary(points=100, coupon=50)
    rows = [
        row | {"個数": str(row["個数"]).translate(wide), "単価": str(row["単価"]).translate(wide), "ポイント利用額": "▲100",
               "クーポン利用総額": "△５０", "送付先郵便番号2": "1"}
        for row in rakuten.order_rows(sale)
    ]  # fmt: skip
    answer = taken.intake(tmp_path, {"a.csv": csv_file(HEADER, rows, encoding="utf-8")})
    assert (answer["exceptions"], answer["total_yen"]) == (0, sale.total), taken.issues()
    row = Order.objects.get()
    assert (row.points_yen, row.discount_yen, row.ship_postal_code) == (100, 50, "1000001")


def test_lone_carriage_returns_end_lines_too(tmp_path: Path) -> None:
    data = csv_file(HEADER, rakuten.rows([ordinary()]), newline="\r")
    assert taken.intake(tmp_path, {"mac.csv": data})["created"] == 1


# ---- workbooks


def book(**sheets: list[list[Any]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def grid() -> list[list[Any]]:
    return [list(HEADER), *([row.get(name, "") for name in HEADER] for row in rakuten.rows(SOLD))]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 700_000_000)
    return out.getvalue()


BOOKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "two sheets of one shape": (lambda: book(十一月=grid(), 十二月=grid()), "同じ見出しのシートが2枚あります"),
    "cut off": (lambda: book(受注=grid())[:5000], "Excelファイルが壊れていて"),
    "locked": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "パスワード"),
    "an xls of nonsense": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(3000), "Excelファイルが壊れていて"),
    "a bomb": (bomb, "Excelファイルが大きすぎます"),
    "empty": (lambda: book(受注=[]), "データがありません"),
}  # fmt: skip


@pytest.mark.parametrize("what", BOOKS)
def test_a_workbook_that_cannot_be_read_is_refused_with_the_reason(tmp_path: Path, what: str) -> None:
    make, reason = BOOKS[what]
    (error,) = refused(tmp_path, make(), "注文.xlsx")
    assert reason in error["message"]


def test_the_name_of_a_file_does_not_decide_what_it_is(tmp_path: Path) -> None:
    assert taken.intake(tmp_path, {"実はExcel.csv": book(受注=grid())})["created"] == 5
    assert taken.intake(tmp_path, {"実はCSV.xlsx": RAKUTEN})["unchanged"] == 5


@pytest.mark.parametrize(
    "name",
    ["受注 データ.csv", "改行\n入り.csv", 'it\'s "q" $HOME `x`.csv', "#1001;rm -rf.csv", "名" * 60 + ".csv"],
)
def test_file_names_of_every_sort(tmp_path: Path, name: str) -> None:
    answer = taken.intake(tmp_path, {name: RAKUTEN})
    assert (answer["created"], answer["files"][0]["file"]) == (5, name.replace("\n", ""))


# ---- nothing is written


def test_a_dry_run_leaves_every_table_as_it_was(tmp_path: Path) -> None:
    before = counts()
    answer = taken.intake(tmp_path, {"a.csv": RAKUTEN, "b.csv": SHOPIFY, "c.txt": AMAZON}, "--dry-run")
    assert (answer["created"], answer["ok"], answer["dry_run"]) == (15, True, True)
    assert counts() == before
    assert not (tmp_path / "home").exists()


def test_one_bad_file_among_good_ones_takes_nothing_in(tmp_path: Path) -> None:
    before = counts()
    answer = taken.intake(tmp_path, {"good.csv": RAKUTEN, "bad.csv": SHOPIFY[:-300], "c.txt": AMAZON}, code=1)
    assert {error["file"] for error in answer["errors"]} == {"bad.csv"}
    after = counts()
    grown = {name for name in after if after[name] != before[name]}
    assert grown <= {"core_intakefile"}


def test_files_of_every_mall_come_in_by_one_call(tmp_path: Path) -> None:
    answer = taken.intake(tmp_path, {"a.csv": RAKUTEN, "b.csv": SHOPIFY, "c.txt": AMAZON})
    assert [(part["format"], part["created"]) for part in answer["parts"]] == [
        ("rakuten", 5),
        ("shopify", 5),
        ("amazon", 5),
    ]
    assert answer["created"] == sum(part["created"] for part in answer["parts"]) == Order.objects.count()
    assert answer["total_yen"] == sum(part["total_yen"] for part in answer["parts"])
