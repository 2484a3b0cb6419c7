"""個人データを持つ部屋としてのマーケティング: points and coupons are ledgers that name a customer's number; once he is blank they name nobody."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.marketing.models import CouponCode, CouponUse, PointEntry
from akinai.party import keeping
from akinai.party.ports import Erasee, Hindrance, Section, Share, Traces, told


class PerksHeld:
    """ポイント・クーポン."""

    code = "marketing"

    def disclose(self, customer_ids: Sequence[int]) -> Sequence[Section]:
        points = PointEntry.objects.filter(customer__in=customer_ids).order_by("pk")
        codes = CouponCode.objects.filter(customer__in=customer_ids).order_by("pk")
        return [
            Section("ポイント", told(points, "at", "kind", "points", "expires_on")),
            Section("お渡ししたクーポン", told(codes, "code", "expires_on", "is_used")),
        ]

    def trace(self, customer_ids: Sequence[int]) -> Traces:
        return Traces()

    def hinder(self, customer_ids: Sequence[int]) -> Sequence[Hindrance]:
        return []

    def shares(self, erasee: Erasee) -> Sequence[Share]:
        mine = {"customer__in": erasee.customer_ids}
        return [
            Share("まだ使われていないクーポンのコード", CouponCode.objects.filter(is_used=False, **mine), {"customer": None}),
            Share("クーポンの使用の記録（顧客番号だけ）", CouponUse.objects.filter(**mine), law=keeping.TAX_PAPERS,
                  columns=["marketing_couponuse.reason"]),
            Share("ポイントの記録（顧客番号だけ）", PointEntry.objects.filter(**mine), law=keeping.TAX_PAPERS,
                  columns=["marketing_pointentry.note"]),
        ]  # fmt: skip
