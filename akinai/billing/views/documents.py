"""書類の検索と受領書類の画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from akinai.billing import queries, services
from akinai.billing.forms import CorrectDocumentForm, KeepDocumentForm
from akinai.billing.models import ReceivedDocument
from akinai.core import clock
from akinai.core import paper_store as store
from akinai.core.errors import DomainError
from akinai.party import queries as party
from akinai.ui.access import clerk, office
from akinai.ui.forms import once

TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}


def _document(number: str) -> ReceivedDocument:
    found = queries.received_by_number(number)
    if found is None:
        raise Http404(f"書類 {number} はありません。")
    return found


@office("billing.view_documententry")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """受領書類の詳細, with every version of what is written about it."""
    document = _document(number)
    versions = list(document.versions.select_related("by", "supplier").order_by("-version"))
    context = {
        "object": document, "document": document, "now": versions[0], "versions": versions,
        "is_whole": store.is_whole(document.sha256, document.suffix), "is_image": document.suffix != ".pdf",
        "panels_page": "billing.document",
    }  # fmt: skip
    return render(request, "billing/document.html", context)


@office("billing.view_documententry")
def file(request: HttpRequest, number: str) -> HttpResponse:
    """ファイル as it was sent to us. The type is what the content is, not what the sender named it."""
    document = _document(number)
    data = store.read(document.sha256, document.suffix)
    header = content_disposition_header("download" in request.GET, f"{number}{document.suffix}") or "inline"
    headers = {"Content-Disposition": header, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type=TYPES[document.suffix], headers=headers)


@office("billing.add_receiveddocument")
@once
def keep(request: HttpRequest) -> HttpResponse:
    """受け取った書類を保存する."""
    form = KeepDocumentForm(
        request.POST or None, request.FILES or None, suppliers=party.supplier_choices(),
        initial={"on": clock.today(), "kind": "invoice"},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["upload"]
        try:
            made = services.keep_document(
                upload.read(), filename=upload.name, keys=form.keys, by=clerk(request)
            )
        except DomainError as refusal:
            form.add_error("upload", f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(request, f"{made.number} として保存しました。")
            return redirect(
                "billing:keep_document"
                if "next" in request.POST
                else reverse("billing:document", args=[made.number])
            )
    context = {
        "form": form, "multipart": True, "submit_label": "保存する", "cancel_url": reverse("billing:documents"),
    }  # fmt: skip
    return render(
        request, "billing/keep_document.html", context, status=422 if form.is_bound and form.errors else 200
    )


@office("billing.add_receivedversion")
@once
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """記録事項の訂正."""
    document = _document(number)
    now = document.versions.order_by("-version")[0]
    initial = {
        "kind": now.kind, "on": now.on, "amount_yen": now.amount_yen, "partner": now.partner, "supplier": now.supplier_id,
        "note": now.note, "version": now.version, "is_void": now.is_void,
    }  # fmt: skip
    form = CorrectDocumentForm(
        request.POST or None, suppliers=party.supplier_choices(stopped_too=True), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = services.correct_document(
            document, keys=form.keys, reason=told["reason"], seen_version=told["version"], is_void=told["is_void"],
            by=clerk(request),
        )  # fmt: skip
        messages.success(request, f"{number} の記録事項を訂正しました（第{made.version}版）。")
        return redirect("billing:document", number=number)
    context = {
        "form": form, "document": document, "submit_label": "訂正する",
        "cancel_url": reverse("billing:document", args=[number]),
    }  # fmt: skip
    return render(request, "billing/correct_document.html", context, status=422 if form.errors else 200)


@office("billing.view_documententry")
def rules(request: HttpRequest) -> HttpResponse:
    """事務処理規程 to be printed: which rules the shop follows when it keeps electronic papers."""
    return render(
        request, "billing/document_rules.html", {"company": party.company(), "today": clock.today()}
    )


@office("billing.view_documententry")
def system(request: HttpRequest) -> HttpResponse:
    """システム概要書 to be printed, as the law asks for."""
    return render(
        request, "billing/document_system.html", {"company": party.company(), "today": clock.today()}
    )
