"""精算の取込: files of providers, each payout once; a changed one is refused with the difference."""

from __future__ import annotations

import pytest

from akinai.adapters.settlements.tests import files
from akinai.adapters.settlements.writing import table
from akinai.payments.models import Payment, Settlement
from akinai.payments.services import settlements
from akinai.payments.tests.factories import again
from akinai.payments.tests.settling import mall, said, upload
from tests.samples import sample

pytestmark = pytest.mark.django_db


def test_a_file_becomes_a_settlement_and_its_orders_are_paid() -> None:
    order = mall("R-1")
    row = upload(files.rakuten(("R-1", 1080, "", 38, 1042), ("R-404", 500, "", 10, 490)))
    assert (row.state, row.created, row.exceptions) == ("applied", 1, 1)
    made = Settlement.objects.get()
    assert (made.intake_file_id, made.payout_no, made.net_yen) == (row.pk, "R-1", 1532)
    assert said(made) == [("paid", ""), ("booked", ""), ("", "unknown_order"), ("booked", "")]
    assert again(order).paid_yen == 1080
    assert "1 件" in row.result["message"] and "¥500" in row.result["message"]


def test_the_same_file_again_changes_nothing() -> None:
    mall("R-1")
    data = files.rakuten(("R-1", 1080, "", 38, 1042))
    upload(data)
    row = upload(data, "もう一度.csv")
    assert (row.created, row.unchanged) == (0, 1)
    assert (Settlement.objects.count(), Payment.objects.count()) == (1, 1)


def test_a_changed_file_is_refused_with_the_difference_and_the_way_out() -> None:
    mall("R-1")
    upload(files.rakuten(("R-1", 1080, "", 38, 1042)))
    row = upload(files.rakuten(("R-1", 1080, "", 40, 1040)))
    assert row.state == "refused"
    told = [(error["value"], error["message"]) for error in row.errors]
    assert (
        "差引入金額",
        f"¥1,042 → ¥1,040。直した精算を取り込むときは、先に {Settlement.objects.get().number} を取り消してください。",
    ) in told
    assert any(value == "手数料 R-1" and message.startswith("なし → ▲¥40") for value, message in told)
    assert Settlement.objects.count() == 1


def test_the_same_lines_under_another_number_are_refused() -> None:
    mall("R-1")
    upload(files.rakuten(("R-1", 1080, "", 38, 1042)))
    row = upload(files.rakuten(("R-1", 1080, "", 38, 1042), number="R-2"))
    assert row.state == "refused"
    assert "同じ内容の精算" in row.errors[0]["message"]


def test_after_a_reversal_the_corrected_file_comes_in() -> None:
    order = mall("R-1")
    upload(files.rakuten(("R-1", 1000, "", 38, 962)))
    settlements.reverse(Settlement.objects.get(), note="金額違い", by=None)
    upload(files.rakuten(("R-1", 1080, "", 38, 1042)))
    assert again(order).paid_yen == 1080


def test_a_bad_row_refuses_the_whole_file_and_nothing_is_written() -> None:
    mall("R-1")
    row = upload(files.rakuten(("R-1", 1080, "", 38, 1042), ("R-2", "千円", "", 1, 1)))
    assert row.state == "refused"
    assert (row.errors[0]["line"], row.errors[0]["column"]) == (3, "決済金額")
    assert not Settlement.objects.exists()


def test_overlapping_paypal_histories_tell_each_transaction_once() -> None:
    first, second = mall("P-1", channel="phone"), mall("P-2", channel="phone")
    a = ("ウェブペイメント", "T1", 1080, -79, first.number, "10:00:00")
    b = ("ウェブペイメント", "T2", 1080, -79, second.number, "12:00:00")
    upload(files.paypal(a))
    upload(files.paypal(a, b, ("銀行口座への引き出し", "W1", -2002, 0, "", "13:00:00")))
    paid = Settlement.objects.get(payout_no="W1")
    assert [(line.kind, line.yen) for line in paid.lines.order_by("nth")] == [
        ("sale", 1080), ("fee", -79), ("reserve", 1001),
    ]  # fmt: skip
    assert [again(first).paid_yen, again(second).paid_yen] == [1080, 1080]
    row = upload(files.paypal(a, b, ("銀行口座への引き出し", "W1", -2002, 0, "", "13:00:00")))
    assert (row.state, row.created) == ("applied", 0)


def test_the_real_paypal_history_comes_in_with_purchases_that_a_person_explains() -> None:
    upload(sample("bank/pay_pal201810.csv"))
    made = Settlement.objects.get()
    assert (made.net_yen, made.line_count) == (0, 6)
    assert {why for _how, why in said(made)} == {"unknown_kind"}


def test_a_carriers_remittance_pays_cod_orders_by_our_number() -> None:
    order = mall("D-1", channel="phone", payment="cod", payment_settled=False)
    upload(files.collect("送り状番号", ("1234-5678-9013", 1080, 330, 0, order.number)))
    assert again(order).paid_yen == 1080
    assert Payment.objects.get().source == "carrier"


def test_a_carriers_remittance_pays_cod_orders_by_the_slip() -> None:
    from akinai.accounting.tests import life
    from akinai.shipping.models import Parcel, Shipment

    life.goods("TEA-9")
    order = life.order("D-2", ("TEA-9", 1, 1080), channel="phone", payment="cod", payment_settled=False)
    life.ship(order)
    Parcel.objects.create(
        shipment=Shipment.objects.get(order=order), carrier="sagawa", tracking_no="123456789013"
    )
    upload(files.collect("お問い合せ送り状No.", ("1234-5678-9013", 1080, 330, 0, "")))
    assert again(order).paid_yen == 1080


def test_any_table_of_a_provider_is_read_by_its_columns() -> None:
    order = mall("G-1", channel="phone")
    data = table(("着金日", "伝票", "金額", "引かれた額"), [("2026/11/20", order.number, 1080, 54)])
    row = upload(
        data, format="generic", provider="paypay",
        columns={"paid_on": "着金日", "order_no": "伝票", "amount": "金額", "fee": "引かれた額"},
    )  # fmt: skip
    assert row.state == "applied"
    made = Settlement.objects.get()
    assert (made.provider.code, made.net_yen, again(order).paid_yen) == ("paypay", 1026, 1080)


def test_a_table_without_a_provider_is_refused_with_the_way_out() -> None:
    data = table(("入金日", "注文番号", "金額"), [("2026/11/20", "A", 1080)])
    row = upload(
        data, format="generic", columns={"paid_on": "入金日", "order_no": "注文番号", "amount": "金額"}
    )
    assert row.state == "refused"
    assert "支払元" in row.errors[0]["message"]


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01", "日付,金額\r\n".encode("cp932"), sample("bank/mufg201810.csv")]
)
def test_other_files_are_refused_and_never_an_error_500(data: bytes) -> None:
    assert upload(data).state == "refused"
