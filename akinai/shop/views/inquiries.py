"""お問い合わせのページ."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from akinai.core import tries
from akinai.shop.inquiry_forms import InquiryForm, stamp
from akinai.shop.services import inquiries
from akinai.support import shown
from akinai.support.queries import knowledge as answers

PER_ADDRESS = 8  # inquiries in ten minutes


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
        return render(request, "shop/contact.html", {"form": InquiryForm(initial=first)})
    sent = request.POST.copy()
    form = InquiryForm(sent)
    status = 422
    if form.is_valid():
        if form.is_machine:
            return redirect("shop:contact_done")
        if not sent.get("after_answers") and (found := answers.answers(form.cleaned_data["text"])):
            return _answers_first(request, form, found)
        if tries.count(f"inquiry:{tries.address_of(request)}") <= PER_ADDRESS:
            inquiries.receive(**form.told())
            shown.note_asked(request)
            return redirect("shop:contact_done")
        form.add_error(None, "短い時間に何度も送信されました。10 分ほど待ってから、もう一度お試しください。")
        status = 429
    elif "stamp" in form.errors:
        sent["stamp"] = stamp()
    return render(request, "shop/contact.html", {"form": form}, status=status)


def _answers_first(request: HttpRequest, form: InquiryForm, found: list[answers.Answer]) -> HttpResponse:
    """よくあるご質問に答えがあるかもしれません: a step of its own for who saw none while writing. Nothing is sent yet."""
    response = render(request, "shop/contact.html", {"form": form, "answers": found})
    shown.note_shown(request, response, found)
    return response


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """承りました."""
    return render(request, "shop/contact_done.html")
