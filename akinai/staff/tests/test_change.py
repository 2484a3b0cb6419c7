"""担当者の変更: roles and rest, and always one 店長."""

from __future__ import annotations

import pytest

from akinai.core.errors import DomainError
from akinai.staff import services
from akinai.staff.models import Staff
from tests.cast import staff

pytestmark = pytest.mark.django_db


def change(person: Staff, by: Staff, *roles: str, is_active: bool = True) -> None:
    services.change_staff(person, display_name=person.display_name, roles=roles, is_active=is_active, by=by)


def test_roles_are_replaced(django_user_model: type[Staff]) -> None:
    sato = staff("佐藤")
    change(sato, staff("伊藤"), "倉庫", "経理")
    assert set(sato.groups.values_list("name", flat=True)) == {"倉庫", "経理"}


def test_a_manager_does_not_lock_themselves_out() -> None:
    ito = staff("伊藤")
    for roles, is_active in ((("受注",), True), (("店長",), False)):
        with pytest.raises(DomainError):
            change(ito, ito, *roles, is_active=is_active)
    ito.refresh_from_db()
    assert (ito.is_active, list(ito.groups.values_list("name", flat=True))) == (True, ["店長"])


def test_one_active_manager_always_stays() -> None:
    ito = staff("伊藤")
    owner = Staff.objects.create(username="owner", is_superuser=True)
    with pytest.raises(DomainError, match="有効な店長がいなくなります"):
        change(ito, owner, "店長", is_active=False)
    ito.refresh_from_db()
    assert ito.is_active
