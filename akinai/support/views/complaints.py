"""クレームの画面: the complaint with all that is done about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.core import mail_texts
from akinai.core.errors import DomainError
from akinai.orders import queries as orders
from akinai.shipping import queries as shipping
from akinai.support import compensation_ports as ports
from akinai.support import complaint_texts
from akinai.support.complaint_forms import ApologyForm, CompensationForm, ComplaintForm, PreventionForm
from akinai.support.complaint_states import CompensationState, Severity
from akinai.support.models import Compensation, Complaint, Ticket
from akinai.support.queries import complaints as queries
from akinai.support.rules.complaints import DEMANDS, demands
from akinai.support.services import compensation, complaints, prevention
from akinai.support.services.replying import Newer, Reply, subject_of
from akinai.support.states import Direction
from akinai.support.views.doing import done_at
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

APPROVE = "support.approve_compensation"


def found(number: str) -> Complaint:
    """The complaint of this number. Raises Http404."""
    return get_object_or_404(queries.for_list(), number=number)


def _initial(complaint: Complaint) -> dict[str, Any]:
    told: dict[str, Any] = {
        name.removesuffix("_id"): getattr(complaint, name) for name in complaints.FIELDS
    } | {"version": complaint.version}
    told["sku_name"] = complaint.sku.code if complaint.sku else ""
    told["lot_name"] = str(complaint.lot) if complaint.lot else ""
    return told


@office("support.add_complaint")
@once
def open_complaint(request: HttpRequest, number: str) -> HttpResponse:
    """クレームにする."""
    ticket = get_object_or_404(Ticket.objects.select_related("customer"), number=number)
    known = queries.of_ticket(ticket.pk)
    if known is not None:
        return redirect("support:complaint", known.number)
    candidates = queries.blamable(ticket)
    first = ticket.messages.filter(direction__in=[Direction.IN, Direction.CALL]).order_by("pk").first()
    initial: dict[str, Any] = {"facts": first.own_text[:1000].strip() if first else ""}
    if len(candidates.orders) == 1:
        initial["order"] = candidates.orders[0][0]
    form = ComplaintForm(request.POST or None, candidates=candidates, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = complaints.open_complaint(ticket, form.told(), by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _opened(made))
            return redirect("support:complaint", made.number)
    context = {
        "form": form, "ticket": ticket, "submit_label": "クレームとして記録する", "pages": candidates.pages,
        "cancel_url": reverse("support:ticket", args=[number]), "is_new": True,
    }  # fmt: skip
    return render(request, "support/complaint_form.html", context, status=422 if form.is_bound else 200)


def _opened(made: Complaint) -> str:
    if made.severity == Severity.GRAVE:
        return f"{made.number} を重大なクレームとして記録し、店長に知らせました。"
    return f"{made.number} として記録しました。"


@office("support.view_complaint")
def complaint(request: HttpRequest, number: str) -> HttpResponse:
    """クレーム 1 件."""
    row = found(number)
    return render(request, "support/complaint.html", _context(request, row))


def _context(request: HttpRequest, row: Complaint, **more: Any) -> dict[str, Any]:
    given = queries.compensations_of(row)
    may_approve = request.user.has_perm(APPROVE)
    for one in given:
        one.may_approve = (  # type: ignore[attr-defined]
            may_approve and one.state == CompensationState.WAITING and one.asked_by_id != request.user.pk
        )
        one.may_reverse = (  # type: ignore[attr-defined]
            one.state == CompensationState.DONE and (not one.is_large or (may_approve and one.asked_by_id != request.user.pk))
        )  # fmt: skip
    left = demands(complaints.standing_of(row))
    return {
        "settle_tone": "primary" if all(one.is_met for one in left) else "",
        "object": row, "complaint": row, "ticket": row.ticket, "panels_page": "support.complaint", "given": given,
        "demands": left, "demand_words": DEMANDS[row.severity],
        "preventions": queries.preventions_of(row), "carrier": shipping.name_of(row.carrier) if row.carrier else "",
        "hows": [pair for pair in complaints.APOLOGIES.items() if pair[0] != "mail"],
        "how": complaints.APOLOGIES.get(row.apology_how, ""), "settings": compensation.settings(),
    } | more  # fmt: skip


@office("support.change_complaint")
@once
def change(request: HttpRequest, number: str) -> HttpResponse:
    """内容を書き直す."""
    row = found(number)
    candidates = queries.blamable(row.ticket)
    form = ComplaintForm(request.POST or None, candidates=candidates, initial=_initial(row))
    if request.method == "POST" and form.is_valid():
        try:
            complaints.change(row, form.told(), by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{number} を保存しました。")
            return redirect("support:complaint", number)
    context = {
        "form": form, "ticket": row.ticket, "complaint": row, "pages": candidates.pages,
        "cancel_url": reverse("support:complaint", args=[number]),
    }  # fmt: skip
    return render(request, "support/complaint_form.html", context, status=422 if form.is_bound else 200)


_done = done_at("support:complaint")


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")[:300]


@office_post("support.change_complaint")
def check(request: HttpRequest, number: str) -> HttpResponse:
    """事実確認を始める."""
    return _done(
        request, number, lambda: complaints.check(found(number), by=clerk(request)), "事実確認を始めました。"
    )


@office_post("support.change_complaint")
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """対応に移る."""
    return _done(
        request, number, lambda: complaints.answer(found(number), by=clerk(request)), "対応中にしました。"
    )


@office_post("support.change_complaint")
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """決着."""
    return _done(
        request,
        number,
        lambda: complaints.settle(found(number), by=clerk(request)),
        f"{number} を決着にしました。",
    )


@office_post("support.change_complaint")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """取り下げ."""
    return _done(
        request, number, lambda: complaints.withdraw(found(number), reason=_reason(request), by=clerk(request)),
        f"{number} を取り下げました。",
    )  # fmt: skip


@office_post("support.change_complaint")
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """再開."""
    return _done(
        request, number, lambda: complaints.reopen(found(number), reason=_reason(request), by=clerk(request)),
        f"{number} を再開しました。",
    )  # fmt: skip


@office_post("support.acknowledge_complaint")
def acknowledge(request: HttpRequest, number: str) -> HttpResponse:
    """店長が確認した."""
    return _done(
        request, number, lambda: complaints.acknowledge(found(number), by=clerk(request)), "確認したことを記録しました。"
    )  # fmt: skip


# 補償 ---------------------------------------------------------------------------------------------------------------


@office("support.add_compensation")
@once
def compensate(request: HttpRequest, number: str) -> HttpResponse:
    """補償を頼む. Up to the limit it is carried out with the press."""
    row = found(number)
    ids = list(row.ticket.order_links.values_list("order_id", flat=True))
    bought = orders.with_lines(ids) if ids else []
    lines = [line for one in bought for line in one.lines.all() if line.quantity and line.sku_id]
    form = CompensationForm(
        request.POST or None, lines=lines, orders=[(one.pk, one.number) for one in bought],
        has_customer=row.ticket.customer_id is not None, initial={"kind": request.GET.get("kind", "")[:10]},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = compensation.ask(row, form.told(), by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            waits = made.state == CompensationState.WAITING
            messages.success(
                request, f"{made.number} の承認を頼みました。" if waits else f"{made.number} を実行しました。"
            )
            return redirect("support:complaint", number)
    context = {
        "form": form, "complaint": row, "bounds": _bounds(row, bought), "settings": compensation.settings(),
        "standing_yen": row.given_yen, "submit_label": "補償する", "cancel_url": reverse("support:complaint", args=[number]),  # type: ignore[attr-defined]
        "has_ways": bool(ports.kinds()), "orders": bought,
    }  # fmt: skip
    return render(
        request, "support/complaint_compensation.html", context, status=422 if form.is_bound else 200
    )


def _bounds(row: Complaint, bought: list[Any]) -> list[tuple[str, int]]:
    """あと何円補償できるか."""
    money = [
        (f"{one.number} の値引・返金・再送", compensation.left_for(row, "refund", one.pk)) for one in bought
    ]
    first = bought[0].pk if len(bought) == 1 else None
    return [*money, ("クーポン・ポイント", compensation.left_for(row, "points", first))]


def _compensation(number: str, pk: int) -> Compensation:
    rows = Compensation.objects.select_related("complaint__ticket")
    return get_object_or_404(rows, pk=pk, complaint__number=number)


@office_post(APPROVE)
@once
def approve(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """承認して実行."""
    one = _compensation(number, pk)
    return _done(
        request, number, lambda: compensation.approve(one, by=clerk(request)), f"{one.number} を承認し、実行しました。"
    )  # fmt: skip


@office_post("support.add_compensation")
@once
def refuse(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """却下, or taken back by who asked. Another's is refused only by who may approve."""
    one = _compensation(number, pk)
    if one.asked_by_id != request.user.pk and not request.user.has_perm(APPROVE):
        messages.error(request, "ほかの人が頼んだ補償は、承認の権限がある人が却下します。")
        return redirect("support:complaint", number)
    return _done(
        request, number, lambda: compensation.refuse(one, reason=_reason(request), by=clerk(request)),
        f"{one.number} を却下しました。",
    )  # fmt: skip


