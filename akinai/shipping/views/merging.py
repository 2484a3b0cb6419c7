"""同梱の画面: the candidates with what merging does to the charges, the act, and the way back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from akinai.shipping import merging, services
from akinai.shipping.models import OrderMerge
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

GROUPS = 50


@office("shipping.add_ordermerge")
def candidates(request: HttpRequest) -> HttpResponse:
    """同梱候補: orders to one door, each group with its effect."""
    text = request.GET.get("q", "").strip()
    groups = [one for one in merging.candidates() if _names(one, text)]
    page = Paginator(groups, GROUPS).get_page(request.GET.get("page"))
    live = OrderMerge.objects.filter(state=OrderMerge.State.LIVE).order_by("-pk")[:50]
    rows = [(merge, merging.members_of(merge)) for merge in live.prefetch_related("members__order__channel")]
    context = {"page": page, "merges": rows, "q": text, "ready": sum(1 for one in groups if not one.apart)}
    return render(request, "shipping/merging.html", context)


def _names(group: merging.Group, text: str) -> bool:
    words = " ".join(f"{o.number} {o.channel_order_no} {o.ship_name} {o.channel.name}" for o in group.orders)
    return text.casefold() in words.casefold()


@office_post("shipping.add_ordermerge")
@once
def merge(request: HttpRequest) -> HttpResponse:
    """同梱にする: the orders that are ticked."""
    ids = [int(pk) for pk in request.POST.getlist("order") if pk.isdigit()]
    made = services.merge_orders(ids, by=clerk(request))
    messages.success(
        request, f"{made.number}: {len(ids)} 件の受注を同梱にしました。出荷指示は 1 つの荷物になります。"
    )
    return redirect("shipping:merging")


@office_post("shipping.add_ordermerge")
@once
def undo(request: HttpRequest, number: str) -> HttpResponse:
    """同梱の取消."""
    services.undo_merge(get_object_or_404(OrderMerge, number=number), by=clerk(request))
    messages.success(request, f"{number} を取り消しました。送料は元に戻りました。")
    return redirect("shipping:merging")
