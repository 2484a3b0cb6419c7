"""名寄せについていくもの: points with their last days, codes that were given, and how often coupons were used."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import F

from akinai.marketing.models import CouponCode, CouponTally, PointEntry, PointLot
from akinai.marketing.services import ledger, points
from akinai.marketing.services.ledger import Write

if TYPE_CHECKING:
    from akinai.staff.models import Staff


class PerksFollow:
    """ポイントとクーポン of the customer."""

    code = "marketing"

    def tell(self, customer_id: int) -> Sequence[tuple[str, str]]:
        found = [("ポイント", points.balance(customer_id), "ポイント"),
                 ("クーポンのコード", CouponCode.objects.filter(customer_id=customer_id).count(), "件")]  # fmt: skip
        return [(title, f"{count:,} {unit}") for title, count, unit in found if count]

    def refuse(self, kept: int, gone: int, choice: str) -> tuple[str, str] | None:
        return None

    def follow(self, kept: int, gone: int, choice: str, *, by: Staff | None) -> dict[str, Any]:
        for one in sorted((kept, gone)):  # always in this order, so that nobody waits in a ring
            ledger.hold(one)
        codes = list(CouponCode.objects.filter(customer_id=gone).values_list("pk", flat=True))
        CouponCode.objects.filter(pk__in=codes).update(customer_id=kept)
        return {
            "lots": _move_lots(_open(gone), gone, kept, "名寄せ", by),
            "codes": codes,
            "tallies": _move_tallies(gone, kept),
        }

    def go_back(self, kept: int, gone: int, moved: dict[str, Any], *, by: Staff | None) -> None:
        """What is left of the lots that came then; what was used since is used."""
        for one in sorted((kept, gone)):
            ledger.hold(one)
        _move_lots(_open(kept).filter(pk__in=moved["lots"]), kept, gone, "名寄せの取消", by)
        CouponCode.objects.filter(pk__in=moved["codes"], customer_id=kept).update(customer_id=gone)
        for coupon, used in moved["tallies"]:
            CouponTally.objects.filter(coupon_id=coupon, person=f"customer:{kept}").update(
                used=F("used") - used
            )
            CouponTally.objects.filter(coupon_id=coupon, person=f"customer:{gone}").update(
                used=F("used") + used
            )


def _open(customer_id: int) -> Any:
    return PointLot.objects.filter(customer_id=customer_id, left_points__gt=0).order_by("pk")


def _move_lots(lots: Any, source: int, target: int, note: str, by: Staff | None) -> list[int]:
    """Out: the entries that opened the lots at the target."""
    made, mark = [], uuid.uuid4().hex
    for lot in list(lots):
        kind, key = PointEntry.Kind.MOVED, f"move:{mark}:{lot.pk}"
        ledger.write(Write(source, -lot.left_points, kind, f"{key}:out", note=note), by=by, only=lot.pk)
        told = Write(target, lot.left_points, kind, f"{key}:in", expires_on=lot.expires_on, note=note)
        made.append(ledger.write(told, by=by).pk)
    return made


def _move_tallies(gone: int, kept: int) -> list[tuple[int, int]]:
    rows = list(
        CouponTally.objects.select_for_update(no_key=True).filter(person=f"customer:{gone}", used__gt=0).order_by("coupon_id")
    )  # fmt: skip
    for row in rows:
        CouponTally.objects.bulk_create(
            [CouponTally(coupon_id=row.coupon_id, person=f"customer:{kept}")], ignore_conflicts=True
        )
        CouponTally.objects.filter(coupon_id=row.coupon_id, person=f"customer:{kept}").update(
            used=F("used") + row.used
        )
        CouponTally.objects.filter(pk=row.pk).update(used=0)
    return [(row.coupon_id, row.used) for row in rows]
