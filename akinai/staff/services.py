"""担当者の操作: added, given roles, put to rest; never deleted, because history names them."""

from __future__ import annotations

from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import transaction

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.staff.models import Staff
from akinai.staff.roles import MANAGER


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
    """役割・有効を変える. Nobody locks themselves out, and one active 店長 always stays.

    Raises DomainError. A new password logs the person out everywhere.
    """
    _refuse_to_lock_oneself_out(staff, roles, is_active, by)
    staff.display_name, staff.is_active = display_name, is_active
    if password:
        staff.set_password(password)
    staff.save()
    staff.groups.set(Group.objects.filter(name__in=roles))
    _refuse_without_manager()
    said = f"{'・'.join(roles)} {'有効' if is_active else '無効'}{' パスワードを変更' if password else ''}"
    activity.record(staff, "change", by=by, summary=said)


def _refuse_to_lock_oneself_out(staff: Staff, roles: Sequence[str], is_active: bool, by: Staff) -> None:
    stays = is_active and (MANAGER in roles or not by.groups.filter(name=MANAGER).exists())
    if staff.pk == by.pk and not stays:
        raise DomainError(
            "自分自身を無効にしたり、店長から外したりはできません。", way_out="別の店長に頼んでください。"
        )


def _refuse_without_manager() -> None:
    """Two managers who rest each other at one time meet at the group's row; the second one is refused."""
    Group.objects.select_for_update().get(name=MANAGER)
    if not Staff.objects.filter(is_active=True, groups__name=MANAGER).exists():
        raise DomainError("有効な店長がいなくなります。", way_out="先に別の担当者を店長にしてください。")


@transaction.atomic
def reset_second_factor(staff: Staff, *, by: Staff) -> None:
    """二段階認証の解除 for somebody who lost the telephone. Raises DomainError for oneself and when there is none."""
    if staff.pk == by.pk:
        raise DomainError(
            "自分の二段階認証はここでは外せません。", way_out="「二段階認証」の画面を使ってください。"
        )
    gone, _ = Authenticator.objects.filter(user=staff).delete()
    if not gone:
        raise DomainError("二段階認証は使われていません。", way_out="画面を開き直してください。")
    activity.record(staff, "reset_second_factor", by=by, summary="二段階認証を解除")
