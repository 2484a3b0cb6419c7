"""出荷の画面: one shipment, its label, its numbers and what may be done with it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.party import openings
from akinai.shipping import boxes, papers, queries, rules, services
from akinai.shipping.forms import (
    DeliverForm,
    LabelForm,
    NoteForm,
    TrackingForm,
    UnshipForm,
)
from akinai.shipping.lists import pdf_response
from akinai.shipping.models import Parcel, Shipment
from akinai.shipping.states import Service
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


def _shipment(request: HttpRequest, number: str) -> Shipment:
    seen = queries.shipments_seen_by(request.user).select_related(
        "order__channel", "address", "batch", "location"
    )
    return get_object_or_404(seen, number=number)


@office("shipping.view_shipment")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """出荷の詳細."""
    shipment = _shipment(request, number)
    openings.opened(request, openings.Page.SHIPMENT, shipment.number, shipment.order.customer_id)
    parcels = list(shipment.parcels.order_by("pk"))
    lines = list(boxes.lines_with_goods([shipment.pk]))
    inside = boxes.pieces_of(lines)
    context = {
        "object": shipment,
        "shipment": shipment,
        "order": shipment.order,
        "to": shipment.to,
        "lines": lines,
        "inside": [(line, [one for one in inside[line.pk] if one.set_code]) for line in lines],
        "parcels": list(zip(parcels, queries.urls_of(parcels), strict=True)),
        "carrier": shipment.carrier_name,
        "delivery": _way(shipment),
        "slot": rules.SLOTS.get(shipment.delivery_slot, ""),
        "postal_code": rules.postal(shipment.to.postal_code),
        "is_open": shipment.state in queries.OPEN,
        "is_gone": shipment.state in queries.GONE,
        "tracking_form": TrackingForm(),
        "deliver_form": DeliverForm(),
        "note_form": NoteForm(),
        "panels_page": "shipping.detail",
    }
    return render(request, "shipping/detail.html", context)


def _way(shipment: Shipment) -> str:
    """宅配便 2 個口・冷蔵."""
    count = f" {shipment.parcel_count} 個口" if shipment.parcel_count > 1 else ""
    cool = f"・{shipment.get_temperature_display()}" if shipment.temperature else ""
    return f"{shipment.get_service_display()}{count}{cool}"


@office("shipping.view_shipment")
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """納品書 of one shipment; asked by POST it counts as printed."""
    shipment = _shipment(request, number)
    openings.opened_paper(request, openings.Page.SHIPMENT, shipment.number, shipment.order.customer_id)
    full = queries.with_papers(Shipment.objects.filter(pk=shipment.pk))
    if request.method == "POST":
        services.note_slips_printed(full, by=clerk(request))
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
def label(request: HttpRequest, number: str) -> HttpResponse:
    """送り状の内容の変更."""
    shipment = _shipment(request, number)
    initial = {name: getattr(shipment, name) for name in LabelForm.base_fields}
    if shipment.service == Service.COD:
        initial["service"] = Service.PARCEL
    form = LabelForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.change_label(shipment, **form.cleaned_data, by=clerk(request))
        messages.success(request, f"{number} の送り状の内容を変更しました。")
        return redirect("shipping:detail", number=number)
    context = {"form": form, "shipment": shipment, "cancel_url": reverse("shipping:detail", args=[number])}
    return render(request, "shipping/label.html", context, status=422 if form.is_bound else 200)


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
