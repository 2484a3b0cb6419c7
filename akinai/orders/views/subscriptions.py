"""定期購入の画面: one subscription with its turns, the form, the acts, and what comes in the next 90 days."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.core import clock, postal
from akinai.core.errors import DomainError
from akinai.orders.intervals import Interval
from akinai.orders.models import Subscription
from akinai.orders.services import EntryLine, subscriptions, turns
from akinai.orders.states import DELIVERY_SLOTS, IntervalKind, SubscriptionState, TurnState
from akinai.orders.subscription_forms import (
    EndForm,
    MoveForm,
    PauseForm,
    ResumeForm,
    SkipForm,
    SubscriptionForms,
)
from akinai.orders.views.page import order_of
from akinai.party import openings
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once
from akinai.ui.worklist.export import csv_cell

AHEAD = timedelta(days=90)


def subscription_of(number: str) -> Subscription:
    return get_object_or_404(Subscription.objects.select_related("customer", "began_from"), number=number)


@office("orders.view_subscription")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """一つの定期購入."""
    one = subscription_of(number)
    openings.opened(request, openings.Page.SUBSCRIPTION, one.number, one.customer_id)
    lines = list(one.lines.select_related("sku").order_by("line_no"))
    goods = catalog.sku_rows(line.sku_id for line in lines)
    is_fixed = one.price_is == Subscription.Price.FIXED
    wanted = turns.entry_lines(one, lines)
    rows = [
        (line, goods[line.sku_id], line.unit_price_yen if is_fixed else goods[line.sku_id].price_yen)
        for line in lines
    ]
    total, cut = turns.goods_yen(wanted), turns.discount_of(one, wanted)
    ahead = [
        row for row in turns.planned(clock.today(), clock.today() + AHEAD) if row.subscription.pk == one.pk
    ]
    coming = list(zip(ahead, turns.planned_yen(ahead), strict=True))
    charge = turns.charge_of(one, lines, on=max(one.order_on, clock.today()))
    fees = (charge.yen or 0) + (charge.cod_yen or 0)
    past = list(one.turns.select_related("order", "by").order_by("-turn"))
    hidden = {"turn": one.next_turn}
    context = {
        "object": one, "subscription": one, "rows": rows, "goods_yen": total, "discount_yen": cut, "total_yen": total - cut + fees, "charge": charge,
        "coming": coming, "turns": past, "made": sum(turn.state == TurnState.MADE for turn in past),
        "failed": next((turn for turn in past if turn.state == TurnState.FAILED), None),
        "notices": one.notices.order_by("-pk")[:10], "slot": DELIVERY_SLOTS.get(one.delivery_slot, ""), "postal_code": postal.formatted(one.ship_to["postal_code"]),
        "is_open": one.state != SubscriptionState.ENDED, "skip_form": SkipForm(initial=hidden),
        "move_form": MoveForm(initial={**hidden, "to": one.next_on}), "pause_form": PauseForm(),
        "resume_form": ResumeForm(initial={"next_on": clock.today() + timedelta(days=14)}), "end_form": EndForm(),
        "panels_page": "orders.subscription",
    }  # fmt: skip
    return render(request, "orders/subscription.html", context)


@office("orders.add_subscription")
@once
def subscribe(request: HttpRequest) -> HttpResponse:
    """定期購入を始める, from nothing or from an order (`?from=SO-…`)."""
    source = order_of(request, request.GET["from"]) if request.GET.get("from") else None
    if request.method == "POST":
        forms = SubscriptionForms(request.POST)
        made = _tried(
            forms, lambda: subscriptions.subscribe(forms.terms(), began_from=source, by=clerk(request))
        )
        if made:
            messages.success(
                request, f"定期購入 {made.number} を始めました。次のお届けは {made.next_on:%Y/%m/%d} です。"
            )
            return redirect("orders:subscription", made.number)
        return _form(request, forms, None, status=422)
    if source is None:
        return _form(request, SubscriptionForms(), None)
    first = clock.today() + timedelta(days=30)
    terms = subscriptions.terms_from(source, Interval(IntervalKind.DAYS, 30), first)
    lines = [_line(line) for line in terms.lines]
    return _form(request, SubscriptionForms(terms=terms, lines=_coded(lines)), None)


@office("orders.change_subscription")
@once
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """定期購入を直す."""
    one = subscription_of(number)
    if request.method == "POST":
        forms = SubscriptionForms(request.POST)
        seen = forms.plan.data.get("plan-seen", "")
        done = _tried(
            forms,
            lambda: subscriptions.change(
                one.pk, forms.terms(), seen=int(seen) if seen.isdigit() else None, by=clerk(request)
            ),
        )
        if done:
            messages.success(request, f"{one.number} を直しました。次の回から効きます。")
            return redirect("orders:subscription", number)
        return _form(request, forms, one, status=422)
    own = list(one.lines.order_by("line_no"))
    terms = subscriptions.Terms(
        one.buyer_address, one.ship_address, [EntryLine(line.sku_id, line.quantity, line.unit_price_yen) for line in own],
        one.payment, one.interval, one.next_on, one.delivery_slot, one.shipping_yen, one.cod_fee_yen, one.days_before,
        one.notice_days, one.price_is, one.discount_percent, one.first_percent, one.least_turns, one.shop_note,
    )  # fmt: skip
    lines = _coded([_line(line) for line in terms.lines])
    return _form(request, SubscriptionForms(terms=terms, lines=lines, version=one.version), one)


def _line(line: EntryLine) -> dict[str, Any]:
    return {"sku": line.sku_id, "quantity": line.quantity, "unit_price_yen": line.unit_price_yen}


def _coded(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    goods = catalog.sku_rows(line["sku"] for line in lines)
    return [{**line, "code": goods[line.pop("sku")].code} for line in lines]


def _tried(forms: SubscriptionForms, act: Callable[[], Subscription]) -> Subscription | None:
    """What the act made; None where the form or the service refuses, with the reason in the form."""
    if not forms.is_valid():
        return None
    try:
        return act()
    except DomainError as refusal:
        forms.refuse(f"{refusal.message}{refusal.way_out}")
        return None


def _form(
    request: HttpRequest, forms: SubscriptionForms, one: Subscription | None, *, status: int = 200
) -> HttpResponse:
    where = reverse("orders:subscription", args=[one.number]) if one else reverse("orders:subscriptions")
    return render(
        request,
        "orders/subscription_form.html",
        {"forms": forms, "subscription": one, "cancel_url": where},
        status=status,
    )


# ---- 一つずつの操作


def _act(
    request: HttpRequest,
    number: str,
    form: Any,
    act: Callable[[Subscription, dict[str, Any]], Any],
    done: str,
) -> HttpResponse:
    """Read, ask, show: a form that is wrong says so in a message, because its panel is small."""
    one = subscription_of(number)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("orders:subscription", number)
    act(one, form.cleaned_data)
    messages.success(request, f"{number} {done}")
    return redirect("orders:subscription", number)


@office_post("orders.change_subscription")
@once
def skip(request: HttpRequest, number: str) -> HttpResponse:
    """次の回を休む."""
    return _act(request, number, SkipForm(request.POST), lambda one, told: subscriptions.skip_next(one.pk, by=clerk(request), **told), "の次の回を休みにしました。")  # fmt: skip


@office_post("orders.change_subscription")
@once
def move(request: HttpRequest, number: str) -> HttpResponse:
    """次のお届け日を動かす."""
    return _act(request, number, MoveForm(request.POST), lambda one, told: subscriptions.move_next(one.pk, by=clerk(request), **told), "のお届け日を動かしました。")  # fmt: skip


@office_post("orders.change_subscription")
@once
def pause(request: HttpRequest, number: str) -> HttpResponse:
    """休止する."""
    return _act(request, number, PauseForm(request.POST), lambda one, told: subscriptions.pause(one.pk, by=clerk(request), **told), "を休止しました。")  # fmt: skip


@office_post("orders.change_subscription")
@once
def resume(request: HttpRequest, number: str) -> HttpResponse:
    """再開する."""
    return _act(request, number, ResumeForm(request.POST), lambda one, told: subscriptions.resume(one.pk, by=clerk(request), **told), "を再開しました。")  # fmt: skip


@office_post("orders.change_subscription")
@once
def end(request: HttpRequest, number: str) -> HttpResponse:
    """終了する."""
    return _act(request, number, EndForm(request.POST), lambda one, told: subscriptions.end(one.pk, by=clerk(request), **told), "を終了しました。")  # fmt: skip


@office_post("orders.change_subscription")
@once
def retry(request: HttpRequest, number: str) -> HttpResponse:
    """つくれなかった回をもう一度."""
    made = turns.make_turn(subscription_of(number).pk, by=clerk(request))
    if made:
        messages.success(request, "受注をつくりました。")
    else:
        messages.error(request, "まだつくれません。理由を確かめてください。")
    return redirect("orders:subscription", number)


# ---- これからの 90 日


@office("orders.view_subscription")
def forecast(request: HttpRequest) -> HttpResponse:
    """これからの定期購入: by day, and by goods and week; also as a file."""
    first = clock.today()
    rows = turns.planned(first, first + AHEAD)
    pieces = turns.planned_pieces(first, first + AHEAD)
    if request.GET.get("export") == "csv":
        return _file(pieces)
    by_day: dict[date, list[turns.Planned]] = defaultdict(list)
    for row in rows:
        by_day[row.on].append(row)
    context = {
        "days": _weeks(first, by_day), "count": len(rows), "goods": _goods(first, pieces), "first": first, "last": first + AHEAD,
        "due_yen": sum(yen or 0 for yen in turns.planned_yen(rows)),
        "weeks": [first - timedelta(days=first.weekday()) + timedelta(weeks=nth) for nth in range(14)],
    }  # fmt: skip
    return render(request, "orders/subscription_forecast.html", context)


def _weeks(
    first: date, by_day: dict[date, list[turns.Planned]]
) -> list[list[tuple[date, list[turns.Planned], bool]]]:
    """Weeks from Monday: (day, its turns, is it within the period)."""
    monday = first - timedelta(days=first.weekday())
    last = first + AHEAD
    return [
        [
            (day := monday + timedelta(days=7 * week + nth), by_day.get(day, []), first <= day <= last)
            for nth in range(7)
        ]
        for week in range(14)
    ]


def _goods(first: date, pieces: Any) -> list[tuple[str, str, list[int], int]]:
    """(code, name, pieces by week, all) of each SKU, most pieces first."""
    monday = first - timedelta(days=first.weekday())
    counted: dict[int, list[int]] = defaultdict(lambda: [0] * 14)
    for (sku, day), count in pieces.items():
        counted[sku][(day - monday).days // 7] += count
    rows = catalog.sku_rows(counted)
    found = [(rows[sku].code, rows[sku].title, weeks, sum(weeks)) for sku, weeks in counted.items()]
    return sorted(found, key=lambda row: (-row[3], row[0]))


def _file(pieces: Any) -> HttpResponse:
    """お届け日・商品ごとの数 as CSV that Excel opens."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="subscriptions.csv"'
    goods = catalog.sku_rows(sku for sku, _ in pieces)
    writer = csv.writer(response)
    writer.writerow(["お届け日", "商品コード", "商品名", "数量"])
    for (sku, day), count in sorted(pieces.items(), key=lambda pair: (pair[0][1], goods[pair[0][0]].code)):
        writer.writerow([f"{day:%Y/%m/%d}", goods[sku].code, csv_cell(goods[sku].title), count])
    return response
