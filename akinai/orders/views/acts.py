"""What a clerk does to one order (受注の操作): read, ask the service, go back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from akinai.core.errors import DomainError
from akinai.orders import queries, services
from akinai.orders.forms import (
    DueForm,
    DueTimeForm,
    HoldForm,
    LineForm,
    NoteForm,
    ReasonForm,
    ReleaseForm,
    SettleForm,
)
from akinai.orders.models import Hold, Order
from akinai.orders.views.page import back, order_of
from akinai.orders.views.preview import through_preview
from akinai.ui.access import clerk, office_post


def moved(request: HttpRequest, order: Order, done: str) -> None:
    """Say what was done and where the order stands now."""
    order.refresh_from_db(fields=["state"])
    messages.success(request, f"{done}{order.number} は「{order.get_state_display()}」です。")


def read(form: Form, refusal: str, way_out: str = "") -> dict[str, Any]:
    """The cleaned data of a small form. What cannot be read is refused in words, with nothing written."""
    if not form.is_valid():
        first = str(next(iter(form.errors.values()))[0])
        raise DomainError(f"{refusal}{first}", way_out=way_out)
    return form.cleaned_data


@office_post("orders.change_order")
def release_all(request: HttpRequest, number: str) -> HttpResponse:
    """保留をすべて解除: those that were on the screen."""
    order = order_of(request, number)
    form = ReleaseForm(request.POST)
    data = read(form, "保留を解除できません。")
    services.release_all(order, note=data["note"], only=form.holds(), by=clerk(request))
    moved(request, order, "保留を解除しました。")
    return back(request, order)


@office_post("orders.change_order")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """保留をひとつ解除."""
    seen = queries.orders_seen_by(clerk(request))
    hold = get_object_or_404(Hold.objects.select_related("order").filter(order__in=seen), pk=pk)
    data = read(ReleaseForm(request.POST), "保留を解除できません。")
    services.release(hold.pk, note=data["note"], by=clerk(request))
    moved(request, hold.order, f"「{hold.shown_title}」を解除しました。")
    return back(request, hold.order)


@office_post("orders.change_order")
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """手で保留にする."""
    order = order_of(request, number)
    form = HoldForm(request.POST)
    data = read(form, "保留にできません。理由: ")
    services.hold(
        order,
        reason=data["reason"],
        due_at=form.due_at(),
        release_rule=data["release_rule"],
        by=clerk(request),
    )
    messages.success(request, f"{order.number} を保留にしました。")
    return redirect("orders:detail", number)


@office_post("orders.change_order")
def set_due(request: HttpRequest, pk: int) -> HttpResponse:
    """保留の期限."""
    seen = queries.orders_seen_by(clerk(request))
    found = get_object_or_404(Hold.objects.select_related("order").filter(order__in=seen), pk=pk)
    form = DueTimeForm(request.POST)
    data = read(form, "保留の期限を変えられません。")
    services.set_due(found.pk, due_at=form.due_at(), release_rule=data["release_rule"], by=clerk(request))
    messages.success(request, f"「{found.shown_title}」の期限を決めました。")
    return back(request, found.order)


@office_post("orders.cancel_order")
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """キャンセル."""
    order = order_of(request, number)
    data = read(ReasonForm(request.POST), "キャンセルできません。理由: ")
    act = partial(services.cancel, order.pk, reason=data["reason"], by=clerk(request))
    return through_preview(
        request, order, act, title="キャンセル", done="キャンセルしました。", label="キャンセルする"
    )


@office_post("orders.change_order")
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """決済済みにする."""
    order = order_of(request, number)
    data = read(SettleForm(request.POST), "決済済みにできません。確かめた方法: ")
    services.settle(order.pk, note=data["note"], by=clerk(request))
    moved(request, order, "決済済みにしました。")
    return back(request, order)


@office_post("orders.change_order")
def extend_due(request: HttpRequest, number: str) -> HttpResponse:
    """入金期限を延ばす."""
    order = order_of(request, number)
    data = read(DueForm(request.POST), "入金期限を変えられません。")
    services.extend_due(order.pk, due_on=data["due_on"], by=clerk(request))
    messages.success(request, f"{order.number} の入金期限を {data['due_on']:%Y/%m/%d} にしました。")
    return back(request, order)


@office_post("orders.change_order")
def note_refunded(request: HttpRequest, number: str) -> HttpResponse:
    """返金済みにする."""
    order = order_of(request, number)
    data = read(SettleForm(request.POST), "返金を記録できません。返金の方法: ")
    services.note_refunded(order.pk, note=data["note"], by=clerk(request))
    messages.success(request, f"{order.number} の返金を記録しました。")
    return redirect("orders:detail", number)


@office_post("orders.change_order")
def edit_note(request: HttpRequest, number: str) -> HttpResponse:
    """店舗メモを保存."""
    order = order_of(request, number)
    data = read(NoteForm(request.POST), "メモを保存できません。")
    before = data["before"] if "before" in request.POST else None
    services.edit_note(order.pk, shop_note=data["shop_note"], before=before, by=clerk(request))
    messages.success(request, "店舗メモを保存しました。")
    return redirect("orders:detail", number)


@office_post("orders.change_order")
def edit_line(request: HttpRequest, number: str, line_no: int) -> HttpResponse:
    """明細の数量・単価を直す."""
    order = order_of(request, number)
    get_object_or_404(order.lines, line_no=line_no)
    form = LineForm(request.POST)
    data = read(form, "明細を直せません。", "0 以上の整数で入力してください。")
    act = partial(
        services.edit_line, order.pk, line_no=line_no, quantity=data["quantity"],
        unit_price_yen=data["unit_price_yen"], was=form.was(), by=clerk(request),
    )  # fmt: skip
    return through_preview(request, order, act, title="明細を直す", done="明細を直しました。")


@office_post("orders.change_order")
def restore_line(request: HttpRequest, number: str, line_no: int) -> HttpResponse:
    """外した明細を戻す."""
    order = order_of(request, number)
    get_object_or_404(order.lines, line_no=line_no)
    services.restore_line(order.pk, line_no=line_no, by=clerk(request))
    moved(request, order, f"明細 {line_no} を戻しました。")
    return back(request, order)


@office_post("orders.change_order")
def use_kept(request: HttpRequest, number: str, kept: str) -> HttpResponse:
    """取置をこの受注に使う."""
    order = order_of(request, number)
    pieces = services.use_kept(order.pk, kept, by=clerk(request))
    moved(request, order, f"取置 {kept} の {pieces:,} 点をこの受注に使いました。")
    return back(request, order)


@office_post("orders.change_order")
def drop_repeats(request: HttpRequest, number: str) -> HttpResponse:
    """重複した明細を外す."""
    order = order_of(request, number)
    chosen = [str(no) for name, no in request.POST.items() if name.startswith("keep")]
    keep = {int(no) for no in chosen if no.isascii() and no.isdigit() and len(no) < 9}
    count = services.drop_repeats(order.pk, keep=keep, by=clerk(request))
    moved(request, order, f"重複した明細を {count} 行外しました。明細の「戻す」で元に戻せます。")
    return back(request, order)
