"""佐藤 works with mails; 部外者 has no role."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.test import Client

from akinai.staff.models import Staff


def sato() -> Staff:
    """May see and change mails, by a role."""
    person = Staff.objects.create(username="sato", display_name="佐藤")
    wanted = ["view_outgoingmail", "change_outgoingmail"]
    person.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    return person


def stranger() -> Staff:
    return Staff.objects.create(username="stranger", display_name="部外者")


def logged_in(person: Staff) -> Client:
    client = Client()
    client.force_login(person)
    return client
