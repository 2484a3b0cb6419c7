"""連絡先を伏せる: what of a telephone number, a mail address and an address is shown to whom it is no work of.

One place for the rule. Screens use the filters of `{% load personal %}`, lists `Column(mask=PHONE)`, everything else
`shown(value, rule, person)`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from akinai.core.masking import address, hidden, mail, phone, words
from akinai.ui.worklist import Mask

__all__ = [
    "ADDRESS",
    "MAIL",
    "PHONE",
    "SEE",
    "WORDS",
    "address",
    "hidden",
    "mail",
    "may_see",
    "phone",
    "shown",
    "words",
]

SEE = "party.see_contact_customer"
PHONE, MAIL, ADDRESS, WORDS = (Mask(SEE, rule) for rule in (phone, mail, address, words))


def may_see(person: Any) -> bool:
    """May this person see contact data as they are?"""
    return bool(person.has_perm(SEE))


def shown(value: str, rule: Callable[[str], str], person: Any) -> str:
    """`value` as this person may see it."""
    return value if may_see(person) else rule(value)
