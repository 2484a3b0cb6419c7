"""検品の画面: keyboard and scanner only."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from akinai.catalog import scanning
from akinai.core import clock
from akinai.orders import gifts
from akinai.shipping import queries, rules, services
from akinai.shipping.errors import WrongItem
from akinai.shipping.models import Shipment
from akinai.shipping.services.pack import box_lines
from akinai.ui.access import clerk, office


@office("shipping.change_shipment")
def check(request: HttpRequest) -> HttpResponse:
    """検品: scan the slip, then every piece. The scans travel with the form, so nothing half-checked is stored."""
    number = request.POST.get("number") or request.GET.get("number", "")
    scans = [scan for scan in request.POST.get("scans", "").split("\n") if scan]
    code = request.POST.get("code", "").strip()[:200]
    if not number:
        return _choose(request, code)
    shipment = queries.by_number(number)
    if shipment is None or shipment.state != "instructed":
        return _choose(request, number)
    return _scan(request, shipment, scans, code)


def _choose(request: HttpRequest, code: str) -> HttpResponse:
    """The first field: which shipment?"""
    shipment = queries.to_check(code) if code else None
    if shipment is not None and shipment.state == "instructed":
        return _show(request, shipment, [])
    error = _why_not(code, shipment) if code else ""
    context = {"error": error, "waiting": queries.count_to_check()}
    return render(request, "shipping/check.html", context, status=422 if error else 200)


def _why_not(code: str, shipment: Shipment | None) -> str:
    if shipment is None:
        return f"「{code}」の出荷はありません。納品書のバーコードを読み取ってください。"
    return f"{shipment.number} は「{shipment.get_state_display()}」です。検品は出荷指示の状態で行います。"


def _scan(request: HttpRequest, shipment: Shipment, scans: list[str], code: str) -> HttpResponse:
    """One piece more. A complete box is packed at once and the next slip is asked for."""
    if not code:
        return _show(request, shipment, scans)
    item, times = _several(code)
    inside = _inside(item)
    if isinstance(inside, str):
        return _show(
            request, shipment, scans, error=inside, way_out="箱に入れず、期限切れの棚に移してください。"
        )
    item, times = (inside[0], inside[1] * times) if inside else (item, times)
    try:
        checked = services.check(shipment, scans=[*scans, *[item] * times])
    except WrongItem as refusal:
        other = queries.to_check(code)
        way_out = (
            "この箱の検品を終えるか、やり直してから次の納品書を読み取ってください。"
            if other
            else refusal.way_out
        )
        return _show(request, shipment, scans, error=refusal.message, way_out=way_out)
    scans = [*scans, *[item] * times]
    if not checked.is_complete:
        return _show(request, shipment, scans, last=item)
    services.pack(shipment, scans=scans, by=clerk(request))
    context = {"packed": shipment, "pieces": len(scans), "waiting": queries.count_to_check()}
    return render(request, "shipping/check.html", context)


def _inside(code: str) -> tuple[str, int] | str | None:
    """Of a case or a GS1 label: our code and how many pieces; a sentence when its expiry has passed. None for plain codes."""
    found = scanning.find(code)
    if found is None or not (found.pieces > 1 or found.lot or found.expires_on):
        return None
    if found.expires_on and found.expires_on < clock.today():
        return f"{found.sku.code} の期限は {found.expires_on:%Y/%m/%d} で、切れています。"
    return found.sku.code, found.pieces


def _several(code: str) -> tuple[str, int]:
    """`CODE*12`: twelve pieces of one item."""
    found = re.fullmatch(r"(.+)[*＊](\d{1,4})", code)
    return (found[1], max(int(found[2]), 1)) if found else (code, 1)


def _show(
    request: HttpRequest,
    shipment: Shipment,
    scans: list[str],
    *,
    error: str = "",
    way_out: str = "",
    last: str = "",
) -> HttpResponse:
    checked = services.check(shipment, scans=scans)
    lines = [
        {
            "line": line,
            "scanned": checked.scanned[line.line_id],
            "is_done": checked.scanned[line.line_id] == line.quantity,
            "is_last": bool(last)
            and rules.scan_key(last) in {rules.scan_key(one) for one in line.codes if one},
        }
        for line in box_lines(shipment)
    ]
    context: dict[str, Any] = {
        "shipment": shipment,
        "order": shipment.order,
        "gift": gifts.told(
            shipment.gift_note, [one.order_line for one in shipment.lines.select_related("order_line")]
        ),
        "lines": lines,
        "scans": "\n".join(scans),
        "done": len(scans),
        "total": len(scans) + checked.missing,
        "error": error,
        "way_out": way_out,
        "carrier": shipment.carrier_name,
    }
    return render(request, "shipping/check.html", context, status=422 if error else 200)
