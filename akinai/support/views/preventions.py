"""再発防止・原因の集計・クレームの決まりの画面."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.support.complaint_forms import CauseForm, PeriodForm, PreventionForm, SettingsForm
from akinai.support.models import ComplaintCause, PreventionTask
from akinai.support.queries import causes
from akinai.support.rules.complaints import has_fallen, rate
from akinai.support.services import compensation, prevention
from akinai.support.views.doing import done_at
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once
from akinai.ui.worklist import Column, export


def found(number: str) -> PreventionTask:
    """The measure of this number. Raises Http404."""
    rows = PreventionTask.objects.select_related(
        "complaint__ticket", "cause", "owner", "created_by", "closed_by"
    )
    return get_object_or_404(rows, number=number)


@office("support.view_preventiontask")
def task(request: HttpRequest, number: str) -> HttpResponse:
    """再発防止 1 件: the rate before and now."""
    row = found(number)
    closed = row.state == "closed"
    now = (row.after_complaints or 0, row.after_shipments or 0) if closed else prevention.after(row)
    before = (row.before_complaints or 0, row.before_shipments or 0)
    over = prevention.last_day(row)
    context = {
        "object": row, "task": row, "panels_page": "support.prevention", "before": before, "now": now,
        "before_rate": rate(*before), "now_rate": rate(*now), "fell": has_fallen(before, now), "last_day": over,
        "is_over": over is not None and clock.today() >= over, "today": clock.today(),
    }  # fmt: skip
    return render(request, "support/complaint_prevention.html", context)


@office("support.change_preventiontask")
@once
def change(request: HttpRequest, number: str) -> HttpResponse:
    """対策を書き直す."""
    row = found(number)
    first = {"what": row.what, "owner": row.owner_id, "due_on": row.due_on, "days": row.days}
    form = PreventionForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            prevention.change(row, form.told(), by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{number} を保存しました。")
            return redirect("support:prevention", number)
    context = {
        "form": form,
        "complaint": row.complaint,
        "task": row,
        "cancel_url": reverse("support:prevention", args=[number]),
    }
    return render(
        request, "support/complaint_prevention_form.html", context, status=422 if form.is_bound else 200
    )


_done = done_at("support:prevention")


@office_post("support.change_preventiontask")
def put_in_place(request: HttpRequest, number: str) -> HttpResponse:
    """対策を始めた."""
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        messages.error(request, "始めた日が正しくありません。2026-11-27 のように入力してください。")
        return redirect("support:prevention", number)
    return _done(
        request, number, lambda: prevention.put_in_place(found(number), on, by=clerk(request)), "対策を始めた日を記録しました。"
    )  # fmt: skip


@office_post("support.change_preventiontask")
def close(request: HttpRequest, number: str) -> HttpResponse:
    """率が下がったので完了."""
    return _done(
        request,
        number,
        lambda: prevention.close(found(number), by=clerk(request)),
        f"{number} を完了にしました。",
    )


@office_post("support.excuse_preventiontask")
def excuse(request: HttpRequest, number: str) -> HttpResponse:
    """理由を書いて完了."""
    reason = request.POST.get("reason", "")[:300]
    return _done(
        request, number, lambda: prevention.excuse(found(number), reason=reason, by=clerk(request)), f"{number} を完了にしました。"
    )  # fmt: skip


@office_post("support.change_preventiontask")
def drop(request: HttpRequest, number: str) -> HttpResponse:
    """中止."""
    reason = request.POST.get("reason", "")[:200]
    return _done(
        request, number, lambda: prevention.drop(found(number), reason=reason, by=clerk(request)), f"{number} を中止しました。"
    )  # fmt: skip


@office_post("support.change_preventiontask")
def resume(request: HttpRequest, number: str) -> HttpResponse:
    """やり直し."""
    reason = request.POST.get("reason", "")[:200]
    return _done(
        request, number, lambda: prevention.resume(found(number), reason=reason, by=clerk(request)), f"{number} を計画に戻しました。"
    )  # fmt: skip


# 原因の集計 ---------------------------------------------------------------------------------------------------------


def _asked(request: HttpRequest) -> tuple[PeriodForm, date, date, str]:
    form = PeriodForm(request.GET or None)
    today = clock.today()
    usual = (today - timedelta(days=364)).replace(day=1)
    data = form.cleaned_data if form.is_bound and form.is_valid() else {}
    first, last = data.get("first") or usual, data.get("last") or today
    view = request.GET.get("by", "cause")
    if first > last:
        first = last
    return form, first, last, view if view in causes.BY else "cause"


@office("support.view_complaint")
def report(request: HttpRequest) -> HttpResponse:
    """原因の集計: count, yen and rate by what, with the months."""
    form, first, last, view = _asked(request)
    rows, months = causes.by(view, first, last), causes.months(first, last)
    count, yen = sum(row.count for row in rows), sum(row.yen for row in rows)
    shipped = sum(row.shipments for row in months)
    context = {
        "form": PeriodForm(initial={"first": first, "last": last}), "errors": form.errors if form.is_bound else None, "rows": rows, "months": months,
        "view": view, "views": {key: told[0] for key, told in causes.BY.items()}, "title": causes.BY[view][0], "first": first, "last": last,
        "count": count, "yen": yen, "shipped": shipped, "per_thousand": rate(count, shipped), "filter": causes.BY[view][3],
        "grave": sum(row.grave for row in rows),
        "chart": [(f"{row.month:%y/%m}", row.count) for row in months], "yen_chart": [(f"{row.month:%y/%m}", max(row.yen, 0)) for row in months],
    }  # fmt: skip
    return render(request, "support/complaint_report.html", context, status=422 if context["errors"] else 200)


CAUSE_COLUMNS = [
    Column("label", "項目"), Column("count", "件数", format="number"), Column("grave", "うち重大", format="number"),
    Column("share", "構成比(%)", format="number"), Column("yen", "補償額", format="yen"),
    Column("per_thousand", "千出荷あたり", export=lambda row: "" if row.per_thousand is None else str(row.per_thousand)),
]  # fmt: skip
MONTH_COLUMNS = [
    Column("label", "月"), Column("count", "件数", format="number"), Column("yen", "補償額", format="yen"),
    Column("shipments", "出荷数", format="number"),
    Column("per_thousand", "千出荷あたり", export=lambda row: "" if row.per_thousand is None else str(row.per_thousand)),
]  # fmt: skip


@office("support.view_complaint")
def report_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The report as a file: `rows` as they are on the screen, or `months`."""
    _, first, last, view = _asked(request)
    span = f"{first:%Y%m%d}-{last:%Y%m%d}"
    if kind == "months":
        return export.csv_response(
            f"クレーム_月別_{span}", MONTH_COLUMNS, causes.months(first, last), "utf-8-sig"
        )
    name = f"クレーム_{causes.BY[view][0]}別_{span}"
    return export.csv_response(name, CAUSE_COLUMNS, causes.by(view, first, last), "utf-8-sig")


