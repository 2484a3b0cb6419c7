"""領収書: issued once, never over more than was paid, by the office or by the customer with a link."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from akinai.billing import links, queries, services
from akinai.billing.errors import MoreThanPaid, NotInvoiceable
from akinai.billing.models import PaperDelivery, ReceiptPaper
from akinai.billing.services import CreditAsk
from akinai.billing.tests.test_issue import text_of
from akinai.core import clock, proofs
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.shipping.tests import factories
from akinai.shipping.tests.factories import line, shipped_order
from tests.together import overlapping, together

pytestmark = pytest.mark.django_db
WORDS = {"recipient_name": "株式会社青葉企画 御中", "proviso": "お品代として"}


@pytest.fixture
def paid() -> Order:
    """3,240 yen at 8 % and 2,200 yen at 10 %, paid by card."""
    factories.company()
    return shipped_order(line(3_240, rate=8), line(2_200))


def words(pdf: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


def issue(order: Order, **fields: Any) -> ReceiptPaper:
    return services.issue_receipt(order.pk, **{**WORDS, "by": None, **fields})


def taxes(receipt: ReceiptPaper) -> list[tuple[int, int, int, int]]:
    return list(receipt.taxes.values_list("rate", "net_yen", "tax_yen", "gross_yen"))


def broken() -> list[str]:
    return [f.name for f in proofs.run_all("receipt", "invoice_numbers", "stored") if f.broken]


def test_a_receipt_says_who_paid_how_much_for_what_and_the_tax(paid: Order) -> None:
    receipt = issue(paid)
    assert taxes(receipt) == [(10, 2_000, 200, 2_200), (8, 3_000, 240, 3_240)]
    text = text_of(receipt)
    for word in ("領収書", receipt.number, "株式会社青葉企画御中", "¥5,440", "但し", "お品代として", "クレジットカード利用",
                 "登録番号T7123456789012", "8%対象※¥3,000¥240¥3,240"):  # fmt: skip
        assert word in text, word
    assert "再発行" not in text and broken() == []


def test_the_original_is_handed_out_once_and_copies_say_so(paid: Order) -> None:
    receipt = issue(paid)
    first, second = (services.hand_out(receipt, to="お客様", by=None) for _ in range(2))
    assert "再発行" not in words(first) and "再発行" in words(second)
    assert list(PaperDelivery.objects.values_list("to", flat=True)) == ["お客様", "お客様（再発行）"]


def test_split_receipts_add_up_to_the_invoice_and_not_a_yen_more(paid: Order) -> None:
    services.issue([paid.pk], by=None)
    parts = [issue(paid, amount_yen=1_813), issue(paid, amount_yen=1_813), issue(paid)]
    assert [part.amount_yen for part in parts] == [1_813, 1_813, 1_814]
    sums = {rate: [0, 0] for rate in (10, 8)}
    for part in parts:
        for rate, net, tax, _gross in taxes(part):
            sums[rate][0] += net
            sums[rate][1] += tax
    assert sums == {10: [2_000, 200], 8: [3_000, 240]}
    for amount in (1, 0, -1):
        with pytest.raises(MoreThanPaid, match="発行できる金額は ¥0"):
            issue(paid, amount_yen=amount)
    assert broken() == []


def test_the_database_refuses_more_than_was_paid(paid: Order) -> None:
    receipt = issue(paid, amount_yen=5_000)
    with pytest.raises(IntegrityError, match="exceed what was paid"), transaction.atomic():
        ReceiptPaper.objects.filter(pk=receipt.pk).get()
        receipt.pk, receipt.number, receipt.amount_yen = None, "RC-2026-999999", 441
        receipt.save(force_insert=True)
    with pytest.raises(IntegrityError, match="receiptpaper_positive"), transaction.atomic():
        receipt.pk, receipt.amount_yen = None, 0
        receipt.save(force_insert=True)


def test_an_order_by_transfer_gets_a_receipt_over_what_has_come_in() -> None:
    factories.company()
    order = shipped_order(line(2_200), payment="bank_transfer", payment_settled=False)
    with pytest.raises(MoreThanPaid):
        issue(order)
    orders.note_paid(order.pk, 1_200, by=None)
    receipt = issue(order)
    assert receipt.amount_yen == 1_200 and "クレジットカード" not in text_of(receipt)


def test_after_a_refund_a_smaller_one_takes_its_place(paid: Order) -> None:
    (invoice,) = services.issue([paid.pk], by=None)
    old = issue(paid)
    services.credit(
        invoice,
        asks=[CreditAsk(2_200, line_no=2, quantity=1)],
        reason="返品",
        returned_on=clock.today(),
        by=None,
    )
    assert queries.receivable(paid.pk) == queries.Receivable(3_240, 5_440)
    with pytest.raises(MoreThanPaid):
        services.correct_receipt(old, reason="返品", amount_yen=5_440, **WORDS, by=None)
    with transaction.atomic():
        new = services.correct_receipt(old, reason="返品", amount_yen=3_240, **WORDS, by=None)
    assert new and new.replaces == old and taxes(new) == [(8, 3_000, 240, 3_240)]
    assert f"訂正元の番号{old.number}" in text_of(new) and broken() == []


def test_a_receipt_is_made_void_once(paid: Order) -> None:
    old = issue(paid)
    for _ in range(2):
        with suppress(NotInvoiceable):
            services.correct_receipt(old, reason="宛名", amount_yen=5_440, **WORDS, by=None)
    with pytest.raises(NotInvoiceable, match=f"{old.number} はすでに無効です"):
        services.correct_receipt(old, reason="宛名", amount_yen=5_440, **WORDS, by=None)
    assert (ReceiptPaper.objects.count(), queries.receivable(paid.pk).receipted_yen) == (2, 5_440)


def test_a_customer_issues_none_beside_the_offices_own(paid: Order) -> None:
    issue(paid, amount_yen=1_000)
    with pytest.raises(NotInvoiceable, match="すでに発行されています"):
        issue(paid, is_self_issued=True)
    assert ReceiptPaper.objects.count() == 1


def test_a_large_amount_tells_of_the_stamp() -> None:
    factories.company()
    cash = shipped_order(line(50_000), payment="cod", payment_settled=False)
    orders.note_paid(cash.pk, 50_000, by=None)
    assert "収入印紙は貼付していません" in text_of(issue(cash))
    assert "収入印紙" not in text_of(issue(shipped_order(line(50_000))))  # by card no stamp is needed anyway


@pytest.mark.parametrize("name", ["", " ", "あ" * 41, "山田\x07商店"])
def test_names_that_cannot_be_printed_are_refused(paid: Order, name: str) -> None:
    with pytest.raises(NotInvoiceable, match="宛名は 40 文字まで"):
        issue(paid, recipient_name=name)


# The customer's own page ------------------------------------------------------------------------------------------


def page(order: Order, name: str = "receipt_link") -> str:
    return reverse(name, args=[links.token_of(order.number)])


def post(client: Client, order: Order, **fields: str) -> Any:
    return client.post(
        page(order), {"name": "青葉企画", "honorific": "御中", "what": "お品代として", **fields}
    )


def test_a_customer_issues_his_receipt_once_and_sees_nothing_else(client: Client, paid: Order) -> None:
    shown = client.get(page(paid))
    text = shown.content.decode()
    assert shown.status_code == 200 and paid.channel_order_no in text and "¥5,440" in text
    for secret in (paid.buyer_name, paid.buyer_email, paid.number, "商品 8%", "神宮前", paid.ship_phone):
        assert secret not in text, secret
    assert (shown["X-Robots-Tag"], shown["Cache-Control"]) == ("noindex", "no-store")
    assert post(client, paid).status_code == 302
    receipt = ReceiptPaper.objects.get()
    assert (receipt.recipient_name, receipt.is_self_issued, receipt.issued_by) == (
        "青葉企画 御中",
        True,
        None,
    )
    post(client, paid, name="別の会社")
    assert ReceiptPaper.objects.count() == 1
    assert not PaperDelivery.objects.exists()  # looking takes nothing
    first, second = (client.post(page(paid, "receipt_take"), {"number": receipt.number}) for _ in range(2))
    assert first["Content-Type"] == "application/pdf"
    assert "再発行" not in words(first.content) and "再発行" in words(second.content)


def test_a_company_is_addressed_as_one_and_a_person_as_one(client: Client, paid: Order) -> None:
    assert '<option value="様" selected>' in client.get(page(paid)).content.decode()
    firm = shipped_order(buyer_company="青葉企画株式会社")
    assert '<option value="御中" selected>' in client.get(page(firm)).content.decode()


def test_a_link_opens_only_its_own_order(client: Client, paid: Order) -> None:
    other = issue(shipped_order())
    token = links.token_of(paid.number)
    assert client.post(reverse("receipt_take", args=[token]), {"number": other.number}).status_code == 302
    for wrong in (
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "x",
        signing.dumps(paid.number, salt="other"),
    ):
        assert client.get(reverse("receipt_link", args=[wrong])).status_code == 404


def test_a_link_ends_after_its_days(client: Client, paid: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    address = page(paid)
    monkeypatch.setattr(links, "VALID_DAYS", -1)
    answer = client.get(address)
    assert answer.status_code == 410 and paid.channel_order_no not in answer.content.decode()


def test_who_knocks_too_often_waits_and_others_do_not(
    client: Client, paid: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "PER_LINK", 2)
    address = page(paid)
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get(page(shipped_order())).status_code == 200
    with clock.told(clock.now() + timedelta(minutes=11)):
        assert client.get(address).status_code == 200


def test_before_the_money_is_in_there_is_no_receipt(client: Client) -> None:
    factories.company()
    order = shipped_order(payment="bank_transfer", payment_settled=False)
    assert "まだ発行できません" in client.get(page(order)).content.decode()
    assert post(client, order).status_code == 422 and not ReceiptPaper.objects.exists()


def test_bad_words_are_answered_with_the_form(client: Client, paid: Order) -> None:
    for fields in ({"name": ""}, {"name": "あ" * 37}, {"what": "", "own_words": ""}, {"honorific": "殿様"}):
        assert post(client, paid, **fields).status_code == 422
    assert not ReceiptPaper.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_issue_one_receipt() -> None:
    factories.company()
    order = shipped_order()
    first, second = overlapping(*[lambda: issue(order, is_self_issued=True)] * 2)
    assert isinstance(first, ReceiptPaper) and "すでに発行されています" in second.message
    assert ReceiptPaper.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_who_take_a_receipt_at_once_one_gets_the_original() -> None:
    factories.company()
    receipt = issue(shipped_order())
    files = together(*[lambda: services.hand_out(receipt, to="お客様", by=None)] * 4)
    assert sum("再発行" not in words(one) for one in files) == 1
    assert sorted(PaperDelivery.objects.values_list("to", flat=True)) == ["お客様", *["お客様（再発行）"] * 3]
