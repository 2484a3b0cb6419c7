"""届いたメールと受信箱の画面."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from procrastinate.exceptions import AlreadyEnqueued

from akinai.core import paper_store
from akinai.core.errors import DomainError
from akinai.support import ports, services, tasks
from akinai.support.mail_forms import MailFilesForm, MailSourceForm
from akinai.support.models import MailReceipt, MailSource, Message
from akinai.support.services import mailboxes
from akinai.support.services.polling import DROP, FROM_UPLOAD, WORTH_A_WARNING
from akinai.support.services.receiving import RAW
from akinai.support.states import ReceiptOutcome
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

SHOWN = 3000  # letters of a mail that is no ticket


@office("support.view_mailreceipt")
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """届いたメール 1 通: what became of it and why, what it says, and the mail itself."""
    receipt = get_object_or_404(MailReceipt.objects.select_related("ticket"), pk=pk)
    said = Message.objects.filter(raw_digest=receipt.digest, copy_of=None).select_related("ticket").first()
    ticket = receipt.ticket or (said.ticket if said else None)
    context = {
        "receipt": receipt, "ticket": ticket, "letter": None if receipt.ticket else _letter(receipt), "shown": SHOWN,
        "can_open": receipt.outcome not in (ReceiptOutcome.TICKET,) and receipt.erased_at is None,
    }  # fmt: skip
    return render(request, "support/mail.html", context)


def _letter(receipt: MailReceipt) -> ports.Arrival | None:
    """What it says, read anew; None when its file is gone (erased)."""
    try:
        return ports.read(paper_store.read(receipt.digest, RAW), receipt.came_from)
    except DomainError:
        return None


@office("support.view_mailreceipt")
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    """元のメール (.eml), as it came."""
    receipt = get_object_or_404(MailReceipt, pk=pk)
    response = HttpResponse(paper_store.read(receipt.digest, RAW), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, f"mail-{pk}.eml") or "attachment"
    return response


@office_post("support.add_ticket")
@once
def open_by_hand(request: HttpRequest, pk: int) -> HttpResponse:
    """問い合わせにする."""
    receipt = get_object_or_404(MailReceipt, pk=pk)
    ticket = services.open_by_hand(receipt, by=clerk(request))
    messages.success(request, f"{ticket.number} で対応します。")
    return redirect("support:ticket", ticket.number)


@office("support.add_ticket")
@once
def upload(request: HttpRequest) -> HttpResponse:
    """メールのファイルを取り込む. Each mail for itself: one that cannot be read keeps no other from coming in."""
    form = MailFilesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        taken = [
            services.take_in(one.read(), FROM_UPLOAD, by=clerk(request))
            for one in form.cleaned_data["uploads"]
        ]
        aside = sum(1 for one in taken if one.outcome != ReceiptOutcome.TICKET)
        messages.success(request, f"{len(taken)} 通を受け取りました。")
        if aside:
            messages.info(request, f"{aside} 通は問い合わせにしていません。理由を確かめてください。")
        return redirect("support:mails")
    status = 422 if request.method == "POST" else 200
    context = {
        "form": form, "cancel_url": reverse("support:mails"), "submit_label": "取り込む", "folder": DROP,
        "multipart": True,
    }  # fmt: skip
    return render(request, "support/upload_mails.html", context, status=status)


def _form(request: HttpRequest, source: MailSource, title: str, cancel_url: str) -> HttpResponse:
    form = MailSourceForm(request.POST or None, instance=source)
    if request.method == "POST" and form.is_valid():
        try:
            saved = mailboxes.save(
                form.save(commit=False), password=form.cleaned_data["password"],
                anew=source.pk is None or form.is_elsewhere, by=clerk(request),
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, f"つながらないので、保存していません。{error}")
        else:
            messages.success(request, f"受信箱「{saved.name}」を保存しました。")
            return redirect("support:mailbox", saved.pk)
    context = {"form": form, "form_title": title, "cancel_url": cancel_url, "source": source}
    return render(request, "support/mailbox_form.html", context, status=422 if form.is_bound else 200)


@office("support.add_mailsource")
@once
def new(request: HttpRequest) -> HttpResponse:
    """受信箱を登録する."""
    return _form(request, MailSource(), "受信箱の登録", reverse("support:mailboxes"))


@office("support.change_mailsource")
@once
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """受信箱を変える."""
    source = get_object_or_404(MailSource, pk=pk)
    return _form(request, source, f"{source.name} を変える", reverse("support:mailbox", args=[pk]))


@office_post("support.change_mailsource")
def try_connection(request: HttpRequest) -> HttpResponse:
    """接続を試す: a piece of the form's page. Nothing is saved and no mail is touched."""
    told = request.POST.get("source", "")
    source = MailSource.objects.filter(pk=int(told)).first() if told.isdecimal() and len(told) < 18 else None
    form = MailSourceForm(request.POST, instance=source)
    seen, error = None, ""
    if form.is_valid():
        try:
            seen = mailboxes.try_connection(form.save(commit=False), form.cleaned_data["password"])
        except DomainError as refusal:
            error = str(refusal)
    else:
        error = "".join(f"{form[name].label}: {said[0]}" if name != "__all__" else str(said[0]) for name, said in form.errors.items())  # fmt: skip
    folders = [name for name in (seen.folders if seen else ()) if not name.startswith("&")]
    return render(request, "support/_tried.html", {"seen": seen, "error": error, "folders": folders[:30]})


@office("support.view_mailsource")
def box(request: HttpRequest, pk: int) -> HttpResponse:
    """受信箱 1 件."""
    source = get_object_or_404(MailSource.objects.select_related("channel"), pk=pk)
    latest = MailReceipt.objects.filter(came_from=source.name).order_by("-at", "-id")[:8]
    context = {
        "object": source, "source": source, "latest": latest, "has_password": mailboxes.has_password(source),
        "is_serious": source.failures >= WORTH_A_WARNING,
    }  # fmt: skip
    return render(request, "support/mailbox.html", context)


def _act(request: HttpRequest, pk: int, act: Callable[..., Any], word: str) -> HttpResponse:
    source = get_object_or_404(MailSource, pk=pk)
    act(source, by=clerk(request))
    messages.success(request, f"「{source.name}」{word}")
    return redirect("support:mailbox", pk)


@office_post("support.change_mailsource")
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """一時停止."""
    return _act(request, pk, mailboxes.pause, "の受信を止めました。")


@office_post("support.change_mailsource")
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """再開."""
    return _act(request, pk, mailboxes.resume, "の受信を再開しました。")


@office_post("support.delete_mailsource")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """受信箱の削除."""
    source = get_object_or_404(MailSource, pk=pk)
    name = source.name
    mailboxes.remove(source, by=clerk(request))
    messages.success(request, f"受信箱「{name}」を削除しました。届いたメールと問い合わせは残っています。")
    return redirect("support:mailboxes")


@office_post("support.view_mailsource")
def fetch(request: HttpRequest) -> HttpResponse:
    """今すぐ受信: by the worker, which does it every two minutes anyway."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        tasks.poll_mail.defer()
    messages.info(request, "受信を始めました。少したってから、一覧を見直してください。")
    return redirect("support:mails")
