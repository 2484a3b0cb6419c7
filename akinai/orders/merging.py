"""名寄せについていく受注・見積・定期購入."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from akinai.orders.models import Order, Quote, Subscription

if TYPE_CHECKING:
    from akinai.staff.models import Staff

MINE: dict[str, type[Order] | type[Quote] | type[Subscription]] = {
    "orders": Order, "quotes": Quote, "subscriptions": Subscription,
}  # fmt: skip


class OrdersFollow:
    """受注, 見積 and 定期購入 of the customer, whatever became of them."""

    code = "orders"

    def tell(self, customer_id: int) -> Sequence[tuple[str, str]]:
        found = [(model, model.objects.filter(customer_id=customer_id).count()) for model in MINE.values()]
        return [(str(model._meta.verbose_name), f"{count:,} 件") for model, count in found if count]

    def refuse(self, kept: int, gone: int, choice: str) -> tuple[str, str] | None:
        return None

    def follow(self, kept: int, gone: int, choice: str, *, by: Staff | None) -> dict[str, list[int]]:
        moved = {}
        for name, model in MINE.items():
            rows = model.objects.select_for_update(no_key=True).filter(customer_id=gone).order_by("pk")
            moved[name] = list(rows.values_list("pk", flat=True))
            model.objects.filter(pk__in=moved[name]).update(customer_id=kept)
        return moved

    def go_back(self, kept: int, gone: int, moved: dict[str, list[int]], *, by: Staff | None) -> None:
        for name, model in MINE.items():
            model.objects.filter(pk__in=moved[name], customer_id=kept).update(customer_id=gone)
