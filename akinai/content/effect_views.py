"""効果の画面, and the address that page views are told to."""

from __future__ import annotations

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from akinai.content import (
    effect_addresses,
    effect_audit,
    effect_queries,
    effect_rules,
    effect_services,
    ports,
)
from akinai.content.models import SeenPage
from akinai.content.templatetags.effect import SALT
from akinai.core import tries
from akinai.ui.access import office, office_post

MOST_BYTES = 2048


@csrf_exempt  # a beacon bears no token; it changes nothing but a count, and its page is under our signature
@require_POST
def beacon(request: HttpRequest) -> HttpResponse:
    """閲覧を受け取る. Always 204: whoever sends learns nothing."""
    if _is_meant(request):
        _collect(request)
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _is_meant(request: HttpRequest) -> bool:
    """From a page of ours, of a size that fits, from nobody who asks not to be followed, from no staff."""
    head = request.headers
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return False
    if (
        head.get("DNT") == "1"
        or head.get("Sec-GPC") == "1"
        or head.get("Sec-Fetch-Site", "same-origin") != "same-origin"
    ):
        return False
    return not request.user.is_authenticated


def _collect(request: HttpRequest) -> None:
    told = request.POST
    try:
        path = signing.Signer(salt=SALT).unsign(told.get("p", ""))
    except signing.BadSignature:
        return
    taken = told.get("t", "")
    effect_services.collect(
        effect_services.View(
            path, tries.address_of(request), request.headers.get("User-Agent", "")[:400], ports.cart_key(request),
            told.get("r", ""), told.get("q", ""), request.get_host(), int(taken) if taken.isdecimal() and len(taken) < 7 else None,
        )
    )  # fmt: skip


@office("content.view_seenpage")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """ページの効果: by day, by source, by device; what it brought; what is wrong with it."""
    seen = get_object_or_404(SeenPage, pk=pk)
    period = effect_queries.period_of(request.GET.get("f.period", ""))
    context = {
        "seen": seen, "effect": effect_queries.effect_of(seen.path, period), "faults": seen.faults.order_by("kind"), "period": period,
        "periods": effect_queries.PERIODS, "sources": effect_rules.SOURCES, "earlier": effect_addresses.earlier_of(seen.path),
    }  # fmt: skip
    return render(request, "effect/page.html", context)


@office_post("content.change_seenpage")
def look(request: HttpRequest) -> HttpResponse:
    """いま調べ直す."""
    effect_services.refresh()
    count = effect_audit.look()
    messages.success(request, f"ページを調べました。問題は {count:,} 件です。")
    return redirect("effect:faults")
