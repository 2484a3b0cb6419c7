"""決済会社: which are in use, and what a person does about an act that was refused or a notice that is odd."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from akinai.payments import queries, services
from akinai.payments.request_forms import NoteForm
from akinai.payments.views.order import _valid
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("payments.view_providerswitch")
def index(request: HttpRequest) -> HttpResponse:
    """決済リンクの接続: keys are told by the environment or a file, never here."""
    return render(request, "payments/providers.html", {"doors": queries.doors()})


@office_post("payments.change_providerswitch")
@once
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """使う・止める. The demo's twin can only be stopped."""
    found = next((one for one in queries.doors() if one.code == code), None)
    if found is None:
        raise Http404
    services.switch_provider(code, is_on=not found.is_on, by=clerk(request))
    messages.success(request, f"{found.title} を{'止めました' if found.is_on else '使います'}。")
    return redirect("payments:providers")


@office_post("payments.change_providercall")
@once
def call(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """断られた依頼: ask again, or say how it was resolved."""
    found = get_object_or_404(queries.calls_seen_by(clerk(request)), pk=pk)
    if verb == "again":
        services.ask_again(found, by=clerk(request))
        messages.success(request, "決済会社にもう一度依頼しました。")
    elif verb == "resolve":
        services.resolve(found, by=clerk(request), **_valid(NoteForm(request.POST), "記録できません"))
        messages.success(request, "解決済にしました。")
    else:
        raise Http404
    return redirect("payments:request", found.request.number)


@office_post("payments.change_webhookevent")
@once
def event(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """要確認の知らせ: handle it again, or say what was done about it."""
    found = get_object_or_404(queries.webhooks_seen_by(clerk(request)), pk=pk)
    if verb == "again":
        services.retry_webhook(found, by=clerk(request))
        messages.success(request, "もう一度処理します。")
    elif verb == "settle":
        services.settle_webhook(found, by=clerk(request), **_valid(NoteForm(request.POST), "記録できません"))
        messages.success(request, "確認済にしました。")
    else:
        raise Http404
    return redirect("payments:webhooks")
