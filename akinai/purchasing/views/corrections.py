"""買掛の訂正の画面."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.party import queries as party
from akinai.purchasing.forms.corrections import LESS, CorrectionForm
from akinai.purchasing.lists.payables import entry_url
from akinai.purchasing.models import PayableCorrection
from akinai.purchasing.queries import payables as queries
from akinai.purchasing.services import correcting
from akinai.purchasing.states import CorrectionState
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

APPROVE = "purchasing.approve_payablecorrection"


@office("purchasing.add_payablecorrection")
@once
def correction_add(request: HttpRequest) -> HttpResponse:
    """訂正の登録. `?of=SB-…` takes it off that bill."""
    form = CorrectionForm(request.POST or None, initial=_first(request.GET.get("of", "")))
    if request.method == "POST" and form.is_valid():
        try:
            made = correcting.correct(**form.told(), by=clerk(request))
            waits = made.state == CorrectionState.WAITING
            told = "承認を待っています。" if waits else "買掛台帳に計上しました。"
            messages.success(request, f"{made.number}: {told}")
            return redirect("purchasing:correction", made.number)
        except DomainError as refusal:
            form.add_error("yen", f"{refusal.message}{refusal.way_out}")
    context = {
        "form": form, "cancel_url": reverse("purchasing:corrections"), "submit_label": "訂正を登録する",
        "limit_yen": party.company().po_approval_yen,
    }  # fmt: skip
    return render(request, "purchasing/correction_form.html", context, status=422 if form.errors else 200)


def _first(document: str) -> dict[str, Any]:
    told: dict[str, Any] = {"on": clock.today(), "sort": LESS}
    found = queries.owed().filter(document=document[:40].replace("\0", "")).first() if document else None
    return told | ({"supplier": found.supplier_id, "document": found.document} if found else {})


def _correction(number: str) -> PayableCorrection:
    rows = PayableCorrection.objects.select_related("supplier", "settles", "created_by", "approved_by")
    return get_object_or_404(rows, number=number)


@office("purchasing.view_payablecorrection")
def correction(request: HttpRequest, number: str) -> HttpResponse:
    """訂正の詳細."""
    found = _correction(number)
    is_waiting = found.state == CorrectionState.WAITING
    is_mine = found.created_by_id == request.user.pk
    context = {
        "object": found, "correction": found, "is_waiting": is_waiting, "is_mine": is_mine,
        "is_posted": found.state == CorrectionState.POSTED,
        "may_approve": is_waiting and not is_mine and request.user.has_perm(APPROVE),
        "may_reverse": request.user.has_perm(APPROVE) and not is_mine if found.is_large else True,
        "bill_url": entry_url(found.settles) if found.settles else "", "panels_page": "purchasing.correction",
    }  # fmt: skip
    return render(request, "purchasing/correction.html", context)


@office_post(APPROVE)
@once
def correction_approve(request: HttpRequest, number: str) -> HttpResponse:
    """承認して計上."""
    correcting.approve(_correction(number), by=clerk(request))
    messages.success(request, f"{number} を承認し、買掛台帳に計上しました。")
    return redirect("purchasing:correction", number)


@office_post("purchasing.change_payablecorrection")
@once
def correction_refuse(request: HttpRequest, number: str) -> HttpResponse:
    """却下・取り下げ."""
    correcting.refuse(_correction(number), reason=request.POST.get("reason", "")[:200], by=clerk(request))
    messages.success(request, f"{number} を却下しました。買掛は変わりません。")
    return redirect("purchasing:correction", number)


@office_post("purchasing.change_payablecorrection")
@once
def correction_reverse(request: HttpRequest, number: str) -> HttpResponse:
    """取消."""
    correcting.take_back(_correction(number), reason=request.POST.get("reason", "")[:200], by=clerk(request))
    messages.success(request, f"{number} を取り消しました。")
    return redirect("purchasing:correction", number)
