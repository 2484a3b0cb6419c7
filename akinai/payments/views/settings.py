"""口座と名義の覚え: where the money comes in, and what was learned of payers' names."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.payments import services
from akinai.payments.forms import AccountForm
from akinai.payments.models import BankAccount, PayerAlias
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("payments.add_bankaccount")
@once
def add_account(request: HttpRequest) -> HttpResponse:
    """口座の登録."""
    return _account(request, BankAccount(), "口座の登録")


@office("payments.change_bankaccount")
@once
def edit_account(request: HttpRequest, pk: int) -> HttpResponse:
    """口座の変更."""
    account = get_object_or_404(BankAccount, pk=pk)
    return _account(request, account, str(account))


def _account(request: HttpRequest, account: BankAccount, title: str) -> HttpResponse:
    form = AccountForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        saved = services.save_account(form.save(commit=False), by=clerk(request))
        messages.success(request, f"口座「{saved}」を保存しました。")
        return redirect("payments:accounts")
    context = {
        "form": form, "object": account if account.pk else None, "title": title, "cancel_url": reverse("payments:accounts"),
        "submit_label": "保存する",
    }  # fmt: skip
    return render(request, "payments/account.html", context, status=422 if form.errors else 200)


@office_post("payments.delete_payeralias")
@once
def forget_name(request: HttpRequest, pk: int) -> HttpResponse:
    """名義の覚えを消す."""
    alias = get_object_or_404(PayerAlias, pk=pk)
    services.forget_name(pk, by=clerk(request))
    messages.success(request, f"「{alias.payer or alias.payer_key}」の覚えを消しました。")
    back = request.POST.get("line", "")
    if back.isascii() and back.isdigit() and len(back) < 19:
        return redirect("payments:detail", int(back))
    return redirect("payments:names")
