"""The one place that asks what time it is (現在時刻), so that everything else can be told."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The moment, aware."""
    return timezone.now()


def today() -> date:
    """The business day in Japan (Asia/Tokyo)."""
    return timezone.localdate()
