"""名寄せ: tickets go with their customer, and come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from akinai.support.models import Ticket

if TYPE_CHECKING:
    from akinai.staff.models import Staff


class TicketsFollow:
    """問い合わせ of the customer."""

    code = "support"

    def tell(self, customer_id: int) -> Sequence[tuple[str, str]]:
        count = Ticket.objects.filter(customer_id=customer_id).count()
        return [("問い合わせ", f"{count:,} 件")] if count else []

    def refuse(self, kept: int, gone: int, choice: str) -> tuple[str, str] | None:
        return None

    def follow(self, kept: int, gone: int, choice: str, *, by: Staff | None) -> dict[str, Any]:
        moved = list(Ticket.objects.filter(customer_id=gone).values_list("pk", flat=True))
        Ticket.objects.filter(pk__in=moved).update(customer_id=kept)
        return {"tickets": moved}

    def go_back(self, kept: int, gone: int, moved: dict[str, Any], *, by: Staff | None) -> None:
        Ticket.objects.filter(pk__in=moved["tickets"], customer_id=kept).update(customer_id=gone)
