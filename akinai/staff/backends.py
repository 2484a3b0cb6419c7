"""Login by name and password; a person's permissions come with the person, in one query (権限の読み込み)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, Value
from django.db.models.functions import Concat

from akinai.staff.models import Staff

# Own permissions and those of the roles (groups), as "orders.view_order".
_HELD = (
    Permission.objects.filter(Q(user=OuterRef("pk")) | Q(group__user=OuterRef("pk")))
    .order_by()
    .values(full_name=Concat(F("content_type__app_label"), Value("."), F("codename")))
    .distinct()
)


class StaffBackend(ModelBackend):
    """Every office page asks several permissions; Django alone would ask the database twice for them."""

    def get_user(self, user_id: Any) -> Staff | None:
        staff = Staff._default_manager.annotate(held=ArraySubquery(_HELD)).filter(pk=user_id).first()
        if staff is None or not self.user_can_authenticate(staff):
            return None
        if not staff.is_superuser:
            # Where ModelBackend keeps what it has read.
            permissions = set(staff.held)  # type: ignore[attr-defined]
            for name in ("_perm_cache", "_user_perm_cache", "_group_perm_cache"):
                setattr(staff, name, permissions)
        return staff
