"""担当者の操作: added, given roles, put to rest; never deleted, because history names them."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import Group
from django.db import transaction

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.staff.models import Staff


@transaction.atomic
def add_staff(
    *, username: str, display_name: str, password: str, roles: Sequence[str], by: Staff | None
) -> Staff:
    """担当者を登録する with roles by name."""
    made = Staff.objects.create_user(username=username, password=password, display_name=display_name)
    made.groups.set(Group.objects.filter(name__in=roles))
    activity.record(made, "add", by=by, summary=f"{display_name}（{'・'.join(roles)}）")
    return made


@transaction.atomic
def change_staff(
    staff: Staff, *, display_name: str, roles: Sequence[str], is_active: bool, password: str = "", by: Staff
) -> None:
    """役割・有効を変える. Nobody locks themselves out, and one active 店長 always stays."""
    if (
        staff.pk == by.pk
        and (not is_active or "店長" not in roles)
        and by.groups.filter(name="店長").exists()
    ):
        raise DomainError(
            "自分自身を無効にしたり、店長から外したりはできません。", way_out="別の店長に頼んでください。"
        )
    staff.display_name, staff.is_active = display_name, is_active
    if password:
        staff.set_password(password)
    staff.save()
    staff.groups.set(Group.objects.filter(name__in=roles))
    activity.record(staff, "change", by=by, summary=f"{'・'.join(roles)} {'有効' if is_active else '無効'}")
