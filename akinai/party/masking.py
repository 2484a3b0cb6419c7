"""連絡先を伏せる: what of a telephone number, a mail address and an address is shown to whom it is no work of.

One place for the rule. Screens use the filters of `{% load personal %}`, lists `Column(mask=PHONE)`.
"""

from __future__ import annotations

from typing import Any

from akinai.core.masking import address, mail, phone, words
from akinai.ui.worklist import Mask

__all__ = [
    "ADDRESS",
    "MAIL",
    "PHONE",
    "SEE",
    "WORDS",
    "address",
    "mail",
    "may_see",
    "phone",
    "words",
]

SEE = "party.see_contact_customer"
PHONE, MAIL, ADDRESS, WORDS = (Mask(SEE, rule) for rule in (phone, mail, address, words))


def may_see(person: Any) -> bool:
    """May this person see contact data as they are?"""
    return bool(person.has_perm(SEE))
