"""Screens of payments (入金の画面): the list of credits and the matching desk."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.orders import queries as orders
from akinai.payments import queries, services
from akinai.payments.forms import ManualMatchForm, NoteForm, OtherPaymentForm
from akinai.payments.models import BankAccount, BankLineStatus
from akinai.payments.services import Part
from akinai.payments.services.auto import LOOKED_AT
from akinai.payments.states import BankLineState, PaymentSource
from akinai.ui.access import office, office_post
from akinai.ui.worklist import Choice, Column, DateRange, FromIntake, MultiChoice, Tab, Worklist, YenRange


class BankLineList(Worklist):
    """入金明細."""

    page = "payments.list"
    title = "入金・消込"
    permission = "payments.view_bankline"
    template_name = "payments/list.html"
    columns = [
        Column("on", "日付", value="line.on", format="date", sort="line__on", link=True),
        Column("payer", "振込人・摘要", value=lambda row: row.line.payer or row.line.text, card="title"),
        Column("amount_yen", "入金額", format="yen", sort="amount_yen", card="amount"),
        Column("left", "未消込", format="yen"),
        Column("state", "状態", format="badge", card="badge"),
        Column("score", "確度", value=lambda row: f"{row.score}%" if row.score else ""),
        Column("account", "口座", value=lambda row: str(row.line.account)),
        Column("note", "メモ", value="note"),
        Column("text", "摘要", value="line.text", visible=False),
    ]
    tabs = [
        Tab("todo", "要対応", Q(state__in=list(LOOKED_AT)), count=True),
        Tab("matched", "消込済", Q(state=BankLineState.MATCHED)),
        Tab("aside", "対象外", Q(state=BankLineState.SET_ASIDE)),
    ]
    filters = [
        MultiChoice("state", "状態", choices=BankLineState.choices),
        DateRange("on", "日付", field="line__on"),
        YenRange("amount", "入金額", field="amount_yen"),
        Choice("account", "口座", choices=lambda _request: [(a.code, str(a)) for a in BankAccount.objects.all()], field="line__account__code"),
        FromIntake("intake", "取込", field="line__intake_file_id"),
    ]  # fmt: skip
    search_hint = "振込人・摘要"
    default_sort = "-on"
    export_name = "入金明細"
    empty = {
        "icon": "bank", "title": "入金明細はまだありません", "text": "ネットバンキングの明細を取り込むと、自動で消し込みます。",
        "url_name": "intake:new", "label": "明細を取り込む",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[BankLineStatus]:
        return queries.lines_seen_by(request.user)  # type: ignore[arg-type]

    def search(self, queryset: QuerySet[BankLineStatus], text: str) -> QuerySet[BankLineStatus]:
        from akinai.core.kana import payer_key

        key = payer_key(text)
        return queryset.filter(Q(line__payer_key__contains=key) | Q(line__text__icontains=text))

    def row_url(self, row: BankLineStatus) -> str:
        return reverse("payments:detail", args=[row.pk])


@office("payments.view_bankline")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """消込の机: one credit, its candidates, and every way out."""
    status = get_object_or_404(queries.lines_seen_by(request.user), pk=pk)  # type: ignore[arg-type]
    text = request.GET.get("q", "")
    context: dict[str, Any] = {
        "object": status.line,
        "line": status.line,
        "status": status,
        "offers": queries.offers(status),
        "matches": queries.matches_of(pk),
        "q": text,
        "found": orders.find_owing(text) if text.strip() else [],
        "manual": ManualMatchForm(),
        "note_form": NoteForm(),
        "panels_page": "payments.detail",
    }
    return render(request, "payments/detail.html", context)


@office_post("payments.add_match")
def run(request: HttpRequest) -> HttpResponse:
    """自動消込."""
    outcome = services.match_all(by=request.user)  # type: ignore[arg-type]
    messages.success(
        request,
        f"{outcome.credits} 件を調べ、{outcome.auto} 件（{yen(outcome.auto_yen)}）を消し込みました。"
        f"候補あり {outcome.proposed} 件、候補なし {outcome.open} 件。",
    )
    return redirect("payments:list")


def _next(request: HttpRequest, pk: int) -> HttpResponse:
    """On to the next line that needs a person, else back to the list."""
    following = queries.next_to_do(after=pk)
    return redirect("payments:detail", following) if following else redirect("payments:list")


@office_post("payments.add_match")
def accept(request: HttpRequest, pk: int, index: int) -> HttpResponse:
    """候補を採る."""
    status = get_object_or_404(queries.lines_seen_by(request.user), pk=pk)  # type: ignore[arg-type]
    chosen = next((offer for offer in queries.offers(status) if offer.index == index), None)
    if chosen is None:
        raise DomainError("この候補はもう使えません。", way_out="もう一度「候補を探す」を押してください。")
    made = services.accept(pk, chosen.candidate, by=request.user)  # type: ignore[arg-type]
    messages.success(request, f"{made.number}: {yen(made.amount_yen)} を消し込みました。")
    return _next(request, pk)


@office_post("payments.add_match")
def manual(request: HttpRequest, pk: int) -> HttpResponse:
    """受注を選んで消し込む, with what happens to the difference."""
    status = get_object_or_404(queries.lines_seen_by(request.user), pk=pk)  # type: ignore[arg-type]
    form = ManualMatchForm(request.POST)
    if not form.is_valid():
        raise DomainError("受注が選ばれていません。", way_out="受注を探して選んでください。")
    order_id = form.cleaned_data["order"]
    owed, customer = orders.owed([order_id]).get(order_id, (0, None))
    parts = _parts(
        order_id, owed, status.amount_yen - status.matched_yen, customer, form.cleaned_data["difference"]
    )
    made = services.match(pk, parts, by=request.user, reasons=["担当者が選択"], learn=True)  # type: ignore[arg-type]
    messages.success(request, f"{made.number}: {yen(made.amount_yen)} を消し込みました。")
    return _next(request, pk)


def _parts(order_id: int, owed: int, left: int, customer: int | None, difference: str) -> list[Part]:
    parts = [Part(order_id, min(owed, left), customer_id=customer)]
    if left < owed and difference == "fee":
        parts.append(Part(order_id, owed - left, PaymentSource.FEE, customer))
    if left > owed and difference == "credit":
        parts.append(Part(None, left - owed, PaymentSource.CREDIT, customer))
    return parts


@office_post("payments.add_match")
def unmatch(request: HttpRequest, pk: int) -> HttpResponse:
    """消込の取消."""
    made = services.unmatch(pk, by=request.user, note=request.POST.get("note", ""))  # type: ignore[arg-type]
    messages.success(request, "消込を取り消しました。入金と受注は未消込に戻りました。")
    return redirect("payments:detail", made.line_id)


@office_post("payments.add_match")
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """対象外にする."""
    services.set_aside(pk, by=request.user, note=request.POST.get("note", ""))  # type: ignore[arg-type]
    messages.success(request, "対象外にしました。")
    return _next(request, pk)


@office_post("payments.add_match")
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """対象外を戻す."""
    services.bring_back(pk, by=request.user)  # type: ignore[arg-type]
    return redirect("payments:detail", pk)


@office_post("payments.add_payment")
def receive(request: HttpRequest, order_id: int) -> HttpResponse:
    """銀行以外の入金 on the order page."""
    order = get_object_or_404(orders.orders_seen_by(request.user), pk=order_id)  # type: ignore[arg-type]
    form = OtherPaymentForm(request.POST)
    if not form.is_valid():
        first = next(iter(form.errors.values()))[0]
        raise DomainError(f"入金を記録できません。{first}", way_out="入力を直してください。")
    key = request.POST.get("once") or secrets.token_hex(12)
    services.receive_otherwise(order_id=order.pk, key=f"hand:{key}", by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    messages.success(request, "入金を記録しました。")
    return redirect("orders:detail", order.number)
