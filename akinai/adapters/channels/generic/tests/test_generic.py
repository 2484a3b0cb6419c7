"""Any other file: columns guessed by their names or chosen by a clerk."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from akinai.adapters.channels.generic import GenericFormat
from akinai.adapters.channels.tests.doors import DOORS
from akinai.core.intake import Field
from akinai.core.tables import FileRefused, Table, read_tables
from akinai.orders.ports import OrderDraft

GENERIC = GenericFormat()
HEADER = [
    "注文番号",
    "注文日",
    "商品コード",
    "商品名",
    "数量",
    "単価（税込）",
    "送料",
    "合計金額",
    "支払方法",
    "氏名",
    "郵便番号",
    "住所",
    "電話番号",
]
FIRST = [
    "1",
    "2026/11/20",
    "A-1",
    "りんご",
    "２",
    "1,000円",
    "500",
    "￥2,500",
    "銀行振込",
    "見本太郎",
    "100-0001",
    "東京都千代田区1-1",
    "03-1111-2222",
]


def table(*rows: list[str], header: list[str] | None = None) -> Table:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header or HEADER, *rows])
    return read_tables(out.getvalue().encode(), filename="own.csv")


def one(
    *rows: list[str], header: list[str] | None = None, mapping: dict[str, str] | None = None
) -> OrderDraft:
    (draft,) = GENERIC.read([table(*rows, header=header)], mapping)
    return draft


def codes(draft: OrderDraft) -> list[str]:
    return [issue.code for issue in draft.issues]


def test_a_shops_own_list_is_read_by_the_names_of_its_columns() -> None:
    draft = one(FIRST)
    assert (draft.channel_order_no, draft.total_yen, draft.goods_yen, draft.shipping_yen) == (
        "1",
        2500,
        2000,
        500,
    )
    assert [(line.sku_code, line.quantity, line.unit_price_yen) for line in draft.lines] == [("A-1", 2, 1000)]
    assert (draft.payment, draft.payment_settled, draft.issues) == ("bank_transfer", False, ())
    assert (draft.buyer.name, draft.buyer.prefecture, draft.buyer.line1) == (
        "見本太郎",
        "東京都",
        "千代田区1-1",
    )
    assert draft.ship_to == draft.buyer  # a file with one address means it


def test_english_names_too() -> None:
    header = [
        "order_no",
        "order_date",
        "SKU",
        "qty",
        "unit_price",
        "total",
        "customer_name",
        "recipient_name",
        "zip",
        "e-mail",
    ]
    draft = one(
        [
            "X-1",
            "2026-11-20T09:00:00+09:00",
            "A-1",
            "1",
            "1000",
            "1000",
            "Sato",
            "Suzuki",
            "1000001",
            "a@example.com",
        ],
        header=header,
    )
    assert (draft.channel_order_no, draft.lines[0].sku_code, draft.total_yen) == ("X-1", "A-1", 1000)
    assert (draft.buyer.name, draft.ship_to.name, draft.buyer.email) == ("Sato", "Suzuki", "a@example.com")


def test_rows_of_one_order_are_its_lines() -> None:
    second = ["1", "", "B-2", "みかん", "1", "300", "", "", "", "", "", "", ""]
    draft = one([*FIRST[:7], "2800", *FIRST[8:]], second)
    assert [(line.line_no, line.sku_code) for line in draft.lines] == [(1, "A-1"), (2, "B-2")]
    assert (draft.goods_yen, draft.total_yen, draft.issues) == (2300, 2800, ())


def test_numbered_columns_are_lines() -> None:
    header = [
        "注文番号",
        "注文日",
        "氏名",
        "合計",
        "商品コード1",
        "数量1",
        "単価1",
        "商品コード2",
        "数量2",
        "単価2",
        "商品コード3",
        "数量3",
        "単価3",
    ]
    mapping = {"order_no": "注文番号", "ordered_at": "注文日", "buyer_name": "氏名", "total": "合計", "sku": "商品コード1",
               "quantity": "数量1", "price": "単価1"}  # fmt: skip
    draft = one(
        ["1", "2026/11/20", "見本", "2600", "A-1", "1", "1000", "B-2", "2", "800", "", "", ""],
        header=header,
        mapping=mapping,
    )
    assert [(line.line_no, line.sku_code, line.quantity) for line in draft.lines] == [
        (1, "A-1", 1),
        (2, "B-2", 2),
    ]
    assert draft.issues == ()


def test_a_clerks_mapping_counts_and_not_the_names() -> None:
    header = ["No", "いつ", "なに", "いくつ", "いくら"]
    mapping = {
        "order_no": "No",
        "ordered_at": "いつ",
        "sku": "なに",
        "quantity": "いくつ",
        "price": "いくら",
        "note": "",
    }
    draft = one(["7", "20261120", "A-1", "3", "100"], header=header, mapping=mapping)
    assert (draft.channel_order_no, draft.lines[0].quantity, draft.total_yen) == ("7", 3, 300)


def test_what_cannot_be_found_is_asked_for_by_name() -> None:
    strange = table(["7", "20261120", "A-1", "3"], header=["No", "いつ", "なに", "いくつ"])
    assert not GENERIC.matches([strange])
    with pytest.raises(FileRefused) as refusal:
        GENERIC.read([strange])
    (error,) = refusal.value.errors
    for label in ("「注文番号」", "「注文日時」", "「数量」", "「商品コード」"):
        assert label in error.message


def test_a_mapping_to_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(FileRefused) as refusal:
        GENERIC.read([table(FIRST)], GENERIC.guess(HEADER) | {"note": "なくなった列"})
    assert "なくなった列" in refusal.value.errors[0].message


def test_it_matches_what_its_names_explain_and_malls_do_not() -> None:
    own = table(FIRST)
    assert GENERIC.matches([own])
    assert [door.code for door in DOORS if door.format.matches([own])] == []


def test_fields_are_in_the_words_of_the_intake() -> None:
    fields = [Field(**given) for given in GENERIC.fields()]
    assert [field.code for field in fields if field.required] == ["order_no", "ordered_at", "quantity"]
    assert fields[0].label == "注文番号"
    assert len({field.code for field in fields}) == len(fields)


def test_a_total_that_does_not_add_up_is_said() -> None:
    draft = one([*FIRST[:7], "9999", *FIRST[8:]])
    assert (draft.total_yen, codes(draft)) == (9999, ["total_mismatch"])


def test_tax_is_on_top_where_the_total_shows_it() -> None:
    header = [*HEADER, "消費税"]
    assert one([*FIRST, "227"], header=header).outer_tax_yen == 0
    on_top = one([*FIRST[:7], "2750", *FIRST[8:], "250"], header=header)
    assert (on_top.outer_tax_yen, on_top.total_yen, on_top.issues) == (250, 2750, ())


def test_a_file_without_a_total_is_added_up() -> None:
    draft = one([*FIRST[:7], "", *FIRST[8:]])
    assert (draft.total_yen, draft.issues) == (2500, ())


def test_a_file_without_prices_has_unknown_amounts() -> None:
    draft = one(["1", "2026/11/20", "A-1", "2"], header=["注文番号", "注文日", "品番", "数量"])
    assert (draft.amounts_known, draft.total_yen, draft.lines[0].quantity, draft.issues) == (False, 0, 2, ())


def test_an_amount_per_line_is_divided_only_where_it_comes_out_even() -> None:
    header = ["注文番号", "注文日", "品番", "数量", "金額"]
    assert one(["1", "2026/11/20", "A-1", "3", "900"], header=header).lines[0].unit_price_yen == 300
    assert codes(one(["1", "2026/11/20", "A-1", "3", "1000"], header=header)) == ["bad_price"]


def test_a_jan_alone_names_the_goods() -> None:
    draft = one(["1", "2026/11/20", "4901234567894", "1"], header=["注文番号", "注文日", "JAN", "数量"])
    assert (draft.lines[0].sku_code, draft.lines[0].jan) == ("4901234567894", "4901234567894")


def test_wishes_status_and_payment() -> None:
    header = [*HEADER, "お届け希望日", "時間帯", "備考", "ステータス", "入金状況", "のし"]
    draft = one([*FIRST, "2026/12/24", "14:00〜16:00", "急ぎ", "未発送", "入金済み", "御祝"], header=header)
    assert (draft.delivery_on, draft.delivery_slot) == (date(2026, 12, 24), "1416")
    assert (draft.customer_note, draft.gift_note, draft.mall_status, draft.payment_settled) == (
        "急ぎ",
        "御祝",
        "open",
        True,
    )
    sent = one([*FIRST, "", "", "", "発送済み", "", ""], header=header)
    assert sent.mall_status == "shipped"


def test_several_places_are_said() -> None:
    header = [*HEADER, "送付先氏名", "送付先住所"]
    second = ["1", "", "B-2", "みかん", "1", "300", "", "", "", "", "", "", "", "次郎", "大阪府見本市2-2"]
    draft = one([*FIRST[:7], "2800", *FIRST[8:], "三郎", "京都府見本市3-3"], second, header=header)
    assert codes(draft) == ["multi_ship"]
    assert (draft.ship_to.name, draft.ship_to.prefecture) == ("三郎", "京都府")


def test_odd_cells_are_said_as_in_every_mall() -> None:
    row = [
        "1",
        "2026/11/20",
        "4.9E+12",
        "=1+1",
        "-3",
        "abc",
        "500",
        "500",
        "カード",
        "+cmd|' /C calc'!A0",
        "1E+06",
        "住所",
        "1",
    ]
    draft = one(row)
    assert sorted(codes(draft)) == ["bad_price", "bad_quantity", "bad_text", "bad_text", "mangled", "mangled"]


def test_another_currency_is_said() -> None:
    draft = one([*FIRST, "USD"], header=[*HEADER, "通貨"])
    assert (codes(draft), draft.total_yen, draft.amounts_known) == (["currency"], 0, False)


@pytest.mark.parametrize("value", ["", "1.23E+11"])
def test_rows_without_an_order_number_refuse_the_file(value: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        GENERIC.read([table(FIRST, [value, *FIRST[1:]])])
    (error,) = refusal.value.errors
    assert (error.line, error.column, error.value) == (3, "注文番号", value)


def test_unknown_columns_are_kept() -> None:
    draft = one([*FIRST, "店の列の値"], header=[*HEADER, "店の列"])
    assert draft.raw == {"店の列": "店の列の値"}


def test_a_list_of_another_cart_is_read_by_its_names() -> None:
    header = ["売上ID", "受注日", "購入者 名前", "購入者 郵便番号", "購入者 住所", "配送先 名前", "配送先 住所", "購入商品 商品名",
              "購入商品 型番", "購入商品 販売価格(消費税込)", "購入商品 販売個数", "決済方法"]  # fmt: skip
    draft = one(
        [
            "55",
            "2026/11/20",
            "見本",
            "100-0001",
            "東京都千代田区",
            "小林",
            "北海道札幌市1-1",
            "タオル",
            "T-1",
            "1650",
            "2",
            "代金引換",
        ],
        header=header,
    )
    assert (draft.channel_order_no, draft.lines[0].sku_code, draft.total_yen, draft.payment) == (
        "55",
        "T-1",
        3300,
        "cod",
    )
    assert (draft.buyer.name, draft.ship_to.name, draft.ship_to.prefecture) == ("見本", "小林", "北海道")
