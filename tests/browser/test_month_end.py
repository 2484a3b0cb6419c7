"""月末 in a real browser: one statement for the café, the month closed, a late voucher refused, and 店長 opens it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from akinai.accounting.models import ClosedMonth
from akinai.accounting.rules.periods import months_back
from akinai.accounting.tests import life
from akinai.billing import services as billing
from akinai.billing.models import BillingTerms, Statement
from akinai.core import clock, long_jobs, mail
from akinai.core.business_days import month_end
from akinai.core.models import LongJob
from tests import cast
from tests.browser.conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)
CAFE = replace(cast.AOKI, name="木村 一郎", company="カフェ木村株式会社", email="cafe@example.com")


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


@pytest.fixture
def last_month() -> date:
    """The 1st of the month before; in it a café bought on account and got its tea."""
    first = months_back(clock.today(), 1)
    cast.company()
    with clock.told(noon(first)):
        life.goods("TEA-1")
        made = life.order(
            "P-1", ("TEA-1", 3, 1080), channel="phone", buyer=CAFE, ship_to=CAFE, payment="credit_terms",
            payment_settled=False, ordered_at=noon(first),
        )  # fmt: skip
        billing.save_terms(BillingTerms(customer_id=made.customer_id, since=first), by=None)
    with clock.told(noon(first.replace(day=5))):
        life.ship(made)
    return first


def confirm(page: Page) -> str:
    """Say yes to the dialog. Out: what it has asked."""
    box = page.locator("dialog[open]")
    asked = box.inner_text()
    box.get_by_role("button").last.click()
    return asked


def work() -> None:
    """What the worker does."""
    for pk in LongJob.objects.filter(finished_at=None).values_list("pk", flat=True):
        long_jobs.run(pk)
    mail.send_due()


def voucher(page: Page, day: date) -> None:
    page.goto(page.url.split("/office/")[0] + "/office/accounting/journal/new/")
    page.locator("[name=on]").fill(f"{day:%Y-%m-%d}")
    page.locator("[name=memo]").fill("計上もれの家賃")
    for no, (side, label) in enumerate((("debit", "支払手数料"), ("credit", "普通預金"))):
        options = page.locator(f"[name=account_{no}] option", has_text=label).first
        page.locator(f"[name=account_{no}]").select_option(options.get_attribute("value"))
        page.locator(f"[name={side}_{no}]").fill("50,000")
    page.get_by_role("button", name="起票する").click()


def test_the_month_is_billed_closed_defended_and_opened_again(open_as: Open, last_month: date) -> None:
    suzuki = open_as("鈴木", f"/office/invoices/closing/?day=31&month={last_month:%Y-%m}")
    site = suzuki.url.split("/office/")[0]
    expect(suzuki.locator("#main")).to_contain_text("カフェ木村株式会社")
    suzuki.get_by_role("button", name="この内容で締める").click()
    assert "1 件の顧客を" in confirm(suzuki)
    suzuki.wait_for_load_state()
    work()
    statement = Statement.objects.get()
    suzuki.goto(f"{site}/office/invoices/statements/{statement.number}/")
    expect(suzuki.locator("#main")).to_contain_text("¥3,240")

    suzuki.goto(f"{site}/office/accounting/closing/")
    expect(suzuki.locator("#main")).to_contain_text("赤い項目を片付けると締められます")
    suzuki.get_by_role("button", name="今すぐ記帳する").click()
    expect(suzuki.locator(".toast").first).to_be_visible()
    suzuki.goto(f"{site}/office/accounting/closing/")
    suzuki.get_by_role("button", name=f"{last_month.month}月を締める").click()
    confirm(suzuki)
    expect(suzuki.locator(".toast").first).to_contain_text(
        f"{last_month.year}年{last_month.month}月を締めました"
    )
    voucher(suzuki, month_end(last_month))
    expect(suzuki.locator(".form")).to_contain_text(
        f"{last_month.year}年{last_month.month}月までは締めています"
    )

    closed = ClosedMonth.objects.get()
    ito = open_as("伊藤", f"/office/accounting/closing/{closed.pk}/")
    ito.get_by_label("解く理由").fill("家賃の計上もれ")
    ito.get_by_role("button", name="締めを解く").click()
    before = months_back(last_month, 1)
    assert f"{before.year}年{before.month}月までは締まったままです" in confirm(ito)
    expect(ito.locator(".toast").first).to_contain_text("締めを解きました")
    voucher(suzuki, month_end(last_month))
    expect(suzuki.locator("h1")).to_contain_text("JE-")
    assert life.balance("bank") == -50_000
    assert list(ClosedMonth.objects.filter(reopened_at=None).values_list("month", flat=True)) == [before]
