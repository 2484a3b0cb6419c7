"""定期便を決める."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.shop.models import PlanOffer

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def save_offer(offer: PlanOffer, *, by: Staff | None) -> PlanOffer:
    """定期便を登録する・変える. What customers have begun keeps its price and its terms."""
    is_new = offer.pk is None
    try:
        with transaction.atomic():
            offer.save()
    except IntegrityError as twice:
        raise DomainError(
            "この商品の定期便はすでにあります。", way_out="一覧から開いて直してください。"
        ) from twice
    words = "・".join(title for _, title in offer.choices)
    state = "" if offer.is_on else "（停止）"
    summary = f"{offer.percent}% 引き、{words}、{offer.least_turns} 回以上{state}"
    activity.record(offer, "create" if is_new else "update", by=by, summary=summary)
    return offer
