"""買掛の訂正: with a reason, by two persons above the limit, in a ledger that only grows; 買掛年齢表: what is owed by due day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from akinai.core import proofs
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.party.models import Supplier
from akinai.purchasing.models import PayableCorrection, PayableEntry
from akinai.purchasing.queries import aging
from akinai.purchasing.queries import payables as queries
from akinai.purchasing.services import billing, correcting, ledger, paying, tell_terms
from akinai.purchasing.services.billing import BillLine
from akinai.purchasing.states import CorrectionState
from akinai.purchasing.tests import factories
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db
BILLED, PAY = date(2026, 11, 20), date(2026, 12, 10)
BACKEND = "akinai.staff.backends.StaffBackend"


@pytest.fixture
def seller() -> Supplier:
    factories.company(limit=50_000)
    made = factories.supplier("S1", registration_number="T7123456789012")
    tell_terms(made.pk, by=None, closing_day=20, payment_month_offset=1, payment_day=10)
    return made


def owes(seller: Supplier, yen: int = 10_000, *, due_on: date | None = PAY) -> PayableEntry:
    """A bill of 10 % goods in the ledger, with tax."""
    made = billing.draft_bill(
        supplier_id=seller.pk, billed_on=BILLED, lines=[BillLine(yen, 10, text="包装資材")], by=None
    )
    if due_on != made.due_on:
        type(made).objects.filter(pk=made.pk).update(due_on=due_on)
        made.refresh_from_db()
    billing.post_bill(made, by=None)
    return PayableEntry.objects.get(key=made.number)


def correct(seller: Supplier, yen: int, **more: Any) -> PayableCorrection:
    told = {"reason": "値引の連絡", "on": cast.NOW.date(), "by": None} | more
    return correcting.correct(supplier_id=seller.pk, amount_yen=yen, **told)


def left(entry: PayableEntry) -> int:
    return int(queries.owed().filter(pk=entry.pk).values_list("left_yen", flat=True).first() or 0)


def broken() -> list[str]:
    return [f"{finding.name}: {finding.broken}" for finding in proofs.run_all() if finding.broken]


def test_a_discount_that_comes_later_is_taken_off_its_bill_and_not_paid(seller: Supplier) -> None:
    bill = owes(seller)
    made = correct(seller, -1_100, settles_id=bill.pk)
    assert made.state == CorrectionState.POSTED
    assert (left(bill), queries.balance_of(seller.pk)) == (9_900, 9_900)
    assert paying.gather([bill.pk], pay_on=PAY, by=None).total_yen == 9_900
    assert not broken()


def test_what_was_forgotten_waits_to_be_paid_like_a_bill(seller: Supplier) -> None:
    made = correct(seller, 3_300, due_on=PAY, reason="送料の請求もれ")
    (row,) = queries.payable_now()
    assert (row.document, row.left_yen, row.due_on) == (made.number, 3_300, PAY)
    assert queries.balance_of(seller.pk) == 3_300


def test_above_the_limit_nothing_is_owed_until_a_second_person_has_agreed(seller: Supplier) -> None:
    suzuki, ito = cast.staff("鈴木"), cast.staff("伊藤")
    made = correct(seller, 50_001, due_on=PAY, by=suzuki)
    assert (made.state, queries.balance_of(seller.pk)) == (CorrectionState.WAITING, 0)
    with pytest.raises(DomainError) as refusal:
        correcting.approve(made, by=suzuki)
    assert refusal.value.code == "same_person"
    correcting.approve(made, by=ito)
    assert queries.balance_of(seller.pk) == 50_001
    assert correct(seller, 50_000, due_on=PAY, by=suzuki).state == CorrectionState.POSTED
    assert not broken()


def test_the_database_refuses_a_large_correction_that_nobody_else_has_seen(seller: Supplier) -> None:
    suzuki = cast.staff("鈴木")
    made = correct(seller, 50_001, due_on=PAY, by=suzuki)
    rows = PayableCorrection.objects.filter(pk=made.pk)
    for fields in ({"state": "posted"}, {"state": "posted", "approved_by": suzuki}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**fields)
    for fields in ({"amount_yen": 1}, {"limit_yen": None}, {"reason": "ほか"}):
        with pytest.raises(DatabaseError, match="stands still"), transaction.atomic():
            rows.update(**fields)
    with pytest.raises(DatabaseError, match="stands still"), transaction.atomic():
        rows.delete()


def test_who_asked_for_a_large_one_does_not_take_it_back_alone(seller: Supplier) -> None:
    suzuki, ito = cast.staff("鈴木"), cast.staff("伊藤")
    made = correcting.approve(correct(seller, 60_000, due_on=PAY, by=suzuki), by=ito)
    with pytest.raises(DomainError, match="別の人が取り消します"):
        correcting.take_back(made, reason="まちがい", by=suzuki)
    correcting.take_back(made, reason="まちがい", by=ito)
    assert queries.balance_of(seller.pk) == 0


def test_a_refused_one_never_reaches_the_ledger(seller: Supplier) -> None:
    made = correct(seller, 60_000, due_on=PAY, by=cast.staff("鈴木"))
    correcting.refuse(made, reason="根拠の書類がない", by=None)
    with pytest.raises(ImpossibleMove):
        correcting.approve(made, by=cast.staff("伊藤"))
    assert PayableEntry.objects.count() == 0


def test_a_correction_taken_back_is_owed_again_on_its_bill_by_an_opposite_row(seller: Supplier) -> None:
    bill = owes(seller)
    made = correct(seller, -1_100, settles_id=bill.pk)
    correcting.take_back(made, reason="値引は別の請求だった", by=None)
    assert (left(bill), queries.balance_of(seller.pk)) == (11_000, 11_000)
    assert list(PayableEntry.objects.order_by("pk").values_list("amount_yen", flat=True)) == [
        11_000,
        -1_100,
        1_100,
    ]
    with pytest.raises(ImpossibleMove):
        correcting.take_back(made, reason="もう一度", by=None)
    assert not broken()


def test_more_than_is_left_of_a_bill_or_of_another_suppliers_is_not_taken_off(seller: Supplier) -> None:
    bill, other = owes(seller), factories.supplier("S2")
    with pytest.raises(DomainError, match="残りは 11,000 円"):
        correct(seller, -11_001, settles_id=bill.pk)
    with pytest.raises(DomainError, match="別の仕入先"):
        correct(other, -100, settles_id=bill.pk)
    with pytest.raises(DomainError, match="理由がありません"):
        correct(seller, -100, settles_id=bill.pk, reason=" ")
    assert PayableCorrection.objects.count() == 0


def test_a_bill_in_a_payment_or_under_a_correction_stands_still(seller: Supplier) -> None:
    bill, other = owes(seller), owes(seller, 20_000)
    run = paying.gather([bill.pk], pay_on=PAY, by=None)
    with pytest.raises(DomainError, match=run.number):
        correct(seller, -100, settles_id=bill.pk)
    made = correct(seller, -100, settles_id=other.pk)
    with pytest.raises(DomainError, match=made.number):
        billing.reverse_bill(_bill_of(other), reason="まちがい", by=None)
    correcting.take_back(made, reason="まちがい", by=None)
    billing.reverse_bill(_bill_of(other), reason="まちがい", by=None)
    assert queries.balance_of(seller.pk) == 11_000


def _bill_of(entry: PayableEntry) -> Any:
    from akinai.purchasing.models import SupplierBill

    return SupplierBill.objects.get(number=entry.document)


@pytest.mark.django_db(transaction=True)
def test_a_payment_gathered_while_a_bill_is_corrected_never_pays_what_was_taken_off(seller: Supplier) -> None:
    bill = owes(seller)

    def lower() -> None:
        correct(seller, -1_100, settles_id=bill.pk)

    def pay() -> None:
        paying.gather([bill.pk], pay_on=PAY, by=None)

    together(lower, pay)
    paid = sum(bill.payments.filter(is_live=True).values_list("amount_yen", flat=True))
    assert (left(bill), paid) in [(9_900, 9_900), (11_000, 11_000)]


def test_a_ledger_row_without_its_correction_is_found(seller: Supplier) -> None:
    ledger.write(
        seller.pk, "correction", 500, document="PC-X", key="PC-X", on=cast.NOW.date(), due_on=PAY, by=None
    )
    assert [name.split(":")[0] for name in broken()] == ["posted_corrections_are_in_the_ledger"]


def test_what_is_owed_stands_in_the_bucket_of_its_due_day(seller: Supplier) -> None:
    today = cast.NOW.date()
    owes(seller, 1_000, due_on=today - timedelta(days=31))
    owes(seller, 2_000, due_on=today - timedelta(days=30))
    owes(seller, 4_000, due_on=today)
    owes(seller, 8_000, due_on=today + timedelta(days=30))
    owes(seller, 16_000, due_on=today + timedelta(days=31))
    (row,) = aging.by_supplier(today=today)
    assert [getattr(row, bucket.key) for bucket in aging.BUCKETS] == [17_600, 13_200, 2_200, 1_100, 0, 0]
    assert (row.late, row.owed, row.balance_yen, row.rest) == (3_300, 34_100, 34_100, 0)
    assert aging.totals(aging.by_supplier(today=today))["late"] == 3_300


def test_the_pages_of_corrections_and_of_ages(client: Client, seller: Supplier) -> None:
    client.force_login(cast.staff("鈴木"), backend=BACKEND)
    bill = owes(seller)
    first = client.get("/office/payables/corrections/new/", {"of": bill.document})
    assert bill.document in first.content.decode()
    told = {
        "supplier": seller.pk,
        "sort": "less",
        "yen": "1,100",
        "document": bill.document,
        "on": cast.NOW.date(),
        "reason": "値引",
    }
    assert client.post("/office/payables/corrections/new/", told | {"document": ""}).status_code == 422
    answer = client.post("/office/payables/corrections/new/", told, follow=True)
    made = PayableCorrection.objects.get()
    assert "1,100" in answer.content.decode() and made.settles_id == bill.pk
    assert made.number in client.get("/office/payables/corrections/", {"q": "値引"}).content.decode()
    page = client.get("/office/payables/aging/", {"q": "見本製茶"}).content.decode()
    assert "¥9,900" in page
    file = client.get("/office/payables/aging/", {"export": "csv"})
    assert "9900" in b"".join(file.streaming_content if file.streaming else [file.content]).decode(
        "utf-8-sig"
    )  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ["部外者", "高橋"])
def test_strangers_and_the_warehouse_correct_nothing(client: Client, seller: Supplier, who: str) -> None:
    client.force_login(cast.staff(who), backend=BACKEND)
    made = correct(seller, 60_000, due_on=PAY, by=None)
    for act in ("approve", "refuse", "reverse"):
        assert client.post(
            f"/office/payables/corrections/{made.number}/{act}/", {"reason": "x"}
        ).status_code in (403, 404)
    made.refresh_from_db()
    assert made.state == CorrectionState.WAITING
