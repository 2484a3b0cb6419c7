"""店舗のよくある質問: one search over articles and pages, an article's own page, and answers before somebody writes to us."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from akinai.content.addresses import absolute
from akinai.core import tries
from akinai.support.forms import KINDS
from akinai.support.models import Article
from akinai.support.queries import knowledge as queries
from akinai.support.services import deflection
from akinai.support.shown import is_counted, keep_visit, new_visit, note_shown, visit_of
from akinai.support.states import HitKind

LEAST_LETTERS = 8
PER_ADDRESS = 240  # suggestions in ten minutes
SECTIONS = [(code, label) for code, label in KINDS if code and code != "complaint"]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """よくある質問を探す."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    category = request.GET.get("kind", "")
    category = category if category in dict(SECTIONS) else ""
    found = queries.search(words, category=category)
    told = {"q": words, "category": category, "answers": found, "sections": SECTIONS, "groups": [] if words else grouped(found), "back": queries.content.faq_path()}  # fmt: skip
    meta = {
        "title": "よくある質問を探す",
        "canonical": absolute(request.path),
        "noindex": bool(words or category),
    }
    return render(request, "faq/search.html", told | meta)


def grouped(found: list[queries.Answer]) -> list[tuple[str, list[queries.Answer]]]:
    """Answers by kind, in the order of the kinds."""
    sections = [(label, [one for one in found if one.category == code]) for code, label in SECTIONS]
    rest = [one for one in found if one.category not in dict(SECTIONS)]
    return [one for one in [*sections, ("そのほか", rest)] if one[1]]


@require_safe
def article(request: HttpRequest, number: str) -> HttpResponse:
    """記事のページ."""
    one = queries.public_article(number)
    if one is None:
        raise Http404
    told = queries.answer_of(one)
    near = [other for other in queries.answers(told.question, most=5) if other.number != number][:4]
    data = {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [_entity(told)]}
    return render(
        request, "faq/article.html",
        {"answer": told, "near": near, "jsonld": data, "back": queries.content.faq_path(), "thanks": request.GET.get("thanks", ""), "updated": one.published_at,
         "canonical": absolute(request.path), "description": Truncator(told.answer).chars(110)},
    )  # fmt: skip


def _entity(one: queries.Answer) -> dict[str, Any]:
    return {
        "@type": "Question",
        "name": one.question,
        "acceptedAnswer": {"@type": "Answer", "text": one.answer},
    }


@require_POST
@never_cache
def suggest(request: HttpRequest) -> HttpResponse:
    """答えの候補 while a customer writes. By POST, so that what he writes stands in no log of addresses."""
    text = request.POST.get("text", "").replace("\0", "")[:4000]
    if len(text.strip()) < LEAST_LETTERS or tries.count(f"answers:{tries.address_of(request)}") > PER_ADDRESS:
        return HttpResponse(status=204)
    found = queries.answers(text)
    if not found:
        return HttpResponse(status=204)
    response = render(request, "faq/_answers.html", {"answers": found})
    note_shown(request, response, found)
    return response


@require_POST
@never_cache
def hit(request: HttpRequest) -> HttpResponse:
    """開いた・役に立った・解決した. From a script: nothing comes back; from a button: a page that says thanks."""
    number, _, kind = request.POST.get("hit", "").partition(":")
    place = "form" if request.POST.get("place") == "form" else "faq"
    visit = visit_of(request) or new_visit()
    counted = is_counted(request) and tries.count(f"hits:{tries.address_of(request)}") <= PER_ADDRESS
    if counted and not deflection.note_public(number[:20], kind, place=place, visit=visit):
        raise Http404
    if request.headers.get("X-Requested-With") == "fetch":
        response = HttpResponse(status=204)
    elif (
        kind == HitKind.SOLVED
        or not Article.objects.filter(number=number[:20], live__audience="public").exists()
    ):
        response = redirect("faq:solved")
    else:
        response = redirect(f"{reverse('faq:article', args=[number[:20]])}?{urlencode({'thanks': kind})}")
    if counted:
        keep_visit(request, response, visit)
    return response


@require_safe
def solved(request: HttpRequest) -> HttpResponse:
    """解決してよかったです."""
    return render(request, "faq/solved.html")


def faq_head(request: HttpRequest, page: Any) -> str:
    """The search box on the shop's FAQ page."""
    from django.template.loader import render_to_string

    return render_to_string("faq/_head.html", {"q": ""}, request=request)


def faq_below(request: HttpRequest, page: Any) -> str:
    """Articles on the shop's FAQ page, by kind, below what the editors wrote there."""
    from django.template.loader import render_to_string

    found = [queries.answer_of(one) for one in queries.live_articles().order_by("live__question")[:300]]
    return render_to_string("faq/_groups.html", {"groups": grouped(found)}, request=request) if found else ""
