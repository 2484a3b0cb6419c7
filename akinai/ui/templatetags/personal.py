"""`{% load personal %}`: contact data as the person at the screen may see them: `{{ customer.phone|phone:perms }}`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template import Library

from akinai.core import masking

register = Library()
# The permission of the room of customers; its word alone, for the cellar knows no customers.
SEE = "party.see_contact_customer"


def _filter(rule: Callable[[str], str]) -> Callable[[Any, Any], str]:
    def shown(value: Any, perms: Any) -> str:
        text = str(value or "")
        return text if _may(perms) else rule(text)

    return shown


def _may(perms: Any) -> bool:
    """`perms` as templates have it. Without it nothing is shown."""
    try:
        return SEE in perms
    except TypeError:
        return False


register.filter("phone", _filter(masking.phone))
register.filter("mail", _filter(masking.mail))
register.filter("address", _filter(masking.address))
register.filter("contact_words", _filter(masking.words))
register.filter("if_contact", _filter(masking.hidden))
