"""会員の管理画面: a reset link by mail, and what members may do. A password is never seen or set here."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

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
    form = MemberTermsForm(request.POST or None, instance=consents.terms())
    if request.method == "POST" and form.is_valid():
        consents.save_terms(form.save(commit=False), by=clerk(request))
        messages.success(request, "会員の決まりを保存しました。")
        return redirect("shop_office:members")
    context = {"form": form, "object": consents.terms(), "cancel_url": reverse("shop_office:members")}
    return render(request, "shop/office/terms.html", context, status=422 if form.errors else 200)
