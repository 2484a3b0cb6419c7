"""個人データを持つ部屋としての在庫: pieces that were kept aside for a person."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from akinai.party.erasing import GONE
from akinai.party.ports import Erasee, Hindrance, Section, Share, Traces, keys_of, told
from akinai.stock.models import KeepAside
from akinai.stock.states import KeepState


class KeepsHeld:
    """取置."""

    code = "stock"

    def disclose(self, customer_ids: Sequence[int]) -> Sequence[Section]:
        kept = KeepAside.objects.filter(customer__in=customer_ids).order_by("pk")
        return [Section("取置", told(kept, "number", "quantity", "until_on", "state"))]

    def trace(self, customer_ids: Sequence[int]) -> Traces:
        return Traces(rows=keys_of(KeepAside.objects.filter(customer__in=customer_ids)))

    def hinder(self, customer_ids: Sequence[int]) -> Sequence[Hindrance]:
        rows = KeepAside.objects.filter(customer__in=customer_ids, state=KeepState.KEPT)
        return [
            Hindrance(f"取置 {one.number} が残っています。", "受注に使うか、取置を解いてください。", reverse("stock:kept", args=[one.number]))
            for one in rows.order_by("pk")[:20]
        ]  # fmt: skip

    def shares(self, erasee: Erasee) -> Sequence[Share]:
        return [Share("取置の用途", KeepAside.objects.filter(customer__in=erasee.customer_ids), {"purpose": GONE})]  # fmt: skip
