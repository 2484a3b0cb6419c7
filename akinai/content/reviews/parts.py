"""レビューと質問 on the pages of others: below and beside a product, and on my page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from akinai.catalog import public
from akinai.content.jsonld import in_script

if TYPE_CHECKING:
    from akinai.content.models import Review, ReviewTally

SHOWN = 5


def beside_product(request: HttpRequest, product: Any) -> SafeString:
    """★4.6（12 件）, with the way to the reviews; nothing before the first review."""
    from akinai.content.reviews import queries

    tally = queries.tally(product.pk)
    if not tally.count:
        return SafeString("")
    return render_to_string("content/reviews/beside.html", {"tally": tally})


def below_product(request: HttpRequest, product: Any) -> SafeString:
    """レビューと質問 below a product."""
    from akinai.content.reviews import queries
    from akinai.content.reviews.public import buyer, voter

    who = buyer(request)
    may_write = bool(who.key) and any(
        one.product.pk == product.pk and one.review is None for one in queries.bought(who)
    )
    tally, questions = queries.tally(product.pk), list(queries.answered(product.pk)[:SHOWN])
    reviews = (
        list(queries.with_votes(queries.published(product.pk), voter(request))[:SHOWN]) if tally.count else []
    )
    context = {
        "product": product, "product_key": public.key_of(product), "tally": tally, "reviews": reviews, "questions": questions,
        "may_write": may_write, "here": request.path, "jsonld": jsonld(request, product, tally, reviews, questions),
    }  # fmt: skip
    return render_to_string("content/reviews/below.html", context, request)


def jsonld(
    request: HttpRequest, product: Any, tally: ReviewTally, reviews: list[Review], questions: Any
) -> SafeString:
    """schema.org: the rating belongs to the product of this address (`@id`, as on the page), and the FAQ to the page."""
    address = request.build_absolute_uri(reverse("shop:product", args=[public.key_of(product)]))
    graph: list[dict[str, Any]] = []
    if tally.count:
        rating = {
            "@type": "AggregateRating",
            "ratingValue": tally.average,
            "reviewCount": tally.count,
            "bestRating": 5,
        }
        graph.append({
            "@type": "Product", "@id": f"{address}#product", "name": product.name, "aggregateRating": rating,
            "review": [_review(one) for one in reviews],
        })  # fmt: skip
    if questions:
        asked = [
            {"@type": "Question", "name": one.text, "acceptedAnswer": {"@type": "Answer", "text": one.answer}}
            for one in questions
        ]
        graph.append({"@type": "FAQPage", "@id": f"{address}#faq", "mainEntity": asked})
    return in_script({"@context": "https://schema.org", "@graph": graph})


def _review(one: Review) -> dict[str, Any]:
    return {
        "@type": "Review", "author": {"@type": "Person", "name": one.nickname}, "datePublished": one.created_at.date().isoformat(),
        "reviewRating": {"@type": "Rating", "ratingValue": one.stars, "bestRating": 5}, "reviewBody": one.text,
    }  # fmt: skip


def for_member(request: HttpRequest, member: Any) -> SafeString:
    """まだ書いていないレビュー on my page."""
    from akinai.content.reviews import queries
    from akinai.content.surveys import people

    who = people.member(request)
    buys = [one for one in queries.bought(who) if one.review is None][:SHOWN] if who else []
    return render_to_string("content/reviews/mypage.html", {"buys": buys}) if buys else SafeString("")
