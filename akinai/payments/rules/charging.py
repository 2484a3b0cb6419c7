"""登録カードへの請求の決まり (pure): when a declined card is tried again, and when the turn is given up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

NO_CARD = "no_card"
# Asking the same card again is of no use: its owner has to do something first.
HOPELESS = frozenset({
    NO_CARD, "authentication_required", "expired_card", "lost_card", "stolen_card", "pickup_card", "restricted_card",
    "invalid_account", "new_account_information_available", "revocation_of_authorization",
    "revocation_of_all_authorizations", "stop_payment_order", "resource_missing", "payment_method_unexpected_state",
})  # fmt: skip


def next_try(declined_on: date, ladder: Sequence[int], *, today: date, code: str) -> date | None:
    """The next day of the ladder after today; None where asking again is of no use or the ladder is at its end."""
    if code in HOPELESS:
        return None
    days = (declined_on + timedelta(days=days) for days in sorted(set(ladder)))
    return next((day for day in days if day > today), None)


def cancel_day(declined_on: date, cancel_days: int) -> date:
    """The last day on which the buyer can still pay."""
    return declined_on + timedelta(days=cancel_days)
