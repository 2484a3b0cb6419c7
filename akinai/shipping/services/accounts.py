"""運送会社の設定."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity
from akinai.shipping.models import CarrierAccount

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def save_account(
    *,
    carrier: str,
    customer_code: str = "",
    sub_code: str = "",
    freight_no: str = "",
    tracking_url: str = "",
    extra: Mapping[str, str] | None = None,
    is_default: bool = False,
    by: Staff | None,
) -> CarrierAccount:
    """Register or change the contract with one carrier; making it the default takes that from the other."""
    if is_default:
        CarrierAccount.objects.exclude(carrier=carrier).filter(is_default=True).update(is_default=False)
    account, _ = CarrierAccount.objects.update_or_create(
        carrier=carrier,
        defaults={
            "customer_code": customer_code,
            "sub_code": sub_code,
            "freight_no": freight_no,
            "tracking_url": tracking_url,
            "extra": dict(extra or {}),
            "is_default": is_default,
        },
    )
    activity.record(account, "save", by=by, summary=f"{carrier} の設定を保存")
    return account
