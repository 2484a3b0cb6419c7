"""名寄せについていく声: answers, reviews and questions of a customer. What was said stays as it was said, under the key it had."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from akinai.content.models import ProductQuestion, Review, SurveyResponse

if TYPE_CHECKING:
    from akinai.staff.models import Staff

SAID: dict[str, tuple[type[Any], str]] = {
    "responses": (SurveyResponse, "アンケートの回答"), "reviews": (Review, "レビュー"), "questions": (ProductQuestion, "商品の質問"),
}  # fmt: skip


class VoicesFollow:
    """回答・レビュー・質問."""

    code = "voices"

    def tell(self, customer_id: int) -> Sequence[tuple[str, str]]:
        counted = [
            (title, model.objects.filter(customer_id=customer_id).count()) for model, title in SAID.values()
        ]
        return [(title, f"{count:,} 件") for title, count in counted if count]

    def refuse(self, kept: int, gone: int, choice: str) -> tuple[str, str] | None:
        return None

    def follow(self, kept: int, gone: int, choice: str, *, by: Staff | None) -> dict[str, list[int]]:
        """Which rows went along."""
        moved = {}
        for name, (model, _title) in SAID.items():
            rows = model.objects.filter(customer_id=gone)
            moved[name] = list(rows.order_by("pk").values_list("pk", flat=True))
            rows.update(customer_id=kept)
        return moved

    def go_back(self, kept: int, gone: int, moved: dict[str, list[int]], *, by: Staff | None) -> None:
        for name, ids in moved.items():
            SAID[name][0].objects.filter(pk__in=ids, customer_id=kept).update(customer_id=gone)
