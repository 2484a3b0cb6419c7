"""モールの在庫ファイル: read by the mall's own columns, written as the mall takes them; broken cells are told by line."""

from __future__ import annotations

import pytest

import akinai.adapters.channels.amazon.stock as amazon
import akinai.adapters.channels.rakuten.stock as rakuten
import akinai.adapters.channels.shopify.stock as shopify
import akinai.adapters.channels.yahoo.stock as yahoo
from akinai.channels.ports import FeedRow, MallStock, StockDoor
from akinai.core.tables import read_tables

RAKUTEN = (
    "商品管理番号（商品URL）,商品番号,商品名,SKU管理番号,システム連携用SKU番号,販売価格,在庫数\r\n"
    "sencha,S-1,煎茶,,,,\r\n"
    "sencha,,,sencha-100,TEA-1,1080,12\r\n"
    "sencha,,,sencha-200,TEA-2,1980,0\r\n"
    "yunomi,Y-1,湯のみ,yunomi,,1650,3\r\n"
)
YAHOO = "code,name,sub-code,quantity,allow-overdraft,stock-close\r\ntea,煎茶,tea-100,5,0,0\r\ncup,湯のみ,,,0,0\r\n"
AMAZON = "商品名\t出品者SKU\t価格\t数量\tフルフィルメント・チャンネル\n煎茶\tTEA-1\t1080\t4\tDEFAULT\n湯のみ\tCUP-1\t1650\t\tAMAZON_JP\n"
SHOPIFY = (
    "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option3 Name,Option3 Value,SKU,HS Code,COO,本社倉庫\n"
    "sencha,煎茶,内容量,100g,,,,,TEA-1,,JP,7\nsencha,煎茶,内容量,200g,,,,,TEA-2,,JP,not stocked\n"
)
ALL_KINDS = (
    "Handle,Title,Option1 Name,Option1 Value,SKU,Location,Incoming,Unavailable,Committed,Available,On hand\n"
    "sencha,煎茶,Title,Default Title,TEA-1,本社倉庫,0,1,2,5,8\n"
)
DOORS: dict[str, tuple[StockDoor, str, str]] = {
    "rakuten": (rakuten.RakutenStock(), RAKUTEN, "cp932"),
    "yahoo": (yahoo.YahooStock(), YAHOO, "cp932"),
    "amazon": (amazon.AmazonStock(), AMAZON, "cp932"),
    "shopify": (shopify.ShopifyStock(), SHOPIFY, "utf-8"),
    "shopify all kinds": (shopify.ShopifyStock(), ALL_KINDS, "utf-8"),
}
READ = {
    "rakuten": [("sencha / sencha-100", ("TEA-1", "sencha-100", "sencha"), 12), ("sencha / sencha-200", ("TEA-2", "sencha-200", "sencha"), 0),
                ("yunomi / yunomi", ("yunomi", "Y-1"), 3)],
    "yahoo": [("tea / tea-100", ("tea-100", "tea"), 5), ("cup", ("cup",), 0)],
    "amazon": [("TEA-1", ("TEA-1",), 4)],
    "shopify": [("TEA-1 / sencha / 100g / 本社倉庫", ("TEA-1",), 7)],
    "shopify all kinds": [("TEA-1 / sencha / Default Title / 本社倉庫", ("TEA-1",), 5)],
}  # fmt: skip


def read(name: str, data: str, encoding: str) -> MallStock:
    return DOORS[name][0].read(read_tables(data.encode(encoding), filename="在庫.csv"))


@pytest.mark.parametrize("name", DOORS)
def test_a_malls_stock_is_read_and_only_its_own_door_takes_it(name: str) -> None:
    door, data, encoding = DOORS[name]
    table = read_tables(data.encode(encoding), filename="在庫.csv")
    assert {one.code for one, _, _ in DOORS.values() if one.sniff(table)} == {door.code}
    found = door.read(table)
    assert [(row.key, row.codes, row.quantity) for row in found.rows] == READ[name]
    assert found.errors == []


@pytest.mark.parametrize("name", ["rakuten", "yahoo", "amazon", "shopify"])
def test_what_is_written_is_read_again_as_the_same_items_with_the_new_numbers(name: str) -> None:
    door, data, encoding = DOORS[name]
    rows = read(name, data, encoding).rows
    file = door.write([FeedRow(row.keys, row.quantity + 10) for row in rows])
    again = door.read(read_tables(file.data, filename=door.filename))
    assert [(row.key, row.quantity) for row in again.rows] == [(row.key, row.quantity + 10) for row in rows]
    assert (again.errors, file.left_out) == ([], {})


def test_the_files_have_the_columns_of_the_malls() -> None:
    first = {
        name: DOORS[name][0].write([FeedRow(read(name, *DOORS[name][1:]).rows[0].keys, 9)]).data.splitlines()
        for name in ("rakuten", "yahoo", "amazon", "shopify")
    }
    assert first["rakuten"] == [
        "商品管理番号（商品URL）,SKU管理番号,在庫数".encode("cp932"),
        b"sencha,sencha-100,9",
    ]
    assert first["yahoo"] == [b"code,sub-code,quantity,allow-overdraft", b"tea,tea-100,9,0"]
    assert first["amazon"] == [
        b"sku\tprice\tminimum-seller-allowed-price\tmaximum-seller-allowed-price\tquantity\thandling-time", b"TEA-1\t\t\t\t9\t",
    ]  # fmt: skip
    assert first["shopify"][1].decode() == "sencha,煎茶,内容量,100g,,,,,TEA-1,,JP,9"
    assert first["shopify"][0].decode().endswith(",本社倉庫")


@pytest.mark.parametrize(
    ("name", "broken", "line", "column", "words"),
    [
        ("rakuten", RAKUTEN.replace("1080,12", "1080,十二"), 3, "在庫数", "読めません"),
        ("rakuten", RAKUTEN.replace("sencha-200", "sencha-100"), 4, "商品管理番号（商品URL）", "3 行目にもあります"),
        ("yahoo", YAHOO.replace("tea,煎茶", "1.23E+11,煎茶"), 2, "code", "Excel"),
        ("yahoo", YAHOO.replace("cup,", ","), 3, "code", "商品コード"),
        ("amazon", AMAZON.replace("1080\t4", "1080\t4.5"), 2, "数量", "整数"),
        ("shopify", SHOPIFY.replace(",本社倉庫\n", ",本社倉庫,店頭\n").replace("JP,7", "JP,7,1").replace("not stocked", "0,0"), 2, "店頭", "場所"),
    ],
)  # fmt: skip
def test_a_broken_cell_is_told_by_line_and_column(
    name: str, broken: str, line: int, column: str, words: str
) -> None:
    found = read(name, broken, DOORS[name][2])
    assert (found.errors[0].line, found.errors[0].column) == (line, column)
    assert words in found.errors[0].message


def test_a_code_that_yahoo_would_refuse_is_left_out_with_the_reason() -> None:
    file = yahoo.YahooStock().write(
        [FeedRow({"code": "茶", "sub-code": ""}, 1), FeedRow({"code": "cup", "sub-code": ""}, 2)]
    )
    assert list(file.left_out) == [0] and "使えない文字" in file.left_out[0]
    assert file.data.splitlines()[1:] == [b"cup,,2,0"]
