"""レビューの照会."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects

from akinai.content.models import HelpfulVote, ProductQuestion, Review, ReviewSettings, ReviewTally
from akinai.core.gathering import gather
from akinai.orders import queries as orders

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from akinai.catalog.models import Product
    from akinai.content.surveys.people import Who
    from akinai.staff.models import Staff

SORTS = {
    "new": ("新しい順", ("-published_at", "-pk")), "helpful": ("参考になった順", ("-helpful", "-published_at", "-pk")),
    "high": ("評価の高い順", ("-stars", "-published_at", "-pk")), "low": ("評価の低い順", ("stars", "-published_at", "-pk")),
}  # fmt: skip
MOST_ORDERS = 100


@dataclass(frozen=True, slots=True)
class Buy:
    """A product this person has received, the order that proves it, and the review there is already."""

    product: Product
    order_id: int
    customer_id: int | None
    review: Review | None


def settings() -> ReviewSettings:
    return ReviewSettings.objects.filter(pk=1).first() or ReviewSettings(pk=1)


def tally(product_id: int) -> ReviewTally:
    """評価の合計 of a product; zeros where nobody has written."""
    return ReviewTally.objects.filter(pk=product_id).first() or ReviewTally(product_id=product_id)


def tallies(product_ids: Sequence[int]) -> dict[int, ReviewTally]:
    """For lists of goods: one query."""
    return {row.product_id: row for row in ReviewTally.objects.filter(pk__in=list(product_ids))}


@dataclass(frozen=True, slots=True)
class Voice:
    """お客様の声 of one product, as its page shows them."""

    tally: ReviewTally
    reviews: Sequence[Review]
    questions: Sequence[ProductQuestion]


def voice(product: Product, who: Who, *, most: int) -> Voice:
    """The newest reviews and questions with the rating: one query, another where reviews have pictures to show.

    Kept on the product, because several places of one page ask.
    """
    kept: Voice | None = getattr(product, "voice", None)
    if kept is None:
        rows = with_votes(published(product.pk), who)[:most]
        tallies, reviews, questions = gather(
            ReviewTally.objects.filter(pk=product.pk), rows, answered(product.pk)[:most]
        )
        prefetch_related_objects(reviews, "photos")
        kept = Voice(next(iter(tallies), None) or ReviewTally(product_id=product.pk), reviews, questions)
        product.voice = kept  # type: ignore[attr-defined]
    return kept


def published(product_id: int, *, sort: str = "new", stars: int = 0) -> QuerySet[Review]:
    rows = Review.objects.filter(product_id=product_id, state=Review.State.PUBLISHED)
    if stars:
        rows = rows.filter(stars=stars)
    return rows.order_by(*SORTS.get(sort, SORTS["new"])[1]).prefetch_related("photos")


def with_votes(rows: QuerySet[Review], who: Who) -> QuerySet[Review]:
    """`voted`: has this person said that it helped?"""
    mine = HelpfulVote.objects.filter(review=OuterRef("pk"), person_key=who.key)
    return rows.annotate(voted=Exists(mine))


def answered(product_id: int) -> QuerySet[ProductQuestion]:
    """質問と回答 as everybody reads them."""
    rows = ProductQuestion.objects.filter(product_id=product_id, state=ProductQuestion.State.ANSWERED)
    return rows.order_by("-answered_at", "-pk")


def bought(who: Who) -> list[Buy]:
    """What this person may write about: goods of orders that have left, each once, newest first. Three queries."""
    found = orders.shipped()
    if who.customer_id:
        found = found.filter(customer_id=who.customer_id)
    elif who.order_id:
        found = found.filter(pk=who.order_id)
    else:
        return []
    customers = dict(found.order_by("-shipped_at", "-pk").values_list("pk", "customer_id")[:MOST_ORDERS])
    place = {pk: at for at, pk in enumerate(customers)}
    lines = [one for one in orders.lines_of(list(customers)) if one.sku_id and one.quantity]
    written = {row.product_id: row for row in Review.objects.filter(buyer_key=who.key)}
    buys: dict[int, Buy] = {}
    for line in sorted(lines, key=lambda line: place[line.order_id]):
        product: Any = line.sku.product  # type: ignore[union-attr]
        buy = Buy(product, line.order_id, customers[line.order_id], written.get(product.pk))
        buys.setdefault(product.pk, buy)
    return list(buys.values())


def seen_by(user: Staff | AnonymousUser) -> QuerySet[Review]:
    rows = Review.objects.select_related("product", "order", "customer")
    return rows if user.has_perm("content.view_review") else rows.none()


def questions_seen_by(user: Staff | AnonymousUser) -> QuerySet[ProductQuestion]:
    rows = ProductQuestion.objects.select_related("product")
    return rows if user.has_perm("content.view_productquestion") else rows.none()


def next_waiting(after: Review) -> Review | None:
    """The next review to look at: the one written after this, else the oldest that waits."""
    waiting = (
        Review.objects.filter(state=Review.State.WAITING).exclude(pk=after.pk).order_by("created_at", "pk")
    )
    return waiting.filter(created_at__gte=after.created_at).first() or waiting.first()


def waiting_count() -> int:
    return Review.objects.filter(state=Review.State.WAITING).count()


def open_questions() -> int:
    return ProductQuestion.objects.filter(state=ProductQuestion.State.WAITING).count()
