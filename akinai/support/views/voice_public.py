"""お客様が開くページ: 満足度. Looking never counts (mail scanners look at every link); the button does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from akinai.core import tries
from akinai.party import queries as party
from akinai.support.services import csat

MOST = 30  # of one address in ten minutes


def _page(request: HttpRequest, name: str, status: int = 200, **more: object) -> HttpResponse:
    response = render(request, name, {"shop": party.company(), **more}, status=status)
    # The link stays with us, but not from us: with "no-referrer" browsers send the answer from "null", and it would be refused.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """5 つの顔."""
    row = csat.by_token(token)
    if row is None:
        return _page(request, "support/public_over.html", 404)
    if row.score is not None:
        return _page(request, "support/public_thanks.html", again=request.method == "POST")
    if request.method != "POST":
        told = request.GET.get("s", "")
        return _page(request, "support/public_answer.html", faces=csat.FACES, chosen=told, ticket=row.ticket)
    score = request.POST.get("score", "")
    if score not in map(str, csat.FACES):
        wrong = "5 つの中から 1 つ選んでください。"
        return _page(request, "support/public_answer.html", 422, faces=csat.FACES, chosen="", ticket=row.ticket, wrong=wrong, words=request.POST.get("words", "")[: csat.MOST_WORDS])  # fmt: skip
    if tries.count(f"csat:{tries.address_of(request)}") > MOST:
        return _page(request, "support/public_over.html", 429)
    csat.answer(row, int(score), request.POST.get("words", "").replace("\0", ""))
    return _page(request, "support/public_thanks.html")


@csrf_exempt  # mail programs press this for the reader (RFC 8058); it only stops mails, and the address is under our signature
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """今後は聞かない."""
    row = csat.by_token(token, csat.STOP_SALT)
    if row is None:
        return _page(request, "support/public_over.html", 404)
    if request.method == "POST":
        csat.stop(row)
    return _page(request, "support/public_stop.html", done=request.method == "POST")
