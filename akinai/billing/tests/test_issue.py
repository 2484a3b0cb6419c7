"""請求書の発行: law, numbers, files, refusals."""

from __future__ import annotations

import hashlib
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pypdf import PdfReader

from akinai.billing import queries, services
from akinai.billing.errors import NotInvoiceable
from akinai.billing.models import Invoice
from akinai.core import paper_store as store
from akinai.core import proofs
from akinai.core.errors import PaperLost
from akinai.orders import queries as order_queries
from akinai.shipping.tests import factories
from akinai.shipping.tests.factories import line, shipped_order

pytestmark = pytest.mark.django_db


def text_of(paper: Any) -> str:
    pages = PdfReader(io.BytesIO(store.read(paper.pdf_sha256))).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def unsent() -> list[Any]:
    """請求済・未送付 as the first screen counts them."""
    return list(order_queries.unfinished("invoiced_not_sent"))


def broken() -> dict[str, list[dict[str, Any]]]:
    return {f.name: f.broken for f in proofs.run_all("invoice", "credit", "replaced") if f.broken}


def test_the_paper_bears_all_fields_of_the_law() -> None:
    factories.company()
    order = shipped_order(
        line(3_240, rate=8, quantity=2, name="信州りんごジュース"), line(2_200, name="今治タオル"), shipping_yen=660,
        buyer_company="株式会社山田商店",
    )  # fmt: skip
    (invoice,) = services.issue([order.pk], issued_on=date(2026, 11, 24), by=factories.staff())
    assert (invoice.number[:9], invoice.transaction_on, invoice.total_yen) == (
        "INV-2026-",
        date(2026, 11, 22),
        9_340,
    )
    assert list(invoice.taxes.values_list("rate", "net_yen", "tax_yen", "gross_yen")) == [
        (10, 2_600, 260, 2_860),
        (8, 6_000, 480, 6_480),
    ]
    text = text_of(invoice)
    for field in (
        "請求書", "商い商店株式会社", "登録番号T7123456789012",  # ① issuer and number
        "取引年月日2026年11月22日", "発行日2026年11月24日",  # ② day of the transaction
        "信州りんごジュース※", "今治タオル", "※は軽減税率（8%）対象",  # ③ goods, reduced ones marked
        "10%対象¥2,600¥260¥2,860", "8%対象※¥6,000¥480¥6,480",  # ④ ⑤ per rate: amount, rate, tax
        "株式会社山田商店山田花子様", invoice.number, "¥9,340",  # ⑥ recipient
    ):  # fmt: skip
        assert field in text, field
    order.refresh_from_db()
    assert order.invoice_progress == "done"
    assert broken() == {}


def test_numbers_follow_each_other_and_asking_again_gives_the_same_paper() -> None:
    factories.company()
    orders = [shipped_order() for _ in range(3)]
    first = services.issue([o.pk for o in orders[:2]], by=None)
    again = services.issue([o.pk for o in orders], by=None)
    assert again[:2] == first
    assert [int(invoice.number[-6:]) for invoice in again] == [1, 2, 3]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"state": "picking"}, "まだ出荷されていません"),
        ({"amounts_known": False}, "金額の分からない受注"),
        ({"total_yen": 999}, "請求金額 ¥999 と合いません"),
    ],
)
def test_what_cannot_be_invoiced_is_refused_with_the_reason_and_no_number_is_lost(
    fields: dict[str, Any], reason: str
) -> None:
    factories.company()
    good, bad = shipped_order(), shipped_order()
    factories.model("orders.Order").objects.filter(pk=bad.pk).update(**fields)
    with pytest.raises(NotInvoiceable, match=reason):
        services.issue([good.pk, bad.pk], by=None)
    assert not Invoice.objects.exists()
    issued = services.issue_what_can_be([good.pk, bad.pk], by=None)
    assert [one.number for one in issued.refused] == [bad.number] and reason in issued.refused[0].reason
    assert [invoice.number[-6:] for invoice in issued.invoices] == ["000001"]


def test_where_the_mall_issues_the_paper_none_is_needed() -> None:
    factories.company()
    order = shipped_order(channel=factories.channel("mall", issues_own_invoice=True))
    assert services.issue([order.pk], by=None) == []
    order.refresh_from_db()
    assert order.invoice_progress == "not_needed"


