"""What others may ask of staff (担当者の照会)."""

from __future__ import annotations

from akinai.staff.models import Staff
from akinai.staff.roles import MANAGER as MANAGER


def choices() -> list[tuple[int, str]]:
    """(id, name) of everybody who works here now, for selections."""
    return [(one.pk, str(one)) for one in Staff.objects.filter(is_active=True).order_by("username")]


def everybody() -> list[tuple[int, str]]:
    """(id, name) of all who ever worked here, for looking back."""
    return [(one.pk, str(one)) for one in Staff.objects.order_by("username")]


def by_id(pk: int | None) -> Staff | None:
    return Staff.objects.filter(pk=pk, is_active=True).first() if pk else None


def colleagues() -> list[Staff]:
    """担当者 who work here now, by name."""
    return list(Staff.objects.filter(is_active=True).order_by("username"))


def in_role(role: str) -> list[Staff]:
    """担当者 of a duty who work here now, by name."""
    return list(Staff.objects.filter(is_active=True, groups__name=role).order_by("username"))
