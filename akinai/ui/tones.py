"""Colours of states (状態の色): one word per state, so that the same state looks the same on every screen."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models

TONES = ("", "good", "warn", "bad", "info", "accent", "mute")

# Words that several rooms share. A room's own table comes first.
COMMON = {
    "on_hold": "warn", "awaiting_payment": "warn", "awaiting_stock": "warn", "ready": "info", "picking": "accent",
    "shipped": "good", "completed": "good", "cancelled": "mute", "instructed": "info", "packed": "accent",
    "delivered": "good", "withdrawn": "mute", "draft": "mute", "posted": "good", "reversed": "mute",
    "discarded": "mute", "issued": "good", "sent": "good", "queued": "info", "failed": "bad", "open": "warn",
    "proposed": "accent", "matched": "good", "partial": "warn", "set_aside": "mute", "none": "", "done": "good",
    "not_needed": "mute", "exception": "bad", "pending": "warn", "accepted": "good", "dismissed": "mute",
    "active": "good", "inactive": "mute", "applied": "good", "refused": "bad", "preview": "info", "undone": "mute",
}  # fmt: skip
_registered: dict[str, Mapping[str, str]] = {}


def register(field: str, tones: Mapping[str, str]) -> None:
    """Tones of one model field, named "orders.order.state". Raises ValueError for an unknown tone."""
    for value, tone in tones.items():
        if tone not in TONES:
            raise ValueError(f"unknown tone {tone!r} for {field} {value!r}; one of {', '.join(TONES[1:])}")
    _registered[field.lower()] = {str(value): tone for value, tone in tones.items()}


def tone_of(field: str, value: str) -> str:
    """The tone of `value`: the room's word first, then the common one, else plain."""
    return _registered.get(field.lower(), {}).get(value, COMMON.get(value, ""))


def state_of(obj: models.Model, field: str = "state") -> tuple[str, str]:
    """(label, tone) of a field with choices, as a badge shows it."""
    value = getattr(obj, field)
    display = getattr(obj, f"get_{field}_display", None)
    label = str(display()) if display else str(value if value is not None else "")
    return label, tone_of(f"{obj._meta.label_lower}.{field}", str(value))