def test_without_our_own_name_or_with_a_future_day_nothing_is_issued() -> None:
    order = shipped_order()
    with pytest.raises(NotInvoiceable, match="自社情報が登録されていません"):
        services.issue([order.pk], by=None)
    factories.company()
    with pytest.raises(NotInvoiceable, match="未来の日付"):
        services.issue([order.pk], issued_on=timezone.localdate() + timedelta(days=1), by=None)


def test_an_unregistered_shop_issues_a_plain_invoice() -> None:
    factories.company(registration_number="")
    (invoice,) = services.issue([shipped_order().pk], by=None)
    text = text_of(invoice)
    assert "適格" not in text and "登録番号" not in text


def test_a_debtor_by_transfer_reads_where_and_until_when_to_pay() -> None:
    factories.company()
    order = shipped_order(payment="credit_terms", payment_due_on=date(2026, 12, 31))
    (invoice,) = services.issue([order.pk], by=None)
    text = text_of(invoice)
    assert "お支払期限2026年12月31日" in text and "京都銀行本店普通1234567" in text


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_invoice SET total_yen = 1",
        "DELETE FROM billing_invoiceline",
        "TRUNCATE billing_invoicetax",
    ],
)
def test_nobody_edits_what_was_issued(statement: str) -> None:
    factories.company()
    services.issue([shipped_order().pk], by=None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
            cursor.execute(statement)


def test_a_line_slipped_into_an_issued_invoice_is_refused_at_commit() -> None:
    factories.company()
    (invoice,) = services.issue([shipped_order().pk], by=None)
    with (
        pytest.raises(IntegrityError, match="does not add up"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the invoice itself is done
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            "INSERT INTO billing_invoiceline (invoice_id, line_no, kind, name, quantity, unit_price_yen, amount_yen, "
            "tax_rate, includes_tax) VALUES (%s, 99, 'goods', 'x', 1, 1, 1, 10, true)",
            [invoice.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_file_is_stored_by_its_fingerprint_and_a_changed_one_is_found(papers_folder: Path) -> None:
    factories.company()
    (invoice,) = services.issue([shipped_order().pk], by=None)
    path = papers_folder / f"{invoice.pdf_sha256}.pdf"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == invoice.pdf_sha256
    assert queries.papers_with_wrong_files() == []
    path.chmod(0o640)
    path.write_bytes(b"%PDF-forged")
    assert [wrong.number for wrong in queries.papers_with_wrong_files()] == [invoice.number]
    with pytest.raises(PaperLost, match="発行したときと違っています"):
        store.read(invoice.pdf_sha256)
    path.unlink()
    with pytest.raises(PaperLost, match="見つかりません"):
        store.read(invoice.pdf_sha256)


def test_odd_names_are_drawn_or_marked_and_never_break_the_paper() -> None:
    factories.company()
    order = shipped_order(
        line(name="髙﨑𠮷 ①㈱ #set text(size: 99pt) $x$ \\ 🎁 \ue000"), buyer_name="髙橋 𠮷子"
    )
    (invoice,) = services.issue([order.pk], by=None)
    text = text_of(invoice)
    assert "髙﨑𠮷①㈱#settext(size:99pt)$x$\\〓" in text and "髙橋𠮷子様" in text


def test_search_by_day_amount_and_partner_together() -> None:
    factories.company()
    small = shipped_order(line(1_100), buyer_name="佐藤 一")
    large = shipped_order(line(50_000), buyer_name="佐藤 二")
    other = shipped_order(line(50_000), buyer_name="鈴木 三")
    made = {i.order_id: i for i in services.issue([small.pk, large.pk, other.pk], by=None)}
    found = queries.search(
        issued_from=date(2026, 11, 1), issued_to=date(2026, 11, 30), least_yen=10_000, partner="佐藤"
    )
    assert list(found) == [made[large.pk]]
    assert not queries.search(issued_to=date(2026, 11, 21)).exists()


def test_shipped_orders_wait_for_their_invoice_in_a_list() -> None:
    factories.company()
    order, elsewhere = shipped_order(), shipped_order(shipped_outside=True)
    factories.order(stocked=False)
    assert list(queries.to_invoice()) == [order] and elsewhere.pk
    services.issue([order.pk], by=None)
    assert not queries.to_invoice().exists()
    assert unsent() == [order]
