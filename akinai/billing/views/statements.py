"""締め処理と合計請求書の画面."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.billing import jobs, queries, services
from akinai.billing import terms as days
from akinai.billing.forms import ClosingForm, SendForm, VoidForm
from akinai.billing.models import BillingTerms, ClosingRun, Statement, StatementVoid
from akinai.billing.services.send import address_for
from akinai.billing.views.papers import pdf_answer, send_answer
from akinai.core import clock
from akinai.core import paper_store as store
from akinai.core.business_days import day_in_month
from akinai.core.tax import Rounding
from akinai.party import openings
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once
from akinai.ui.jobs.views import in_background


def _statement(number: str) -> Statement:
    found = queries.statement_by_number(number)
    if found is None:
        raise Http404(f"合計請求書 {number} はありません。")
    return found


@office("billing.add_statement")
def closing(request: HttpRequest) -> HttpResponse:
    """締め処理: pick a closing day and a month, see what each customer would be asked for, close."""
    used = sorted(
        BillingTerms.objects.filter(cycle=BillingTerms.Cycle.MONTHLY)
        .values_list("closing_day", flat=True)
        .distinct()
    )
    form = ClosingForm(request.GET or None, initial=_first(used))
    context: dict[str, Any] = {"form": form, "used": used}
    chosen = (
        form.cleaned_data
        if form.is_bound and form.is_valid()
        else _first(used)
        if not form.is_bound
        else None
    )
    if chosen and used:
        context |= _preview(int(chosen["day"]), chosen["month"])
    return render(
        request, "billing/closing.html", context, status=422 if form.is_bound and form.errors else 200
    )


def _first(used: list[int]) -> dict[str, Any]:
    """The closing that is most likely meant: the newest one that is over."""
    today = clock.today()
    newest = max(used, key=lambda day: days.last_closing(day, today), default=31)
    return {"day": newest, "month": f"{days.last_closing(newest, today):%Y-%m}"}


def _closed_on(day: int, month: str) -> date:
    return day_in_month(int(month[:4]), int(month[5:]), day)


def _preview(day: int, month: str) -> dict[str, Any]:
    closed_on = _closed_on(day, month)
    rows = services.foresee(day, closed_on)
    due = [row for row in rows if not row.existing and (row.draft.says_something or row.waiting)]
    return {
        "closed_on": closed_on,
        "day": day,
        "month": month,
        "period_from": days.period_from(closed_on, day),
        "rows": due,
        "done": [row for row in rows if row.existing],
        "idle": [row for row in rows if not row.existing and row not in due],
        "asked_yen": sum(row.draft.asked_yen for row in due),
        "waiting": sum(row.waiting for row in due),
        "is_over": closed_on <= days.last_closing(day, clock.today()),
        "runs": ClosingRun.objects.filter(closing_day=day, closed_on=closed_on).select_related("started_by"),
    }


@office_post("billing.add_statement")
@once
def run(request: HttpRequest) -> HttpResponse:
    """締める: a job writes one statement for each customer of this closing."""
    form = ClosingForm(request.POST)
    if not form.is_valid():
        messages.error(request, "締め日と月を選んでください。")
        return redirect("billing:closing")
    day, closed_on = (
        form.cleaned_data["day"],
        _closed_on(form.cleaned_data["day"], form.cleaned_data["month"]),
    )
    made = services.start_closing(day, closed_on, by=clerk(request))
    ids = [row.terms.customer_id for row in services.foresee(day, closed_on) if not row.existing]
    if not ids:
        messages.info(request, "この締めの対象は、すべて締め済みです。")
        return redirect(f"{reverse('billing:closing')}?day={day}&month={form.cleaned_data['month']}")
    return in_background(
        jobs.CLOSE, ids, by=clerk(request), options={"run": made.pk}, back="billing:statements"
    )


@office("billing.view_statement")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """合計請求書の詳細."""
    statement = _statement(number)
    openings.opened(request, openings.Page.INVOICE, number, statement.customer_id)
    lines = list(statement.lines.select_related("order", "invoice", "credit_note"))
    void = StatementVoid.objects.filter(statement=statement).select_related("by").first()
    owed = {line.order_id: line.order.owed_yen for line in lines}
    context = {
        "object": statement,
        "statement": statement,
        "lines": lines,
        "taxes": statement.taxes.all(),
        "void": void,
        "owed_yen": sum(owed.values()),
        "is_newest": not void and queries.latest_statement(statement.customer_id) == statement,
        "deliveries": list(queries.deliveries_of(number)),
        "undelivered": queries.mails_not_delivered(number),
        "is_whole": store.is_whole(statement.pdf_sha256),
        "rounding": Rounding(statement.rounding).label,
        "send_form": SendForm(initial={"to": address_for(statement)}),
        "is_overdue": statement.due_on < clock.today(),
        "panels_page": "billing.statement",
    }
    return render(request, "billing/statement.html", context)


@office("billing.view_statement")
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """合計請求書の PDF as issued."""
    return pdf_answer(request, _statement(number))


@office_post("billing.add_paperdelivery")
@once
def send(request: HttpRequest, number: str) -> HttpResponse:
    """メールで送る."""
    return send_answer(request, _statement(number), reverse("billing:statement", args=[number]))


@office_post("billing.add_paperdelivery")
@once
def printed(request: HttpRequest, number: str) -> HttpResponse:
    """印刷して送った."""
    services.mark_printed([_statement(number)], by=clerk(request))
    messages.success(request, f"{number} を送った記録にしました。")
    return redirect("billing:statement", number=number)


@office("billing.add_statementvoid")
@once
def void(request: HttpRequest, number: str) -> HttpResponse:
    """合計請求書の取消."""
    statement = _statement(number)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.make_void(statement, reason=form.cleaned_data["reason"], by=clerk(request))
        messages.success(request, f"{number} を取り消しました。明細は次の締めを待ちます。")
        return redirect("billing:statement", number=number)
    context = {
        "form": form,
        "statement": statement,
        "submit_label": "合計請求書を取り消す",
        "cancel_url": reverse("billing:statement", args=[number]),
    }
    return render(request, "billing/void_statement.html", context, status=422 if form.errors else 200)
