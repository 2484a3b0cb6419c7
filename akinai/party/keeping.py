"""帳簿書類の保存期間: until when a paper must be kept by law, whoever asks for its erasure.

法人税法施行規則 第59条・消費税法施行令 第71条・電子帳簿保存法 第7条: seven years (ten where a loss is carried forward) from the day after the
two months in which the return of its fiscal year is due. The shop's fiscal year and the years stand in `RetentionSettings`.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from akinai.core import clock
from akinai.core.remembering import once
from akinai.party.models import RetentionSettings

TAX_PAPERS = "法人税法・消費税法の帳簿書類（7年）"
TAX_DATA = "電子帳簿保存法 第7条（電子取引データ・7年）"
RETURN_MONTHS = 2


def kept_until(on: date, *, closing_month: int = 12, years: int = 7) -> date:
    """The last day on which a paper of `on` must be there: the end of its fiscal year, two months, and the years."""
    year = on.year if on.month <= closing_month else on.year + 1
    return _month_end(year + years, closing_month + RETURN_MONTHS)


def settings() -> RetentionSettings:
    """保存の決まり, the usual one where none was written."""
    return once(
        "party.keeping", lambda: RetentionSettings.objects.filter(pk=1).first() or RetentionSettings(pk=1)
    )


def paper_until(on: date | None) -> date | None:
    """`kept_until` by the shop's own settings; None without a day."""
    if on is None:
        return None
    told = settings()
    return kept_until(on, closing_month=told.closing_month, years=told.paper_years)


def until_of(papers: QuerySet[Any], day: str) -> date | None:
    """`paper_until` of the last of these papers; `day` is the field with its day or moment. None where there are none."""
    last = papers.aggregate(last=Max(day))["last"]
    return paper_until(timezone.localdate(last) if isinstance(last, datetime) else last)


def papers_needed_from() -> date:
    """The first day whose papers the law still wants today, by the shop's own settings."""
    told = settings()
    return first_needed(clock.today(), closing_month=told.closing_month, years=told.paper_years)


def _month_end(year: int, month: int) -> date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def first_needed(today: date, *, closing_month: int = 12, years: int = 7) -> date:
    """Papers of this day and later are needed by law; those before are not any more."""
    day = date(today.year - years - 2, 1, 1)
    while kept_until(day, closing_month=closing_month, years=years) < today:
        day = date(day.year + (day.month == 12), day.month % 12 + 1, 1)
    return day
