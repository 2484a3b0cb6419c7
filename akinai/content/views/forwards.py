"""転送の画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.content import forwards
from akinai.content.forward_forms import ForwardForm, old_path_of
from akinai.content.models import Forward
from akinai.content.services import forwards as services
from akinai.core.errors import DomainError
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("content.view_forward")
@once
def forward(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """One 転送, made or changed by those who may."""
    row = get_object_or_404(Forward, pk=pk) if pk else _begun(request)
    may = request.user.has_perm("content.change_forward" if pk else "content.add_forward")
    form = ForwardForm(request.POST if request.method == "POST" and may else None, instance=row)
    if form.is_bound and form.is_valid():
        try:
            kept = services.save(form.save(commit=False), by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(request, _said(kept))
            return redirect("content:forwards")
    for field in form.fields.values() if not may else ():
        field.disabled = True
    context = {
        "form": form, "row": row, "may": may, "title": f"転送 {row.old_path}" if pk else "転送を足す", "submit_label": "保存する",
        "cancel_url": reverse("content:forwards"), "is_public": pk and forwards.answering([row.old_path]),
    }  # fmt: skip
    return render(request, "content/office/forward.html", context, status=422 if form.is_bound else 200)


def _begun(request: HttpRequest) -> Forward:
    """A new one, with the address of the page from which somebody came."""
    kind = request.GET.get("kind", "")
    old, _wrong = old_path_of(request.GET.get("from", "")[:500])
    return Forward(old_path=old, kind=kind if kind in Forward.Kind.values else Forward.Kind.FOR_GOOD)


def _said(row: Forward) -> str:
    if row.is_active and forwards.answering([row.old_path]):
        return f"保存しました。{row.old_path} はいま公開しています。公開が終わると、転送が始まります。"
    return f"{row.old_path} の転送を保存しました。"


@office_post("content.delete_forward")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Forward.objects.filter(pk=pk)
    messages.success(request, services.remove(rows, by=clerk(request)))
    return redirect("content:forwards")