@office_post("support.add_compensation")
@once
def reverse_compensation(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """取消. A large one is taken back by who may approve."""
    one = _compensation(number, pk)
    if one.is_large and not request.user.has_perm(APPROVE):
        messages.error(request, "承認が要る額の補償は、承認の権限がある人が取り消します。")
        return redirect("support:complaint", number)
    return _done(
        request, number,
        lambda: compensation.reverse(
            one, reason=_reason(request), is_unsent=request.POST.get("money") == "unsent", by=clerk(request)
        ),
        f"{one.number} を取り消しました。",
    )  # fmt: skip


# お詫び -------------------------------------------------------------------------------------------------------------


def _letter(row: Complaint) -> tuple[str, str]:
    """(件名, 本文) by the text that fits the mistake, with the live order and what was given."""
    standing = [one for one in queries.compensations_of(row) if one.state == CompensationState.DONE]
    what = [
        f"・{one.get_kind_display()} {one.yen:,} 円"
        + (f"（コード {one.entries.all()[0].document}）" if one.kind == "coupon" else "")
        for one in standing
    ]
    who = str(row.ticket.customer.name if row.ticket.customer else row.ticket.contact_name)
    values = {
        "お名前": who or "お客様", "受注番号": row.order.number if row.order else "",
        "商品名": catalog.sku_rows([row.sku_id])[row.sku_id].name if row.sku_id else "", "対応": "\n".join(what) or "{対応の内容をここに書いてください}",
    }  # fmt: skip
    return mail_texts.compose(complaint_texts.code_for(row.side), values)


@office("support.reply_ticket")
@once
def apologise(request: HttpRequest, number: str) -> HttpResponse:
    """お詫びのメール."""
    row = found(number)
    _, body = _letter(row)
    seen = (
        row.ticket.messages.filter(direction__in=[Direction.IN, Direction.OUT])
        .order_by("-pk")
        .values_list("pk", flat=True)
    )
    form = ApologyForm(
        request.POST or None,
        initial={"to": row.ticket.contact_mail, "subject": subject_of(row.ticket), "text": body, "seen": seen.first() or 0},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        letter = Reply(data["text"], data["key"], "stay", data["subject"], data["to"], data["seen"] or 0)
        try:
            complaints.apologise(row, letter, by=clerk(request))
        except (Newer, DomainError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "お詫びのメールを送ります。少しの間は問い合わせの画面で取り消せます。")
            return redirect("support:complaint", number)
    context = {
        "form": form, "complaint": row, "submit_label": "お詫びを送る", "cancel_url": reverse("support:complaint", args=[number]),
    }  # fmt: skip
    return render(request, "support/complaint_apology.html", context, status=422 if form.is_bound else 200)


@office_post("support.change_complaint")
def apologised(request: HttpRequest, number: str) -> HttpResponse:
    """電話などでお詫びした."""
    how = request.POST.get("how", "")[:20]
    return _done(
        request, number, lambda: complaints.note_apology(found(number), how, by=clerk(request)), "お詫びしたことを記録しました。"
    )  # fmt: skip


# 再発防止 -----------------------------------------------------------------------------------------------------------


@office("support.add_preventiontask")
@once
def plan(request: HttpRequest, number: str) -> HttpResponse:
    """再発防止を立てる."""
    row = found(number)
    form = PreventionForm(
        request.POST or None, initial={"owner": request.user.pk, "days": compensation.settings().measure_days}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = prevention.plan(row, form.told(), by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{made.number} を立てました。")
            return redirect("support:complaint", number)
    context = {
        "form": form, "complaint": row, "submit_label": "対策を立てる", "cancel_url": reverse("support:complaint", args=[number]),
    }  # fmt: skip
    return render(
        request, "support/complaint_prevention_form.html", context, status=422 if form.is_bound else 200
    )
