"""開示: what a person wrote for others to read."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.content.erasing import VoicesErased
from akinai.content.models import ProductQuestion, Review
from akinai.party.ports import Section, told


class VoicesTold(VoicesErased):
    """レビューと商品の質問."""

    code = "content"

    def disclose(self, customer_ids: Sequence[int]) -> Sequence[Section]:
        reviews = Review.objects.filter(customer__in=customer_ids).select_related("product").order_by("pk")
        asked = (
            ProductQuestion.objects.filter(customer__in=customer_ids).select_related("product").order_by("pk")
        )
        return [
            Section(
                "レビュー",
                told(reviews, "product", "stars", "title", "text", "nickname", "state", "created_at"),
            ),
            Section(
                "商品の質問",
                told(asked, "product", "text", "nickname", "email", "state", "answer", "created_at"),
            ),
        ]
