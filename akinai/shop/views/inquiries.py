"""お問い合わせのページ."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from akinai.content.addresses import absolute
from akinai.core import tries
from akinai.shop.inquiry_forms import InquiryForm, sign_number, signed_number, stamp
from akinai.shop.models import Inquiry
from akinai.shop.services import inquiries, inquiry_files
from akinai.support import shown
from akinai.support.queries import knowledge as answers

PER_ADDRESS = 8  # inquiries in ten minutes
FILES_PER_ADDRESS = 40  # sendings with files in ten minutes, wrong ones among them
HASTY = "まだ送信していません。内容をお確かめのうえ、もう一度「送信する」を押してください。"
TOO_OFTEN = "短い時間に何度も送信されました。10 分ほど待ってから、もう一度お試しください。"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def contact(request: HttpRequest) -> HttpResponse:
    """お問い合わせ. Sent twice it is one; a machine is thanked like everybody and nothing is kept."""
    if request.method != "POST":
        first = {
            "order_number": request.GET.get("order", "")[:40],
            "kind": request.GET.get("kind", "")[:10],
            "stamp": stamp(),
        }
        return _page(request, InquiryForm(initial=first))
    sent = request.POST.copy()
    form = InquiryForm(sent, request.FILES)
    is_valid = form.is_valid()
    if form.key and (before := inquiries.by_key(form.key)) is not None:
        return _thanked(before)
    if is_valid and form.is_machine:
        return redirect("shop:contact_done")
    _take_files(request, form)
    if "stamp" in form.errors:
        key, sent["stamp"] = form.key, stamp()
        inquiry_files.move(key, form.key)
    if is_valid and form.is_hasty:
        form.add_error(None, HASTY)
    if not form.is_valid():
        return _page(request, form, status=422)
    if not sent.get("after_answers") and (found := answers.answers(form.cleaned_data["text"])):
        return _answers_first(request, form, found)
    if tries.count(f"inquiry:{tries.address_of(request)}") > PER_ADDRESS:
        form.add_error(None, TOO_OFTEN)
        return _page(request, form, status=429)
    made = inquiries.receive(**form.told())
    shown.note_asked(request)
    return _thanked(made)


def _take_files(request: HttpRequest, form: InquiryForm) -> None:
    """What was chosen is kept, and what was ticked goes, whatever else is wrong in the form."""
    if not form.key:
        return
    inquiry_files.drop(form.key, request.POST.getlist("drop"))
    uploads = form.cleaned_data.get("attached") or []
    if not uploads:
        return
    if tries.count(f"inquiry-files:{tries.address_of(request)}") > FILES_PER_ADDRESS:
        form.add_error("attached", TOO_OFTEN)
        return
    for problem in inquiry_files.keep(form.key, uploads):
        form.add_error("attached", problem)


def _page(request: HttpRequest, form: InquiryForm, *, status: int = 200, **more: Any) -> HttpResponse:
    told = {
        "canonical": absolute(reverse("shop:contact")),
        "kept": inquiry_files.kept(form.key) if form.is_bound else [],
    }
    context = {"form": form} | told | more
    return render(request, "shop/contact.html", context, status=status)


def _thanked(inquiry: Inquiry) -> HttpResponse:
    told = urlencode({"no": sign_number(inquiries.ticket_number(inquiry))})
    return redirect(f"{reverse('shop:contact_done')}?{told}")


def _answers_first(request: HttpRequest, form: InquiryForm, found: list[answers.Answer]) -> HttpResponse:
    """よくあるご質問に答えがあるかもしれません: a step of its own for who saw none while writing. Nothing is sent yet."""
    response = _page(request, form, answers=found)
    shown.note_shown(request, response, found)
    return response


@require_safe
@never_cache
def thanks(request: HttpRequest) -> HttpResponse:
    """承りました, with the number by which the customer may ask again."""
    return render(
        request, "shop/contact_done.html", {"number": signed_number(request.GET.get("no", "")[:200])}
    )
