"""見本の会社: whole, true, in the past, and with something to do on every desk."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import DateTimeField, Max
from django.utils import timezone

from akinai.accounting.models import ClosedMonth, DailySales, SalesTarget
from akinai.billing.models import PaperDelivery
from akinai.catalog.models import ProductImage, Sku
from akinai.channels.models import DriftRow
from akinai.core import proofs
from akinai.core.models import OutgoingMail
from akinai.flows.open_demo_shop import open_demo_shop
from akinai.insights.queries import leaks
from akinai.orders.models import Hold, Order, OrderAddress, OrderIssue, SubscriptionTurn
from akinai.orders.queries import paid_by_card
from akinai.payments.models import BankLineStatus, PaymentRequest
from akinai.payments.queries import cards_of
from akinai.purchasing import services as purchasing
from akinai.purchasing.models import GoodsReceipt, Proposal
from akinai.purchasing.services import LineInput
from akinai.shipping.models import ReturnCase, Shipment
from akinai.stock.models import KeepAside, StockEntry, StockRow
from akinai.support.models import (
    Article,
    CallBack,
    Compensation,
    Complaint,
    Csat,
    PreventionTask,
    ReplyGrade,
    Spike,
    Ticket,
)
from akinai.support.states import TicketState
from tests import cast

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 11, 26, 15, 30))  # a Thursday
BY_THE_DAY = "due_turns_are_made_or_told"  # what this proof finds depends on the day it is asked, and the shop stands at NOW


PLANNED = {
    "date_joined",
    "due_at",
    "go_live_at",
    "first_reply_due",
    "resolution_due",
    "snoozed_until",
}  # not of the demo's making, or meant to come
DELIVERED = {"CheckRule", "CheckRuleVersion", "LegalWord"}  # made with the tables, whenever that was


def later_than(moment: datetime) -> list[str]:
    """Every moment in our tables that has not come yet."""
    found = []
    for model in apps.get_models():
        if model.__name__ in DELIVERED:
            continue
        for field in model._meta.concrete_fields:
            if model.__module__.startswith("akinai.") and isinstance(field, DateTimeField):
                last = model._default_manager.aggregate(last=Max(field.name))["last"]
                if last and last > moment and field.name not in PLANNED:
                    found.append(f"{model.__name__}.{field.name} {last}")
    return found


def test_the_demo_company_stands_in_the_middle_of_a_true_working_day(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.AKINAI_HOME = tmp_path
    assert open_demo_shop(now=NOW)
    assert later_than(NOW) == []
    assert [f"{f.name}: {f.broken}" for f in proofs.run_all() if f.broken and f.name != BY_THE_DAY] == []
    assert leaks().balanced

    # Goods as a shop keeps them: nothing to review, with cost, shelf, category; most with a picture.
    assert Sku.objects.filter(needs_review=True).count() == 0
    assert Sku.objects.filter(cost=None).count() + Sku.objects.filter(shelf="").count() == 0
    assert not Sku.objects.filter(product__category=None).exists()
    assert ProductImage.objects.exclude(file="").values("product").distinct().count() == 27

    # What a customer has asked for beyond an order: a receipt taken twice, boxes to three homes, tea again and again.
    assert sorted(PaperDelivery.objects.filter(number__startswith="RC-").values_list("to", flat=True)) == [
        "お客様", "お客様（再発行）", "店舗から"
    ]  # fmt: skip
    assert OrderAddress.objects.count() == 2 and SubscriptionTurn.objects.get().order.state == "completed"
    card = cards_of(paid_by_card().values_list("pk", flat=True))
    assert [(one.last4, one.state) for one in card.values()] == [("4242", "kept")]

    # The past: weeks of orders through the whole path, slips, a slip of the finger taken back.
    states = Counter(Order.objects.values_list("state", flat=True))
    assert states["completed"] > 80 and states["cancelled"] >= 1
    assert Order.objects.filter(ordered_at__lt=timezone.make_aware(datetime(2026, 11, 8))).count() > 5
    slips = Counter(GoodsReceipt.objects.values_list("state", flat=True))
    assert slips["posted"] >= 8 and slips["reversed"] == 1 and slips["draft"] == 2
    assert set(StockEntry.objects.values_list("kind", flat=True)) == {
        "opening", "receipt", "shipment", "adjustment", "reversal", "transfer", "return",
    }  # fmt: skip
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"sent"}

    # Goods came back, one in every state; the malls were told each evening, and of today's boxes not yet.
    returned = Counter(ReturnCase.objects.values_list("state", flat=True))
    assert returned == {
        "requested": 1,
        "arrived": 1,
        "inspected": 1,
        "settled": 2,
        "refused": 1,
        "cancelled": 1,
    }
    told = Counter(
        Shipment.objects.filter(shipped_at__lt=NOW - timedelta(days=1)).values_list("mall_notice", flat=True)
    )
    assert told["told"] > 50 and told["waiting"] == told["refused"] == 0
    assert Shipment.objects.filter(mall_notice="waiting").exists()

    # Today: something waits on every desk.
    assert {"on_hold", "awaiting_payment", "awaiting_stock", "ready", "picking", "shipped"} <= set(states)
    rules = set(Hold.objects.filter(released_at=None).values_list("rule", flat=True))
    assert {"note", "high_amount", "address", "island", "duplicate"} <= rules
    assert OrderIssue.objects.filter(resolved_at=None, code="unknown_sku").count() == 1
    money = Counter(BankLineStatus.objects.values_list("state", flat=True))
    assert money["matched"] > 10 and money["proposed"] >= 2 and money["open"] >= 1
    assert StockRow.objects.filter(waiting__gt=0).count() == 3
    assert sorted(Sku.objects.filter(is_set=True).values_list("code", flat=True)) == ["SET-001", "SET-002"]
    assert Sku.objects.filter(release_on__gt=NOW.date()).count() == 1
    assert KeepAside.objects.get().state == "kept"
    doubtful = GoodsReceipt.objects.get(supplier_slip_no="K-5011")
    lines = [
        LineInput(line.sku_id, line.quantity, line.unit_cost, lot=line.lot, expires_on=line.expires_on)
        for line in doubtful.lines.all()
    ]
    assert len(purchasing.doubts(lines)) == 2

    assert {"sold_there", "raised_there", "stale", "unknown"} <= set(
        DriftRow.objects.values_list("cause", flat=True)
    )
    assert Proposal.objects.filter(state="open").count() >= 5
    # The books: the month before the first day is closed, there is last year to compare with, and a target for this month.
    assert ClosedMonth.objects.get(reopened_at=None).month == date(2026, 10, 1)
    assert SalesTarget.objects.filter(month=date(2026, 11, 1), channel=None).exists()
    assert DailySales.objects.filter(on__year=2025, on__month=11).exists()
    paid = PaymentRequest.objects.values_list("state", flat=True).order_by("state")
    assert list(paid) == [
        "authorised",
        "authorised",
        "authorised",
        "captured",
        "captured",
        "disputed",
        "failed",
        "requested",
        "requested",
    ]
    desk_of_support()
    assert not open_demo_shop(now=NOW)  # a second start leaves everything as it is


def desk_of_support() -> None:
    """Two months of letters: every state, a refund that waits for a second person, answers, marks, and a bad batch told of."""
    states = Counter(Ticket.objects.values_list("state", flat=True))
    assert set(states) == set(TicketState.values) and sum(states.values()) == 39
    assert set(Ticket.objects.values_list("source", flat=True)) == {"mail", "form", "mall", "phone"}
    assert sorted(Complaint.objects.values_list("state", "severity")) == [
        ("checking", 2),
        ("open", 3),
        ("settled", 2),
    ]
    assert list(Compensation.objects.order_by("pk").values_list("kind", "state")) == [
        ("points", "done"),
        ("refund", "waiting"),
    ]
    assert list(PreventionTask.objects.order_by("pk").values_list("state", flat=True)) == [
        "closed",
        "planned",
    ]
    articles = Counter(Article.objects.values_list("state", flat=True))
    assert articles == {"published": 6, "draft": 1, "review": 1}
    assert Article.objects.exclude(stale_since=None).get().question == "静岡の深蒸し茶はいくらですか？"
    assert (
        Csat.objects.filter(is_low=True, seen_at=None).count() == 1
        and Csat.objects.exclude(score=None).count() == 9
    )
    assert (
        ReplyGrade.objects.filter(graded_at=None).exists()
        and ReplyGrade.objects.exclude(graded_at=None).exists()
    )
    assert Spike.objects.filter(subject__startswith="SWT-002", seen_at=None).exists()
    assert CallBack.objects.filter(done_at=None, due_at__lt=NOW).count() == 1


def test_a_shop_with_goods_of_its_own_is_left_alone() -> None:
    cast.sku("MINE-1", pieces=3)
    assert not open_demo_shop(now=NOW)
    assert list(Sku.objects.values_list("code", flat=True)) == ["MINE-1"]
