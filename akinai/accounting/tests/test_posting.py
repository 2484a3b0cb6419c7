"""仕訳: every fact becomes one balanced entry, once, and the accounts say what the ledgers say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from akinai.accounting import services
from akinai.accounting.models import Account, BookSettings, JournalEntry, JournalLine
from akinai.accounting.tests import life
from akinai.payments import services as payments
from akinai.payments.models import Payment
from akinai.payments.tests import factories as money
from tests.cast import company, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> None:
    company()
    life.goods("TEA-1", cost="600.25")


def test_a_sale_is_what_is_owed_against_sales_and_tax() -> None:
    made = life.order("R-1", ("TEA-1", 2, 1080), total_yen=2760, shipping_yen=700, discount_yen=100, taxes=())
    life.ship(made)
    services.post_upto()
    # 8 %: 2,160 − 76 = 2,084, tax 154. 10 %: 700 − 24 = 676, tax 61.
    assert life.entry(f"sales:{made.number}/S1") == [
        ("debit", "receivable", 2760), ("debit", "cuts", 22), ("debit", "cuts", 70),
        ("credit", "sales", 2000), ("credit", "charges", 637), ("credit", "tax_received", 61), ("credit", "tax_received", 154),
    ]  # fmt: skip
    assert life.balance("receivable") == 2760
    assert life.broken() == set()


def test_posting_twice_posts_once() -> None:
    life.ship(life.order("R-1", ("TEA-1", 1, 1080)))
    assert services.post_upto() > 0
    assert services.post_upto() == 0
    assert life.broken() == set()


def test_money_before_the_goods_is_advance_until_they_leave() -> None:
    made = money.transfer("P-1", 1080)
    payments.match_all(by=staff("鈴木")) if money.credit(1080) else None
    services.post_upto()
    assert (life.balance("bank"), life.balance("advance"), life.balance("receivable")) == (1080, -1080, 0)
    life.ship(made)
    services.post_upto()
    assert (life.balance("bank"), life.balance("advance"), life.balance("receivable")) == (1080, 0, 0)
    assert services.post_upto() == 0


def test_what_the_goods_cost_never_drifts_by_a_yen() -> None:
    for n in range(3):
        life.ship(life.order(f"R-{n}", ("TEA-1", 1, 1080)))
        services.post_upto()
    assert life.balance("cogs") == round(Decimal("600.25") * 3)
    assert life.balance("goods") == round(Decimal("600.25") * 97)
    assert life.broken() == set()


def test_the_database_takes_no_entry_that_does_not_balance() -> None:
    cash, sales = Account.objects.get(role="cash"), Account.objects.get(role="sales")
    for lines in ([(cash, "debit", 100), (sales, "credit", 99)], [(cash, "debit", 100)], []):
        with pytest.raises(IntegrityError), transaction.atomic():
            made = JournalEntry.objects.create(number="JE-X", on=life.DAY, source="test", key="x", memo="x")
            JournalLine.objects.bulk_create(
                JournalLine(entry=made, line_no=no, side=side, account=account, on=made.on, yen=yen)
                for no, (account, side, yen) in enumerate(lines, 1)
            )
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_line_cannot_be_added_to_an_entry_later() -> None:
    life.ship(life.order("R-1", ("TEA-1", 1, 1080)))
    services.post_upto()
    made = JournalEntry.objects.order_by("pk").first()
    assert made
    with pytest.raises(IntegrityError), transaction.atomic():
        JournalLine.objects.create(
            entry=made, line_no=9, side="debit", account=Account.objects.get(role="cash"), on=made.on, yen=1
        )


def test_facts_before_the_books_began_are_not_posted() -> None:
    life.ship(life.order("R-1", ("TEA-1", 1, 1080)))
    BookSettings.objects.update(starts_on=date(2030, 1, 1))
    assert services.post_upto() == 0
    BookSettings.objects.update(starts_on=None)


def test_money_set_aside_is_booked_by_its_reason_and_moves_with_it() -> None:
    line = money.credit(55, "リソク")
    payments.set_aside(line.pk, by=staff("鈴木"), note="利息", reason="interest")
    services.post_upto()
    assert (life.balance("bank"), life.balance("interest")) == (55, -55)
    payments.set_aside(line.pk, by=staff("鈴木"), note="仮", reason="other")
    services.post_upto()
    assert (life.balance("bank"), life.balance("interest"), life.balance("suspense")) == (55, 0, -55)
    payments.bring_back(line.pk, by=staff("鈴木"))
    services.post_upto()
    assert (life.balance("bank"), life.balance("interest"), life.balance("suspense")) == (0, 0, 0)
    assert services.post_upto() == 0


def test_a_payment_taken_back_leaves_nothing_owed_twice() -> None:
    made = life.order("R-1", ("TEA-1", 1, 1080), payment="cod", payment_settled=False)
    life.ship(made)
    paid = payments.receive_otherwise(
        order_id=made.pk, amount_yen=1080, source="carrier", received_on=life.DAY, key="k", by=None
    )
    services.post_upto()
    assert (life.balance("collectors"), life.balance("receivable")) == (1080, 0)
    payments.reverse_payment(paid.pk, note="別の受注", by=None)
    services.post_upto()
    assert (life.balance("collectors"), life.balance("receivable")) == (0, 1080)
    assert Payment.objects.count() == 2


def test_the_accounts_of_every_entry_are_known() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounting_account")
        assert cursor.fetchone()[0] == 28
