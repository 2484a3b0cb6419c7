"""送料表の画面: one version with a trial, the form of a draft, publishing, the file."""

from __future__ import annotations

import csv

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.channels import queries as channels
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.orders.fee_ports import FeeAsk, ShippingCharge
from akinai.shipping import fee_intake, fee_lists, fee_queries, fee_rules, services
from akinai.shipping.fee_forms import FeeTableForms, TrialForm
from akinai.shipping.models import FeeTable
from akinai.shipping.states import Service
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once
from akinai.ui.worklist.export import csv_cell


def _found(pk: int) -> FeeTable:
    return get_object_or_404(fee_queries.with_parts(FeeTable.objects.all()), pk=pk)


@office("shipping.view_feetable")
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """1 つの送料表, with a trial."""
    found = _found(pk)
    trial = TrialForm(request.GET if "goods_yen" in request.GET else None, shops=channels.every_choice())
    charge = _tried(found, trial) if trial.is_bound and trial.is_valid() else None
    label, tone = fee_lists.standing(found)
    context = {
        "object": found, "table": found, "label": label, "tone": tone, "trial": trial, "charge": charge,
        "is_draft": found.state == FeeTable.State.DRAFT,
        "may_withdraw": found.state == FeeTable.State.LIVE and found.valid_from > clock.today(),
    }  # fmt: skip
    return render(request, "shipping/fee_table.html", context)


def _tried(found: FeeTable, trial: TrialForm) -> ShippingCharge:
    told = trial.cleaned_data
    words = dict(Service.choices).get(told["service"], "")
    ask = FeeAsk(
        told["goods_yen"], told["channel"], told["prefecture"], found.valid_from, told["code"], None, words,
        told["temperature"], told["is_cod"],
    )  # fmt: skip
    return fee_rules.charge(fee_queries.as_rules(found), fee_queries.parcel_of(ask))


@office("shipping.change_feetable")
@once
def add(request: HttpRequest) -> HttpResponse:
    """送料表を作る."""
    return _form(request, None)


@office("shipping.change_feetable")
@once
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """下書きを直す."""
    found = _found(pk)
    if found.state != FeeTable.State.DRAFT:
        messages.info(
            request, f"送料表「{found.name}」は公開されているので直せません。写しを作ってください。"
        )
        return redirect("shipping:fee_table", pk)
    return _form(request, found)


def _form(request: HttpRequest, found: FeeTable | None) -> HttpResponse:
    forms = FeeTableForms(request.POST or None, found)
    if request.method == "POST" and forms.is_valid():
        try:
            if found:
                kept = services.rewrite_fees(found.pk, by=clerk(request), **forms.told())
            else:
                kept = services.draft_fees(by=clerk(request), **forms.told())
        except DomainError as refusal:
            forms.refuse(f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(request, f"送料表「{kept.name}」の下書きを保存しました。公開すると使われます。")
            return redirect("shipping:fee_table", kept.pk)
    where = reverse("shipping:fee_table", args=[found.pk]) if found else reverse("shipping:fees")
    title = f"送料表「{found.name}」を直す" if found else "送料表を作る"
    context = {"forms": forms, "title": title, "cancel_url": where}
    return render(request, "shipping/fee_form.html", context, status=422 if request.method == "POST" else 200)


@office_post("shipping.change_feetable")
@once
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """公開する."""
    kept = services.publish_fees(_found(pk).pk, by=clerk(request))
    messages.success(
        request, f"送料表「{kept.name}」を公開しました。{kept.valid_from:%Y/%m/%d} から使われます。"
    )
    return redirect("shipping:fee_table", pk)


@office_post("shipping.change_feetable")
@once
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """取り下げる."""
    kept = services.withdraw_fees(_found(pk).pk, by=clerk(request))
    messages.success(request, f"送料表「{kept.name}」を取り下げました。")
    return redirect("shipping:fee_table", pk)


@office_post("shipping.change_feetable")
@once
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """写しを作る."""
    made = services.copy_fees(_found(pk).pk, by=clerk(request))
    messages.success(request, f"「{made.name}」を作りました。直してから公開してください。")
    return redirect("shipping:edit_fees", made.pk)


@office_post("shipping.change_feetable")
@once
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """下書きを消す."""
    found = _found(pk)
    services.discard_fees(found.pk, by=clerk(request))
    messages.success(request, f"送料表の下書き「{found.name}」を消しました。")
    return redirect("shipping:fees")


@office("shipping.view_feetable")
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """書き出し: the file that 取込 reads."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="shipping-fees-{pk}.csv"'
    writer = csv.writer(response)
    writer.writerow(fee_intake.COLUMNS)
    for row in fee_intake.rows_of(fee_intake.parts_of(_found(pk))):
        writer.writerow([csv_cell(cell) for cell in row])
    return response
