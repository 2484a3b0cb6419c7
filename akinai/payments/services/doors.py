"""決済会社の選び方: which doors are in use, and which takes a kind of payment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.core.remembering import once
from akinai.payments.models import ProviderSwitch
from akinai.payments.provider_ports import PROVIDERS, Provider

if TYPE_CHECKING:
    from akinai.payments.models import PaymentRequest
    from akinai.staff.models import Staff

TWIN = "null"  # in use only where somebody has switched it on: the demo shop does


def switches() -> QuerySet[ProviderSwitch]:
    """Which doors somebody has switched on or off, for pages that gather it with other questions."""
    return ProviderSwitch.objects.all()


def remember_switches(found: Iterable[ProviderSwitch]) -> dict[str, bool]:
    """door → is it on, asked once for a page."""
    return once("provider switches", lambda: {one.provider: one.is_on for one in found})


def in_use() -> list[Provider]:
    """決済会社 with its keys that nobody has switched off."""
    told = remember_switches(switches())
    return [door for door in PROVIDERS.values() if door.is_ready and told.get(door.code, door.code != TWIN)]


def kinds_in_use() -> list[str]:
    """支払方法 for which a 決済リンク can be sent."""
    return list(dict.fromkeys(kind for door in in_use() for kind in door.kinds))


def door_for(kind: str) -> Provider:
    """The door that takes this kind of payment. Raises DomainError where none does."""
    found = next((door for door in in_use() if kind in door.kinds), None)
    if found is None:
        raise DomainError(
            "この支払方法を受けられる決済会社が設定されていません。",
            way_out="「決済会社」の画面で、鍵が設定されているか確かめてください。",
        )
    return found


def door_of(request: PaymentRequest) -> Provider:
    """The door behind a request. Raises DomainError where it is moved by hand, or its door is gone."""
    found = PROVIDERS.get(request.door)
    if found is None:
        raise DomainError(
            f"{request.number} は決済会社とつながっていません。",
            way_out="決済会社の画面で操作し、結果を記録してください。",
        )
    return found


@transaction.atomic
def switch_provider(code: str, *, is_on: bool, by: Staff | None) -> ProviderSwitch:
    """決済会社を使う・使わない. What is under way goes on either way."""
    if code not in PROVIDERS:
        raise DomainError("知らない決済会社です。", way_out="画面を開き直してください。")
    row, _ = ProviderSwitch.objects.update_or_create(
        provider=code, defaults={"is_on": is_on, "by": by, "switched_at": clock.now()}
    )
    word = "使い始めました" if is_on else "止めました"
    activity.record(row, "switch_provider", by=by, summary=f"{PROVIDERS[code].title} を{word}")
    return row
