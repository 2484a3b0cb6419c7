"""勘定科目・振替伝票・期首残高・消費税集計の画面."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.accounting.models import Account, BookSettings, JournalEntry, ProductAccount
from akinai.accounting.queries import taxes
from akinai.accounting.rules import periods
from akinai.accounting.services import accounts as services
from akinai.accounting.services import vouchers
from akinai.accounting.views.books import _file, _span
from akinai.accounting.voucher_forms import ROWS, AccountForm, OpeningForm, ReverseForm, VoucherForm
from akinai.core import clock
from akinai.core.business_days import month_end
from akinai.core.errors import DomainError
from akinai.core.tax import DEDUCTIBLE
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once
from akinai.ui.worklist import Column

MOST_ROWS = 40


@office("accounting.change_account")
@once
def account(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """勘定科目の登録と変更."""
    row = get_object_or_404(Account, pk=pk) if pk else Account()
    names = {
        one.product: (one.name, one.sub_name) for one in ProductAccount.objects.filter(account_id=row.pk)
    }
    form = AccountForm(request.POST or None, instance=row, names=names)
    if request.method == "POST" and form.is_valid():
        try:
            services.save(form.instance, names=form.names, by=clerk(request))
            messages.success(request, f"{row.name} を保存しました。")
            return redirect("accounting:accounts")
        except DomainError as refusal:
            form.add_error("code", f"{refusal.message}{refusal.way_out}")
    context = {
        "form": form, "account": row, "cancel_url": reverse("accounting:accounts"), "submit_label": "保存する",
        "can_go": bool(row.pk and not row.role),
    }  # fmt: skip
    return render(request, "accounting/account.html", context, status=422 if form.errors else 200)


@office_post("accounting.change_account")
def act_on_account(request: HttpRequest, pk: int, verb: str) -> HttpResponseRedirect:
    """使わない, 使うに戻す, 消す."""
    row = get_object_or_404(Account, pk=pk)
    acts = {"retire": services.retire, "revive": services.revive, "delete": services.delete}
    name = row.name
    acts[verb](row, by=clerk(request))
    said = {"retire": "使わないにしました", "revive": "使うに戻しました", "delete": "消しました"}[verb]
    messages.success(request, f"{name} を{said}。")
    return redirect("accounting:accounts")


@office("accounting.add_journalentry")
@once
def voucher(request: HttpRequest) -> HttpResponse:
    """振替伝票."""
    count = min(MOST_ROWS, max(2, _number(request.POST.get("rows") or request.GET.get("rows"), ROWS)))
    form = VoucherForm(
        request.POST if request.method == "POST" else None, count=count, initial={"on": clock.today()}
    )
    if request.method == "POST" and "more" in request.POST:
        form = VoucherForm(initial={**request.POST.dict()}, count=min(MOST_ROWS, count + ROWS))
    elif request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = vouchers.write(
                on=data["on"], memo=data["memo"], lines=data["lines"], partner=data["partner"], document=data["document"],
                by=clerk(request),
            )  # fmt: skip
            messages.success(request, f"{made.number} を起票しました。")
            return redirect("accounting:entry", made.number)
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
    context = {
        "form": form, "submit_label": "起票する", "cancel_url": reverse("accounting:journal"),
        "can_grow": form.count < MOST_ROWS,
    }  # fmt: skip
    return render(request, "accounting/voucher.html", context, status=422 if form.errors else 200)


def _number(text: str | None, usual: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else usual


@office("accounting.add_journalentry")
@once
def opening(request: HttpRequest) -> HttpResponse:
    """期首残高."""
    rows = list(
        Account.objects.filter(is_live=True, kind__in=["asset", "liability", "equity"]).exclude(
            role__in=["opening", *vouchers.OPENED_ELSEWHERE]
        )
    )
    starts = BookSettings.objects.get(pk=1).starts_on
    form = OpeningForm(request.POST or None, accounts=rows, day=starts or clock.today().replace(day=1))
    standing = JournalEntry.objects.filter(source="opening", reverses=None, reversed_by=None).first()
    if request.method == "POST" and form.is_valid():
        try:
            made = vouchers.open_balances(
                on=form.cleaned_data["on"], balances=form.balances, by=clerk(request)
            )
            messages.success(request, f"期首残高を {made.number} に登録しました。")
            return redirect("accounting:entry", made.number)
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
    context = {
        "form": form, "standing": standing, "submit_label": "期首残高を登録する", "cancel_url": reverse("accounting:trial"),
    }  # fmt: skip
    return render(request, "accounting/opening.html", context, status=422 if form.errors else 200)


@office("accounting.add_journalentry")
@once
def reverse_entry(request: HttpRequest, number: str) -> HttpResponse:
    """仕訳の取消."""
    entry = get_object_or_404(JournalEntry.objects.filter(source__in=vouchers.BY_HAND), number=number)
    form = ReverseForm(request.POST or None, initial={"on": entry.on})
    if request.method == "POST" and form.is_valid():
        try:
            made = vouchers.reverse(entry, **form.cleaned_data, by=clerk(request))
            messages.success(request, f"{made.number} で取り消しました。")
            return redirect("accounting:entry", made.number)
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
    context = {
        "form": form, "entry": entry, "submit_label": "取り消す", "cancel_url": reverse("accounting:entry", args=[number]),
    }  # fmt: skip
    return render(request, "accounting/reverse.html", context, status=422 if form.errors else 200)


# 消費税集計 -----------------------------------------------------------------------------------------------------------

TAXES = [
    Column("month", "月", value=lambda row: f"{row.month:%Y/%m}"), Column("name", "税区分"), Column("rate", "税率(%)", format="number"),
    Column("net", "対象額（税抜）", value="net_yen", format="yen"), Column("tax", "消費税", value="tax_yen", format="yen"),
    Column("gross", "税込", value="gross_yen", format="yen"), Column("booked", "仮受・仮払消費税", value="booked_yen", format="yen"),
    Column("lost", "控除できない税", value="lost_yen", format="yen"),
]  # fmt: skip


@office("accounting.view_journalentry")
def tax_page(request: HttpRequest) -> HttpResponse:
    """消費税集計 by month and 税区分."""
    form, first, last = _span(request)
    rows = taxes.by_class(first, last)
    months: dict[date, list[Any]] = {}
    for row in rows:
        months.setdefault(row.month, []).append(row)
    today = clock.today()
    year = periods.fiscal_first(today, BookSettings.objects.get(pk=1).fiscal_month)
    last_month = periods.months_back(today, 1)
    context = {
        "form": form, "first": first, "last": last, "months": [(month, part, taxes.due(part)) for month, part in months.items()],
        "due": taxes.due(rows), "year": year, "today": today, "month": last_month,
        "month_end": month_end(last_month),
        "steps": [(since, percent) for since, percent in DEDUCTIBLE if percent < 100],
    }  # fmt: skip
    return render(request, "accounting/taxes.html", context, status=422 if form.errors else 200)


@office("accounting.view_journalentry")
def tax_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """消費税集計 as a file."""
    _, first, last = _span(request)
    return _file(kind, f"消費税集計_{first:%Y%m%d}-{last:%Y%m%d}", TAXES, taxes.by_class(first, last))
