"""会員の管理画面: a reset link by mail, and what members may do. A password is never seen or set here."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core.errors import DomainError
from akinai.shop.member_forms import MemberTermsForm
from akinai.shop.models import Member
from akinai.shop.services import accounts, consents
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office_post("shop.send_reset_member")
@once
def send_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """パスワード再設定のリンクを会員に送る."""
    member = get_object_or_404(Member.objects.select_related("customer"), pk=pk)
    accounts.send_reset(member, by=clerk(request))
    messages.success(request, f"{member} 様に、パスワード再設定のリンクを送りました（1 時間有効）。")
    return redirect("party:customer", member.customer.number)


@office("shop.change_memberterms")
def terms(request: HttpRequest) -> HttpResponse:
    """会員の決まり."""
    kept = consents.terms()
    words = consents.words_of(kept.terms_version)
    form = MemberTermsForm(request.POST or None, instance=kept, initial={"words": words})
    if request.method == "POST" and form.is_valid():
        try:
            consents.save_terms(form.save(commit=False), words=form.cleaned_data["words"], by=clerk(request))
        except DomainError as refusal:
            form.add_error("terms_version", f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(request, "会員の決まりを保存しました。")
            return redirect("shop_office:members")
    context = {"form": form, "object": consents.terms(), "cancel_url": reverse("shop_office:members")}
    return render(request, "shop/office/terms.html", context, status=422 if form.errors else 200)
