"""消込の机: one credit at a time, its candidates, and every way out. After each decision the next line comes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.party import openings
from akinai.party import queries as party
from akinai.payments import queries, services
from akinai.payments.forms import RESTS, SHORTAGES, AsideForm, DifferenceForm, NoteForm, first_error
from akinai.payments.hand import read_hand
from akinai.payments.models import BankLineStatus, Match
from akinai.payments.rules import Rest, Shortage, allocate
from akinai.payments.services.aside import debits_that_may_return
from akinai.payments.states import AsideReason, BankLineState
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

PAPER_FROM = 10_000  # 適格返還請求書 may be left out below this (消費税法)


def _line(request: HttpRequest, pk: int) -> BankLineStatus:
    seen = queries.lines_seen_by(clerk(request)).select_related(
        "line__account", "line__intake_file", "returned_by"
    )
    return get_object_or_404(seen, pk=pk)


@office("payments.view_bankline")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """消込の机."""
    status = _line(request, pk)
    openings.opened(request, openings.Page.PAYMENT, f"入金明細 {status.line.pk}")
    return render(request, "payments/desk.html", _context(request, status))


def _context(request: HttpRequest, status: BankLineStatus) -> dict[str, Any]:
    line = status.line
    is_open = status.state != BankLineState.SET_ASIDE and status.left > 0  # type: ignore[attr-defined]
    customer_text = request.GET.get("customer", "").strip()[:100]
    return {
        "object": line,
        "line": line,
        "status": status,
        "is_open": is_open,
        "is_returned": status.returned_by_id and status.state != BankLineState.SET_ASIDE,
        "neighbours": queries.neighbours(status),
        "offers": queries.offers(status) if is_open else [],
        "hand": read_hand(request.GET, status.left) if is_open else None,  # type: ignore[attr-defined]
        "shortages": SHORTAGES,
        "rests": RESTS,
        "reasons": [(value, label) for value, label in AsideReason.choices if value != AsideReason.RETURNED],
        "debits": list(debits_that_may_return(line)[:5]) if is_open else [],
        "customer_text": customer_text,
        "customers": party.find_customers(customer_text) if is_open else [],
        "matches": queries.matches_of(line.pk),
        "known_as": list(queries.known_as(line)),
        "earlier": list(queries.earlier_of(line)),
        "panels_page": "payments.detail",
    }


def _next(request: HttpRequest, status: BankLineStatus) -> HttpResponse:
    """On to the next line that needs a person; back to the list when nothing is left."""
    following = queries.next_to_do(status)
    if following:
        return redirect("payments:detail", following)
    messages.info(request, "要対応の入金はすべて片付きました。")
    return redirect("payments:list")


@office_post("payments.add_match")
def run(request: HttpRequest) -> HttpResponse:
    """自動消込, from the list or from one line."""
    outcome = services.match_all(by=clerk(request))
    messages.success(
        request,
        f"{outcome.credits:,} 件を調べ、{outcome.auto:,} 件（{yen(outcome.auto_yen)}）を消し込みました。"
        f"候補あり {outcome.proposed:,} 件、候補なし {outcome.open:,} 件。",
    )
    back = request.POST.get("line", "")
    if back.isascii() and back.isdigit() and len(back) < 19:
        status = BankLineStatus.objects.filter(pk=int(back)).first()
        if status and status.state in (BankLineState.OPEN, BankLineState.PROPOSED, BankLineState.PARTIAL):
            return redirect("payments:detail", status.pk)
    return redirect(f"{reverse('payments:list')}?tab=todo")


def _difference(request: HttpRequest) -> dict[str, Any]:
    form = DifferenceForm(request.POST)
    if not form.is_valid():
        raise DomainError(f"消し込めません。{first_error(form)}", way_out="差額の扱いを選び直してください。")
    return form.cleaned_data


@office_post("payments.add_match")
@once
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """候補を採る: exactly the candidate that was on the screen."""
    status = _line(request, pk)
    key = request.POST.get("candidate", "")
    chosen = next((offer for offer in queries.offers(status) if offer.key == key), None)
    if chosen is None:
        raise DomainError("この候補はもう使えません。", way_out="「候補を探し直す」を押してください。")
    made = services.accept(pk, chosen.candidate, by=clerk(request), **_difference(request))
    _say(request, made)
    return _next(request, status)


def _say(request: HttpRequest, made: Match) -> None:
    messages.success(request, f"{made.number}: {yen(made.amount_yen)} を消し込みました。")
    for number, given_up in queries.given_up_by(made.pk):
        if given_up >= PAPER_FROM:
            messages.warning(
                request, f"{number} の値引が {yen(given_up)} です。税込1万円以上の値引には、請求書の画面から返還請求書を発行してください。"
            )  # fmt: skip


@office_post("payments.add_match")
@once
def manual(request: HttpRequest, pk: int) -> HttpResponse:
    """手で選んだ受注で消し込む: one or several, in full or in part."""
    status = _line(request, pk)
    hand = read_hand(request.POST, status.left)  # type: ignore[attr-defined]
    if not hand.picked:
        raise DomainError("受注が選ばれていません。", way_out="受注を探して選んでください。")
    told = _difference(request)
    owner = request.POST.get("owner", "")
    parts = allocate(
        hand.left_yen, hand.owed(), shortage=told["shortage"] or Shortage.WAIT, rest=told["rest"] or Rest.LEAVE,
        customer_id=int(owner) if owner.isdigit() and int(owner) in hand.owners else None, note=told["note"],
    )  # fmt: skip
    made = services.match(pk, parts, by=clerk(request), reasons=["担当者が選択"], learn=True)
    _say(request, made)
    return _next(request, status)


@office_post("payments.add_match")
@once
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """預り金にする: what is left of the line is kept for a chosen customer."""
    status = _line(request, pk)
    text = request.POST.get("owner", "")
    owner = party.customer_by_id(int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else None
    if owner is None:
        raise DomainError("顧客が選ばれていません。", way_out="顧客を探して選んでください。")
    note = request.POST.get("note", "").strip()[:200]
    parts = allocate(status.left, [], rest=Rest.CREDIT, customer_id=owner.pk, note=note)  # type: ignore[attr-defined]
    made = services.match(pk, parts, by=clerk(request), reasons=["担当者が預り金に"], learn=True)
    messages.success(request, f"{made.number}: {yen(made.amount_yen)} を {owner.name} 様の預り金にしました。")
    return _next(request, status)


@office_post("payments.add_match")
@once
def unmatch(request: HttpRequest, pk: int) -> HttpResponse:
    """消込の取消."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    made = services.unmatch(pk, by=clerk(request), note=form.cleaned_data["note"])
    messages.success(request, "消込を取り消しました。入金と受注は未消込に戻りました。")
    return redirect("payments:detail", made.line_id)


@office_post("payments.add_match")
@once
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """対象外にする, or note that the money went back (組戻)."""
    status = _line(request, pk)
    form = AsideForm(request.POST)
    if not form.is_valid():
        raise DomainError(
            f"対象外にできません。{first_error(form)}", way_out="理由を選び、メモを書いてください。"
        )
    services.set_aside(pk, by=clerk(request), **form.cleaned_data)
    messages.success(request, "対象外にしました。")
    return _next(request, status)


@office_post("payments.add_match")
@once
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """対象外を戻す."""
    services.bring_back(pk, by=clerk(request), untie=request.POST.get("untie") == "1")
    messages.success(request, "消込の対象に戻しました。")
    return redirect("payments:detail", pk)
