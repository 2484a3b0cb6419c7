"""決済会社とのやりとりの照会."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse

from akinai.payments.models import PaymentRequest, ProviderCall, ProviderSwitch, WebhookEvent
from akinai.payments.provider_ports import PROVIDERS
from akinai.payments.states import CALL_OPEN, EventState

if TYPE_CHECKING:
    from akinai.payments.queries.money import Person


def calls_seen_by(user: Person) -> QuerySet[ProviderCall]:
    """決済会社への依頼の一覧."""
    rows = ProviderCall.objects.select_related("request__order__channel", "asked_by").defer(
        "request__order__search_text", "request__order__search_grams", "request__order__raw"
    )
    return rows if user.has_perm("payments.view_providercall") else rows.none()


def webhooks_seen_by(user: Person) -> QuerySet[WebhookEvent]:
    """決済会社からの知らせの一覧."""
    rows = WebhookEvent.objects.select_related("request").defer("payload")
    return rows if user.has_perm("payments.view_webhookevent") else rows.none()


def calls_of(request: PaymentRequest) -> list[ProviderCall]:
    return list(request.calls.select_related("asked_by").order_by("-id")) if request.door else []


def told_of(request: PaymentRequest, *, limit: int = 20) -> list[WebhookEvent]:
    """知らせ about one 決済, newest first."""
    return list(request.told.defer("payload").order_by("-created_at", "-id")[:limit]) if request.door else []


def talks_to_do() -> int:
    """What a person must see to: acts that were refused, notices that cannot be right."""
    calls = ProviderCall.objects.filter(state__in=CALL_OPEN).count()
    return calls + WebhookEvent.objects.filter(state=EventState.FAILED).count()


@dataclass(frozen=True, slots=True)
class DoorState:
    """決済会社 as the settings page shows it."""

    code: str
    title: str
    is_ready: bool
    is_live: bool
    is_on: bool
    webhook_url: str
    heard_at: datetime | None
    failed: int


def doors() -> list[DoorState]:
    """決済会社, each with its keys there or not, and when it was heard of last. Two queries."""
    switches = dict(ProviderSwitch.objects.values_list("provider", "is_on"))
    told: dict[str, dict[str, Any]] = {
        row["provider"]: dict(row)
        for row in WebhookEvent.objects.values("provider")
        .annotate(last=Max("received_at"), failed=Count("pk", filter=Q(state=EventState.FAILED)))
        .order_by()
    }
    base = settings.PUBLIC_URL.rstrip("/")
    found = []
    for door in PROVIDERS.values():
        heard = told.get(door.code, {})
        is_on = door.is_ready and switches.get(door.code, door.code != "null")
        address = f"{base}{reverse('webhook', args=[door.code])}" if base else ""
        found.append(DoorState(door.code, door.title, door.is_ready, door.is_live, is_on, address,
                               heard.get("last"), heard.get("failed", 0)))  # fmt: skip
    return [one for one in found if one.code != "null" or one.is_on]
