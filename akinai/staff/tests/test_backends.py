"""権限の読み込み: in one query with the person, and exactly what Django itself would say."""

from __future__ import annotations

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission
from pytest_django import DjangoAssertNumQueries

from akinai.staff.backends import StaffBackend
from akinai.staff.models import Staff


@pytest.fixture
def suzuki(db: None) -> Staff:
    """経理 by role, and one permission of her own."""
    person = Staff.objects.create(username="suzuki", display_name="鈴木")
    person.groups.set(Group.objects.filter(name="経理"))
    person.user_permissions.set(Permission.objects.filter(codename="change_outgoingmail"))
    return person


def test_a_person_holds_what_roles_and_own_permissions_give(
    suzuki: Staff, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        read = StaffBackend().get_user(suzuki.pk)
        assert read is not None
        held = {read.has_perm("payments.view_bankline"), read.has_perm("core.change_outgoingmail")}
        assert (held, read.has_perm("staff.delete_staff")) == ({True}, False)
    assert read.get_all_permissions() == ModelBackend().get_all_permissions(suzuki)


def test_an_outsider_holds_nothing_and_the_owner_everything(db: None) -> None:
    outsider = StaffBackend().get_user(Staff.objects.create(username="stranger").pk)
    owner = StaffBackend().get_user(Staff.objects.create(username="owner", is_superuser=True).pk)
    assert outsider and outsider.get_all_permissions() == set()
    assert owner and owner.has_perm("staff.delete_staff")


def test_who_has_left_is_not_let_in_by_an_old_session(suzuki: Staff) -> None:
    Staff.objects.update(is_active=False)
    assert StaffBackend().get_user(suzuki.pk) is None
