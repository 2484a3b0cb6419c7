"""返品の画面: take in, scan at arrival, inspect, refuse. The settlement is a flow (flows:settle_return)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core.errors import DomainError
from akinai.core.money import NotANumber, parse_quantity
from akinai.party import openings
from akinai.shipping import queries, return_queries, services
from akinai.shipping.models import ReturnCase, Shipment
from akinai.shipping.return_forms import InspectForm, ReasonForm, ReturnForm
from akinai.shipping.return_lists import waits
from akinai.shipping.states import OPEN_RETURNS
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def case_of(request: HttpRequest, number: str) -> ReturnCase:
    """返品 this person may see, with what its page shows."""
    seen = return_queries.cases_seen_by(request.user)
    return get_object_or_404(seen.select_related("order__channel", "shipment", "reship_order"), number=number)


@office("shipping.view_returncase")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """返品の詳細."""
    case = case_of(request, number)
    openings.opened(request, openings.Page.RETURN, case.number, case.order.customer_id)
    context = {
        "object": case,
        "case": case,
        "order": case.order,
        "lines": return_queries.lines_of(case),
        "waits": waits(case),
        "is_open": case.state in OPEN_RETURNS,
        "can_edit": case.state in ("requested", "arrived")
        and request.user.has_perm("shipping.change_returncase"),
        "reason_form": ReasonForm(),
        "panels_page": "shipping.return",
    }
    return render(request, "shipping/return.html", context)


@office("shipping.change_returncase")
@once
def request_return(request: HttpRequest, number: str) -> HttpResponse:
    """返品の受付."""
    seen = queries.shipments_seen_by(request.user).select_related("order__channel")
    shipment = get_object_or_404(seen, number=number)
    form = ReturnForm(request.POST or None, returnable=return_queries.returnable(shipment))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            case = services.request_return(
                shipment.pk, asked=form.asked(), pays_shipping=data["pays_shipping"], note=data["note"], carrier=data["carrier"],
                tracking_no=data["tracking_no"], on=data["requested_on"], by=clerk(request),
            )  # fmt: skip
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"返品 {case.number} を受け付けました。")
            return redirect("shipping:return", number=case.number)
    context = {
        "form": form, "shipment": shipment, "order": shipment.order, "submit_label": "返品を受け付ける",
        "open_cases": return_queries.open_cases_of(shipment), "cancel_url": reverse("shipping:detail", args=[number]),
    }  # fmt: skip
    return render(request, "shipping/return_form.html", context, status=422 if form.is_bound else 200)


@office("shipping.change_returncase")
def scan(request: HttpRequest) -> HttpResponse:
    """到着の読み取り: what is scanned is registered at once and the next box is asked for."""
    code = request.POST.get("code", "").strip()[:60]
    if not code:
        return render(request, "shipping/return_scan.html", {})
    case = return_queries.scanned(code)
    if case is not None:
        return _arrived(request, case)
    shipment = queries.to_check(code)
    if shipment is None or shipment.state not in queries.GONE:
        said = {
            "error": f"「{code}」という返品・出荷はありません。",
            "way_out": "返品・出荷・受注・送り状の番号を確かめてください。",
        }
        return render(request, "shipping/return_scan.html", said, status=422)
    return _of_shipment(request, shipment)


def _of_shipment(request: HttpRequest, shipment: Shipment) -> HttpResponse:
    """The slip of the shipment lies in the box: its one open case has come, else somebody must say what it is."""
    cases = return_queries.open_cases_of(shipment)
    if len(cases) == 1:
        return _arrived(request, cases[0])
    return redirect("shipping:request_return", number=shipment.number)


def _arrived(request: HttpRequest, case: ReturnCase) -> HttpResponse:
    if case.state != "requested":
        said = {"error": f"{case.number} は「{case.get_state_display()}」です。", "case": case}
        return render(request, "shipping/return_scan.html", said, status=422)
    services.arrive(case, by=clerk(request))
    return render(request, "shipping/return_scan.html", {"arrived": case})


@office("shipping.change_returncase")
@once
def inspect(request: HttpRequest, number: str) -> HttpResponse:
    """検品."""
    case = case_of(request, number)
    form = InspectForm(request.POST or None, lines=return_queries.lines_of(case))
    if request.method == "POST" and form.is_valid():
        services.inspect(case, found=form.found(), by=clerk(request))
        messages.success(request, f"{number} の検品を終えました。次は精算です。")
        return redirect("shipping:return", number=number)
    context = {"form": form, "case": case, "order": case.order, "submit_label": "検品を終える",
               "cancel_url": reverse("shipping:return", args=[number])}  # fmt: skip
    return render(request, "shipping/return_inspect.html", context, status=422 if form.is_bound else 200)


Act = Callable[[ReturnCase, "Staff | None"], object]
PLAIN: dict[str, tuple[Act, str]] = {
    "arrive": (lambda case, by: services.arrive(case, by=by), "到着を登録しました。次は検品です。"),
    "unarrive": (lambda case, by: services.undo_arrival(case, by=by), "到着を取り消しました。"),
    "waive": (lambda case, by: services.waive(case, by=by), "返送不要にしました。次は精算です。"),
    "reinspect": (lambda case, by: services.reinspect(case, by=by), "検品をやり直せます。"),
    "reopen": (lambda case, by: services.reopen_return(case, by=by), "受付に戻しました。"),
}


@office_post("shipping.change_returncase")
@once
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One step that needs nothing but a press."""
    case, (run, said) = case_of(request, number), PLAIN[verb]
    run(case, clerk(request))
    messages.success(request, f"{number}: {said}")
    return redirect("shipping:return", number=number)


@office_post("shipping.change_returncase")
@once
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """お断り."""
    services.refuse_return(case_of(request, number), reason=request.POST.get("reason", ""), by=clerk(request))
    messages.success(request, f"{number} をお断りにしました。")
    return redirect("shipping:return", number=number)


@office_post("shipping.change_returncase")
@once
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """返品の取消."""
    services.cancel_return(case_of(request, number), reason=request.POST.get("reason", ""), by=clerk(request))
    messages.success(request, f"{number} を取り消しました。")
    return redirect("shipping:return", number=number)


@office_post("shipping.change_returncase")
@once
def line(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """明細の数を直す・分ける."""
    case = case_of(request, number)
    get_object_or_404(case.lines, pk=pk)
    count = _count(request.POST.get("count", ""))
    if request.POST.get("act") == "split":
        services.split_line(case, pk, pieces=count, by=clerk(request))
    else:
        services.set_quantity(case, pk, quantity=count, by=clerk(request))
    messages.success(request, f"{number} の明細を変更しました。")
    return redirect("shipping:return", number=number)


def _count(text: str) -> int:
    try:
        return parse_quantity(text)
    except NotANumber as error:
        raise DomainError(str(error), way_out="数量を数字で入力してください。") from error
