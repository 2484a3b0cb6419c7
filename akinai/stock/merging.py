"""名寄せについていく取置."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from akinai.stock.models import KeepAside

if TYPE_CHECKING:
    from akinai.staff.models import Staff


class KeepsFollow:
    """取置 for the customer."""

    code = "keeps"

    def tell(self, customer_id: int) -> Sequence[tuple[str, str]]:
        count = KeepAside.objects.filter(customer_id=customer_id).count()
        return [("取置", f"{count:,} 件")] if count else []

    def refuse(self, kept: int, gone: int, choice: str) -> tuple[str, str] | None:
        return None

    def follow(self, kept: int, gone: int, choice: str, *, by: Staff | None) -> list[int]:
        ids = list(KeepAside.objects.filter(customer_id=gone).values_list("pk", flat=True))
        KeepAside.objects.filter(pk__in=ids).update(customer_id=kept)
        return ids

    def go_back(self, kept: int, gone: int, moved: list[int], *, by: Staff | None) -> None:
        KeepAside.objects.filter(pk__in=moved, customer_id=kept).update(customer_id=gone)
