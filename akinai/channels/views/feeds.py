"""在庫連携の画面: what each mall is told of the stock, and whether it says the same."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Case, Count, Max, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header

from akinai.channels import drift, queries, services
from akinai.channels.drift import Cause
from akinai.channels.models import Channel, DriftAudit, DriftRow, StockFeed
from akinai.channels.ports import STOCK_DOORS
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

ROWS_SHOWN = 500


@office("channels.view_feeditem")
def feeds(request: HttpRequest) -> HttpResponse:
    """在庫連携: one card per mall with the one next act."""
    fed = queries.active().filter(kind__in=STOCK_DOORS).annotate(
        items=Count("feed_items", filter=Q(feed_items__is_on=True, feed_items__sku__isnull=False)),
        unknown=Count("feed_items", filter=Q(feed_items__sku__isnull=True)),
        sent_at=Max("feed_items__last_sent_at"),
    )  # fmt: skip
    latest = _latest(StockFeed.objects.defer("data").order_by("channel_id", "-id"))
    audits = _latest(DriftAudit.objects.order_by("channel_id", "-id"))
    cards = [
        {
            "channel": one,
            "door": STOCK_DOORS[one.kind],
            "feed": latest.get(one.pk),
            "audit": audits.get(one.pk),
        }
        for one in sorted(fed, key=lambda one: (not one.items, one.feed_priority, one.pk))
    ]
    return render(request, "channels/feeds.html", {"cards": cards})


def _latest(rows: Any) -> dict[int, Any]:
    return {row.channel_id: row for row in rows.distinct("channel_id")}


@office_post("channels.add_stockfeed")
@once
def make(request: HttpRequest, code: str) -> HttpResponse:
    """在庫連携ファイルを作る."""
    channel = get_object_or_404(Channel, code=code, is_active=True)
    kind = StockFeed.Kind.ALL if request.POST.get("kind") == "all" else StockFeed.Kind.CHANGED
    return _made(request, services.make_feed(channel, kind=kind, by=clerk(request)))


@office_post("channels.add_stockfeed")
@once
def repair(request: HttpRequest, pk: int) -> HttpResponse:
    """修正ファイルを作る."""
    return _made(request, services.repair(get_object_or_404(DriftAudit, pk=pk), by=clerk(request)))


def _made(request: HttpRequest, feed: StockFeed) -> HttpResponse:
    if feed.problems:
        messages.warning(
            request, f"{len(feed.problems):,} 品目は載せられませんでした。理由を確かめてください。"
        )
    messages.success(request, f"{feed.channel} の在庫連携ファイルを {feed.count:,} 件で作りました。")
    return redirect("channels:feed", feed.number)


@office("channels.view_stockfeed")
def feed(request: HttpRequest, number: str) -> HttpResponse:
    """在庫連携ファイル: download, upload to the mall, say that it was sent."""
    found = _feed(number)
    context = {
        "object": found,
        "feed": found,
        "door": STOCK_DOORS.get(found.channel.kind),
        "rows": found.rows.select_related("item__sku").order_by("item__key")[:ROWS_SHOWN],
        "is_waiting": found.state == StockFeed.State.MADE,
        "panels_page": "channels.feed",
    }
    return render(request, "channels/feed.html", context)


def _feed(number: str) -> StockFeed:
    return get_object_or_404(StockFeed.objects.select_related("channel", "made_by"), number=number)


@office("channels.view_stockfeed")
def download(request: HttpRequest, number: str) -> HttpResponse:
    """The file as it was written."""
    found = _feed(number)
    door = STOCK_DOORS.get(found.channel.kind)
    header = content_disposition_header(True, found.filename) or "attachment"
    kind = door.media_type if door else "application/octet-stream"
    return HttpResponse(bytes(found.data), content_type=kind, headers={"Content-Disposition": header})


@office_post("channels.change_stockfeed")
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """送った."""
    found = _feed(number)
    services.mark_sent(found, by=clerk(request))
    messages.success(request, f"{found.channel} に {found.count:,} 件を送ったことにしました。")
    return redirect("channels:feeds")


@office_post("channels.change_stockfeed")
def discard(request: HttpRequest, number: str) -> HttpResponse:
    """破棄."""
    services.discard(_feed(number), by=clerk(request))
    messages.success(request, f"{number} を破棄しました。")
    return redirect("channels:feeds")


@office("channels.view_driftaudit")
def audit(request: HttpRequest, pk: int) -> HttpResponse:
    """在庫の照合: the differences by cause, each with its way out."""
    found = get_object_or_404(DriftAudit.objects.select_related("channel", "by", "intake_file"), pk=pk)
    counts = dict(found.rows.order_by().values_list("cause").annotate(n=Count("pk")))
    context = {
        "object": found,
        "audit": found,
        "causes": [(cause, counts[cause], drift.WAYS_OUT[cause]) for cause in Cause if cause in counts],
        "repairable": sum(counts.get(cause, 0) for cause in drift.REPAIRABLE),
        "rows": _in_order(found)[:ROWS_SHOWN],
        "panels_page": "channels.audit",
    }
    return render(request, "channels/audit.html", context)


def _in_order(found: DriftAudit) -> QuerySet[DriftRow]:
    """By how much it hurts."""
    hurt = Case(*(When(cause=cause, then=rank) for rank, cause in enumerate(Cause)))
    return found.rows.select_related("item__sku").order_by(hurt, "item__key")
