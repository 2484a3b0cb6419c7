"""入金精算の画面: what nothing explains, one payout with its open lines, one line with its acts, and who pays."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core import clock
from akinai.core.intake import kind_of
from akinai.core.money import yen
from akinai.orders import queries as orders
from akinai.payments import queries
from akinai.payments.models import PayoutTerms, Settlement, SettlementLineStatus
from akinai.payments.queries import settlements as known
from akinai.payments.services import settlements
from akinai.payments.services.settlements.bank import choices
from akinai.payments.settlement_forms import (
    AcceptForm,
    BookForm,
    DepositForm,
    ParcelForm,
    ProviderForm,
    ReasonForm,
    TieBankForm,
    TieLineForm,
)
from akinai.payments.settlement_intake import provider_choices
from akinai.payments.settlement_states import ROLES, LineKind, LineState
from akinai.payments.views.order import _valid
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

OPEN_SHOWN = 100


@office("payments.add_settlement")
def take(request: HttpRequest) -> HttpResponse:
    """The upload page of settlements."""
    assert kind_of("settlements") is not None  # noqa: S101  (registered by this room)
    return redirect("intake:upload", "settlements")


@office("payments.view_settlement")
def unexplained(request: HttpRequest) -> HttpResponse:
    """説明のつかない金額: its four parts, each with the list that brings it to 0."""
    context = {
        "unexplained": queries.unexplained(clock.today()), "has_settlements": queries.has_settlements(),
        "recent": known.settlements_seen_by(clerk(request)).filter(known.LIVE).order_by("-paid_on", "-pk")[:8],
    }  # fmt: skip
    return render(request, "payments/unexplained.html", context)


def _settlement(request: HttpRequest, number: str) -> Settlement:
    return get_object_or_404(known.settlements_seen_by(clerk(request)), number=number)


@office("payments.view_settlement")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """精算 1 回."""
    found = _settlement(request, number)
    lines = known.lines_of_settlements(clerk(request)).filter(settlement=found).order_by("line__nth")
    is_waiting = found.status.bank_line_id is None and found.net_yen > 0 and found.status.state == "live"
    context = {
        "object": found, "settlement": found, "panels_page": "payments.settlement",
        "open_lines": lines.filter(state=LineState.OPEN)[:OPEN_SHOWN],
        "explained_lines": lines.filter(state=LineState.EXPLAINED)[:OPEN_SHOWN],
        "choices": choices(found) if is_waiting else [], "is_waiting": is_waiting, "reason_form": ReasonForm(),
        "booked": _booked(found),
    }  # fmt: skip
    return render(request, "payments/settlement.html", context)


def _booked(settlement: Settlement) -> list[tuple[str, int, int]]:
    """(科目, yen, tax) as booked, all acts together."""
    sums: dict[str, list[int]] = {}
    for role, amount, tax in settlement.entries.values_list("role", "yen", "tax_yen"):
        found = sums.setdefault(role, [0, 0])
        found[0], found[1] = found[0] + amount, found[1] + tax
    return [(ROLES[role], amount, tax) for role, (amount, tax) in sums.items() if amount]


@office_post("payments.change_settlement")
@once
def explain(request: HttpRequest, number: str) -> HttpResponse:
    """もう一度調べる."""
    found = _settlement(request, number)
    result = settlements.explain_again(found, by=clerk(request))
    rest = f"残りは {yen(result.open_yen)} です。" if result.open_yen else "すべて説明がつきました。"
    messages.success(request, f"{result.looked} 行を調べ、{result.explained} 行に説明がつきました。{rest}")
    return redirect("payments:settlement", number)


@office_post("payments.change_settlement")
@once
def reverse_settlement(request: HttpRequest, number: str) -> HttpResponse:
    """精算の取消."""
    found = _settlement(request, number)
    told = _valid(ReasonForm(request.POST), "取り消せません")
    settlements.reverse(found, by=clerk(request), **told)
    messages.success(request, f"{number} を取り消しました。正しいファイルをもう一度取り込めます。")
    return redirect("payments:settlement", number)


@office_post("payments.change_settlement")
@once
def tie_bank(request: HttpRequest, number: str) -> HttpResponse:
    """入金明細に結び付ける."""
    found = _settlement(request, number)
    told = _valid(TieBankForm(request.POST), "結び付けられません")
    settlements.tie_bank(found.pk, told["line"], note=told["note"], by=clerk(request))
    messages.success(request, f"{number} を入金明細と結び付けました。")
    return redirect("payments:settlement", number)


@office_post("payments.change_settlement")
@once
def untie_bank(request: HttpRequest, number: str) -> HttpResponse:
    """結び付きを外す."""
    found = _settlement(request, number)
    told = _valid(ReasonForm(request.POST), "外せません")
    settlements.untie_bank(found.pk, by=clerk(request), **told)
    messages.success(request, f"{number} と入金明細の結び付きを外しました。")
    return redirect("payments:settlement", number)


@office_post("payments.change_settlement")
@once
def tie_all(request: HttpRequest) -> HttpResponse:
    """入金明細と自動で照合する."""
    done = settlements.tie_all(by=clerk(request))
    messages.success(
        request,
        f"{done} 件の精算を入金明細と結び付けました。" if done else "新しく一致する入金はありません。",
    )
    return redirect(f"{reverse('payments:settlements')}?tab=waiting")


# One line -------------------------------------------------------------------------------------------------------------


def _line(request: HttpRequest, pk: int) -> SettlementLineStatus:
    return get_object_or_404(known.lines_of_settlements(clerk(request)), pk=pk)


@office("payments.view_settlement")
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """精算明細 1 行: why it is not explained, and the acts that explain it."""
    found = _line(request, pk)
    is_open = found.state == LineState.OPEN and found.settlement.status.state == "live"
    order = orders.rows_for_matching([found.order_id]).get(found.order_id) if found.order_id else None
    number = order.number if order else ""
    context = {
        "status": found, "line": found.line, "settlement": found.settlement, "order": order,
        "is_open": is_open, "parcel": _parcel(found) if is_open else [],
        "may_accept": order is not None and order.owed_yen > 0 and found.yen > 0 and found.line.kind == LineKind.SALE,
        "difference": found.yen - order.owed_yen if order else 0, "role": ROLES.get(found.role, ""),
        "tie_form": TieLineForm(initial={"order": number}, auto_id="tie_%s"),
        "accept_form": AcceptForm(auto_id="accept_%s"), "book_form": BookForm(auto_id="book_%s"),
        "undo_form": ReasonForm(auto_id="undo_%s"), "parcel_form": ParcelForm(auto_id="parcel_%s"),
        "next": _next_open(found),
    }  # fmt: skip
    return render(request, "payments/settlement_line.html", context)


def _parcel(found: SettlementLineStatus) -> list[settlements.ParcelShare]:
    """The orders among which the line can be shared out; none where one of them could not take its share."""
    shares = settlements.parcel_of(found.line) if found.line.tracking_no else []
    return shares if all(one.may_be_paid for one in shares) else []


def _next_open(found: SettlementLineStatus) -> int | None:
    """The next line to explain: of this settlement, else of any."""
    rows = SettlementLineStatus.objects.filter(state=LineState.OPEN, settlement__status__state="live")
    rows = rows.exclude(pk=found.pk)
    mine = (
        rows.filter(settlement_id=found.settlement_id)
        .order_by("line__nth")
        .values_list("pk", flat=True)
        .first()
    )
    return mine or rows.order_by("-settlement__paid_on", "pk").values_list("pk", flat=True).first()


@office_post("payments.change_settlement")
@once
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """説明する・取り消す. Afterwards the next open line, so that the list is worked off in one go."""
    found = _line(request, pk)
    by = clerk(request)
    if verb == "tie":
        settlements.tie_line(pk, by=by, **_valid(TieLineForm(request.POST), "結び付けられません"))
    elif verb == "parcel":
        settlements.tie_parcel(pk, by=by, **_valid(ParcelForm(request.POST), "分けられません"))
    elif verb == "accept":
        settlements.accept_difference(pk, by=by, **_valid(AcceptForm(request.POST), "差額を認められません"))
    elif verb == "book":
        settlements.book_line(pk, by=by, **_valid(BookForm(request.POST), "科目で説明できません"))
    else:
        settlements.undo_line(pk, by=by, **_valid(ReasonForm(request.POST), "取り消せません"))
        messages.success(request, "説明を取り消しました。")
        return redirect("payments:settlement_line", pk)
    messages.success(request, f"{yen(found.yen)} に説明がつきました。")
    following = _next_open(found)
    if following:
        return redirect("payments:settlement_line", following)
    return redirect("payments:settlement", found.settlement.number)


# A deposit without a settlement ---------------------------------------------------------------------------------------


@office("payments.view_settlement")
@once
def deposit(request: HttpRequest, pk: int) -> HttpResponse:
    """精算のない入金 one: take its file in, or say what it is."""
    found = get_object_or_404(known.payout_deposits(clerk(request)), pk=pk)
    likely = known.provider_of(found.line.payer_key)
    data = request.POST if request.method == "POST" else None
    form = DepositForm(
        data,
        providers=provider_choices(),
        initial={"provider": likely.code if likely else "", "role": "suspense"},
    )
    if data is not None and request.user.has_perm("payments.change_settlement") and form.is_valid():
        told: dict[str, Any] = form.cleaned_data
        made = settlements.by_hand(
            pk,
            settlements.terms_of(told["provider"]),
            role=told["role"],
            note=told["note"],
            by=clerk(request),
        )
        messages.success(
            request, f"{made.number}: {yen(made.net_yen)} を{ROLES[told['role']]}として説明しました。"
        )
        return redirect("payments:payout_deposits")
    waiting = known.settlements_seen_by(clerk(request)).filter(
        known.LIVE, status__bank_line=None, net_yen__lte=found.left + 1_000, net_yen__gte=found.left
    )
    context = {
        "status": found, "line": found.line, "likely": likely, "form": form, "waiting": waiting.order_by("-paid_on")[:8]
    }  # fmt: skip
    return render(request, "payments/payout_deposit.html", context, status=422 if form.errors else 200)


# Who pays -------------------------------------------------------------------------------------------------------------


@office("payments.add_payoutterms")
@once
def add_terms(request: HttpRequest) -> HttpResponse:
    """支払元の登録."""
    return _terms(request, None)


@office("payments.change_payoutterms")
@once
def terms(request: HttpRequest, code: str) -> HttpResponse:
    """支払元の変更."""
    return _terms(request, get_object_or_404(PayoutTerms, code=code))


def _terms(request: HttpRequest, terms: PayoutTerms | None) -> HttpResponse:
    names = ("code", "title", "finds", "covers", "fee_rate", "due_days", "note")
    initial: dict[str, Any] = {"due_days": 45, "fee_rate": 10}
    if terms:
        initial = {name: getattr(terms, name) for name in names}
    initial["payers"] = "\n".join(terms.payers) if terms else ""
    form = ProviderForm(request.POST or None, initial=initial)
    if terms:
        form.fields["code"].disabled = True
    if request.method == "POST" and form.is_valid():
        saved = settlements.save_terms(terms, by=clerk(request), **form.cleaned_data)
        messages.success(request, f"支払元「{saved.title}」を保存しました。")
        return redirect("payments:payout_terms")
    context = {
        "form": form, "object": terms, "title": terms.title if terms else "支払元の登録",
        "cancel_url": reverse("payments:payout_terms"), "submit_label": "保存する",
    }  # fmt: skip
    return render(request, "payments/payout_terms.html", context, status=422 if form.errors else 200)
