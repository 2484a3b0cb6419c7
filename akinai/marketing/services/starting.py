"""クーポンとポイントの決まりを用意する without a form: for the demo and for commands."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from akinai.core import activity, clock
from akinai.marketing.models import Coupon, PointSettings
from akinai.marketing.rules import fold

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def add_coupon(code: str, name: str, kind: str, amount: int, *, by: Staff | None, **terms: Any) -> int:
    """クーポンを作る. Out: its id."""
    coupon = Coupon.objects.create(
        code=fold(code), name=name, kind=kind, amount=amount, created_by=by, created_at=clock.now(), **terms
    )
    activity.record(coupon, "create", by=by, summary=coupon.words)
    return int(coupon.pk)


@transaction.atomic
def set_points(*, rate: str, channels: Sequence[str], by: Staff | None) -> None:
    """ポイントの付与率と店舗を決める."""
    row, _ = PointSettings.objects.update_or_create(
        pk=1, defaults={"rate": Decimal(rate), "channels": list(channels)}
    )
    activity.record(row, "update", by=by, summary=f"付与率 {rate}%")
