"""買掛: bills checked against what came, one row per fact in a ledger that only grows, each bill paid once by a file written once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from akinai.core import proofs, seals
from akinai.core.errors import ChangedMeanwhile, DomainError, ImpossibleMove
from akinai.core.tax import Rounding
from akinai.party.models import Company, Supplier
from akinai.purchasing import services
from akinai.purchasing.models import (
    Discrepancy,
    GoodsReceipt,
    PayableBalance,
    PayableEntry,
    PaymentRun,
    SupplierBill,
)
from akinai.purchasing.payable_rules import Billed, taxes
from akinai.purchasing.queries import payables as queries
from akinai.purchasing.services import LineInput, billing, paying, settling, tell_terms
from akinai.purchasing.services.billing import BillLine
from akinai.purchasing.tests import factories
from akinai.purchasing.totals import Totals
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db
DAY, BILLED, PAY = date(2026, 11, 10), date(2026, 11, 20), date(2026, 12, 10)
REGISTERED = "T7123456789012"
ACCOUNT = {
    "bank_code": "0005",
    "branch_code": "202",
    "account_number": "2203302",
    "account_kana": "ﾐﾎﾝｾｲﾁﾔ(ｶ",
}


def broken() -> list[str]:
    return [f"{finding.name}: {finding.broken}" for finding in proofs.run_all() if finding.broken]


@pytest.fixture
def seller() -> Supplier:
    factories.company()
    Company.objects.update(
        payer_bank_code="0009",
        payer_branch_code="012",
        payer_account_number="1234567",
        payer_kana="ｶ)ﾐﾎﾝﾁﾔﾎ",
        payer_code="0000012345",
    )
    made = factories.supplier("S1", registration_number=REGISTERED)
    tell_terms(made.pk, by=None, closing_day=20, payment_month_offset=1, payment_day=10, **ACCOUNT)
    return made


def came(seller: Supplier, *lines: tuple[int, int, str], on: date = DAY) -> GoodsReceipt:
    rows = [LineInput(sku, pieces, Decimal(cost)) for sku, pieces, cost in lines]
    printed = Totals(pieces=sum(row.quantity for row in rows))
    made = services.create_draft(lines=rows, received_on=on, supplier_id=seller.pk, totals=printed, by=None)
    services.post(made, confirmed=[doubt.text for doubt in services.doubts_of(made)], by=None)
    return made


def bill(seller: Supplier, *lines: BillLine, **more: Any) -> SupplierBill:
    return billing.draft_bill(supplier_id=seller.pk, billed_on=BILLED, lines=lines, by=None, **more)


def posted(seller: Supplier, yen: int = 10_000) -> PayableEntry:
    """A bill of goods at 8 %."""
    made = bill(seller, BillLine(yen, 8, text="商品"))
    billing.post_bill(made, by=None)
    return PayableEntry.objects.get(key=made.number)


def test_a_bill_is_checked_against_what_came_and_owed_with_its_due_day(seller: Supplier) -> None:
    tea, cup = cast.sku("TEA"), cast.sku("CUP", rate=10)
    slip = came(seller, (tea, 12, "512.25"), (cup, 3, "300"))
    assert queries.unbilled_yen([slip.pk]) == {(slip.pk, 8): 6147, (slip.pk, 10): 900}
    made = bill(seller, BillLine(6147, 8, slip.pk), BillLine(900, 10, slip.pk), supplier_bill_no="B-1")
    assert (made.net_yen, made.tax_yen, made.deductible_yen, made.due_on) == (7047, 491 + 90, 581, PAY)
    billing.post_bill(made, by=None)
    entry = PayableEntry.objects.get()
    assert (entry.amount_yen, entry.due_on, entry.key) == (7628, PAY, made.number)
    assert queries.balance_of(seller.pk) == 7628
    assert queries.unbilled(seller.pk, until=BILLED) == [] and not Discrepancy.objects.exists()
    assert broken() == []


def test_a_bill_that_asks_more_than_came_is_a_mismatch(seller: Supplier) -> None:
    slip = came(seller, (cast.sku("TEA"), 12, "500"))
    made = bill(seller, BillLine(6500, 8, slip.pk))
    billing.post_bill(made, by=None)
    one = Discrepancy.objects.get()
    assert (one.kind, one.expected, one.found, one.yen, one.held) == ("bill", 6000, 6500, 500, 0)
    settling.settle(one, resolution="claim", note="翌月の請求から引いてもらう", by=None)
    assert broken() == []


def test_goods_that_went_back_are_not_expected_on_the_bill(seller: Supplier) -> None:
    tea = cast.sku("TEA")
    order = factories.sent(seller, (tea, 10, "500"))
    made = services.create_draft(
        lines=[LineInput(tea, 12, Decimal(500))],
        received_on=DAY,
        supplier_id=seller.pk,
        purchase_order_id=order.pk,
        by=None,
    )
    services.post(made, by=None)
    settling.settle(Discrepancy.objects.get(), resolution="return", note="返送", by=None)
    assert queries.unbilled_yen([made.pk]) == {(made.pk, 8): 5000}


def test_one_delivery_or_one_bill_number_is_owed_once(seller: Supplier) -> None:
    slip = came(seller, (cast.sku("TEA"), 12, "500"))
    one = bill(seller, BillLine(6000, 8, slip.pk), supplier_bill_no="B-1")
    two = bill(seller, BillLine(6000, 8, slip.pk), supplier_bill_no="B-2")
    three = bill(seller, BillLine(100, 8, text="送料"), supplier_bill_no="B-1")
    billing.post_bill(one, by=None)
    for again in (two, three):
        with pytest.raises(ChangedMeanwhile, match="ほかの請求書"):
            billing.post_bill(again, by=None)
    with pytest.raises(ImpossibleMove):
        billing.post_bill(one, by=None)
    assert queries.balance_of(seller.pk) == 6480
    assert broken() == []


def test_a_bill_taken_back_leaves_nothing_owed_and_its_deliveries_unbilled(seller: Supplier) -> None:
    slip = came(seller, (cast.sku("TEA"), 12, "500"))
    made = bill(seller, BillLine(6100, 8, slip.pk))
    billing.post_bill(made, by=None)
    with pytest.raises(DomainError, match="請求書"):
        services.reverse(slip, reason="誤り", by=None)
    billing.reverse_bill(made, reason="金額の誤り", by=None)
    assert queries.balance_of(seller.pk) == 0 and queries.unbilled(seller.pk, until=BILLED) == [slip]
    assert Discrepancy.objects.get().state == "void"
    assert list(PayableEntry.objects.order_by("pk").values_list("kind", "amount_yen")) == [
        ("bill", 6588),
        ("reversal", -6588),
    ]
    services.reverse(slip, reason="誤り", by=None)
    assert broken() == []


def test_what_goes_back_lowers_the_tax_and_what_may_be_deducted_of_it(seller: Supplier) -> None:
    made = bill(seller, BillLine(10_000, 8, text="商品"), BillLine(-500, 10, text="返品"))
    assert (made.net_yen, made.tax_yen, made.deductible_yen) == (9_500, 750, 750)
    lines = [Billed(10_000, 8, DAY), Billed(-1_000, 10, DAY)]
    assert [t.deductible_yen for t in taxes(lines, rounding=Rounding.DOWN, is_registered=False)] == [-70, 560]
    billing.post_bill(made, by=None)
    assert broken() == []
    for lines_below in (
        (BillLine(-500, 10, text="返品"),),
        (BillLine(500, 10, text="a"), BillLine(-500, 10, text="b")),
    ):
        with pytest.raises(DomainError, match="0 円以下"):
            bill(seller, *lines_below)


def test_bills_are_paid_by_one_file_of_120_bytes_a_record(seller: Supplier) -> None:
    other = factories.supplier("S2", registration_number="")
    tell_terms(other.pk, by=None, **ACCOUNT | {"account_kind": "current", "account_kana": "ﾄｳｷﾃﾝ"})
    entries = [posted(seller), posted(seller, 5_000), posted(other, 1_000)]
    run = paying.gather([entry.pk for entry in entries], pay_on=PAY, by=None)
    assert run.total_yen == 10_800 + 5_400 + 1_080
    run = paying.write_file(run, by=None)
    records = paying.file_of(run).split(b"\r\n")
    assert [len(one) for one in records] == [120] * 5 + [0]
    head, one, two, tail, end = (record.decode("cp932") for record in records[:5])
    assert (head[:4], head[4:14], head[14:54].rstrip(), head[54:58], head[58:62]) == (
        "1210",
        "0000012345",
        "ｶ)ﾐﾎﾝﾁﾔﾎ",
        "1210",
        "0009",
    )
    assert (head[77:80], head[95:96], head[96:103]) == ("012", "1", "1234567")
    assert (one[:5], one[20:23], one[42:43], one[43:50], one[50:80].rstrip(), one[80:90]) == (
        "20005",
        "202",
        "1",
        "2203302",
        "ﾐﾎﾝｾｲﾁﾔ(ｶ",
        "0000016200",
    )
    assert (two[42:43], two[80:90], two[111:112]) == ("2", "0000001080", "7")
    assert (tail[:19], end[:1]) == ("8000002000000017280", "9")
    paying.mark_paid(run, by=None)
    assert (queries.balance_of(seller.pk), queries.balance_of(other.pk)) == (0, 0)
    assert not queries.owed().exists() and broken() == []
    assert seals.seal_all() > 0 and seals.check().broken == []


def test_the_file_is_written_once_and_what_is_in_it_stands_still(seller: Supplier) -> None:
    entry = posted(seller)
    run = paying.write_file(paying.gather([entry.pk], pay_on=PAY, by=None), by=None)
    with pytest.raises(ImpossibleMove):
        paying.write_file(run, by=None)
    for change in (
        lambda: PaymentRun.objects.update(total_yen=1), lambda: PaymentRun.objects.update(file_sha256="0" * 64),
        lambda: run.lines.update(amount_yen=1), lambda: run.lines.all().delete(),
        lambda: PayableEntry.objects.update(amount_yen=1), lambda: PayableEntry.objects.all().delete(),
        lambda: SupplierBill.objects.update(net_yen=1), lambda: SupplierBill.objects.get().taxes.update(tax_yen=1),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(DomainError, match="支払に入っています"):
        billing.reverse_bill(SupplierBill.objects.get(), reason="誤り", by=None)
    paying.cancel_run(run, reason="金額の誤り", by=None)
    again = paying.gather([entry.pk], pay_on=PAY, by=None)
    assert again.total_yen == 10_800 and broken() == []


def test_what_cannot_be_paid_is_told_before_any_file_is_written(seller: Supplier) -> None:
    nobody = factories.supplier("S3")
    one, two = posted(seller), posted(nobody)
    with pytest.raises(DomainError, match="銀行の休日"):
        paying.gather([one.pk], pay_on=date(2026, 12, 12), by=None)
    run = paying.gather([one.pk, two.pk], pay_on=PAY, by=None)
    with pytest.raises(DomainError, match="登録されていない仕入先があります: 見本製茶 S3"):
        paying.write_file(run, by=None)
    Company.objects.update(payer_code="")
    with pytest.raises(DomainError, match="振込元の口座"):
        paying.write_file(run, by=None)
    assert PaymentRun.objects.get().state == "draft"


@pytest.mark.django_db(transaction=True)
def test_two_clerks_cannot_put_one_bill_into_two_payments(seller: Supplier) -> None:
    entry = posted(seller)
    answers = together(*[lambda: paying.gather([entry.pk], pay_on=PAY, by=None)] * 3)
    assert sum(isinstance(answer, ChangedMeanwhile) for answer in answers) == 2
    run = PaymentRun.objects.get()
    written = together(*[lambda: paying.write_file(run, by=None)] * 3)
    assert sum(isinstance(answer, ImpossibleMove) for answer in written) == 2
    paid = together(*[lambda: paying.mark_paid(PaymentRun.objects.get(), by=None)] * 3)
    assert sum(isinstance(answer, ImpossibleMove) for answer in paid) == 2
    assert queries.balance_of(seller.pk) == 0 and broken() == []


@pytest.mark.django_db(transaction=True)
def test_two_clerks_posting_bills_of_one_supplier_leave_the_balance_true(seller: Supplier) -> None:
    slip = came(seller, (cast.sku("TEA"), 12, "500"))
    bills = [bill(seller, BillLine(6000, 8, slip.pk)) for _ in range(2)] + [
        bill(seller, BillLine(100 * n, 10, text="送料")) for n in (1, 2)
    ]
    answers = together(*[lambda one=one: billing.post_bill(one, by=None) for one in bills])
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    assert queries.balance_of(seller.pk) == 6480 + 110 + 220 and broken() == []


@pytest.mark.django_db(transaction=True)
def test_a_delivery_taken_back_while_it_is_billed_is_never_owed(seller: Supplier) -> None:
    tea = cast.sku("TEA")
    for _ in range(4):
        slip = came(seller, (tea, 3, "500"))
        made = bill(seller, BillLine(1500, 8, slip.pk))
        answers = together(
            lambda made=made: billing.post_bill(made, by=None),
            lambda slip=slip: services.reverse(slip, reason="誤り", by=None),
        )
        assert sum(isinstance(answer, DomainError) for answer in answers) == 1, answers
        assert broken() == []


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("UPDATE purchasing_payablebalance SET balance_yen = 1", "payable_balances_match_the_ledger"),
        ("UPDATE purchasing_payableentry SET amount_yen = 1 WHERE kind = 'bill'", "posted_bills_are_in_the_ledger"),
        ("UPDATE purchasing_supplierbilltax SET tax_yen = 1", "bills_say_what_their_parts_say"),
        ("UPDATE purchasing_supplierbillline SET is_live = false", "billed_receipts_stand"),
        ("UPDATE purchasing_paymentline SET amount_yen = amount_yen + 1", "paid_runs_are_in_the_ledger"),
        ("UPDATE purchasing_paymentrun SET state = 'written'", "paid_runs_are_in_the_ledger"),
        ("UPDATE purchasing_payableentry SET amount_yen = -99999 WHERE kind = 'payment'", "no_bill_is_paid_beyond_its_amount"),
        ("SELECT 1", "payables_are_guarded"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(seller: Supplier, fault: str, name: str) -> None:
    paying.mark_paid(
        paying.write_file(paying.gather([posted(seller).pk], pay_on=PAY, by=None), by=None), by=None
    )
    assert broken() == [] and PayableBalance.objects.count() == 1
    tables = (
        "payableentry",
        "supplierbill",
        "supplierbillline",
        "supplierbilltax",
        "paymentrun",
        "paymentline",
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE purchasing_{table} DISABLE TRIGGER USER")
        cursor.execute(fault)
    assert name in {finding.name for finding in proofs.run_all(name) if finding.broken}


def test_the_pages_of_bills_and_payments(client: Client, seller: Supplier) -> None:
    slip = came(seller, (cast.sku("TEA"), 12, "500"))
    client.force_login(cast.staff("鈴木"), backend="akinai.staff.backends.StaffBackend")
    assert f"?supplier={seller.pk}" in client.get("/office/supplier-bills/new/").content.decode()
    page = client.get(f"/office/supplier-bills/new/?supplier={seller.pk}").content.decode()
    assert f"{slip.number}\t8\t6000" in page
    told = {"supplier": seller.pk, "billed_on": "2026-11-20", "supplier_bill_no": "B-9"}
    for lines in (
        "",
        "なぞ",
        f"{slip.number}\t9\t6000",
        "GR-2026-999999\t8\t10",
        f"{slip.number}\t8\t6000\n{slip.number}\t8\t1",
    ):
        assert client.post("/office/supplier-bills/new/", told | {"lines": lines}).status_code == 422
    lines = f"{slip.number}\t8\t6,100\n送料\t10\t900"
    assert (
        client.post("/office/supplier-bills/new/", told | {"lines": lines, "tax_reduced": "488"}).status_code
        == 302
    )
    made = SupplierBill.objects.get()
    assert (made.net_yen, made.tax_yen) == (7000, 488 + 90)
    assert "入荷と金額が合いません" in client.get(f"/office/supplier-bills/{made.number}/").content.decode()
    client.post(f"/office/supplier-bills/{made.number}/post/")
    entry = PayableEntry.objects.get()
    answer = client.post(
        "/office/payables/", {"action": "gather", "pk": entry.pk, "go": "1", "pay_on": "2026-12-10"}
    )
    run = PaymentRun.objects.get()
    assert answer.status_code in (200, 302)
    client.post(f"/office/payment-runs/{run.number}/write/")
    got = client.get(f"/office/payment-runs/{run.number}/file/")
    assert got.status_code == 200 and len(got.content) == 4 * 122
    client.post(f"/office/payment-runs/{run.number}/paid/")
    run.refresh_from_db()
    assert run.state == "paid"
    for path in (
        "supplier-bills/",
        "payables/",
        "payables/ledger/",
        "payment-runs/",
        f"payment-runs/{run.number}/",
        f"suppliers/{seller.pk}/",
        f"supplier-bills/?q={made.number}",
        "payables/?tab=due",
    ):
        assert client.get(f"/office/{path}").status_code == 200, path
    client.force_login(cast.staff("佐藤"), backend="akinai.staff.backends.StaffBackend")
    for path in (f"supplier-bills/{made.number}/post/", f"payment-runs/{run.number}/paid/"):
        assert client.post(f"/office/{path}").status_code == 403
    assert client.get(f"/office/payment-runs/{run.number}/file/").status_code == 403
