"""What a clerk does to one order (受注の操作): read, ask the service, go back."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from akinai.catalog import queries as catalog
from akinai.core.errors import DomainError
from akinai.orders import queries, rules, services
from akinai.orders.forms import AssignSkuForm, LineForm, NoteForm
from akinai.orders.models import Hold, Order, OrderChange, OrderIssue
from akinai.orders.views.page import back, order_of
from akinai.ui.access import clerk, office_post


def _moved(request: HttpRequest, order: Order, done: str) -> None:
    """Say what was done and where the order stands now."""
    order.refresh_from_db(fields=["state"])
    messages.success(request, f"{done}{order.number} は「{order.get_state_display()}」です。")


def _first_error(form: Form) -> str:
    return str(next(iter(form.errors.values()))[0])


@office_post("orders.change_order")
def release_all(request: HttpRequest, number: str) -> HttpResponse:
    """保留をすべて解除."""
    order = order_of(request, number)
    services.release_all(order, note=request.POST.get("note", ""), by=clerk(request))
    _moved(request, order, "保留を解除しました。")
    return back(request, order)


@office_post("orders.change_order")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """保留をひとつ解除."""
    seen = queries.orders_seen_by(clerk(request))
    hold = get_object_or_404(Hold.objects.select_related("order").filter(order__in=seen), pk=pk)
    services.release(hold.pk, note=request.POST.get("note", ""), by=clerk(request))
    _moved(request, hold.order, f"「{rules.rule_title(hold.rule)}」を解除しました。")
    return back(request, hold.order)


@office_post("orders.change_order")
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """手で保留にする."""
    order = order_of(request, number)
    services.hold(order, reason=request.POST.get("reason", ""), by=clerk(request))
    messages.success(request, f"{order.number} を保留にしました。")
    return redirect("orders:detail", number)


@office_post("orders.cancel_order")
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """キャンセル."""
    order = order_of(request, number)
    services.cancel(order.pk, reason=request.POST.get("reason", ""), by=clerk(request))
    messages.success(request, f"{order.number} をキャンセルしました。")
    return redirect("orders:detail", number)


@office_post("orders.change_order")
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """決済済みにする."""
    order = order_of(request, number)
    services.settle(order.pk, note=request.POST.get("note", "")[:200], by=clerk(request))
    _moved(request, order, "決済済みにしました。")
    return back(request, order)


@office_post("orders.change_order")
def note_refunded(request: HttpRequest, number: str) -> HttpResponse:
    """返金済みにする."""
    order = order_of(request, number)
    services.note_refunded(order.pk, note=request.POST.get("note", ""), by=clerk(request))
    messages.success(request, f"{order.number} の返金を記録しました。")
    return redirect("orders:detail", number)


@office_post("orders.change_order")
def edit_note(request: HttpRequest, number: str) -> HttpResponse:
    """店舗メモを保存."""
    order = order_of(request, number)
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise DomainError(f"メモを保存できません。{_first_error(form)}")
    services.edit_note(order.pk, shop_note=form.cleaned_data["shop_note"], by=clerk(request))
    messages.success(request, "店舗メモを保存しました。")
    return redirect("orders:detail", number)


@office_post("orders.change_order")
def edit_line(request: HttpRequest, number: str, line_no: int) -> HttpResponse:
    """明細の数量・単価を直す."""
    order = order_of(request, number)
    get_object_or_404(order.lines, line_no=line_no)
    services.edit_line(order.pk, line_no=line_no, by=clerk(request), **_line_of(request))
    _moved(request, order, "明細を直しました。")
    return back(request, order)


def _line_of(request: HttpRequest) -> dict[str, int]:
    form = LineForm(request.POST)
    if not form.is_valid():
        raise DomainError(
            f"明細を直せません。{_first_error(form)}", way_out="0 以上の整数で入力してください。"
        )
    return form.cleaned_data


def _issue(request: HttpRequest, pk: int) -> OrderIssue:
    seen = queries.orders_seen_by(clerk(request))
    return get_object_or_404(OrderIssue.objects.select_related("order").filter(order__in=seen), pk=pk)


@office_post("orders.change_order")
def accept_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """例外をそのまま受け入れる."""
    issue = _issue(request, pk)
    services.accept_issue(pk, reason=request.POST.get("reason", ""), by=clerk(request))
    _moved(request, issue.order, "例外を解決しました。")
    return back(request, issue.order)


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
    services.assign_sku(pk, sku_id=sku.pk, remember=form.cleaned_data["remember"], by=clerk(request))
    _moved(request, issue.order, f"商品を {sku.code} にしました。")
    return back(request, issue.order)


@office_post("orders.change_order")
def correct_line(request: HttpRequest, pk: int) -> HttpResponse:
    """例外: 明細を直す."""
    issue = _issue(request, pk)
    services.correct_line(pk, by=clerk(request), **_line_of(request))
    _moved(request, issue.order, "明細を直しました。")
    return back(request, issue.order)


@office_post("orders.change_order")
def decide_change(request: HttpRequest, pk: int) -> HttpResponse:
    """変更の申し出: 反映する / しない."""
    seen = queries.orders_seen_by(clerk(request))
    change = get_object_or_404(OrderChange.objects.select_related("order").filter(order__in=seen), pk=pk)
    if request.POST.get("decision") == "accept":
        services.accept_change(pk, by=clerk(request))
        _moved(request, change.order, "変更を反映しました。")
    else:
        services.dismiss_change(pk, by=clerk(request))
        _moved(request, change.order, "変更を反映しませんでした。")
    return back(request, change.order)
