"""問い合わせの机: the ticket with everything beside it, the telephone memo, manual entry and files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from akinai.core import paper_store
from akinai.core.errors import DomainError
from akinai.orders import queries as orders
from akinai.party import openings
from akinai.party import queries as party
from akinai.staff.queries import colleagues
from akinai.support import ports, queries, services
from akinai.support.forms import KINDS, SNOOZES, CallForm, ManualForm, MergeForm, ReplyForm
from akinai.support.models import Message, MessageFile, Tag, Ticket
from akinai.support.models.messages import PICTURES
from akinai.support.rules.numbers import phone_digits
from akinai.support.services import deeds
from akinai.support.services.messages import SUFFIX, NewMessage, add
from akinai.support.services.receiving import RAW
from akinai.support.services.replying import signature_of, subject_of
from akinai.support.states import SPOKEN, Direction, FileState, Priority
from akinai.ui.access import clerk, office

SHOWN = (*PICTURES, "application/pdf", "text/plain")


WORDS = "support.words"


def found(number: str) -> Ticket:
    """The ticket of this number, with what its page shows. Raises Http404."""
    rows = Ticket.objects.select_related("customer", "assignee", "channel", "merged_into")
    return get_object_or_404(rows, number=number)


def context_of(request: HttpRequest, ticket: Ticket, **more: Any) -> dict[str, Any]:
    """Everything the page of a ticket shows."""
    from akinai.support.views.errands import errands_of
    from akinai.support.views.writing import reply_tools

    deeds.tell(ticket)
    said = queries.thread(ticket)
    seen = max((one.message.pk for one in said if one.message.direction in SPOKEN), default=0)
    customer = ticket.customer
    words = _words_for(request, ticket)
    form = ReplyForm(
        initial={"to": ticket.contact_mail, "subject": subject_of(ticket), "seen": seen, "text": words}
    )
    linked = [
        link.order
        for link in ticket.order_links.select_related("order__channel").order_by("-order__ordered_at")
    ]
    people = colleagues()
    return errands_of(request, ticket, linked) | reply_tools(ticket, {one.pk: str(one) for one in people}) | {
        "object": ticket, "ticket": ticket, "panels_page": "support.ticket", "thread": said, "folded": queries.folded(said), "form": form,
        "signature": signature_of(ticket), "mall": ports.letters().mall_rule(ticket.contact_mail), "customer": customer, "orders": linked,
        "past": queries.of_customer(customer.pk, but=ticket.pk) if customer else [],
        "latest": [one for one in orders.latest_of(customer.pk, limit=6) if one not in linked] if customer else [],
        "candidates": [] if customer else _candidates(ticket), "calls": queries.open_calls(ticket),
        "colleagues": people, "snoozes": SNOOZES,
        "tags": Tag.objects.filter(is_active=True), "own_tags": set(ticket.tags.values_list("pk", flat=True)),
        "merge_form": MergeForm(), "priorities": Priority.choices, "kinds": KINDS, "kind": dict(KINDS).get(ticket.category, "") if ticket.category else "",
    } | more  # fmt: skip


def _words_for(request: HttpRequest, ticket: Ticket) -> str:
    """What another act wants to stand in the reply (a coupon's code), once."""
    number, words = request.session.get(WORDS) or ("", "")
    if number != ticket.number:
        return ""
    del request.session[WORDS]
    return str(words)


def _candidates(ticket: Ticket) -> list[Any]:
    """Customers who may have written, for a person to choose."""
    found = {}
    for told in (ticket.contact_mail, ticket.contact_phone, ticket.contact_name):
        for one in party.find_customers(told, limit=4) if told else []:
            found[one.pk] = one
    return list(found.values())[:6]


@office("support.view_ticket")
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """問い合わせ 1 件."""
    one = found(number)
    openings.opened(request, openings.Page.TICKET, one.number, one.customer_id)
    return render(request, "support/ticket.html", context_of(request, one))


@office("support.view_ticket")
def next_ticket(request: HttpRequest) -> HttpResponse:
    """次へ: whose promise breaks next, of this person's and of nobody's."""
    number = queries.next_for(clerk(request), after=request.GET.get("after", "")[:20])
    if number:
        return redirect("support:ticket", number)
    messages.info(request, "ほかに急ぐ問い合わせはありません。")
    return redirect("support:tickets")


@office("support.add_ticket")
def call(request: HttpRequest) -> HttpResponse:
    """電話メモ."""
    form = CallForm(request.POST or None, initial={"phone": request.GET.get("phone", "")[:30]})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.take_call(form.told(), by=clerk(request))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{made.number} に残しました。")
            return redirect("support:ticket", made.number)
    context = {"form": form, "submit_label": "メモを残す", "cancel_url": reverse("support:tickets")}
    return render(request, "support/call.html", context, status=422 if form.is_bound else 200)


@office("support.add_ticket")
def caller(request: HttpRequest) -> HttpResponse:
    """着信の番号 → who that is, with his latest orders and tickets. A piece of the page, loaded while the phone rings."""
    told = request.GET.get("phone", "")[:30]
    rows = party.find_customers(told, limit=5) if len(phone_digits(told)) >= 4 else []
    people = [
        {
            "customer": one,
            "orders": orders.latest_of(one.pk, limit=3),
            "tickets": queries.of_customer(one.pk, limit=3),
        }
        for one in rows
    ]
    return render(request, "support/_caller.html", {"people": people, "asked": told})


@office("support.add_ticket")
def new(request: HttpRequest) -> HttpResponse:
    """手入力の受付."""
    form = ManualForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made, is_new = services.open_ticket(
            services.NewTicket(
                source=data["source"], key=f"manual:{data['key']}", subject=data["subject"], text=data["text"],
                name=data["name"], mail=data["mail"], phone=data["phone"], category=data["category"],
                priority=data["priority"] or 0, assignee_id=clerk(request).pk,
            ),
            by=clerk(request),
        )  # fmt: skip
        if is_new:
            add(
                made,
                NewMessage(Direction.IN, data["text"], sender=data["name"] or data["mail"]),
                by=clerk(request),
            )
        messages.success(request, f"{made.number} で受け付けました。")
        return redirect("support:ticket", made.number)
    return render(request, "support/new.html", {"form": form}, status=422 if form.is_bound else 200)


@office("support.view_ticket")
def file(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """添付を開く: pictures and PDF in the browser's own sandbox, anything else as a download."""
    row = get_object_or_404(MessageFile, pk=pk, message__ticket__number=number, state=FileState.KEPT)
    shown = row.mime in SHOWN
    response = HttpResponse(
        paper_store.read(row.digest, SUFFIX), content_type=row.mime if shown else "application/octet-stream"
    )
    response["Content-Disposition"] = content_disposition_header(not shown, row.name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return response


@office("support.view_ticket")
def raw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """元のメール (.eml), as it came."""
    row = get_object_or_404(Message, pk=pk, ticket__number=number)
    if not row.raw_digest:
        raise Http404
    response = HttpResponse(paper_store.read(row.raw_digest, RAW), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, f"{number}-{pk}.eml") or "attachment"
    return response
