"""楽天: statuses, sums, codes, comments, destinations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from akinai.adapters.channels.rakuten.comment import read_comment
from akinai.adapters.channels.rakuten.writer import HEADER
from akinai.adapters.channels.tests.cast import order
from akinai.adapters.channels.tests.doors import RAKUTEN
from akinai.adapters.channels.words.times import TOKYO
from akinai.core.tables import read_tables
from akinai.orders.ports import OrderDraft, TaxDraft


def read_with(draft: OrderDraft | None = None, **cells: str) -> OrderDraft:
    """An ordinary order with these cells in all its rows."""
    grid = RAKUTEN.grid(RAKUTEN.write([draft or order()])[0])
    for name, value in cells.items():
        for row in grid[1:]:
            row[grid[0].index(name.removeprefix("_"))] = value
    (found,) = RAKUTEN.read([RAKUTEN.bytes(grid)])
    return found


def test_the_file_has_158_columns() -> None:
    assert len(HEADER) == len(set(HEADER)) == 158


@pytest.mark.parametrize(
    ("status", "wanted"),
    [("100", "open"), ("200", "open"), ("300", "open"), ("発送待ち", "open"), ("400", "hold"), ("500", "shipped"),
     ("600", "shipped"), ("700", "shipped"), ("800", "hold"), ("900", "cancelled"), ("３００", "open"), ("", "open")],
)  # fmt: skip
def test_each_status_has_its_meaning(status: str, wanted: str) -> None:
    draft = read_with(ステータス=status)
    assert draft.mall_status == wanted
    assert [issue.code for issue in draft.issues] == (["mall_hold"] if wanted == "hold" else [])


def test_a_status_nobody_knows_is_said() -> None:
    draft = read_with(ステータス="350")
    assert [(issue.code, issue.value) for issue in draft.issues] == [("other", "350")]
    assert draft.mall_status == "open"


def test_what_rakuten_still_checks_waits() -> None:
    draft = read_with(楽天確認中フラグ="1")
    assert (draft.mall_status, draft.issues[0].code) == ("hold", "mall_hold")


def test_a_warning_of_rakuten_is_said() -> None:
    draft = read_with(警告表示タイプ="1", 警告表示タイプ詳細="送付先が海外転送業者")
    assert draft.issues[0].code == "other"
    assert "送付先が海外転送業者" in draft.issues[0].message


@pytest.mark.parametrize(
    ("label", "status", "settled"),
    [("クレジットカード", "100", False), ("クレジットカード", "300", True), ("セブンイレブン（前払）", "300", True),
     ("代金引換", "300", False), ("銀行振込", "300", False), ("後払い決済", "300", False), ("Apple Pay", "300", True)],
)  # fmt: skip
def test_money_is_in_when_rakuten_says_so(label: str, status: str, settled: bool) -> None:
    draft = read_with(支払方法名=label, ステータス=status)
    assert (draft.payment_label, draft.payment_settled) == (label, settled)


@pytest.mark.parametrize(
    "text", ["2023/12/10 10:00:00", "2023-12-10 10:00:00", "12/10/2023 10:00", "2023/12/10 10:00"]
)
def test_dates_of_rms_and_of_excel(text: str) -> None:
    assert read_with(注文日時=text).ordered_at == datetime(2023, 12, 10, 10, 0, tzinfo=TOKYO)


def test_another_date_of_the_order_stands_in_for_a_broken_one() -> None:
    draft = read_with(注文日時="########", 注文日="2026-11-19")
    assert draft.ordered_at == datetime(2026, 11, 19, tzinfo=TOKYO)
    assert [(issue.code, issue.column, issue.value) for issue in draft.issues] == [
        ("bad_date", "注文日時", "########")
    ]


def test_a_bad_delivery_date_is_said_and_left_open() -> None:
    draft = read_with(お届け日指定="2026-02-30")
    assert draft.delivery_on is None
    assert draft.issues[0].code == "bad_date"


@pytest.mark.parametrize(
    ("code", "slot"), [("", ""), ("0", ""), ("1", "am"), ("1416", "1416"), ("812", "am"), ("1921", "1921")]
)
def test_time_slots_of_rms(code: str, slot: str) -> None:
    draft = read_with(お届け時間帯=code)
    assert (draft.delivery_slot, draft.issues) == (slot, ())


@pytest.mark.parametrize("code", ["2", "9", "1821"])
def test_a_time_slot_we_do_not_have_is_left_to_a_person(code: str) -> None:
    draft = read_with(お届け時間帯=code)
    assert draft.delivery_slot == ""
    assert [(issue.code, issue.column, issue.value) for issue in draft.issues] == [
        ("other", "お届け時間帯", code)
    ]


def test_the_best_code_comes_first_and_the_others_are_kept() -> None:
    codes = {"商品番号": "NO-1", "商品管理番号": "url-1"}
    first = read_with(システム連携用SKU番号="SYS-1", SKU管理番号="sku-1", **codes).lines[0]
    assert (first.sku_code, first.alternative_codes) == ("SYS-1", ("sku-1", "NO-1", "url-1"))
    second = read_with(システム連携用SKU番号="", SKU管理番号="normal-inventory", **codes).lines[0]
    assert (second.sku_code, second.alternative_codes) == ("NO-1", ("url-1",))


def test_codes_in_full_width_are_codes() -> None:
    assert read_with(システム連携用SKU番号="ＳＫＵ－００１").lines[0].sku_code == "SKU-001"


def test_tax_on_top_and_wrapping_and_fees_add_up() -> None:
    draft = order(
        outer_tax_yen=400, wrapping_yen=300, payment_fee_yen=250, adjustment_yen=100, total_yen=5550, taxes=()
    )
    found = read_with(draft)
    assert found.issues == ()
    assert (found.outer_tax_yen, found.wrapping_yen, found.payment_fee_yen, found.adjustment_yen) == (
        400,
        300,
        250,
        100,
    )


def test_wrapping_that_rms_has_not_added_is_not_added_here() -> None:
    found = read_with(ラッピング料金1="300")
    assert (found.total_yen, found.wrapping_yen, found.issues) == (4500, 0, ())


def test_prices_without_tax_are_marked() -> None:
    draft = order(outer_tax_yen=400, total_yen=4900, taxes=())
    found = read_with(draft, 税込別="0")
    assert found.issues == ()
    assert [line.price_includes_tax for line in found.lines] == [False, False]


@pytest.mark.parametrize("tax", [409, 410])
def test_a_tax_rounded_down_or_up_is_the_shops_choice(tax: int) -> None:
    assert read_with(order(taxes=(TaxDraft(10, 4500, tax),))).issues == ()


@pytest.mark.parametrize("tax", [408, 411, 450])
def test_a_tax_that_no_rounding_gives_is_said(tax: int) -> None:
    (issue,) = read_with(order(taxes=(TaxDraft(10, 4500, tax),))).issues
    assert (issue.code, issue.value) == ("tax_mismatch", str(tax))
    assert "¥409〜¥410" in issue.message


def test_amounts_per_rate_may_be_before_points_but_not_anything_else() -> None:
    paid_with_points = order(points_yen=1000, total_yen=3500, taxes=(TaxDraft(10, 4500, 409),))
    assert read_with(paid_with_points).issues == ()
    (issue,) = read_with(order(taxes=(TaxDraft(10, 4000, 363),))).issues
    assert issue.code == "tax_mismatch"
    assert "¥4,000" in issue.message


def test_points_as_excel_accountants_write_them() -> None:
    draft = read_with(order(points_yen=1000, total_yen=3500, taxes=()), ポイント利用額="▲1,000")
    assert (draft.points_yen, draft.issues) == (1000, ())


def test_lines_that_are_told_twice_are_said() -> None:
    draft = read_with(
        商品合計金額="2000", 請求金額="2500", **{"10%請求金額": "", "10%請求額に対する税額": ""}
    )
    (issue,) = draft.issues
    assert (issue.code, issue.column, issue.value) == ("total_mismatch", "商品合計金額", "2000")
    assert "ちょうど2倍" in issue.message


def two_destinations(**second: str) -> OrderDraft:
    """The order with its second line sent elsewhere."""
    grid = RAKUTEN.grid(RAKUTEN.write([order()])[0])
    for name, value in second.items():
        grid[2][grid[0].index(name)] = value
    (draft,) = RAKUTEN.read([RAKUTEN.bytes(grid)])
    return draft


def test_lines_go_to_the_destinations_that_rakuten_numbers() -> None:
    draft = two_destinations(送付先ID="999", 送付先名="次郎", お届け日指定="2026-12-24")
    assert draft.issues == ()
    assert (draft.ship_to.name, draft.ship_to_id) == ("小林 一郎", "700000001")
    (other,) = draft.others
    assert (other.to.name, other.number, other.pieces) == (
        "小林 次郎",
        "999",
        ((2, draft.lines[1].quantity),),
    )
    assert str(other.delivery_on) == "2026-12-24"


@pytest.mark.parametrize(
    "doubtful",
    [{"送付先ID": "999", "送付先姓": "", "送付先名": ""}, {"送付先ID": "999", "個数": "0"}],
)
def test_destinations_that_are_not_told_apart_are_left_to_a_person(doubtful: dict[str, str]) -> None:
    draft = two_destinations(**doubtful)
    assert draft.others == ()
    assert "multi_ship" in [issue.code for issue in draft.issues]


def test_one_line_id_may_hold_two_skus() -> None:
    grid = RAKUTEN.grid(RAKUTEN.write([order()])[0])
    grid[2][grid[0].index("商品明細ID")] = grid[1][grid[0].index("商品明細ID")]
    grid[2][grid[0].index("SKU管理番号")] = "another"
    (draft,) = RAKUTEN.read([RAKUTEN.bytes(grid)])
    assert [line.sku_code for line in draft.lines] == ["APPLE-1", "TOWEL-W"]
    assert draft.issues == ()


def test_gift_wishes_and_memo() -> None:
    draft = read_with(
        のし="御祝 佐藤", ラッピング名1="リボン", ひとことメモ="常連のお客様", ギフト配送希望="1"
    )
    assert (draft.gift_note, draft.shop_note) == ("御祝 佐藤、リボン", "常連のお客様")
    assert read_with(ギフト配送希望="1").gift_note == "ギフト配送希望"


def test_a_template_of_the_shop_may_leave_columns_out() -> None:
    keep = {"注文番号", "注文日", "支払方法名", "請求金額", "商品合計金額", "送料合計", "送付先郵便番号1", "送付先郵便番号2",
            "送付先住所都道府県", "送付先住所郡市区", "送付先住所それ以降の住所", "送付先姓", "送付先名", "商品名", "商品管理番号",
            "単価", "個数", "送付先ID"}  # fmt: skip
    grid = RAKUTEN.grid(RAKUTEN.write([order()])[0])
    at = [index for index, name in enumerate(grid[0]) if name in keep]
    data = RAKUTEN.bytes([[row[index] for index in at] for row in grid])
    table = read_tables(data, filename="a.csv")
    assert RAKUTEN.format.matches([table])
    (draft,) = RAKUTEN.format.read([table])
    assert draft.issues == ()
    assert (draft.total_yen, draft.shipping_yen, len(draft.lines), draft.lines[0].tax_rate) == (
        4500,
        500,
        2,
        10,
    )


@pytest.mark.parametrize(
    ("text", "note", "day", "slot"),
    [
        ("[配送日時指定:]\n\n\n\n", "", None, ""),
        ("[配送日時指定:]\n2023-12-14(木)\n午前中\n", "", date(2023, 12, 14), "am"),
        ("[配送日時指定:]\n\n18:00-20:00\n\n", "", None, "1820"),
        ("[配送日時指定:]\n\n夕方以降でお願いします\n", "[配送日時指定] 夕方以降でお願いします", None, ""),
        ("[配送日時指定:]\n\n\n[備考:]\n犬がいます", "[備考] 犬がいます", None, ""),
        ("[備考:]\n特になし\n", "", None, ""),
        ("テンプレートのない備考です", "テンプレートのない備考です", None, ""),
        ("先に一言\n[配送日時指定:]\n2023-12-14\n", "先に一言", date(2023, 12, 14), ""),
        ("", "", None, ""),
    ],
)
def test_the_shops_comment_form_is_no_note(text: str, note: str, day: date | None, slot: str) -> None:
    found = read_comment(text)
    assert (found.note, found.day, found.slot) == (note, day, slot)


def test_the_form_fills_what_the_columns_leave_open() -> None:
    draft = read_with(コメント="[配送日時指定:]\n2026-12-24(木)\n14:00-16:00\n")
    assert (draft.delivery_on, draft.delivery_slot, draft.customer_note) == (date(2026, 12, 24), "1416", "")


def test_an_island_and_the_buyers_carrier() -> None:
    draft = read_with(離島フラグ="1", 購入時配送会社="1001")
    assert (draft.is_remote_island, draft.carrier) == (True, "yamato")


def test_different_totals_in_one_order_are_said() -> None:
    files = RAKUTEN.edit(RAKUTEN.write([order()]), "total", "9999", row=1)
    (draft,) = RAKUTEN.read(files)
    (issue,) = draft.issues
    assert (issue.code, issue.source_line, issue.value) == ("total_mismatch", 3, "9999")


def test_a_free_order_paid_with_points() -> None:
    draft = read_with(replace(order(), points_yen=4500, total_yen=0, taxes=(TaxDraft(10, 4500, 409),)))
    assert (draft.payment, draft.payment_settled, draft.payment_label) == ("points", True, "クレジットカード")
