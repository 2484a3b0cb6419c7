"""問い合わせの操作: each is one POST, each says in Japanese why it cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.orders import queries as orders
from akinai.party import queries as party
from akinai.staff.queries import colleagues
from akinai.support import queries, services
from akinai.support.forms import MergeForm, ReplyForm
from akinai.support.models import CallBack, Message, Tag, Viewing
from akinai.support.states import Direction, Priority
from akinai.support.views.desk import WORDS, context_of, found
from akinai.support.views.doing import done_at
from akinai.ui.access import clerk, office_post

_done = done_at("support:ticket")


@office_post("support.reply_ticket")
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """返信する. What is wrong is said above the text, and the text stays."""
    ticket = found(number)
    form = ReplyForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.reply(ticket, form.told(), by=clerk(request))
        except services.Newer as error:
            form.add_error(None, str(error))
            told = request.POST.copy()
            told["in_spite_of"] = "on"
            form.data = told
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "返信を送ります。少しの間は取り消せます。")
            return redirect("support:ticket", number)
    return render(request, "support/ticket.html", context_of(request, ticket, form=form), status=422)


@office_post("support.change_ticket")
def note(request: HttpRequest, number: str) -> HttpResponse:
    """社内メモ."""
    text = request.POST.get("note", "")[:20_000]
    return _done(
        request, number, lambda: services.note(found(number), text, by=clerk(request)), "メモを残しました。"
    )


@office_post("support.view_ticket")
def here(request: HttpRequest, number: str) -> HttpResponse:
    """閲覧中の合図, and who else is here. Comes every some seconds from an open page."""
    ticket = found(number)
    Viewing.objects.update_or_create(
        ticket=ticket, staff=clerk(request),
        defaults={"seen_at": clock.now(), "is_writing": request.POST.get("writing") == "1"},
    )  # fmt: skip
    told = {
        "others": queries.others_here(ticket, clerk(request)),
        "newest": queries.newest_word(ticket),
        "seen": request.POST.get("seen", ""),
    }
    return render(request, "support/_here.html", told | {"ticket": ticket})


@office_post("support.reply_ticket")
def take_back(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """送信の取消."""
    message = get_object_or_404(Message, pk=pk, ticket__number=number)

    def back() -> None:
        services.take_back(message, by=clerk(request))
        request.session[WORDS] = [number, message.text]

    return _done(request, number, back, "送信を取り消しました。本文を返信の欄に戻しました。")


@office_post("support.reply_ticket")
def write_again(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """書き直す: the words of a letter that did not arrive stand in the reply again."""
    message = get_object_or_404(Message, pk=pk, ticket__number=number, direction=Direction.OUT)
    request.session[WORDS] = [number, message.text]
    return redirect(f"{reverse('support:ticket', args=[number])}#reply")


def _plain(act: Callable[..., Any], word: str) -> Callable[..., HttpResponseBase]:
    """The view of an act that needs nothing but the ticket."""

    @office_post("support.change_ticket")
    def view(request: HttpRequest, number: str) -> HttpResponse:
        return _done(request, number, lambda: act(found(number), by=clerk(request)), word)

    return view


begin = _plain(services.begin, "対応を始めました。")
wait = _plain(services.wait, "お客様待ちにしました。")
wake = _plain(services.wake, "対応に戻しました。")
solve = _plain(services.solve, "解決にしました。")
reopen = _plain(services.reopen, "再開しました。")
close = _plain(services.close, "完了にしました。")
dismiss = _plain(services.dismiss, "対象外にしました。")


@office_post("support.change_ticket")
def snooze(request: HttpRequest, number: str) -> HttpResponse:
    """保留."""
    told = request.POST.get("hours", "")
    hours = int(told) if told.isdecimal() and len(told) < 5 else 0
    until = clock.now() + timedelta(hours=hours)
    return _done(
        request, number, lambda: services.snooze(found(number), until, by=clerk(request)), "保留にしました。"
    )


@office_post("support.change_ticket")
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """統合."""
    form = MergeForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["into"][0]))
        return redirect("support:ticket", number)
    into = form.cleaned_data["into"]
    try:
        services.merge(found(number), into, by=clerk(request))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("support:ticket", number)
    messages.success(request, f"{number} を {into.number} に統合しました。")
    return redirect("support:ticket", into.number)


@office_post("support.assign_ticket")
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """担当を決める."""
    told = request.POST.get("assignee", "")
    chosen = next((one for one in colleagues() if str(one.pk) == told), None)
    return _done(
        request,
        number,
        lambda: services.assign(found(number), chosen, by=clerk(request)),
        "担当を変えました。",
    )


@office_post("support.change_ticket")
def priority(request: HttpRequest, number: str) -> HttpResponse:
    """優先度."""
    told = request.POST.get("priority", "")
    if told not in {str(value) for value in Priority.values}:
        messages.error(request, "優先度を選んでください。")
        return redirect("support:ticket", number)
    return _done(
        request,
        number,
        lambda: services.set_priority(found(number), int(told), by=clerk(request)),
        "優先度を変えました。",
    )


@office_post("support.change_ticket")
def category(request: HttpRequest, number: str) -> HttpResponse:
    """種類."""
    told = request.POST.get("category", "")
    return _done(
        request,
        number,
        lambda: services.set_category(found(number), told, by=clerk(request)),
        "種類を変えました。",
    )


@office_post("support.change_ticket")
def tags(request: HttpRequest, number: str) -> HttpResponse:
    """タグ."""
    chosen = [pk for pk in request.POST.getlist("tags") if pk.isdecimal()][:50]
    rows = list(Tag.objects.filter(pk__in=chosen, is_active=True))
    return _done(
        request,
        number,
        lambda: services.set_tags(found(number), rows, by=clerk(request)),
        "タグを付けました。",
    )


@office_post("support.change_ticket")
def customer(request: HttpRequest, number: str) -> HttpResponse:
    """お客様を選ぶ, by number; empty takes the choice back."""
    told = request.POST.get("customer", "").strip()
    pk = party.customer_numbered(told) if told else None
    if told and pk is None:
        messages.error(request, f"顧客番号「{told[:20]}」はありません。顧客の一覧で確かめてください。")
        return redirect("support:ticket", number)
    return _done(
        request,
        number,
        lambda: services.choose_customer(found(number), pk, by=clerk(request)),
        "お客様を変えました。",
    )


@office_post("support.change_ticket")
def link_order(request: HttpRequest, number: str) -> HttpResponse:
    """受注を結び付ける, by our number or the mall's."""
    told = request.POST.get("order", "").strip()[:80]
    rows = orders.named([told, told.upper()]) if told else []
    if len(rows) != 1:
        messages.error(
            request,
            f"注文番号「{told}」の受注は{'ありません' if not rows else '複数あります'}。番号を確かめてください。",
        )
        return redirect("support:ticket", number)
    return _done(
        request,
        number,
        lambda: services.link_order(found(number), rows[0], by=clerk(request)),
        "受注を結び付けました。",
    )


@office_post("support.change_ticket")
def unlink_order(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """受注を外す."""
    return _done(
        request,
        number,
        lambda: services.unlink_order(found(number), pk, by=clerk(request)),
        "受注を外しました。",
    )


@office_post("support.change_ticket")
def called_back(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """折り返した."""
    promise = get_object_or_404(CallBack.objects.select_related("ticket"), pk=pk, ticket__number=number)
    said = request.POST.get("outcome", "")[:200]
    return _done(
        request,
        number,
        lambda: services.called_back(promise, said, by=clerk(request)),
        "折り返しを済みにしました。",
    )
