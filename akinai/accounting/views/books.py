"""仕訳帳・試算表・元帳の画面."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.accounting import services
from akinai.accounting.lists import source_name
from akinai.accounting.models import Account, BookSettings, JournalEntry
from akinai.accounting.queries import journal
from akinai.accounting.queries.journal import Balance
from akinai.accounting.rules import periods
from akinai.accounting.services.vouchers import BY_HAND
from akinai.core import clock
from akinai.core.business_days import month_end
from akinai.ui.access import office, office_post
from akinai.ui.forms import DateField
from akinai.ui.worklist import Column, export

KINDS = Account.Kind


class SpanForm(forms.Form):
    """期間."""

    first = DateField(label="期間の初め", required=False)
    last = DateField(label="期間の終わり", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("first", "last"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, "日付を入れてください。")
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            self.add_error("last", "期間の終わりが初めより前です。")
        return data


def _span(request: HttpRequest) -> tuple[SpanForm, date, date]:
    """What the address asks for; this month where it says nothing (readable)."""
    usual = {"first": clock.today().replace(day=1), "last": month_end(clock.today())}
    form = SpanForm(request.GET if "first" in request.GET else usual)
    told = form.cleaned_data if form.is_valid() else usual
    return form, told["first"], told["last"]


@office("accounting.view_journalentry")
def entry(request: HttpRequest, number: str) -> HttpResponse:
    """1 つの仕訳."""
    found = journal.entry(number)
    if found is None:
        raise Http404("その仕訳はありません。")
    lines = list(found.lines.all())
    by_hand = found.source in BY_HAND and not found.reverses_id
    reversal = JournalEntry.objects.filter(reverses=found).first() if by_hand else None
    context = {
        "reversal": reversal,
        "can_reverse": by_hand and not reversal and request.user.has_perm("accounting.add_journalentry"),
        "object": found, "entry": found, "lines": lines, "source": source_name(found.source), "panels_page": "accounting.entry",
        "debit": sum(line.yen for line in lines if line.side == "debit"),
    }  # fmt: skip
    return render(request, "accounting/entry.html", context)


@office_post("accounting.add_journalentry")
def post(request: HttpRequest) -> HttpResponseRedirect:
    """今すぐ記帳する."""
    rows = services.record_missing()
    entries = services.post_upto()
    messages.success(
        request,
        f"売上 {rows} 行、仕訳 {entries} 件を記帳しました。"
        if rows or entries
        else "新しく記帳するものはありません。",
    )
    back = request.POST.get("next", "")
    return redirect(back if back.startswith("/office/accounting/") else reverse("accounting:journal"))


@office("accounting.view_journalentry")
def trial(request: HttpRequest) -> HttpResponse:
    """試算表."""
    form, first, last = _span(request)
    rows = journal.trial_balance(first, last)
    groups = [(label, [row for row in rows if row.account.kind == kind]) for kind, label in KINDS.choices]
    year = periods.fiscal_first(clock.today(), BookSettings.objects.get(pk=1).fiscal_month)
    context = {
        "form": form, "first": first, "last": last, "groups": groups, "debit": sum(row.debit_yen for row in rows),
        "credit": sum(row.credit_yen for row in rows), "profit": _profit(rows), "year": year, "today": clock.today(),
        "month": periods.months_back(clock.today(), 1), "month_end": month_end(periods.months_back(clock.today(), 1)),
    }  # fmt: skip
    return render(request, "accounting/trial.html", context, status=422 if form.errors else 200)


def _profit(rows: list[Balance]) -> int:
    """収益 less 費用 of the period."""
    earned = sum(row.credit_yen - row.debit_yen for row in rows if row.account.kind == KINDS.REVENUE)
    return earned - sum(row.debit_yen - row.credit_yen for row in rows if row.account.kind == KINDS.EXPENSE)


TRIAL = [
    Column("code", "科目コード", value="account.code"), Column("name", "勘定科目", value="account.name"),
    Column("kind", "区分", value=lambda row: row.account.get_kind_display()), Column("before", "期首残高", value="before_yen", format="yen"),
    Column("debit", "借方", value="debit_yen", format="yen"), Column("credit", "貸方", value="credit_yen", format="yen"),
    Column("after", "期末残高", value="after_yen", format="yen"),
]  # fmt: skip
LEDGER = [
    Column("on", "日付"), Column("number", "仕訳番号"), Column("others", "相手科目"), Column("memo", "摘要"), Column("partner", "取引先"),
    Column("document", "証憑"), Column("debit", "借方", value=lambda row: row.yen if row.side == "debit" else ""),
    Column("credit", "貸方", value=lambda row: row.yen if row.side == "credit" else ""), Column("balance", "残高", value="balance_yen"),
]  # fmt: skip


@office("accounting.view_journalentry")
def trial_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """試算表 as a file."""
    _, first, last = _span(request)
    return _file(kind, f"試算表_{first:%Y%m%d}-{last:%Y%m%d}", TRIAL, journal.trial_balance(first, last))


def _file(kind: str, name: str, columns: list[Column], rows: list[Any]) -> HttpResponseBase:
    if kind == "xlsx":
        return export.xlsx_response(name, columns, rows)
    if kind == "csv":
        return export.csv_response(name, columns, rows, "utf-8-sig")
    raise Http404("この形式はありません。")


def _ledger(request: HttpRequest, code: str) -> tuple[SpanForm, Account, Balance, list[Any], date, date]:
    account = get_object_or_404(Account, code=code)
    form, first, last = _span(request)
    row = next(one for one in journal.trial_balance(first, last) if one.account == account)
    return form, account, row, journal.ledger(account, first, last, row.before_yen), first, last


@office("accounting.view_journalentry")
def ledger(request: HttpRequest, code: str) -> HttpResponse:
    """元帳 of one account."""
    form, account, row, lines, first, last = _ledger(request, code)
    context = {
        "form": form, "account": account, "row": row, "lines": lines[: journal.SHOWN_LINES], "count": len(lines),
        "is_cut": len(lines) > journal.SHOWN_LINES, "first": first, "last": last, "opening_on": first - timedelta(days=1),
    }  # fmt: skip
    return render(request, "accounting/ledger.html", context, status=422 if form.errors else 200)


@office("accounting.view_journalentry")
def ledger_file(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    """元帳 as a file."""
    _, account, _, lines, first, last = _ledger(request, code)
    return _file(kind, f"元帳_{account.name}_{first:%Y%m%d}-{last:%Y%m%d}", LEDGER, lines)
