"""What a clerk answers to a question about an order (例外・変更への答え)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from akinai.catalog import queries as catalog
from akinai.core.errors import DomainError
from akinai.orders import queries, services
from akinai.orders.forms import AssignSkuForm, LineForm, ReasonForm
from akinai.orders.models import OrderChange, OrderIssue
from akinai.orders.views.acts import moved, read
from akinai.orders.views.page import back
from akinai.ui.access import clerk, office_post


def _issue(request: HttpRequest, pk: int) -> OrderIssue:
    seen = queries.orders_seen_by(clerk(request))
    return get_object_or_404(OrderIssue.objects.select_related("order").filter(order__in=seen), pk=pk)


@office_post("orders.change_order")
def accept_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """例外をそのまま受け入れる."""
    issue = _issue(request, pk)
    data = read(ReasonForm(request.POST), "受け入れられません。理由: ")
    services.accept_issue(pk, reason=data["reason"], by=clerk(request))
    moved(request, issue.order, "例外を解決しました。")
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
    moved(request, issue.order, f"商品を {sku.code} にしました。")
    return back(request, issue.order)


@office_post("orders.change_order")
def create_sku(request: HttpRequest, pk: int) -> HttpResponse:
    """例外: 商品を仮登録する."""
    issue = _issue(request, pk)
    code = services.create_sku(pk, by=clerk(request))
    moved(request, issue.order, f"商品 {code} を仮登録しました（商品の「要確認」で整えられます）。")
    return back(request, issue.order)


@office_post("orders.change_order")
def correct_line(request: HttpRequest, pk: int) -> HttpResponse:
    """例外: 明細を直す."""
    issue = _issue(request, pk)
    data = read(LineForm(request.POST), "明細を直せません。", "0 以上の整数で入力してください。")
    services.correct_line(
        pk, quantity=data["quantity"], unit_price_yen=data["unit_price_yen"], by=clerk(request)
    )
    moved(request, issue.order, "明細を直しました。")
    return back(request, issue.order)


@office_post("orders.change_order")
def take_out_line(request: HttpRequest, pk: int) -> HttpResponse:
    """例外: この明細をやめる."""
    issue = _issue(request, pk)
    services.take_out_line(pk, by=clerk(request))
    moved(request, issue.order, f"明細 {issue.line_no} を外しました。")
    return back(request, issue.order)


@office_post("orders.change_order")
def decide_change(request: HttpRequest, pk: int) -> HttpResponse:
    """変更の申し出: 反映する / しない."""
    seen = queries.orders_seen_by(clerk(request))
    change = get_object_or_404(OrderChange.objects.select_related("order").filter(order__in=seen), pk=pk)
    decision = request.POST.get("decision")
    if decision == "accept":
        services.accept_change(pk, by=clerk(request))
        moved(request, change.order, "変更を反映しました。")
    elif decision == "dismiss":
        services.dismiss_change(pk, by=clerk(request))
        moved(request, change.order, "変更を反映しませんでした。")
    else:
        raise DomainError("反映するかしないかが選ばれていません。", way_out="どちらかを押してください。")
    return back(request, change.order)
