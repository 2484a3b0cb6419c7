"""のし・ラッピングの画面: of one line, and what the shop offers."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core.errors import DomainError
from akinai.orders import services
from akinai.orders.gift_forms import GiftForm, GiftOptionForm
from akinai.orders.gifts import Gift
from akinai.orders.models import GiftOption
from akinai.orders.views.page import order_of
from akinai.orders.views.preview import through_preview
from akinai.ui.access import clerk, office
from akinai.ui.forms import once
from akinai.ui.worklist import Column, MultiChoice, Worklist, YesNo


@office("orders.change_order")
@once
def gift(request: HttpRequest, number: str, line_no: int) -> HttpResponse:
    """のし・ラッピングを決める."""
    order = order_of(request, number)
    line = get_object_or_404(order.lines, line_no=line_no)
    form = GiftForm(request.POST or None, order=order, kept=Gift.of(line.gift))
    if request.method == "POST" and form.is_valid():
        act = partial(
            services.set_gift,
            order.pk,
            line_no=line_no,
            gift=form.gift(),
            seen=form.seen(),
            by=clerk(request),
        )
        try:
            return through_preview(
                request, order, act, title="のし・ラッピング", done="のし・ラッピングを決めました。"
            )
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
    context = {
        "order": order, "line": line, "form": form, "seen": services.version(order),
        "cancel_url": reverse("orders:detail", args=[number]),
    }  # fmt: skip
    return render(request, "orders/gift.html", context, status=422 if form.is_bound else 200)


class GiftOptionList(Worklist):
    """ギフトの選択肢."""

    page = "orders.gift_options"
    title = "ギフトの選択肢"
    permission = "orders.view_giftoption"
    template_name = "orders/gift_options.html"
    columns = [
        Column("name", "名前", sort="name", link=True, card="title"),
        Column("kind", "種類", value=lambda row: row.get_kind_display(), sort="kind", card="plain"),
        Column("price_yen", "価格（税込・1 点）", format="yen", sort="price_yen", card="amount"),
        Column("is_active", "使う", format="bool"),
        Column("note", "メモ", card="plain"),
    ]
    filters = [
        MultiChoice("kind", "種類", choices=GiftOption.Kind.choices),
        YesNo("active", "使う", field="is_active"),
    ]
    search_fields = ("name", "note")
    search_hint = "名前・メモ"
    default_sort = "kind"
    export_name = "ギフトの選択肢"
    empty = {
        "icon": "gift", "title": "ギフトの選択肢はまだありません", "text": "包装紙・手提げ袋・カードなどを価格と一緒に登録すると、受注の明細で選べます。",
        "url_name": "orders:new_gift_option", "label": "選択肢を登録する",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[GiftOption]:
        return GiftOption.objects.all()

    def row_url(self, row: GiftOption) -> str:
        return reverse("orders:gift_option", args=[row.pk])


@office("orders.add_giftoption")
@once
def new_option(request: HttpRequest) -> HttpResponse:
    """選択肢を登録する."""
    return _option(request, GiftOption(), "ギフトの選択肢を登録する")


@office("orders.change_giftoption")
@once
def option(request: HttpRequest, pk: int) -> HttpResponse:
    """選択肢を直す."""
    found = get_object_or_404(GiftOption, pk=pk)
    return _option(request, found, found.name)


def _option(request: HttpRequest, found: GiftOption, title: str) -> HttpResponse:
    form = GiftOptionForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        services.save_gift_option(form.save(commit=False), by=clerk(request))
        messages.success(request, f"「{form.instance.name}」を保存しました。")
        return redirect("orders:gift_options")
    context = {"form": form, "form_title": title, "cancel_url": reverse("orders:gift_options")}
    return render(request, "orders/gift_option.html", context, status=422 if form.is_bound else 200)
