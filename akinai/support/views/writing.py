"""定型文を返信に入れる, 送る前に確かめる, マクロ: pieces of a ticket's reply box."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from akinai.core.errors import DomainError
from akinai.core.gathering import gather
from akinai.support import services
from akinai.support.forms import ReplyForm
from akinai.support.models import Macro, ReplyTemplate, Ticket
from akinai.support.services import replying, writing
from akinai.support.services.macros import told
from akinai.support.views.desk import found
from akinai.ui.access import clerk, office_post
from akinai.ui.forms import once


def reply_tools(ticket: Ticket, names: dict[int, str]) -> dict[str, Any]:
    """What the reply box offers: letters of the ticket's kind first, and macros with what they do."""
    letters, kept = gather(
        ReplyTemplate.objects.filter(is_active=True).order_by("-used", "name")[:200],
        Macro.objects.filter(is_active=True).select_related("template").order_by("place", "name")[:50],
    )
    letters.sort(key=lambda one: (one.category not in ("", ticket.category), not one.category))
    return {"letters": letters, "macros": [(one, told(one, names)) for one in kept]}


def _order_id(request: HttpRequest) -> int | None:
    said = request.POST.get("order", "")
    return int(said) if said.isdecimal() and len(said) < 12 else None


@office_post("support.reply_ticket")
def fill(request: HttpRequest, number: str) -> HttpResponse:
    """定型文を入れる: below what is written already, filled from the live order; what is empty is said."""
    ticket = found(number)
    told_pk = request.POST.get("letter", "")
    letter = get_object_or_404(ReplyTemplate, pk=told_pk if told_pk.isdecimal() else 0, is_active=True)
    before, subject, error = request.POST.get("text", "").rstrip(), request.POST.get("subject", ""), ""
    doubts: list[str] = []
    text = letter.body
    try:
        done = writing.filled(ticket, letter.body, order_id=_order_id(request), by=clerk(request))
        head = writing.filled(ticket, letter.subject, order_id=_order_id(request), by=clerk(request))
        text, doubts = done.text, list(dict.fromkeys([*done.doubts, *head.doubts]))
        subject = head.text or subject
    except DomainError as refusal:
        error = str(refusal)
    form = ReplyForm(
        initial={"text": f"{before}\n\n{text}".strip() if not error else before, "subject": subject}
    )
    context = {"ticket": ticket, "form": form, "doubts": doubts, "error": error, "letter": letter}
    return render(request, "support/_letter.html", context)


@office_post("support.reply_ticket")
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """送る前に確かめる: the letter as the customer gets it, and why it would be stopped."""
    ticket, form = found(number), ReplyForm(request.POST)
    if not form.is_valid():
        why = [str(error) for errors in form.errors.values() for error in errors]
        return render(request, "support/_preview.html", {"doubts": why})
    new = form.told()
    try:
        order_id = new.order_id
        text = writing.filled(ticket, new.text.strip(), order_id=order_id, by=clerk(request)).text
        subject = writing.filled(ticket, new.subject.strip(), order_id=order_id, by=clerk(request)).text
    except DomainError as refusal:
        return render(request, "support/_preview.html", {"doubts": [str(refusal)]})
    context = {
        "doubts": replying.doubts_of(ticket, new, by=clerk(request)), "to": new.to or ticket.contact_mail, "text": text,
        "subject": replying.subject_of(ticket, subject), "signature": replying.signature_of(ticket), "ticket": ticket,
    }  # fmt: skip
    return render(request, "support/_preview.html", context)


@office_post("support.reply_ticket")
@once
def use_macro(request: HttpRequest, number: str) -> HttpResponse:
    """マクロを使う."""
    ticket, said = found(number), request.POST.get("macro", "")
    macro = get_object_or_404(Macro.objects.select_related("template"), pk=said if said.isdecimal() else 0)
    seen = request.POST.get("seen", "")
    try:
        services.use_macro(
            ticket, macro, key=f"macro{macro.pk}.{request.POST.get('key', '')[:40]}", order_id=_order_id(request),
            seen=int(seen) if seen.isdecimal() else 0, by=clerk(request),
        )  # fmt: skip
    except DomainError as refusal:
        messages.error(request, f"マクロ「{macro.name}」: {refusal}")
    else:
        messages.success(request, f"マクロ「{macro.name}」を使いました。")
    return redirect("support:ticket", number)
