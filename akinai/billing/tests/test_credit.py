"""返還請求書 and 訂正."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from akinai.billing import services
from akinai.billing.errors import NotInvoiceable, TooMuchCredit
from akinai.billing.models import CreditNote, Invoice
from akinai.billing.services import CreditAsk
from akinai.billing.services.credit import draft_for, remaining_of, suggestions
from akinai.billing.tests.test_issue import broken, text_of
from akinai.shipping.tests import factories
from akinai.shipping.tests.factories import line, shipped_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]
DAY = date(2026, 11, 24)


@pytest.fixture
def invoice() -> Any:
    factories.company()
    order = shipped_order(
        line(3_300, quantity=2, name="南部鉄器"), line(1_080, rate=8, name="ほうじ茶"), discount_yen=768
    )
    return services.issue([order.pk], issued_on=DAY, by=None)[0]


def test_the_credit_note_names_day_original_goods_and_tax_per_rate(invoice: Any) -> None:
    suggested = suggestions(invoice)
    assert suggested == {1: 5_940, 2: 972}
    asks = [CreditAsk(line_no=1, quantity=1, amount_yen=2_970)]
    assert draft_for(invoice, asks).total_yen == 2_970
    note = services.credit(
        invoice, asks=asks, reason="破損のため返品", returned_on=date(2026, 11, 23), issued_on=DAY, by=None
    )
    assert list(note.taxes.values_list("rate", "net_yen", "tax_yen", "gross_yen")) == [
        (10, 2_700, 270, 2_970)
    ]
    text = text_of(note)
    for field in (
        "返還請求書適格返還請求書", note.number, f"元の請求番号{invoice.number}", "返還・値引の日2026年11月23日",
        "元の取引年月日2026年11月22日", "南部鉄器", "10%対象¥2,700¥270¥2,970", "破損のため返品", "登録番号T7123456789012",
    ):  # fmt: skip
        assert field in text, field
    assert broken() == {}


def test_no_more_than_the_invoice_can_be_given_back(invoice: Any) -> None:
    services.credit(invoice, asks=[CreditAsk(5_000, line_no=1)], reason="返品", returned_on=DAY, by=None)
    with pytest.raises(TooMuchCredit, match="残り ¥940"):
        services.credit(invoice, asks=[CreditAsk(941, line_no=1)], reason="返品", returned_on=DAY, by=None)
    rest = services.credit_rest(invoice, reason="残りも返品", returned_on=DAY, by=None)
    assert rest.total_yen == 940 + 972
    assert all(left.gross_yen == left.tax_yen == 0 for left in remaining_of(invoice).values())
    assert broken() == {}


def test_the_database_itself_refuses_credit_beyond_the_invoice(invoice: Any) -> None:
    note = services.credit(
        invoice, asks=[CreditAsk(1_000, line_no=1)], reason="返品", returned_on=DAY, by=None
    )
    with (
        pytest.raises(IntegrityError, match="exceed it at 8 %"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO billing_creditnotetax (credit_note_id, rate, net_yen, tax_yen, gross_yen) VALUES (%s, 8, 1000, 80, 1080)",
            [note.pk],
        )


@pytest.mark.parametrize(
    ("asks", "reason", "message"),
    [
        ([CreditAsk(100, line_no=9)], "返品", "9 行目はありません"),
        ([CreditAsk(100, line_no=1, quantity=3)], "返品", "3 点は返還できません"),
        ([CreditAsk(0, line_no=1)], "返品", "返還する金額がありません"),
        ([CreditAsk(100, line_no=1)], "  ", "返還の理由が入力されていません"),
    ],
)
def test_what_makes_no_sense_is_refused_and_takes_no_number(
    invoice: Any, asks: list[CreditAsk], reason: str, message: str
) -> None:
    with pytest.raises(NotInvoiceable, match=message):
        services.credit(invoice, asks=asks, reason=reason, returned_on=DAY, by=None)
    note = services.credit(
        invoice, asks=[CreditAsk(100, rate=8, name="お詫び値引")], reason="お詫び", returned_on=DAY, by=None
    )
    assert note.number == "CN-2026-000001" and note.lines.get().name == "お詫び値引"


def test_a_correction_gives_the_old_one_back_and_issues_a_new_one(invoice: Any) -> None:
    corrected = services.replace(
        invoice, reason="宛名の変更", recipient_name="株式会社山田商店 御中", issued_on=DAY, by=None
    )
    assert (corrected.replaces, corrected.total_yen, corrected.recipient_name) == (
        invoice,
        invoice.total_yen,
        "株式会社山田商店 御中",
    )
    note = CreditNote.objects.get()
    assert (note.total_yen, note.invoice) == (invoice.total_yen, invoice)
    text = text_of(corrected)
    assert f"訂正元の請求番号{invoice.number}" in text and "株式会社山田商店御中" in text
    with pytest.raises(NotInvoiceable, match=f"{corrected.number} に訂正されています"):
        services.replace(invoice, reason="もう一度", by=None)
    assert services.issue([invoice.order_id], by=None) == [corrected]
    assert Invoice.objects.count() == 2 and broken() == {}


def test_an_invoice_with_credit_notes_is_not_corrected(invoice: Any) -> None:
    services.credit(invoice, asks=[CreditAsk(100, line_no=1)], reason="値引", returned_on=DAY, by=None)
    with pytest.raises(NotInvoiceable, match="返還請求書があるため"):
        services.replace(invoice, reason="宛名", by=None)
