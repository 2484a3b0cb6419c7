"""Screens of the order desk (受注の画面): one order, the 確認 queue, the rules."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from akinai.catalog import queries as catalog
from akinai.core.errors import DomainError
from akinai.orders import queries, rules, services
from akinai.orders.forms import AssignSkuForm, CorrectLineForm, HoldRuleForm
from akinai.orders.models import Hold, HoldRule, Order, OrderChange, OrderIssue
from akinai.orders.states import WAITING, IssueCode, OrderState
from akinai.stock import queries as stock
from akinai.ui.access import clerk, office, office_post


def _order(request: HttpRequest, number: str) -> Order:
    seen = queries.orders_seen_by(request.user).select_related(
        "channel", "customer", "location", "intake_file"
    )
    return get_object_or_404(seen, number=number)


def _context(order: Order) -> dict[str, Any]:
    lines = list(queries.lines_of([order.pk]))
    held = stock.reserved([f"{order.number}/{line.line_no}" for line in lines])
    return {
        "object": order,
        "order": order,
        "lines": [(line, held.get(f"{order.number}/{line.line_no}")) for line in lines],
        "issues": order.issues.filter(resolved_at=None).order_by("line_no", "id"),
        "solved": order.issues.exclude(resolved_at=None).select_related("resolved_by"),
        "holds": order.holds.filter(released_at=None),
        "freed": order.holds.exclude(released_at=None).select_related("released_by"),
        "changes": queries.pending_changes(order),
        "waiting": queries.why_waiting(order),
        "is_waiting": order.state in WAITING,
        "line_issues": {IssueCode.BAD_QUANTITY, IssueCode.BAD_PRICE},
        "unknown_sku": IssueCode.UNKNOWN_SKU,
        "panels_page": "orders.detail",
    }


@office("orders.view_order")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """受注の詳細."""
    return render(request, "orders/detail.html", _context(_order(request, number)))


@office("orders.change_order")
def desk(request: HttpRequest) -> HttpResponse:
    """確認の机: held orders one at a time, oldest first; A releases and goes on, S puts it off."""
    skip = [part for part in request.GET.get("skip", "").split(",") if part]
    held = queries.orders_seen_by(request.user).filter(state=OrderState.ON_HOLD)
    left = held.exclude(number__in=skip)
    order = left.select_related("channel", "customer", "location").order_by("ordered_at", "id").first()
    context: dict[str, Any] = {"left": left.count(), "skip": ",".join(skip)}
    if order:
        context |= _context(order)
        context["skip_next"] = ",".join([*skip, order.number])
    return render(request, "orders/desk.html", context)


def _back(request: HttpRequest, order: Order) -> HttpResponse:
    """To the desk when the act came from there, else to the order."""
    if request.POST.get("from") == "desk":
        response = redirect("orders:desk")
        response["Location"] += f"?skip={request.POST.get('skip', '')}" if request.POST.get("skip") else ""
        return response
    return redirect("orders:detail", order.number)


@office_post("orders.change_order")
def release_all(request: HttpRequest, number: str) -> HttpResponse:
    """保留をすべて解除."""
    order = _order(request, number)
    services.release_all(order, note=request.POST.get("note", ""), by=clerk(request))
    order.refresh_from_db()
    messages.success(request, f"{order.number} は「{order.get_state_display()}」に進みました。")
    return _back(request, order)


@office_post("orders.change_order")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """保留をひとつ解除."""
    hold = get_object_or_404(Hold.objects.select_related("order"), pk=pk)
    services.release(hold.pk, note=request.POST.get("note", ""), by=clerk(request))
    messages.success(request, f"「{rules.rule_title(hold.rule)}」を解除しました。")
    return _back(request, hold.order)


@office_post("orders.change_order")
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """手で保留にする."""
    order = _order(request, number)
    services.hold(order, reason=request.POST.get("reason", ""), by=clerk(request))
    messages.success(request, f"{order.number} を保留にしました。")
    return redirect("orders:detail", number)


@office_post("orders.cancel_order")
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """キャンセル."""
    order = _order(request, number)
    services.cancel(order.pk, reason=request.POST.get("reason", ""), by=clerk(request))
    messages.success(request, f"{order.number} をキャンセルしました。")
    return redirect("orders:detail", number)


def _issue(request: HttpRequest, pk: int) -> OrderIssue:
    orders = queries.orders_seen_by(request.user)
    return get_object_or_404(OrderIssue.objects.select_related("order").filter(order__in=orders), pk=pk)


@office_post("orders.change_order")
def accept_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """例外をそのまま受け入れる."""
    issue = _issue(request, pk)
    services.accept_issue(pk, reason=request.POST.get("reason", ""), by=clerk(request))
    messages.success(request, "例外を解決しました。")
    return _back(request, issue.order)


@office_post("orders.change_order")
def assign_sku(request: HttpRequest, pk: int) -> HttpResponse:
    """例外: 商品を選ぶ."""
    issue = _issue(request, pk)
    form = AssignSkuForm(request.POST)
    sku = catalog.find_scanned(form.cleaned_data["sku"]) if form.is_valid() else None
    if sku is None:
        raise DomainError(
            "その商品コードは登録されていません。", way_out="コードを確かめるか、商品を先に登録してください。"
        )
    remember = form.cleaned_data["remember"]
    services.assign_sku(pk, sku_id=sku.pk, remember=remember, by=clerk(request))
    messages.success(request, f"商品を {sku.code} にしました。")
    return _back(request, issue.order)


@office_post("orders.change_order")
def correct_line(request: HttpRequest, pk: int) -> HttpResponse:
    """例外: 明細を直す."""
    issue = _issue(request, pk)
    form = CorrectLineForm(request.POST)
    if not form.is_valid():
        raise DomainError("数量または単価が正しくありません。", way_out="0 以上の整数で入力してください。")
    services.correct_line(pk, by=clerk(request), **form.cleaned_data)
    messages.success(request, "明細を直しました。")
    return _back(request, issue.order)


@office_post("orders.change_order")
def decide_change(request: HttpRequest, pk: int) -> HttpResponse:
    """変更の申し出: 反映する / しない."""
    orders = queries.orders_seen_by(request.user)
    change = get_object_or_404(OrderChange.objects.select_related("order").filter(order__in=orders), pk=pk)
    if request.POST.get("decision") == "accept":
        services.accept_change(pk, by=clerk(request))
        messages.success(request, "変更を反映しました。")
    else:
        services.dismiss_change(pk, by=clerk(request))
        messages.success(request, "変更を反映しませんでした。")
    return _back(request, change.order)


@office("orders.change_holdrule")
def hold_rules(request: HttpRequest) -> HttpResponse:
    """要確認の規則: switches and limits."""
    shown = [(code, rule, _rule_form(request, code, rule)) for code, rule in rules.RULES.items()]
    forms = [form for _, _, form in shown]
    if request.method == "POST" and not [form for form in forms if not form.is_valid()]:
        services.set_rules(
            [form.save(commit=False) for form in forms if form.has_changed()], by=clerk(request)
        )
        messages.success(request, "要確認の規則を保存しました。次に取り込む受注から効きます。")
        return redirect("orders:hold_rules")
    return render(request, "orders/hold_rules.html", {"shown": shown})


def _rule_form(request: HttpRequest, code: str, rule: rules.Rule) -> HoldRuleForm:
    default = rule.default
    setting = HoldRule.objects.filter(code=code).first() or HoldRule(
        code=code, is_enabled=default.is_enabled, limit_yen=default.limit_yen, limit_days=default.limit_days
    )
    return HoldRuleForm(request.POST or None, prefix=code, instance=setting, rule=rule)
