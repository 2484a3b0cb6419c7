"""レビューと質問 on the pages of others: below and beside a product, and on my page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from akinai.catalog import public
from akinai.content.addresses import absolute
from akinai.content.jsonld import in_script

if TYPE_CHECKING:
    from akinai.content.models import ProductQuestion, Review
    from akinai.content.reviews.queries import Voice

SHOWN = 5


def voice_of(request: HttpRequest, product: Any) -> Voice:
    """お客様の声 of the product of this page, asked once however many parts show them."""
    from akinai.content.reviews import queries
    from akinai.content.reviews.public import voter

    return queries.voice(product, voter(request), most=SHOWN)


def beside_product(request: HttpRequest, product: Any) -> SafeString:
    """★4.6（12 件）, with the way to the reviews; nothing before the first review."""
    tally = voice_of(request, product).tally
    if not tally.count:
        return SafeString("")
    return render_to_string("content/reviews/beside.html", {"tally": tally})


def below_product(request: HttpRequest, product: Any) -> SafeString:
    """レビューと質問 below a product."""
    from akinai.content.reviews import queries
    from akinai.content.reviews.public import buyer

    who = buyer(request)
    may_write = bool(who.key) and any(
        one.product.pk == product.pk and one.review is None for one in queries.bought(who)
    )
    found = voice_of(request, product)
    context = {
        "product": product, "product_key": public.key_of(product), "tally": found.tally, "questions": found.questions,
        "reviews": found.reviews if found.tally.count else [], "may_write": may_write, "here": request.path,
        "jsonld": faq_data(product, found.questions),
    }  # fmt: skip
    return render_to_string("content/reviews/below.html", context, request)


def rating_data(request: HttpRequest, product: Any) -> dict[str, Any]:
    """schema.org: what the Product of the page says of its rating; {} before the first review."""
    found = voice_of(request, product)
    if not found.tally.count:
        return {}
    rating = {
        "@type": "AggregateRating", "ratingValue": found.tally.average, "reviewCount": found.tally.count, "bestRating": 5,
    }  # fmt: skip
    return {"aggregateRating": rating, "review": [_review(one) for one in found.reviews]}


def faq_data(product: Any, questions: Sequence[ProductQuestion]) -> SafeString:
    """schema.org FAQPage of the questions that were answered; "" where there are none."""
    if not questions:
        return SafeString("")
    address = absolute(reverse("shop:product", args=[public.key_of(product)]))
    asked = [
        {"@type": "Question", "name": one.text, "acceptedAnswer": {"@type": "Answer", "text": one.answer}}
        for one in questions
    ]
    return in_script(
        {"@context": "https://schema.org", "@type": "FAQPage", "@id": f"{address}#faq", "mainEntity": asked}
    )


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
