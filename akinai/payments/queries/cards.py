"""定期便のカードと請求の照会."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from akinai.payments.models import KeptCard, TurnCharge
from akinai.payments.states import CardState, ChargeState

if TYPE_CHECKING:
    from akinai.payments.queries.money import Person

BESIDE = ("order__search_text", "order__search_grams", "order__raw")


def charges_seen_by(user: Person) -> QuerySet[TurnCharge]:
    """定期便の請求の一覧."""
    rows = TurnCharge.objects.select_related("order", "request", "subscription", "card").defer(*BESIDE)
    return rows if user.has_perm("payments.view_turncharge") else rows.none()


def charges_of(subscription_id: int) -> list[TurnCharge]:
    """定期便の請求 of one 定期便, the newest first."""
    rows = TurnCharge.objects.filter(subscription=subscription_id).select_related("order", "request", "card")
    return list(rows.defer(*BESIDE).order_by("-pk")[:20])


def charges_waiting() -> int:
    """Turns that wait for their buyer."""
    return TurnCharge.objects.filter(state=ChargeState.WAITING).count()


def cards_of(subscription_ids: Iterable[int]) -> dict[int, KeptCard]:
    """定期便 → the card in use. One query."""
    rows = KeptCard.objects.filter(subscription__in=list(subscription_ids), state=CardState.KEPT)
    return {one.subscription_id: one for one in rows}


def past_cards(subscription_id: int) -> list[KeptCard]:
    """Earlier cards of a 定期便, for the office."""
    rows = KeptCard.objects.filter(subscription=subscription_id).exclude(state=CardState.KEPT)
    return list(rows.order_by("-pk")[:5])


def waiting_charges_of(subscription_ids: Iterable[int]) -> dict[int, TurnCharge]:
    """定期便 → its turn that waits for the buyer. One query."""
    rows = TurnCharge.objects.filter(subscription__in=list(subscription_ids), state=ChargeState.WAITING)
    return {one.subscription_id: one for one in rows.select_related("request", "order").order_by("pk")}
