"""The cast of surveys and reviews: a survey with a branch, and a buyer whose goods have left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from akinai.catalog.models import Product, Sku
from akinai.content.models import Survey, SurveyQuestion
from akinai.content.surveys import editing
from akinai.orders.models import Order
from tests import cast

YES, NO = {"key": "o1", "label": "はい"}, {"key": "o2", "label": "いいえ"}


def question(survey: Survey, kind: str, title: str, **told: Any) -> SurveyQuestion:
    begins = told.pop("begins_page", False)
    return editing.save_question(
        SurveyQuestion(survey=survey, kind=kind, title=title, **told), begins_page=begins, by=None
    )


def survey(**told: Any) -> Survey:
    """はじめてか (q1) → はじめてでなければ回数 (q2, the same page) → おすすめ度 (q3) → 低ければ理由 (q4)."""
    made = editing.save_survey(Survey(**{"slug": "autumn", "title": "秋のアンケート", **told}), by=None)
    question(made, "single", "はじめてのご利用ですか", required=True, options=[YES, NO])
    question(made, "number", "何回目ですか", required=True, settings={"min": 2, "max": 99},
             condition={"all": [{"q": "q1", "op": "is", "value": "o2"}]})  # fmt: skip
    question(made, "nps", "おすすめ度", required=True, begins_page=True)
    question(
        made, "long", "理由をお聞かせください", condition={"all": [{"q": "q3", "op": "lte", "value": 6}]}
    )
    editing.open_survey(made, by=None)
    return made


def tea() -> Product:
    """A product the public may see."""
    cast.company()
    product = Product.objects.get(skus=cast.sku("TEA-1", pieces=9, price=1296))
    Sku.objects.filter(product=product).update(needs_review=False)
    return product


def left(no: str = "A-1", *, days: int = 14, **changes: Any) -> Order:
    """An order whose goods left so many days ago."""
    order = cast.place(cast.draft(no, ("TEA-1", 1, 1296), **changes))
    Order.objects.filter(pk=order.pk).update(state="shipped", shipped_at=cast.NOW - timedelta(days=days))
    order.refresh_from_db()
    return order
