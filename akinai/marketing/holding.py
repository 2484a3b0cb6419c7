"""個人データを持つ部屋としてのマーケティング: points and coupons are ledgers that name a customer's number; once he is blank they name nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from akinai.core import clock
from akinai.marketing.models import CouponCode, CouponUse, PointEntry
from akinai.party import keeping
from akinai.party.findings import MOST, stands_in
from akinai.party.ports import Erasee, Finding, Hindrance, Section, Share, Traces, mentions, told


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
            Share("まだ使われていないクーポンのコード", CouponCode.objects.filter(is_used=False, **mine), _nobodys()),
            Share("クーポンの使用の記録（顧客番号だけ）", CouponUse.objects.filter(**mine), law=keeping.TAX_PAPERS,
                  columns=["marketing_couponuse.reason"]),
            Share("ポイントの記録（顧客番号だけ）", PointEntry.objects.filter(**mine), law=keeping.TAX_PAPERS,
                  columns=["marketing_pointentry.note"]),
        ]  # fmt: skip


class PointNotes:
    """ポイントの理由 as colleagues wrote them. The ledger keeps its words, so whoever approves must know of them."""

    code = "points"
    title = "ポイントの訂正・進呈の理由"

    def find(self, words: Sequence[str], parts: Sequence[str]) -> Sequence[Finding]:
        rows = mentions(PointEntry.objects.exclude(note=""), [*words, *parts], "note")
        return [
            Finding(
                f"{self.code}:{row.pk}", f"{row.note}（{row.at:%Y/%m/%d} {row.points:+,} ポイント）", str(row.by or "システム"),
                is_sure=stands_in(row.note, words), stays="台帳なので消えません",
            )
            for row in rows.select_related("by").order_by("pk")[:MOST]
        ]  # fmt: skip

    def take(self, keys: Sequence[int]) -> int:
        """Nothing: a ledger only grows."""
        return 0


def _nobodys() -> dict[str, Any]:
    """A code whose owner is erased is over: without him it would be anybody's."""
    return {"customer": None, "person": "", "expires_on": clock.today() - timedelta(days=1)}
