"""会員登録・ログイン・パスワードの画面. What they answer says nothing about whose mail address is known."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from akinai.core import tries
from akinai.core.errors import DomainError
from akinai.shop import member_links, sessions
from akinai.shop.member_forms import LoginForm, MailForm, NewPasswordForm, RegisterForm
from akinai.shop.member_links import LinkOver
from akinai.shop.models import Member, MemberLink
from akinai.shop.services import accounts, consents, wishes

PAGE = require_http_methods(["GET", "HEAD", "POST"])
Kind = MemberLink.Kind


def _shown(request: HttpRequest, template: str, context: Mapping[str, object], *, bad: bool) -> HttpResponse:
    response = render(request, f"shop/member/{template}.html", context, status=422 if bad else 200)
    return sessions.private(response)


def link_over(request: HttpRequest) -> HttpResponse:
    """The page of a link that is good no more."""
    return sessions.private(
        render(request, "shop/member/link_over.html", {"title": "リンクの期限"}, status=410)
    )


@sensitive_post_parameters("password")
@PAGE
def login(request: HttpRequest) -> HttpResponseBase:
    """ログイン."""
    back_to = sessions.safe_next(request, request.POST.get("next", request.GET.get("next", "")))
    if sessions.member_of(request) is not None:
        return redirect(back_to)
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            member = accounts.log_in(data["mail"], data["password"], address=tries.address_of(request))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            response = redirect(back_to)
            sessions.begin(request, response, member)
            return response
    context = {"form": form, "next": back_to, "title": "ログイン"}
    return _shown(request, "login", context, bad=form.is_bound)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """ログアウト."""
    response = redirect("/")
    sessions.end(request, response)
    messages.success(request, "ログアウトしました。")
    return response


@PAGE
def register(request: HttpRequest) -> HttpResponseBase:
    """会員登録の始め: the mail address."""
    if sessions.member_of(request) is not None:
        return redirect("shop:mypage")
    back_to = sessions.safe_next(request, request.POST.get("next", request.GET.get("next", "")))
    form = MailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.ask_registration(
                form.cleaned_data["mail"], back_to=back_to, address=tries.address_of(request)
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _sent(request, form.cleaned_data["mail"], "登録を続けるためのメール")
    context = {"form": form, "next": back_to, "title": "会員登録"}
    return _shown(request, "register", context, bad=form.is_bound)


def _sent(request: HttpRequest, mail: str, what: str) -> HttpResponse:
    context = {"mail": mail, "what": what, "title": "メールをお送りしました"}
    return _shown(request, "sent", context, bad=False)


@sensitive_post_parameters("password")
@PAGE
def register_finish(request: HttpRequest, token: str) -> HttpResponseBase:
    """会員登録の終わり, by the link of the mail."""
    try:
        link = member_links.peek(token, Kind.REGISTER)
        form = RegisterForm(request.POST or None, mail=link.mail)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            member = accounts.register(
                token, form.profile(), password=data["password"], takes_news=data["takes_news"]
            )
            return _enter(request, member, link.next, "会員登録が完了しました。ありがとうございます。")
    except LinkOver:
        return link_over(request)
    context = {"form": form, "mail": link.mail, "terms": consents.terms(), "title": "会員登録"}
    return _shown(request, "register_finish", context, bad=form.is_bound)


def _enter(request: HttpRequest, member: Member, back_to: str, words: str) -> HttpResponse:
    response = redirect(sessions.safe_next(request, back_to))
    sessions.begin(request, response, member)
    messages.success(request, words)
    return response


@PAGE
def reset(request: HttpRequest) -> HttpResponse:
    """パスワードの再設定の始め."""
    form = MailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.ask_reset(form.cleaned_data["mail"], address=tries.address_of(request))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _sent(request, form.cleaned_data["mail"], "パスワードを決め直すためのメール")
    return _shown(request, "reset", {"form": form, "title": "パスワードの再設定"}, bad=form.is_bound)


@sensitive_post_parameters("password")
@PAGE
def reset_finish(request: HttpRequest, token: str) -> HttpResponse:
    """新しいパスワード, by the link of the mail."""
    try:
        link = member_links.peek(token, Kind.RESET)
        form = NewPasswordForm(request.POST or None, member=link.member)
        if request.method == "POST" and form.is_valid():
            member = accounts.reset_password(token, form.cleaned_data["password"])
            return _enter(request, member, "", "新しいパスワードに変わりました。")
    except LinkOver:
        return link_over(request)
    return _shown(request, "reset_finish", {"form": form, "title": "新しいパスワード"}, bad=form.is_bound)


@PAGE
def mail_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """新しいメールアドレスの確認. By a press: a mail program that looks at the link changes nothing."""
    try:
        link = member_links.peek(token, Kind.MAIL)
        if request.method == "POST":
            accounts.change_mail(token)
            messages.success(request, "メールアドレスを変更しました。")
            return redirect("shop:my_profile")
    except LinkOver:
        return link_over(request)
    context = {"mail": link.mail, "title": "メールアドレスの変更"}
    return _shown(request, "mail_confirm", context, bad=False)


# One press of a mail program (RFC 8058) comes without a cookie and without our token; the signed link is the key.
@csrf_exempt
@PAGE
def stop_mails(request: HttpRequest, token: str) -> HttpResponse:
    """配信停止. A look at the page stops nothing; its button, or the mail program's, does."""
    found = member_links.stopped_by(token)
    if found is None:
        raise Http404("このリンクは使えません。")
    is_done = request.method == "POST"
    if is_done:
        _stop(*found)
    context = {"is_done": is_done, "what": found[0], "title": "メールの配信停止"}
    return _shown(request, "stop_mails", context, bad=False)


def _stop(what: str, pk: int) -> None:
    if what == "restock":
        wishes.stop(pk)
    elif member := Member.objects.filter(pk=pk, withdrawn_at=None).first():
        consents.set_news(member, wanted=False, source=consents.Source.LINK)
