"""How numbers and dates look on screen (表示の書式). Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from akinai.core import money

WEEKDAYS = "月火水木金土日"
BLANK = "–"


def yen(amount: int | None) -> str:
    """¥12,340 · ▲¥1,200 · – for None."""
    return BLANK if amount is None else money.yen(int(amount))


def cost(amount: Decimal | None) -> str:
    """¥540.5 · – for None: a unit cost, which may have fractions of a yen."""
    return BLANK if amount is None else f"¥{money.cost_text(amount)}"


def signed_yen(amount: int | None) -> str:
    """+1,200 · ▲1,200 · 0: for differences and ledgers."""
    if amount is None:
        return BLANK
    return f"▲{-amount:,}" if amount < 0 else f"+{amount:,}" if amount else "0"


def number(value: int | Decimal | float | None) -> str:
    """12,340 · ▲5 · 1.25."""
    if value is None:
        return BLANK
    return f"▲{-value:,}" if value < 0 else f"{value:,}"


def percent(value: int | Decimal | float | None) -> str:
    """10%."""
    return BLANK if value is None else f"{value:,}%"


def jdate(day: date | datetime | None) -> str:
    """2026/11/24(火), the day in Japan."""
    if day is None or day == "":
        return ""
    local = timezone.localtime(day) if isinstance(day, datetime) and timezone.is_aware(day) else day
    return f"{local.year}/{local.month:02}/{local.day:02}({WEEKDAYS[local.weekday()]})"


def long_date(day: date) -> str:
    """2026年11月24日, as papers write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def jtime(moment: datetime | None) -> str:
    """14:05."""
    if not isinstance(moment, datetime):
        return ""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{local.hour:02}:{local.minute:02}"


def jdatetime(moment: datetime | None) -> str:
    """2026/11/24(火) 14:05."""
    return f"{jdate(moment)} {jtime(moment)}".strip()


def ago(moment: datetime | None, now: datetime) -> str:
    """たった今 · 3分前 · 2時間前 · 昨日 14:05 · 2026/11/24(火)."""
    if moment is None:
        return ""
    passed = now - moment
    if passed < timedelta(minutes=1):
        return "たった今"
    if passed < timedelta(hours=1):
        return f"{int(passed.total_seconds() // 60)}分前"
    if passed < timedelta(hours=6):
        return f"{int(passed.total_seconds() // 3600)}時間前"
    days = (timezone.localdate(now) - timezone.localdate(moment)).days
    if days <= 1:
        return f"{'昨日' if days else '今日'} {jtime(moment)}"
    return jdate(moment)