# 決まり -------------------------------------------------------------------------------------------------------------


@office("support.view_complaintcause")
@once
def settings(request: HttpRequest) -> HttpResponse:
    """クレームの決まり: limits and the list of causes. Only who may change them sees the form's button."""
    row = compensation.settings()
    may = request.user.has_perm("support.change_complaintsettings")
    form = SettingsForm(request.POST if request.method == "POST" and may else None, instance=row)
    if form.is_bound and form.is_valid():
        compensation.save_settings(form.save(commit=False), by=clerk(request))
        messages.success(request, "クレームの決まりを保存しました。")
        return redirect("support:complaint_settings")
    context = {"form": form, "causes": ComplaintCause.objects.all(), "may": may}
    return render(request, "support/complaint_settings.html", context, status=422 if form.is_bound else 200)


@office("support.change_complaintcause")
@once
def cause(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """原因コードを登録・変更する. A cause in use is never deleted, only put out of use."""
    row = get_object_or_404(ComplaintCause, pk=pk) if pk else None
    form = CauseForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        activity.record(saved, "save", by=clerk(request), summary=str(saved))
        messages.success(request, f"原因「{saved}」を保存しました。")
        return redirect("support:complaint_settings")
    context = {"form": form, "cause": row, "cancel_url": reverse("support:complaint_settings")}
    return render(request, "support/complaint_cause.html", context, status=422 if form.is_bound else 200)
