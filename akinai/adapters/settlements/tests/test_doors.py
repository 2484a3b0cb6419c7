"""精算の読み方: every provider's file becomes lines that add up, and what cannot be read is refused by line and column."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from akinai.adapters.settlements.tests import files
from akinai.core.tables import FileRefused
from akinai.payments import settlement_ports as ports
from akinai.payments.settlement_ports import Payout
from tests.samples import sample

DAY = date(2026, 11, 20)


def read(data: bytes) -> list[Payout]:
    door = ports.format_for(data, "精算.csv")
    assert door is not None
    return list(door.read(data, "精算.csv"))


def told(payout: Payout) -> list[tuple[str, int]]:
    assert sum(line.yen for line in payout.lines) == payout.net_yen
    return [(str(line.kind), line.yen) for line in payout.lines]


def refused(data: bytes) -> list[Any]:
    with pytest.raises(FileRefused) as caught:
        read(data)
    return caught.value.errors


def test_rakuten_is_a_sale_points_and_a_fee_for_each_order() -> None:
    data = files.rakuten(("R-1", 1080, 0, 38, 1042), ("R-2", 2160, 100, 76, 2184), total="3226")
    (payout,) = read(data)
    assert (payout.number, payout.paid_on, payout.net_yen) == ("R-1", DAY, 3226)
    assert told(payout) == [("sale", 1080), ("fee", -38), ("sale", 2160), ("points", 100), ("fee", -76)]
    assert [line.order_no for line in payout.lines][:2] == ["R-1", "R-1"]


def test_a_fee_is_taken_off_whichever_sign_the_file_gives_it() -> None:
    (payout,) = read(files.rakuten(("R-1", 1080, "", -38, 1042)))
    assert told(payout) == [("sale", 1080), ("fee", -38)]


def test_a_sale_below_nothing_is_a_refund_and_its_fee_comes_back() -> None:
    (payout,) = read(files.rakuten(("R-1", -1080, "", -38, -1042)))
    assert told(payout) == [("refund", -1080), ("fee", 38)]


def test_a_row_that_does_not_add_up_is_refused_with_its_line() -> None:
    (error,) = refused(files.rakuten(("R-1", 1080, "", 38, 1042), ("R-2", 2160, "", 76, 2000)))
    assert (error.line, error.column) == (3, "精算金額")
    assert "合いません" in error.message


def test_a_payout_that_says_another_sum_than_its_lines_is_refused() -> None:
    (error,) = refused(files.rakuten(("R-1", 1080, "", 38, 1042), total="2000"))
    assert "1,042 円が、書かれている振込金額 2,000 円と合いません" in error.message


def test_rows_without_a_number_are_put_together_by_their_day() -> None:
    first = files.rakuten(("R-1", 1080, "", 38, 1042), number="")
    second = files.rakuten(("R-2", 2160, "", 76, 2084), number="", paid_on="2026/11/30")
    payouts = read(first + second.split(b"\r\n", 1)[1])
    assert [(one.paid_on.day, one.net_yen) for one in payouts] == [(20, 1042), (30, 2084)]


def test_a_row_of_totals_is_no_line() -> None:
    data = files.rakuten(("R-1", 1080, "", 38, 1042)) + "合計,,1080,,38,1042,,,\r\n".encode("cp932")
    (payout,) = read(data)
    assert told(payout) == [("sale", 1080), ("fee", -38)]


def test_yahoo_is_one_item_a_row() -> None:
    data = files.yahoo(
        ("Y-1", "商品代金", 1080), ("Y-1", "決済手数料", -32), ("Y-1", "ストアポイント原資", -10), ("Y-2", "返金", -540),
        ("Y-1", "PayPayポイント利用分", 100), ("Y-3", "ふしぎな項目", -7),
    )  # fmt: skip
    (payout,) = read(data)
    assert told(payout) == [
        ("sale", 1080), ("fee", -32), ("fee", -10), ("refund", -540), ("points", 100), ("adjustment", -7),
    ]  # fmt: skip
    assert [line.role for line in payout.lines] == ["", "fees", "promotion", "", "", ""]


def test_paypay_tells_its_own_number_and_ours() -> None:
    (payout,) = read(files.paypay(("0123", "SO-2026-000001", 1080, 21)))
    assert told(payout) == [("sale", 1080), ("fee", -21)]
    assert (payout.lines[0].reference, payout.lines[0].order_no) == ("0123", "SO-2026-000001")


def test_a_failed_paypay_transaction_moves_nothing() -> None:
    data = (
        files.paypay(("0123", "A", 1080, 21))
        + files.paypay(("0124", "B", 500, 0), status="取引失敗").split(b"\r\n", 1)[1]
    )
    (payout,) = read(data)
    assert payout.net_yen == 1059


def test_a_paypay_history_without_fees_is_refused_with_the_way_out() -> None:
    from akinai.adapters.settlements.writing import table

    data = table(
        ("取引番号", "加盟店ID", "取引ステータス", "取引日時", "取引金額"),
        [("1", "2", "取引完了", "2026/11/10", 100)],
    )
    (error,) = refused(data)
    assert "取引履歴" in error.message and "「入金」から" in error.message


def test_stripe_is_gross_and_fee_of_each_transaction_in_its_payout() -> None:
    data = files.stripe(("t1", "charge", 1080, 39, "pi_1", "SO-1"), ("t2", "refund", -500, 0, "pi_2", ""))
    (payout,) = read(data)
    assert (payout.number, payout.paid_on) == ("po_1", DAY)
    assert told(payout) == [("sale", 1080), ("fee", -39), ("refund", -500)]
    assert payout.lines[0].refs == ("pi_1", "ch_t1")
    assert payout.lines[0].order_no == "SO-1"


def test_what_stripe_has_not_paid_out_yet_is_left_for_the_next_report() -> None:
    rest = files.stripe(("t2", "charge", 500, 0, "pi_2", ""), payout="", on="").split(b"\r\n", 1)[1]
    (payout,) = read(files.stripe(("t1", "charge", 1080, 39, "pi_1", "")) + rest)
    assert payout.net_yen == 1041
    assert "1 行" in payout.warnings[0].message


@pytest.mark.parametrize("data", [
    files.stripe(("t1", "charge", 10, 0, "pi_1", ""), currency="usd"),
    files.paypal(("ウェブペイメント", "T1", 10, 0, "", "10:00:00"), currency="USD"),
    files.amazon(("Order", "A-1", "ItemPrice", "Principal", "10.00"), total="10.00", currency="USD"),
])  # fmt: skip
def test_foreign_currencies_are_refused_with_a_sentence(data: bytes) -> None:
    (error,) = refused(data)
    assert "USD" in error.message and "円（JPY）" in error.message


def test_amazon_puts_the_amounts_of_one_order_together() -> None:
    data = files.amazon(
        ("Order", "A-1", "ItemPrice", "Principal", "1000.00"), ("Order", "A-1", "ItemPrice", "Tax", "80.00"),
        ("Order", "A-1", "ItemFees", "Commission", "-108.00"), ("Order", "A-1", "ItemFees", "FBAPerUnitFulfillmentFee", "-434.00"),
        ("Refund", "A-2", "ItemPrice", "Principal", "-500.00"), ("other-transaction", "", "other-transaction", "Subscription Fee", "-5390.00"),
        ("other-transaction", "", "other-transaction", "Previous Reserve Amount Balance", "10,000.00"),
        ("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount", "-648.00"),
        total="4000.00",
    )  # fmt: skip
    (payout,) = read(data)
    assert (payout.number, payout.paid_on, payout.since) == ("11223344", DAY, date(2026, 11, 1))
    assert told(payout) == [
        ("sale", 1080), ("fee", -108), ("fee", -434), ("refund", -500), ("fee", -5390), ("reserve", 10000), ("fee", -648),
    ]  # fmt: skip
    assert [line.role for line in payout.lines] == ["", "fees", "freight", "", "fees", "", "ads"]
    assert payout.lines[0].detail == {"Principal": "1000.00", "Tax": "80.00"}


def test_fractions_of_a_yen_are_kept_so_that_the_sum_stays_amazons() -> None:
    data = files.amazon(
        ("Order", "A-1", "ItemPrice", "Principal", "1000.00"), ("Order", "A-1", "ItemFees", "Commission", "-100.40"),
        ("Order", "A-2", "ItemFees", "Commission", "-100.40"), ("Order", "A-3", "ItemFees", "Commission", "-100.20"),
        total="699.00",
    )  # fmt: skip
    (payout,) = read(data)
    assert told(payout) == [("sale", 1000), ("fee", -100), ("fee", -100), ("fee", -100), ("fee", -1)]


def test_an_amazon_report_with_a_row_missing_is_refused() -> None:
    (error,) = refused(files.amazon(("Order", "A-1", "ItemPrice", "Principal", "1000.00"), total="1080.00"))
    assert "1000.00 が、合計 1080.00 と合いません" in error.message


def test_paypal_up_to_a_withdrawal_is_one_payout() -> None:
    data = files.paypal(
        ("ウェブペイメント", "T1", 1080, -79, "SO-2026-000001", "10:00:00"), ("銀行口座への引き出し", "W1", -1000, 0, "", "11:00:00"),
        ("ウェブペイメント", "T2", 500, -58, "", "12:00:00"),
    )  # fmt: skip
    paid, rest = read(data)
    assert (paid.number, paid.net_yen, paid.is_history) == ("W1", 1000, True)
    assert [(str(line.kind), line.yen) for line in paid.lines] == [("sale", 1080), ("fee", -79)]
    assert (rest.net_yen, len(rest.lines)) == (0, 2)


def test_the_real_paypal_history_is_read() -> None:
    (payout,) = read(sample("bank/pay_pal201810.csv"))
    assert told(payout) == [
        ("adjustment", -2246), ("transfer", 2246), ("adjustment", -1642), ("transfer", 1642), ("adjustment", -3197), ("transfer", 3197),
    ]  # fmt: skip
    assert (payout.paid_on, payout.net_yen) == (date(2018, 10, 22), 0)


@pytest.mark.parametrize(("column", "provider"), [
    ("送り状番号", "yamato"), ("お問い合せ送り状No.", "sagawa"), ("お問い合わせ番号", "japanpost"),
])  # fmt: skip
def test_a_carriers_remittance_is_known_by_its_word_for_the_slip(column: str, provider: str) -> None:
    data = files.collect(
        column, ("1234-5678-9013", 1080, 330, 0, "SO-2026-000001"), ("123456789024", 55000, 440, 200, "")
    )
    door = ports.format_for(data, "代引.csv")
    assert door and door.provider == provider
    (payout,) = read(data)
    assert told(payout) == [
        ("sale", 1080),
        ("fee", -330),
        ("sale", 55000),
        ("adjustment", -200),
        ("fee", -440),
    ]
    assert payout.lines[0].tracking_no == "123456789013"


def test_utf8_and_shift_jis_are_the_same_file() -> None:
    data = files.rakuten(("R-1", 1080, "", 38, 1042))
    assert told(read(data)[0]) == told(read(data.decode("cp932").encode("utf-8-sig"))[0])


def test_an_amount_that_is_no_number_is_refused_with_file_line_column_and_value() -> None:
    (error,) = refused(files.rakuten(("R-1", "千円", "", 38, 1042)))
    assert (error.file, error.line, error.column, error.value) == ("精算.csv", 2, "決済金額", "千円")


def test_no_bank_statement_or_order_file_is_taken_for_a_payout() -> None:
    for path in (
        "bank/mufg201810.csv",
        "bank/sbi_sumishin_net_bank202201.csv",
        "rakuten/orders_deidentified_a.csv",
    ):
        assert ports.format_for(sample(path), path) is None


def test_a_formula_in_a_cell_is_refused() -> None:
    (error,) = refused(files.rakuten(("=HYPERLINK(1)", 1080, "", 38, 1042)))
    assert "計算式" in error.message


@pytest.mark.parametrize(
    ("cell", "value", "column", "words"),
    [("1080", "", "合計", "空欄"), ("1080", "千八十", "合計", "数として読めません"), ("1002", "1003", "正味", "合いません"),
     ("2026/11/10", "2026/13/40", "日付", "読めません")],
)  # fmt: skip
def test_a_cell_of_paypal_that_cannot_be_read_is_refused_with_its_place(
    cell: str, value: str, column: str, words: str
) -> None:
    data = files.paypal(("通常の支払い", "T1", 1080, -78, "R-1", "10:00:00"))
    (error,) = refused(data.replace(cell.encode(), value.encode()))
    assert (error.file, error.line, error.column) == ("精算.csv", 2, column)
    assert words in error.message
