"""原因の集計: how many complaints, how many yen, by what, month by month; and the rate per 1,000 shipments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Concat, TruncMonth

from akinai.shipping import queries as shipping
from akinai.stock.queries import business_day_start
from akinai.support.complaint_states import ComplaintState, Severity, Side
from akinai.support.models import Complaint, ComplaintCause
from akinai.support.rules.complaints import rate

# view → (title, key, label, filter of the list of complaints)
BY = {
    "cause": ("原因", "cause_id", F("cause__name"), "cause"),
    "sku": ("SKU", "sku_id", F("sku__code"), "sku"),
    "lot": ("ロット", "lot_id", Concat("sku__code", Value(" "), "lot__code"), "lot"),
    "supplier": ("仕入先", "supplier_id", F("supplier__name"), "supplier"),
    "carrier": ("運送会社", "carrier", F("carrier"), "carrier"),
    "side": ("責任の所在", "side", F("side"), "side"),
    "page": ("ページ", "page", F("page"), "page"),
    "person": ("担当者", "person_id", F("person__username"), "person"),
}


@dataclass(frozen=True, slots=True)
class CauseRow:
    """1 行 of the report."""

    key: str
    label: str
    count: int
    grave: int
    yen: int
    per_thousand: Decimal | None
    share: int  # % of all


@dataclass(frozen=True, slots=True)
class MonthRow:
    """1 か月."""

    month: date
    count: int
    yen: int
    shipments: int
    per_thousand: Decimal | None

    @property
    def label(self) -> str:
        return f"{self.month:%Y/%m}"


def named(code: str) -> int:
    """The cause of this code. Raises ComplaintCause.DoesNotExist."""
    return ComplaintCause.objects.values_list("pk", flat=True).get(code=code)


def within(first: date, last: date) -> QuerySet[Complaint]:
    """クレーム that came from `first` to `last`; withdrawn ones were none."""
    begin, end = business_day_start(first), business_day_start(last + timedelta(days=1))
    rows = Complaint.objects.filter(opened_at__gte=begin, opened_at__lt=end)
    return rows.exclude(state=ComplaintState.WITHDRAWN)


def _yen() -> Coalesce:
    """What its ledger says. Each entry is joined once, so the sum is exact; complaints are counted by themselves."""
    return Coalesce(Sum("compensations__entries__yen"), 0)


def by(view: str, first: date, last: date) -> list[CauseRow]:
    """The report of a period, the most frequent first. Two queries."""
    _, key, label, _ = BY[view]
    rows = within(first, last).values(row_key=F(key), row_label=label).order_by()
    counted = list(
        rows.annotate(
            count=Count("pk", distinct=True), grave=Count("pk", distinct=True, filter=Q(severity=Severity.GRAVE)), yen=_yen()
        ).order_by("-count", "-yen", "row_label")
    )  # fmt: skip
    shipments = shipping.shipped_between(
        business_day_start(first), business_day_start(last + timedelta(days=1))
    )
    whole = sum(row["count"] for row in counted)
    return [
        CauseRow(
            str(row["row_key"] or ""), _label(view, row["row_label"]), row["count"], row["grave"], row["yen"],
            rate(row["count"], shipments), round(row["count"] * 100 / whole),
        )
        for row in counted
    ]  # fmt: skip


def _label(view: str, label: str | None) -> str:
    if not label or not label.strip():
        return "（未記入）"
    if view == "side":
        return Side(label).label
    return shipping.name_of(label) if view == "carrier" else label


def months(first: date, last: date) -> list[MonthRow]:
    """月ごと, every month of the period. Two queries, however long it is."""
    rows = within(first, last).annotate(month=TruncMonth("opened_at")).values("month").order_by("month")
    counted = {
        row["month"].date(): row for row in rows.annotate(count=Count("pk", distinct=True), yen=_yen())
    }
    gone = shipping.shipped_by_month(business_day_start(first), business_day_start(last + timedelta(days=1)))
    found, month = [], first.replace(day=1)
    while month <= last:
        row, shipped = counted.get(month, {"count": 0, "yen": 0}), gone.get(month, 0)
        found.append(MonthRow(month, row["count"], row["yen"], shipped, rate(row["count"], shipped)))
        month = (month + timedelta(days=32)).replace(day=1)
    return found
