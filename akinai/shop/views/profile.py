"""会員情報: name, mail, password, consents, other devices, withdrawal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from akinai.core import tries
from akinai.core.errors import DomainError
from akinai.shop import sessions
from akinai.shop.member_forms import ChangeMailForm, ChangePasswordForm, ProfileForm, WithdrawForm
from akinai.shop.services import accounts, consents, leaving
from akinai.shop.sessions import members_only

if TYPE_CHECKING:
    from django import forms

    from akinai.shop.models import Member

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@members_only
def profile(request: HttpRequest, member: Member) -> HttpResponse:
    """会員情報."""
    context = {
        "member": member, "consents": member.consents.order_by("-pk")[:20], "devices": member.sessions.count(),
        "here": "profile", "title": "会員情報",
    }  # fmt: skip
    return render(request, "shop/member/profile.html", context)


def _form_page(request: HttpRequest, member: Member, form: forms.Form, **context: object) -> HttpResponse:
    told = {"member": member, "form": form, "here": "profile", **context}
    return render(request, "shop/member/profile_form.html", told, status=422 if form.is_bound else 200)


@PAGE
@members_only
def change_profile(request: HttpRequest, member: Member) -> HttpResponse:
    """お名前・電話番号."""
    initial = {"name": member.name, "kana": member.kana, "phone": member.phone}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        accounts.change_profile(member, form.profile())
        messages.success(request, "会員情報を変更しました。")
        return redirect("shop:my_profile")
    return _form_page(request, member, form, title="お名前・電話番号の変更", button="変更する")


@sensitive_post_parameters("old", "password")
@PAGE
@members_only
def change_password(request: HttpRequest, member: Member) -> HttpResponse:
    """パスワードの変更; other devices are logged out, this one stays."""
    form = ChangePasswordForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.change_password(member, old=form.cleaned_data["old"], new=form.cleaned_data["password"])
        except DomainError as refusal:
            form.add_error("old", str(refusal))
        else:
            response = redirect("shop:my_profile")
            sessions.begin(request, response, member)
            messages.success(request, "パスワードを変更しました。ほかの端末はログアウトしました。")
            return response
    return _form_page(request, member, form, title="パスワードの変更", button="変更する")


@sensitive_post_parameters("password")
@PAGE
@members_only
def change_mail(request: HttpRequest, member: Member) -> HttpResponse:
    """メールアドレスの変更: a mail to the new one, which holds the link that changes it."""
    form = ChangeMailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            accounts.ask_mail_change(
                member, new=data["mail"], password=data["password"], address=tries.address_of(request)
            )
        except DomainError as refusal:
            form.add_error("password" if isinstance(refusal, accounts.LoginRefused) else None, str(refusal))
        else:
            messages.success(
                request,
                f"{data['mail']} にメールをお送りしました。メールのリンクを開くと、変更が完了します。",
            )
            return redirect("shop:my_profile")
    return _form_page(
        request, member, form, title="メールアドレスの変更", button="確認のメールを送る",
        lead="新しいメールアドレスに確認のメールをお送りします。リンクを開くまでは、いまのアドレスのままです。",
    )  # fmt: skip


@require_POST
@members_only
def news(request: HttpRequest, member: Member) -> HttpResponse:
    """お知らせメールの受け取り."""
    wanted = request.POST.get("wanted") == "1"
    if consents.set_news(member, wanted=wanted, source=consents.Source.MYPAGE):
        said = "お知らせメールをお送りします。" if wanted else "お知らせメールの配信を止めました。"
        messages.success(request, said)
    return redirect("shop:my_profile")


@require_POST
@members_only
def end_others(request: HttpRequest, member: Member) -> HttpResponse:
    """ほかの端末のログアウト."""
    sessions.end_others(request, member)
    messages.success(request, "ほかの端末をログアウトしました。")
    return redirect("shop:my_profile")


@sensitive_post_parameters("password")
@PAGE
@members_only
def withdraw(request: HttpRequest, member: Member) -> HttpResponse:
    """退会: says what goes, what stays and what is not finished, and asks for the password."""
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            leaving.withdraw(member, password=form.cleaned_data["password"])
        except DomainError as refusal:
            form.add_error("password", str(refusal))
        else:
            response = redirect("shop:withdrawn")
            sessions.end(request, response)
            return sessions.private(response)
    context = {
        "member": member, "form": form, "unfinished": leaving.unfinished(member), "here": "profile",
        "title": "退会のお手続き",
    }  # fmt: skip
    return render(request, "shop/member/withdraw.html", context, status=422 if form.is_bound else 200)


@require_safe
def withdrawn(request: HttpRequest) -> HttpResponse:
    """退会のあと: nobody is logged in here any more."""
    return sessions.private(render(request, "shop/member/withdrawn.html", {"title": "退会のお手続き"}))
