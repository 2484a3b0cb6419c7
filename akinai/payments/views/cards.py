"""定期便のカード in the office: the rules, and what a person does about a turn or a card."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.payments import queries, services
from akinai.payments.card_forms import CardRulesForm
from akinai.payments.models import KeptCard
from akinai.payments.states import CardState
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("payments.change_cardrules")
@once
def card_rules(request: HttpRequest) -> HttpResponse:
    """定期便のカードの決まり."""
    told = services.card_rules()
    now = {
        "retry_days": ", ".join(str(day) for day in told.retry_days), "cancel_days": told.cancel_days,
        "expiry_days": told.expiry_days,
    }  # fmt: skip
    form = CardRulesForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        services.save_card_rules(**form.cleaned_data, by=clerk(request))
        messages.success(request, "定期便のカードの決まりを保存しました。")
        return redirect("payments:charges")
    context = {
        "form": form, "title": "定期便のカードの決まり", "cancel_url": reverse("payments:charges"), "submit_label": "保存する",
        "object": told if told.by_id else None,
    }  # fmt: skip
    return render(request, "payments/card_rules.html", context, status=422 if form.errors else 200)


@office_post("payments.change_turncharge")
@once
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """いま請求する."""
    charge = get_object_or_404(queries.charges_seen_by(clerk(request)), pk=pk)
    services.try_again(charge, by=clerk(request))
    charge.refresh_from_db()
    messages.info(request, f"登録カードに請求しました。いまの状態: {charge.get_state_display()}")
    return redirect("orders:subscription", charge.subscription.number)


@office_post("payments.change_keptcard")
@once
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """カードを外す: no turn is charged to it any more, and the provider forgets it."""
    card = get_object_or_404(KeptCard.objects.select_related("subscription"), pk=pk, state=CardState.KEPT)
    services.remove_card(card.subscription, why="担当者が外しました", by=clerk(request))
    messages.success(request, "カードを外しました。次の回は、お客様にお支払いをお願いします。")
    return redirect("orders:subscription", card.subscription.number)
