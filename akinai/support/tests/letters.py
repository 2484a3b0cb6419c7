"""届いたメール for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from akinai.orders.models import Order
from akinai.support.ports import Arrival
from tests.cast import draft, place, sku, somebody


def letter(text: str = "荷物が届きません。", **told: Any) -> Arrival:
    """A letter of 山田 花子; whatever is told takes the place of what she wrote."""
    mark = uuid4().hex
    usual: dict[str, Any] = {
        "raw": f"mail {mark}".encode(), "came_from": "test", "message_id": f"<{mark}@example.jp>",
        "sender_address": "hanako@example.jp", "sender_name": "山田 花子", "recipients": ("shop@example.jp",),
        "subject": "届きません",
    }  # fmt: skip
    return Arrival(**(usual | {"text": text} | told))


def order(no: str, *, mail: str, phone: str = "090-0000-1001") -> Order:
    """An order of a customer of its own, known by its mail address."""
    sku(f"TEA-{no}", pieces=50)
    who = replace(somebody(no), email=mail, phone=phone)
    return place(draft(no, (f"TEA-{no}", 1, 1080), buyer=who, ship_to=who))
