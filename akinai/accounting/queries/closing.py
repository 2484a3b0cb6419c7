"""月締めを読む: what is closed, and what stands in the way of closing a month."""

from __future__ import annotations

from datetime import date

from akinai.accounting.models import ClosedMonth
from akinai.core.business_days import month_end


def closed_until() -> date | None:
    """The last closed day."""
    month = (
        ClosedMonth.objects.filter(reopened_at=None)
        .order_by("-month")
        .values_list("month", flat=True)
        .first()
    )
    return month_end(month) if month else None
