"""モール出荷報告の画面: write a channel's file, fetch it, and tell what the mall did not take."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header

from akinai.core.errors import DomainError
from akinai.shipping import services
from akinai.shipping.models import TrackingExport
from akinai.shipping.telling_ports import TELLING
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

MOST_REFUSED = 2000


@office_post("shipping.add_trackingexport")
@once
def tell(request: HttpRequest, channel: str) -> HttpResponse:
    """出荷報告ファイルを作る."""
    export = services.tell_mall(channel, by=clerk(request))
    messages.success(request, f"{export.count:,} 件の出荷報告ファイルを作りました。")
    return redirect("shipping:tracking_export", pk=export.pk)


@office("shipping.view_trackingexport")
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """出荷報告ファイル: how to upload it, what is in it, what was left out."""
    return _shown(request, pk)


def _shown(request: HttpRequest, pk: int, *, typed: str = "", wrong: str = "") -> HttpResponse:
    """The page, with what was typed in vain and why."""
    found = get_object_or_404(
        TrackingExport.objects.defer("data").select_related("channel", "created_by"), pk=pk
    )
    items = found.items.select_related("shipment__order").prefetch_related("shipment__parcels").order_by("pk")
    door = TELLING.get(found.channel.kind)
    context = {
        "object": found,
        "export": found,
        "items": items[:500],
        "door": door,
        "panels_page": "shipping.tracking_export",
        "typed": typed,
        "wrong": wrong,
    }
    return render(request, "shipping/tracking_export.html", context, status=422 if wrong else 200)


@office("shipping.view_trackingexport")
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it was written."""
    found = get_object_or_404(TrackingExport, pk=pk)
    header = content_disposition_header(True, found.filename) or "attachment"
    return HttpResponse(
        bytes(found.data), content_type=found.media_type, headers={"Content-Disposition": header}
    )


@office_post("shipping.add_trackingexport")
@once
def refused(request: HttpRequest, pk: int) -> HttpResponse:
    """モールの返事: lines of 注文番号 and a reason, as the mall's result page or mail shows them."""
    found = get_object_or_404(TrackingExport.objects.defer("data"), pk=pk)
    typed = request.POST.get("refused", "")
    try:
        count = services.note_refused_by_mall(found, _refused(typed), by=clerk(request))
    except DomainError as error:
        return _shown(request, pk, typed=typed, wrong=str(error))
    messages.success(
        request, f"{count:,} 件を未報告に戻しました。直してから、もう一度ファイルを作ってください。"
    )
    return redirect("shipping:tracking_export", pk=pk)


def _refused(text: str) -> dict[str, str]:
    lines = [line.replace("\t", ",").partition(",") for line in text.splitlines() if line.strip()]
    if not lines or len(lines) > MOST_REFUSED:
        raise DomainError(
            "受け付けられなかった注文番号がありません。",
            way_out="1 行に 1 件、「注文番号,理由」の形で貼り付けてください。",
        )
    return {number.strip().strip('"'): reason.strip().strip('"') for number, _, reason in lines}
