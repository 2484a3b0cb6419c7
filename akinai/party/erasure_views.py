"""消去の請求の画面: seen before, asked for, approved by another, followed, answered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from akinai.core import clock, mail
from akinai.core.errors import DomainError
from akinai.core.models import LongJob
from akinai.party import erasing, erasure_answers, erasure_letters, findings, openings
from akinai.party.erasure_forms import AnswerForm, ErasureForm, MailAnswerForm
from akinai.party.models import Customer, ErasureRequest
from akinai.party.ports import Erasee
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office(erasing.ASK)
@once
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """消去の請求を登録する, with what would go, what would stay, and what stands in the way."""
    customer = get_object_or_404(Customer, number=number)
    openings.opened(request, openings.Page.ERASURE, customer.number, customer.pk)
    usual = {"received_on": clock.today(), "answer_to": customer.email or _by_post(customer)}
    form = ErasureForm(request.POST or None, initial=usual)
    if request.method == "POST" and form.is_valid():
        try:
            made = erasing.ask(customer, by=clerk(request), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(request, f"{made.number} を登録しました。別の人が承認すると、消去が始まります。")
            return redirect("party:erasure", made.number)
    context = {"form": form, "customer": customer, **_seen_before(customer, erasing.erasee_of(customer)), "cancel_url": reverse("party:customer", args=[number])}  # fmt: skip
    return render(request, "party/erasure_form.html", context, status=422 if form.errors else 200)


def _by_post(customer: Customer) -> str:
    """宛名 as it stands on an envelope, while it is still known."""
    postal = f"〒{customer.postal_code}" if customer.postal_code else ""
    return "\n".join(line for line in (postal, customer.address, f"{customer.name} 様") if line)


def _seen_before(customer: Customer, erasee: Erasee) -> dict[str, Any]:
    rows = [] if customer.erased_at else erasing.preview(erasee)
    return {
        "hindrances": erasing.hindrances(customer),
        "gone": [row for row in rows if not row.law],
        "kept": [row for row in rows if row.law],
    }


@office(erasing.ASK)
def erasure(request: HttpRequest, number: str) -> HttpResponse:
    """One request: where it stands, what was done, and the answer."""
    found = _found(number)
    openings.opened(request, openings.Page.ERASURE, found.number, found.customer_id)
    is_open = found.state == ErasureRequest.State.ASKED
    erasee = erasing.erasee_of(found.customer) if is_open else None
    parts = list(found.parts.all())
    job = LongJob.objects.filter(pk=found.job_id).first() if found.job_id else None
    is_told = found.state in erasure_answers.TOLD
    context = {
        "object": found, "erasure": found, "customer": found.customer, "job": job,
        "is_stuck": found.state == ErasureRequest.State.RUNNING and job is not None and job.finished_at is not None,
        "parts_gone": [one for one in parts if one.erased], "parts_kept": [one for one in parts if one.kept],
        **(_seen_before(found.customer, erasee) if erasee else {}), "found": findings.found(erasee) if erasee else [],
        "may_approve": is_open and request.user.has_perm(erasing.APPROVE) and found.asked_by_id != request.user.pk,
        "letter": erasure_letters.letter(found) if is_told else "", "answer_form": AnswerForm(), **_answering(found),
    }  # fmt: skip
    return render(request, "party/erasure.html", context)


def _answering(found: ErasureRequest) -> dict[str, Any]:
    """How the answer stands: by when, and what the outbox knows of it."""
    due = erasure_answers.due_on(found)
    by_mail = found.answer_to if mail.is_address(found.answer_to) else ""
    sent = erasure_answers.letter_in_outbox(found)
    return {
        "due_on": due if found.still_waits else None, "is_late": found.still_waits and due < clock.today(),
        "sent": sent, "mail_form": MailAnswerForm(initial={"to": by_mail}), "goes_by_mail": bool(by_mail or not found.answer_to),
        "is_leaving": sent is not None and sent.state in (sent.State.QUEUED, sent.State.SENDING) and found.answered_at is None,
        "failure": sent.last_error if sent and found.answered_at is None else "",
    }  # fmt: skip


def _found(number: str) -> ErasureRequest:
    rows = ErasureRequest.objects.select_related("customer", "asked_by", "approved_by", "answered_by")
    return get_object_or_404(rows, number=number)


@office_post(erasing.APPROVE)
@once
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """承認する."""
    erasing.approve(_found(number), also=request.POST.getlist("also"), by=clerk(request))
    messages.success(request, "承認しました。消去を始めました。")
    return redirect("party:erasure", number)


@office_post(erasing.APPROVE)
@once
def again(request: HttpRequest, number: str) -> HttpResponse:
    """続きをする."""
    erasing.again(_found(number), by=clerk(request))
    messages.success(request, "消去の続きを始めました。")
    return redirect("party:erasure", number)


@office_post(erasing.APPROVE)
@once
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """お断りする."""
    erasing.refuse(_found(number), reason=request.POST.get("reason", ""), by=clerk(request))
    messages.success(request, "お断りを記録しました。理由をご本人に伝えてください。")
    return redirect("party:erasure", number)


@office_post(erasing.ASK)
@once
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """取り下げる."""
    erasing.withdraw(_found(number), by=clerk(request))
    messages.success(request, "請求を取り下げました。")
    return redirect("party:erasure", number)


@office_post(erasing.ASK)
@once
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """ご本人に回答した."""
    form = AnswerForm(request.POST)
    if form.is_valid():
        erasure_answers.note(_found(number), how=form.cleaned_data["how"], by=clerk(request))
        messages.success(request, "回答を記録しました。送り先は消しました。")
    return redirect("party:erasure", number)


@office_post(erasing.ASK)
@once
def answer_by_mail(request: HttpRequest, number: str) -> HttpResponse:
    """メールで回答する."""
    form = MailAnswerForm(request.POST)
    if form.is_valid():
        erasure_answers.send(_found(number), to=form.cleaned_data["to"], by=clerk(request))
        messages.success(request, "回答をメールで送ります。送り終わると、送り先は消えます。")
    else:
        messages.error(request, str(form.errors["to"][0]))
    return redirect("party:erasure", number)


@office(erasing.ASK)
def answer_paper(request: HttpRequest, number: str) -> HttpResponse:
    """回答の書面 (PDF), to print and send by post."""
    found = _found(number)
    if found.state not in erasure_answers.TOLD:
        raise Http404
    openings.opened_paper(request, openings.Page.ERASURE, found.number, found.customer_id)
    response = HttpResponse(erasure_letters.pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{number}-回答.pdf") or "inline"
    return response
