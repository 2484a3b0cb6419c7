"""入金精算の仕訳: of every provider's payout the orders' receivables, the fees with their tax and the bank come out to the yen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from akinai.accounting import services
from akinai.accounting.models import Account, JournalLine
from akinai.accounting.ports import PRODUCTS
from akinai.accounting.services import exporting
from akinai.accounting.tests import life
from akinai.accounting.tests.test_exports import halves
from akinai.adapters.settlements.tests import files
from akinai.billing import services as billing
from akinai.billing.services import CreditAsk
from akinai.core import clock
from akinai.orders.models import Order
from akinai.payments.models import PayoutTerms, Settlement, SettlementLineStatus
from akinai.payments.services import settlements
from akinai.payments.tests.factories import broken, credit
from akinai.payments.tests.settling import PAID_ON, upload
from tests.cast import company, staff

pytestmark = pytest.mark.django_db
WITH_TAX = {
    "rakuten": 4,
    "yahoo": 4,
    "amazon": 4,
    "paypay": 4,
    "stripe": 0,
    "paypal": 0,
    "yamato": 4,
    "sagawa": 4,
    "japanpost": 4,
}
CHANNELS = {"rakuten": "rakuten", "yahoo": "yahoo", "amazon": "amazon"}


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    company()
    with clock.told(clock.now().replace(year=2026, month=11, day=24)):
        yield


def shipped(provider: str) -> Order:
    """An order of this provider that has left: 売掛金 1,080."""
    life.goods("TEA-1", cost="600")
    channel = CHANNELS.get(provider, "phone")
    cod = {"payment": "cod", "payment_settled": False} if channel == "phone" else {}
    order = life.order("X-1", ("TEA-1", 1, 1080), channel=channel, **cod)
    life.ship(order, on=date(2026, 11, 10))
    services.post_upto()
    return order


def payout_of(provider: str, order: Order) -> bytes:
    """Its payout: 1,080 less a fee of 50."""
    no, ours = order.channel_order_no, order.number
    return {
        "rakuten": lambda: files.rakuten((no, 1080, "", 50, 1030)),
        "yahoo": lambda: files.yahoo((no, "商品代金", 1080), (no, "決済手数料", -50)),
        "amazon": lambda: files.amazon(
            ("Order", no, "ItemPrice", "Principal", "1080.00"), ("Order", no, "ItemFees", "Commission", "-50.00"), total="1030.00"
        ),
        "paypay": lambda: files.paypay(("0123", ours, 1080, 50)),
        "stripe": lambda: files.stripe(("t1", "charge", 1080, 50, "pi_1", ours)),
        "paypal": lambda: files.paypal(
            ("ウェブペイメント", "T1", 1080, -50, ours, "10:00:00"), ("銀行口座への引き出し", "W1", -1030, 0, "", "11:00:00"), on="2026/11/20"
        ),
        "yamato": lambda: files.collect("送り状番号", ("123456789013", 1080, 50, 0, ours)),
        "sagawa": lambda: files.collect("お問い合せ送り状No.", ("123456789013", 1080, 50, 0, ours)),
        "japanpost": lambda: files.collect("お問い合わせ番号", ("123456789013", 1080, 50, 0, ours)),
    }[provider]()  # fmt: skip


@pytest.mark.parametrize("provider", sorted(WITH_TAX))
def test_a_payout_of_every_provider_is_booked_to_the_yen(provider: str) -> None:
    order = shipped(provider)
    assert life.balance("receivable") == 1080
    upload(payout_of(provider, order))
    made = Settlement.objects.get()
    assert (made.provider.code, made.net_yen) == (provider, 1030)
    services.post_upto()
    tax = WITH_TAX[provider]
    assert life.balance("receivable") == 0
    assert life.balance("fees") == 50 - tax
    assert life.balance("tax_paid") == tax
    assert life.balance("collectors") == 1030
    name = PayoutTerms.objects.get(code=provider).payers[0]
    credit(1030, name, PAID_ON)
    assert settlements.tie_all() == 1
    services.post_upto()
    assert (life.balance("bank"), life.balance("collectors")) == (1030, 0)
    assert broken() == []


def test_the_entry_of_a_settlement_has_its_fee_its_tax_and_what_the_provider_owes() -> None:
    order = shipped("rakuten")
    upload(payout_of("rakuten", order))
    services.post_upto()
    made = Settlement.objects.get()
    assert life.entry(f"settlement:{made.pk}:1") == [
        ("debit", "fees", 46),
        ("debit", "tax_paid", 4),
        ("credit", "collectors", 50),
    ]
    line = JournalLine.objects.get(entry__key=f"settlement:{made.pk}:1", account__role="fees")
    assert (line.tax_class, line.tax_yen, line.entry.document) == ("p10", 4, made.number)


def test_what_is_taken_back_is_answered_by_the_opposite() -> None:
    order = shipped("rakuten")
    upload(payout_of("rakuten", order))
    services.post_upto()
    settlements.reverse(Settlement.objects.get(), note="違うファイル", by=None)
    services.post_upto()
    assert [life.balance(role) for role in ("receivable", "fees", "tax_paid", "collectors")] == [
        1080,
        0,
        0,
        0,
    ]
    assert broken() == []


def test_a_refund_of_a_returned_order_meets_its_credit_note() -> None:
    life.goods("TEA-1", cost="600")
    order = life.order("X-1", ("TEA-1", 1, 1080), channel="phone", payment_settled=True)
    life.ship(order, on=date(2026, 11, 10))
    upload(payout_of("stripe", order))
    billing.credit(
        life.invoice(order),
        asks=[CreditAsk(500, 1, 1)],
        reason="値引",
        returned_on=life.DAY,
        issued_on=life.DAY,
        by=None,
    )
    life.drain()
    upload(files.stripe(("t2", "refund", -500, 0, "pi_1", order.number), payout="po_2"))
    services.post_upto()
    assert [line.how for line in SettlementLineStatus.objects.order_by("pk")] == [
        "paid",
        "booked",
        "refunded",
    ]
    order.refresh_from_db()
    assert (order.paid_yen, order.owed_yen) == (1080, 0)
    assert [life.balance(role) for role in ("receivable", "collectors", "fees")] == [0, 530, 50]
    assert broken() == []


@pytest.mark.parametrize("product", ["yayoi", "freee", "moneyforward"])
def test_fees_reach_the_accounting_software_with_their_tax(product: str) -> None:
    order = shipped("rakuten")
    upload(payout_of("rakuten", order))
    services.post_upto()
    made = exporting.make_export(
        product=product, first=date(2026, 1, 1), last=date(2027, 12, 31), by=staff("鈴木")
    )
    rows = halves(product, bytes(made.data))
    fees = exporting.accounts_of(PRODUCTS[product])[Account.objects.get(role="fees").pk][0]
    assert ("debit", fees, 50, 4) in rows
    assert sum(yen if side == "debit" else -yen for side, _name, yen, _tax in rows) == 0


def test_money_the_provider_holds_back_stays_with_him() -> None:
    order = shipped("amazon")
    no = order.channel_order_no
    upload(
        files.amazon(
            ("Order", no, "ItemPrice", "Principal", "1080.00"), ("Order", no, "ItemFees", "Commission", "-50.00"),
            ("other-transaction", "", "other-transaction", "Current Reserve Amount", "-500.00"), total="530.00",
        )
    )  # fmt: skip
    services.post_upto()
    credit(530, "ｱﾏｿﾞﾝｼﾞﾔﾊﾟﾝ", PAID_ON)
    settlements.tie_all()
    services.post_upto()
    assert (life.balance("bank"), life.balance("collectors")) == (530, 500)


def test_a_month_is_not_closed_while_a_line_is_open_or_a_payout_is_not_at_the_bank() -> None:
    from akinai.accounting.queries.checks import checks_of

    order = shipped("rakuten")
    no = order.channel_order_no
    upload(files.rakuten((no, 1080, "", 50, 1030), ("R-404", 500, "", 10, 490)))
    found = {
        check.name: (check.count, check.yen, check.must)
        for check in checks_of(date(2026, 11, 1))
        if check.count
    }
    assert found["settlement_lines"] == (1, 500, True)
    assert found["settlement_bank"] == (1, 1520, True)
    assert not any(name in found for name in ("payout_deposits", "payout_overdue"))
    before = {check.name: check.count for check in checks_of(date(2026, 10, 1))}
    assert (before["settlement_lines"], before["settlement_bank"]) == (0, 0)
