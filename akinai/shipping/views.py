"""Screens of shipping (出荷の画面)."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from akinai.shipping import papers, queries, rules, services
from akinai.shipping.errors import WrongItem
from akinai.shipping.forms import PREFIX, AccountForm, DeliverForm, NoteForm, TrackingForm, UnshipForm
from akinai.shipping.lists import pdf_response
from akinai.shipping.models import CarrierAccount, LabelExport, Parcel, Shipment, ShippingBatch
from akinai.shipping.ports import CARRIERS
from akinai.shipping.services.pack import box_lines
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


def _shipment(request: HttpRequest, number: str) -> Shipment:
    seen = queries.shipments_seen_by(request.user).select_related("order__channel", "batch", "location")
    return get_object_or_404(seen, number=number)


def _batch(number: str) -> ShippingBatch:
    return get_object_or_404(ShippingBatch, number=number)


# 出荷指示 (batch)


@office("shipping.view_shippingbatch")
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """出荷指示の進み: five steps with their counts and the one next act."""
    found = _batch(number)
    exports = queries.exports_of(found)
    numbers = {reference for export in exports[:3] for reference in export.references_left_out}
    context = {
        "object": found,
        "batch": found,
        "progress": queries.progress_of(found),
        "carriers": queries.carrier_counts(found),
        "exports": exports,
        "left_out": {s.number: s for s in found.shipments.filter(number__in=numbers).select_related("order")},
        "shipments": queries.for_list(request.user).filter(batch=found).order_by("pk")[:500],
        "panels_page": "shipping.batch",
    }
    return render(request, "shipping/batch.html", context)


@office_post("shipping.view_shippingbatch")
def print_picking(request: HttpRequest, number: str) -> HttpResponse:
    """ピッキングリストの印刷."""
    found = _batch(number)
    pdf = papers.picking_pdf(found)
    services.note_picking_printed(found, by=clerk(request))
    return pdf_response(pdf, f"ピッキングリスト_{found.number}.pdf")


@office_post("shipping.view_shippingbatch")
def print_slips(request: HttpRequest, number: str) -> HttpResponse:
    """納品書の印刷: every open shipment of the batch in one file."""
    found = _batch(number)
    shipments = queries.with_papers(queries.open_in(found))
    if not shipments:
        messages.info(request, "これから出荷するものがありません。")
        return redirect("shipping:batch", number=number)
    pdf = papers.slips_pdf(shipments)
    services.note_slips_printed(shipments, by=clerk(request))
    return pdf_response(pdf, f"納品書_{found.number}.pdf")


@office_post("shipping.add_labelexport")
@once
def export_labels(request: HttpRequest, number: str, carrier: str) -> HttpResponse:
    """送り状データの出力."""
    export = services.export_labels(_batch(number), carrier=carrier, by=clerk(request))
    if export.problems:
        left_out = len(export.references_left_out) or "すべて"
        messages.warning(
            request, f"{left_out} 件は送り状データに載せられませんでした。理由を確かめてください。"
        )
    if export.count:
        messages.success(
            request, f"{export.count:,} 件の送り状データを作りました。ダウンロードしてください。"
        )
    return redirect("shipping:batch", number=number)


@office("shipping.view_labelexport")
def download_labels(request: HttpRequest, pk: int) -> HttpResponse:
    """送り状データのダウンロード: the same file each time."""
    export = get_object_or_404(LabelExport, pk=pk)
    header = content_disposition_header(True, export.filename) or "attachment"
    return HttpResponse(bytes(export.data), content_type="text/csv", headers={"Content-Disposition": header})


@office_post("shipping.change_shipment")
@once
def ship_batch(request: HttpRequest, number: str) -> HttpResponse:
    """出荷確定: what of the batch has its tracking number, or everything that is open."""
    found = _batch(number)
    rows = queries.open_in(found)
    if request.POST.get("which") != "all":
        rows = rows.filter(parcels__isnull=False).distinct()
    ids = list(rows.values_list("pk", flat=True))
    shipped = services.ship(ids, by=clerk(request))
    text = f"{len(shipped):,} 件を出荷確定しました。" if shipped else "出荷確定できるものがありません。"
    messages.success(request, text)
    return redirect("shipping:batch", number=number)


# 出荷 (one shipment)


@office("shipping.view_shipment")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """出荷の詳細."""
    shipment = _shipment(request, number)
    parcels = list(shipment.parcels.order_by("pk"))
    context = {
        "object": shipment,
        "shipment": shipment,
        "order": shipment.order,
        "lines": shipment.lines.select_related("sku__product", "order_line").order_by("order_line__line_no"),
        "parcels": list(zip(parcels, queries.urls_of(parcels), strict=True)),
        "carrier": shipment.carrier_name,
        "slot": rules.SLOTS.get(shipment.delivery_slot, ""),
        "postal_code": rules.postal(shipment.order.ship_postal_code),
        "is_open": shipment.state in queries.OPEN,
        "is_gone": shipment.state in queries.GONE,
        "tracking_form": TrackingForm(),
        "deliver_form": DeliverForm(),
        "note_form": NoteForm(),
        "panels_page": "shipping.detail",
    }
    return render(request, "shipping/detail.html", context)


@office("shipping.view_shipment")
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """納品書 of one shipment."""
    shipment = _shipment(request, number)
    full = queries.with_papers(Shipment.objects.filter(pk=shipment.pk))
    return pdf_response(papers.slips_pdf(full), f"納品書_{shipment.number}.pdf")


@office_post("shipping.change_shipment")
@once
def ship(request: HttpRequest, number: str) -> HttpResponse:
    """出荷確定."""
    services.ship([_shipment(request, number).pk], by=clerk(request))
    messages.success(request, f"{number} を出荷確定しました。")
    return redirect("shipping:detail", number=number)


@office_post("shipping.change_shipment")
@once
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """指示取消."""
    services.withdraw([_shipment(request, number).pk], by=clerk(request))
    messages.success(request, f"{number} の出荷指示を取り消しました。受注は出荷待ちに戻りました。")
    return redirect("shipping:detail", number=number)


@office("shipping.change_shipment")
@once
def unship(request: HttpRequest, number: str) -> HttpResponse:
    """出荷取消: what it does, and why."""
    shipment = _shipment(request, number)
    form = UnshipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.unship([shipment.pk], reason=form.cleaned_data["reason"], by=clerk(request))
        messages.success(
            request, f"{number} の出荷を取り消しました。受注は出荷待ちに戻り、在庫は引き当てたままです。"
        )
        return redirect("orders:detail", shipment.order.number)
    context = {
        "form": form,
        "shipment": shipment,
        "submit_label": "出荷を取り消す",
        "cancel_url": reverse("shipping:detail", args=[number]),
    }
    return render(request, "shipping/unship.html", context, status=422 if form.is_bound else 200)


@office_post("shipping.change_shipment")
@once
def unpack(request: HttpRequest, number: str) -> HttpResponse:
    """梱包をやり直す."""
    services.unpack(_shipment(request, number), by=clerk(request))
    return redirect("shipping:detail", number=number)


@office_post("shipping.change_shipment")
@once
def deliver(request: HttpRequest, number: str) -> HttpResponse:
    """配達完了."""
    shipment = _shipment(request, number)
    form = DeliverForm(request.POST)
    if form.is_valid():
        services.deliver([shipment.pk], on=form.cleaned_data["on"], by=clerk(request))
        messages.success(request, f"{number} を配達完了にしました。")
    else:
        messages.error(request, "配達日を入力してください。")
    return redirect("shipping:detail", number=number)


@office_post("shipping.change_shipment")
@once
def add_tracking(request: HttpRequest, number: str) -> HttpResponse:
    """送り状番号の登録."""
    shipment = _shipment(request, number)
    form = TrackingForm(request.POST)
    if form.is_valid():
        made = services.add_tracking(shipment, numbers=form.cleaned_data["numbers"], by=clerk(request))
        text = f"送り状番号を {len(made)} 件登録しました。" if made else "この番号は登録済みです。"
        messages.success(request, text)
    else:
        messages.error(request, "送り状番号を入力してください。")
    return redirect("shipping:detail", number=number)


@office_post("shipping.change_shipment")
@once
def remove_tracking(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """送り状番号の削除."""
    parcel = get_object_or_404(Parcel, pk=pk, shipment=_shipment(request, number))
    services.remove_tracking(parcel, by=clerk(request))
    messages.success(request, f"送り状番号 {parcel.tracking_no} を削除しました。")
    return redirect("shipping:detail", number=number)


@office_post("shipping.change_shipment")
@once
def notify_by_hand(request: HttpRequest, number: str) -> HttpResponse:
    """電話・書面で連絡済."""
    services.notify_by_hand(_shipment(request, number), note=request.POST.get("note", ""), by=clerk(request))
    messages.success(request, "連絡済みにしました。")
    return redirect("shipping:detail", number=number)


@office_post("shipping.change_shipment")
@once
def show_prices(request: HttpRequest, number: str) -> HttpResponse:
    """納品書に金額を載せる・載せない."""
    services.show_prices(_shipment(request, number), show=request.POST.get("show") == "1", by=clerk(request))
    return redirect("shipping:detail", number=number)


# 検品


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
        "lines": lines,
        "scans": "\n".join(scans),
        "done": len(scans),
        "total": len(scans) + checked.missing,
        "error": error,
        "way_out": way_out,
        "carrier": shipment.carrier_name,
    }
    return render(request, "shipping/check.html", context, status=422 if error else 200)


# 運送会社の設定


@office("shipping.change_carrieraccount")
def carriers(request: HttpRequest) -> HttpResponse:
    """運送会社の設定: one card per carrier with what is kept."""
    return render(request, "shipping/carriers.html", {"cards": queries.carrier_cards()})


@office("shipping.change_carrieraccount")
@once
def carrier(request: HttpRequest, code: str) -> HttpResponse:
    """One carrier's settings."""
    account = CarrierAccount.objects.filter(carrier=code).first()
    if account is None and code not in CARRIERS:
        return redirect("shipping:carriers")
    declared = CARRIERS[code].settings if code in CARRIERS else ()
    form = AccountForm(request.POST or None, declared=declared, initial=_initial(account))
    if request.method == "POST" and form.is_valid():
        services.save_account(
            carrier=code,
            settings=form.settings,
            tracking_url=form.cleaned_data["tracking_url"],
            is_default=form.cleaned_data["is_default"],
            by=clerk(request),
        )
        messages.success(request, f"{queries.title_of(code)} の設定を保存しました。")
        return redirect("shipping:carriers")
    context = {"form": form, "title": queries.title_of(code), "cancel_url": reverse("shipping:carriers")}
    return render(request, "shipping/carrier.html", context, status=422 if form.is_bound else 200)


def _initial(account: CarrierAccount | None) -> dict[str, Any]:
    if account is None:
        return {"is_default": not CarrierAccount.objects.filter(is_default=True).exists()}
    kept = {PREFIX + name: value for name, value in account.settings.items()}
    return {"tracking_url": account.tracking_url, "is_default": account.is_default, **kept}
