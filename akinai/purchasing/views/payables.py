"""仕入先請求書・支払の画面."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.purchasing.forms.payables import BillForm
from akinai.purchasing.lists.payables import entry_url
from akinai.purchasing.models import PaymentRun, SupplierBill
from akinai.purchasing.queries import payables as queries
from akinai.purchasing.services import billing, paying
from akinai.purchasing.states import BillState, RunState
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("purchasing.add_supplierbill")
@once
def bill_add(request: HttpRequest) -> HttpResponse:
    """請求書の登録. `?supplier=…` begins with the deliveries that are not billed yet."""
    form = BillForm(request.POST or None, initial=_unbilled(request.GET.get("supplier", "")))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = billing.draft_bill(
                supplier_id=data["supplier"], billed_on=data["billed_on"], lines=data["rows"], written=form.written(),
                supplier_bill_no=data["supplier_bill_no"], note=data["note"], by=clerk(request),
            )  # fmt: skip
            messages.success(request, f"{made.number} を下書きにしました。入荷と照合して計上してください。")
            return redirect("purchasing:bill", made.number)
        except DomainError as refusal:
            form.add_error("lines", f"{refusal.message}{refusal.way_out}")
    context = {
        "form": form, "cancel_url": reverse("purchasing:bills"), "submit_label": "下書きにして照合する",
        "waiting": [] if form.is_bound or form.initial.get("supplier") else queries.unbilled_suppliers(),
    }  # fmt: skip
    return render(request, "purchasing/bill_form.html", context, status=422 if form.errors else 200)


def _unbilled(supplier: str) -> dict[str, Any]:
    if not (supplier.isascii() and supplier.isdigit() and len(supplier) < 18):
        return {"billed_on": clock.today()}
    receipts = queries.unbilled(int(supplier), until=clock.today())
    yen = queries.unbilled_yen(receipt.pk for receipt in receipts)
    numbers = {receipt.pk: receipt.number for receipt in receipts}
    rows = [f"{numbers[pk]}\t{rate}\t{amount}" for (pk, rate), amount in sorted(yen.items())]
    back = {one.pk: one.number for one in queries.undeducted(int(supplier))}
    rows += [
        f"{back[pk]}\t{rate}\t{amount}" for (pk, rate), amount in sorted(queries.undeducted_yen(back).items())
    ]
    return {"supplier": supplier, "billed_on": clock.today(), "lines": "\n".join(rows)}


def _bill(number: str) -> SupplierBill:
    return get_object_or_404(SupplierBill.objects.select_related("supplier", "created_by"), number=number)


@office("purchasing.view_supplierbill")
def bill(request: HttpRequest, number: str) -> HttpResponse:
    """請求書: its amounts beside ours."""
    found = _bill(number)
    rows = list(found.lines.select_related("receipt"))
    context = {
        "object": found, "bill": found, "lines": rows, "taxes": found.taxes.all(),
        "is_draft": found.state == BillState.DRAFT, "is_posted": found.state == BillState.POSTED,
        "differences": [row for row in rows if row.ours_yen is not None and row.ours_yen != row.net_yen],
        "lost_yen": found.tax_yen - found.deductible_yen, "panels_page": "purchasing.bill",
    }  # fmt: skip
    return render(request, "purchasing/bill.html", context)


@office_post("purchasing.change_supplierbill")
def bill_post(request: HttpRequest, number: str) -> HttpResponse:
    """計上."""
    billing.post_bill(_bill(number), by=clerk(request))
    messages.success(request, f"{number} を買掛に計上しました。")
    return redirect("purchasing:bill", number)


@office_post("purchasing.change_supplierbill")
@once
def bill_reverse(request: HttpRequest, number: str) -> HttpResponse:
    """取消."""
    billing.reverse_bill(_bill(number), reason=request.POST.get("reason", "")[:200], by=clerk(request))
    messages.success(request, f"{number} を取り消しました。")
    return redirect("purchasing:bill", number)


@office_post("purchasing.change_supplierbill")
def bill_discard(request: HttpRequest, number: str) -> HttpResponse:
    """下書きの破棄."""
    billing.discard_bill(_bill(number), by=clerk(request))
    messages.success(request, f"{number} の下書きを破棄しました。")
    return redirect("purchasing:bills")


def _run(number: str) -> PaymentRun:
    return get_object_or_404(PaymentRun.objects.select_related("created_by"), number=number)


@office("purchasing.view_paymentrun")
def run(request: HttpRequest, number: str) -> HttpResponse:
    """支払."""
    found = _run(number)
    state = RunState(found.state)
    lines = list(found.lines.select_related("entry__supplier").order_by("entry__supplier__code", "pk"))
    for line in lines:
        line.url = entry_url(line.entry)  # type: ignore[attr-defined]
    context = {
        "object": found, "run": found, "lines": lines,
        "is_draft": state == RunState.DRAFT, "is_written": state == RunState.WRITTEN,
        "may_cancel": state in (RunState.DRAFT, RunState.WRITTEN), "panels_page": "purchasing.run",
    }  # fmt: skip
    return render(request, "purchasing/run.html", context)


@office_post("purchasing.change_paymentrun")
def run_write(request: HttpRequest, number: str) -> HttpResponse:
    """総合振込ファイルを作る, once."""
    paying.write_file(_run(number), by=clerk(request))
    messages.success(request, "総合振込のファイルを作りました。銀行に送り、終わったら支払済にしてください。")
    return redirect("purchasing:run", number)


@office("purchasing.change_paymentrun")
def run_file(request: HttpRequest, number: str) -> HttpResponse:
    """ファイル as it was written."""
    found = _run(number)
    header = content_disposition_header(True, f"{found.number}.txt") or "attachment"
    data = paying.file_of(found)
    return HttpResponse(
        data, content_type="text/plain; charset=Shift_JIS", headers={"Content-Disposition": header}
    )


@office_post("purchasing.change_paymentrun")
@once
def run_paid(request: HttpRequest, number: str) -> HttpResponse:
    """支払済."""
    paying.mark_paid(_run(number), by=clerk(request))
    messages.success(request, f"{number} を支払済にしました。")
    return redirect("purchasing:run", number)


@office_post("purchasing.change_paymentrun")
@once
def run_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """支払の取消."""
    paying.cancel_run(_run(number), reason=request.POST.get("reason", "")[:200], by=clerk(request))
    messages.success(request, f"{number} を取り消しました。請求は支払待ちに戻りました。")
    return redirect("purchasing:run", number)
