"""月末を端末から: bills, statements, reminders, the books and their file, each by one command that may be run again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from akinai.accounting.models import ClosedMonth
from akinai.accounting.tests import life
from akinai.billing import services as billing
from akinai.billing.models import BillingTerms, Invoice, Statement
from akinai.core import clock
from akinai.core.models import OutgoingMail
from akinai.payments import services as payments
from tests import cast

pytestmark = pytest.mark.django_db
CAFE = replace(cast.AOKI, name="木村 一郎", company="カフェ木村株式会社", email="cafe@example.com")


def on(month: int, day: int) -> Any:
    return clock.told(timezone.make_aware(datetime(2026, month, day, 12)))


def akinai(command: str, *words: str) -> dict[str, Any]:
    """The command's answer with --json. A refusal ends with 1."""
    out = StringIO()
    try:
        call_command(command, *words, "--json", stdout=out)
    except SystemExit:
        pass
    return dict(json.loads(out.getvalue().splitlines()[-1]))


@pytest.fixture
def october() -> None:
    """In October a café buys on account, 青木 pays at the door, and nobody has a bill yet."""
    cast.company()
    with on(10, 5):
        life.goods("TEA-1")
        cafe = life.order(
            "P-1", ("TEA-1", 3, 1080), channel="phone", buyer=CAFE, ship_to=CAFE, payment="credit_terms", payment_settled=False
        )  # fmt: skip
        billing.save_terms(BillingTerms(customer_id=cafe.customer_id, since=date(2026, 10, 1)), by=None)
        life.ship(
            cafe, life.order("P-2", ("TEA-1", 1, 1080), channel="phone", payment="cod", payment_settled=False)
        )


def test_bills_and_statements_are_issued_once_however_often_they_are_asked_for(october: None) -> None:
    with on(11, 2):
        done = akinai("invoice", "--send")
        assert (done["issued"], done["total_yen"], done["queued"]) == (1, 1080, 1)
        assert akinai("invoice")["issued"] == 0
        assert (
            OutgoingMail.objects.filter(subject__contains=Invoice.objects.get(kind="invoice").number).count()
            == 1
        )
        assert akinai("statements", "--day", "31", "--month", "2026-10", "--dry-run")["asked_yen"] == 3240
        assert not Statement.objects.exists()
        made = akinai("statements", "--day", "31", "--month", "2026-10")
        assert (made["statements"], made["asked_yen"]) == (1, 3240)
        assert akinai("statements", "--day", "31", "--month", "2026-10")["statements"] == 0
        assert (
            "まだ終わっていません"
            in akinai("statements", "--day", "31", "--month", "2026-11")["errors"][0]["message"]
        )
        assert (
            "締め日 30" in akinai("statements", "--day", "30", "--month", "2026-10")["errors"][0]["message"]
        )


def test_the_books_are_kept_closed_and_written_for_the_accountant(october: None, tmp_path: Path) -> None:
    with on(11, 2):
        assert akinai("books")["entries"] > 0
        assert akinai("books")["entries"] == 0
        assert "残っているもの" in akinai("books", "--close", "2026-10")["errors"][0]["message"]
        assert akinai("books", "--close", "2026-10", "--note", "請求書は本日送ります")["closed"] == "2026-10"
        assert ClosedMonth.objects.get().note == "請求書は本日送ります"
        file = tmp_path / "yayoi.csv"
        made = akinai("books", "--export", "yayoi", "--month", "2026-10", "--out", str(file))
        assert made["exported"] > 0 and "売上高".encode("cp932") in file.read_bytes()
        again = akinai("books", "--export", "yayoi", "--month", "2026-10")
        assert (again["ok"], again["exported"]) == (False, 0)
        assert "まだ出力していない仕訳はありません" in again["errors"][0]["message"]


def test_todays_reminders_go_out_once(october: None) -> None:
    with on(11, 2):
        akinai("statements", "--day", "31", "--month", "2026-10")
        payments.take_usual("statement", by=None)
        payments.set_ladder("statement", is_on=True, channels_left_out=[], by=None)
    with on(12, 9):
        planned = akinai("chase", "--dry-run")
        assert (
            planned["planned"],
            planned["mailed"],
            OutgoingMail.objects.filter(key__startswith="dunning").count(),
        ) == (1, 0, 0)
        assert akinai("chase")["mailed"] == 1
        assert akinai("chase")["planned"] == 0
