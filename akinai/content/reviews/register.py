"""What reviews bring to the other pages of the house (登録)."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from akinai.content import mail_texts as texts
from akinai.content import public_parts
from akinai.content.reviews import parts
from akinai.core import mail, mail_texts
from akinai.ui import navigation, tones


def register() -> None:
    navigation.register(
        "info", "レビュー", "review_office:list", permission="content.view_review", icon="star", order=54,
        badge=waiting, words="れびゅー 口コミ くちコミ 星 review",
    )  # fmt: skip
    navigation.register(
        "info", "商品の質問", "review_office:questions", permission="content.view_productquestion", icon="help", order=55,
        badge=open_questions, words="しつもん Q&A FAQ question", under="review_office:list",
    )  # fmt: skip
    tones.register("content.review.state", {"waiting": "warn", "published": "good", "hidden": "mute"})
    question = {"waiting": "warn", "answered": "good", "private": "info", "hidden": "mute"}
    tones.register("content.productquestion.state", question)
    mail_texts.register(texts.REVIEW)
    mail_texts.register(texts.ANSWER)
    mail.register_sort("review", "レビューのお願い", lambda _rest: reverse("review_office:list"))
    mail.register_sort("answer", "商品の質問への回答", _question_of)
    public_parts.register("product_side", parts.beside_product, order=10)
    public_parts.register("product_below", parts.below_product, order=20)
    public_parts.register("mypage", parts.for_member, order=40)


def _question_of(rest: str) -> str:
    return reverse("review_office:question", args=[rest.partition(":")[0]])


def waiting(request: HttpRequest) -> int:
    from akinai.content.reviews import queries

    return queries.waiting_count()


def open_questions(request: HttpRequest) -> int:
    from akinai.content.reviews import queries

    return queries.open_questions()
