"""運送会社の設定."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.orders import services as orders
from akinai.shipping import queries
from akinai.shipping.models import CarrierAccount
from akinai.shipping.ports import settings_of

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def save_account(
    *,
    carrier: str,
    settings: Mapping[str, str] | None = None,
    tracking_url: str = "",
    is_default: bool = False,
    by: Staff | None,
) -> CarrierAccount:
    """Register or change the contract with one carrier; making it the default takes that from the other.

    `settings` are those the carrier's door declares, and its 集荷時刻, which 出荷期限 of what waits follow at once. Raises DomainError with the reason for the first wrong one.
    """
    kept = _read(carrier, settings or {})
    if is_default:
        CarrierAccount.objects.exclude(carrier=carrier).filter(is_default=True).update(is_default=False)
    account, _ = CarrierAccount.objects.update_or_create(
        carrier=carrier,
        defaults={"settings": kept, "tracking_url": tracking_url, "is_default": is_default},
    )
    activity.record(account, "save", by=by, summary=f"{queries.name_of(carrier)} の設定を保存")
    orders.renew_ship_by()
    return account


def _read(carrier: str, given: Mapping[str, str]) -> dict[str, str]:
    """What is kept: values that are right and not empty."""
    try:
        read = {one.name: one.read(given[one.name]) for one in settings_of(carrier) if one.name in given}
    except ValueError as reason:
        raise DomainError(str(reason), way_out="契約書や送り状ソフトの画面で確かめてください。") from reason
    return {name: value for name, value in read.items() if value}
