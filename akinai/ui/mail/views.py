"""One mail of the outbox, and the texts that staff may rewrite (送信メール・メールの文面)."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core import bounces, mail, mail_texts
from akinai.core.errors import DomainError
from akinai.core.mail_texts import Declared
from akinai.core.models import OutgoingMail
from akinai.ui import watching
from akinai.ui.access import clerk, may_open, office, office_post
from akinai.ui.forms import once
from akinai.ui.mail.forms import AgainForm, BounceForm, BouncesForm, TextForm
from akinai.ui.templatetags.personal import SEE


@office("core.view_outgoingmail")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail as it leaves or left, and why it did not."""
    found = get_object_or_404(OutgoingMail, pk=pk)
    watching.tell(lambda watcher: watcher.mail_opened(request, found))
    sort, url = mail.sort_of(found.key)
    context = {
        "object": found,
        "mail": found,
        "sort": sort,
        "document_url": url if url and may_open(request.user, url) else "",
        "sender": settings.DEFAULT_FROM_EMAIL,
        "attachments": [name for name, _ in found.attachments],
        "again_form": AgainForm(initial={"to": found.to}),
        "bounce_form": BounceForm(),
        "panels_page": "mail.detail",
    }
    return render(request, "ui/mail/detail.html", context)


@office_post("core.change_outgoingmail")
@once
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """再送."""
    form = AgainForm(request.POST)
    if not form.is_valid():
        messages.error(request, "宛先のメールアドレスを確かめてください。")
        return redirect("mail:detail", pk)
    queued = mail.send_again(
        get_object_or_404(OutgoingMail, pk=pk), to=form.cleaned_data["to"], by=clerk(request)
    )
    messages.success(request, "送信待ちに入れました。1 分以内に送ります。")
    return redirect("mail:detail", queued.pk)


@office_post("core.change_outgoingmail")
@once
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """送信の取消."""
    mail.cancel_one(get_object_or_404(OutgoingMail, pk=pk), by=clerk(request))
    messages.success(request, "送信を取り消しました。")
    return redirect("mail:detail", pk)


@office_post("core.change_outgoingmail")
@once
def bounce(request: HttpRequest, pk: int) -> HttpResponse:
    """不達にする, by hand."""
    form = BounceForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    bounces.note_bounced(get_object_or_404(OutgoingMail, pk=pk), reason=reason, by=clerk(request))
    messages.success(request, "不達にしました。宛先を確かめて、再送してください。")
    return redirect("mail:detail", pk)


@office("core.change_outgoingmail")
@once
def take_bounces(request: HttpRequest) -> HttpResponse:
    """不達の通知メールを読み込む."""
    form = BouncesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        count = 0
        for upload in form.cleaned_data["uploads"]:
            try:
                done, unknown = bounces.take_in(upload.read(), by=clerk(request))
            except DomainError as refusal:
                form.add_error("uploads", f"{upload.name}: {refusal.message}{refusal.way_out}")
                continue
            count += len(done)
            if unknown:
                form.add_error(
                    "uploads", f"{upload.name}: {'、'.join(unknown[:3])} に送ったメールはありません。"
                )
        if count:
            messages.success(request, f"{count} 件を不達にしました。")
        if not form.errors:
            return redirect(f"{reverse('mail:list')}?tab=failed")
    context = {
        "form": form,
        "multipart": True,
        "submit_label": "読み込む",
        "cancel_url": reverse("mail:list"),
    }
    return render(request, "ui/mail/bounces.html", context, status=422 if form.errors else 200)


@office("core.view_outgoingmail")
def attachment(request: HttpRequest, pk: int, at: int) -> HttpResponseBase:
    """An attached file, out of the shop's own files only."""
    found = get_object_or_404(OutgoingMail, pk=pk)
    if not request.user.has_perm(SEE):
        raise PermissionDenied("宛名や住所の載った書類は、あなたの担当では開けません。")
    watching.tell(lambda watcher: watcher.mail_opened(request, found))
    if at >= len(found.attachments):
        raise Http404
    name, stored = found.attachments[at]
    path = Path(stored).resolve()
    if not path.is_relative_to(Path(settings.FILES_ROOT).resolve()) or not path.is_file():
        raise Http404("添付のファイルが見つかりません。")
    return FileResponse(path.open("rb"), filename=name)


@office("core.change_mailtext")
def texts(request: HttpRequest) -> HttpResponse:
    """メールの文面: every kind of mail, and which the shop has rewritten."""
    own = mail_texts.owns()
    rows = [(one, one.code in own) for one in mail_texts.declared()]
    return render(request, "ui/mail/texts.html", {"rows": rows})


@office("core.change_mailtext")
@once
def text(request: HttpRequest, code: str) -> HttpResponse:
    """One text: write it, see it with samples, keep it."""
    declared = _declared(code)
    own = mail_texts.own(code)
    kept = {"subject": (own or declared).subject, "body": (own or declared).body}
    form = TextForm(request.POST or None, initial=kept, declared=declared)
    shown = kept
    if request.method == "POST" and form.is_valid():
        shown = {name: form.cleaned_data[name] for name in kept}
        if "preview" not in request.POST:
            mail_texts.save(code, **shown, by=clerk(request))
            messages.success(request, f"「{declared.title}」の文面を保存しました。次のメールから使います。")
            return redirect("mail:texts")
    subject, body = mail_texts.filled(shown["subject"], shown["body"], declared.samples)
    context = {
        "form": form,
        "declared": declared,
        "own": own,
        "preview_subject": subject,
        "preview_body": body,
        "cancel_url": reverse("mail:texts"),
    }
    return render(request, "ui/mail/text.html", context, status=422 if form.is_bound and form.errors else 200)


@office_post("core.change_mailtext")
@once
def reset(request: HttpRequest, code: str) -> HttpResponse:
    """はじめの文面に戻す."""
    declared = _declared(code)
    if mail_texts.reset(code, by=clerk(request)):
        messages.success(request, f"「{declared.title}」をはじめの文面に戻しました。")
    return redirect("mail:text", code)


def _declared(code: str) -> Declared:
    found = mail_texts.find(code)
    if found is None:
        raise Http404("この種類のメールはありません。")
    return found
