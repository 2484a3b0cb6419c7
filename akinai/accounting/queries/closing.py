"""月締めを読む: what is closed, and what stands in the way of closing a month."""

from __future__ import annotations

from datetime import date, timedelta

from akinai.accounting.models import ClosedMonth


def closed_until() -> date | None:
    """The last closed day."""
    month = (
        ClosedMonth.objects.filter(reopened_at=None)
        .order_by("-month")
        .values_list("month", flat=True)
        .first()
    )
    return next_month(month) - timedelta(days=1) if month else None


def next_month(month: date) -> date:
    """The 1st of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
