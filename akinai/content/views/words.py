"""注意することばの画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.content import legal
from akinai.content import page_queries as queries
from akinai.content.forms import WordForm
from akinai.content.models import LegalWord
from akinai.content.services import words
from akinai.content.texts import Passage
from akinai.core.errors import DomainError
from akinai.ui.access import clerk, office
from akinai.ui.forms import once

SHOWN = 500


@office("content.view_legalword")
@once
def word(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """One word: what it is, and a field to try it. Changed by those who may."""
    row = get_object_or_404(LegalWord, pk=pk) if pk else LegalWord(law="premiums", level="stop")
    may = request.user.has_perm("content.change_legalword")
    form = WordForm(request.POST if request.method == "POST" and may else None, instance=row)
    if form.is_bound and form.is_valid():
        try:
            kept = words.save_word(form.save(commit=False), by=clerk(request))
        except DomainError as refusal:
            form.add_error("word", f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(request, f"「{kept}」を保存しました。")
            return redirect("content:words")
    if not may:
        for field in form.fields.values():
            field.disabled = True
    tried = request.GET.get("try", "")[:2000]
    context = {
        "form": form, "row": row, "may": may, "title": f"注意することば「{row}」" if pk else "ことばを足す",
        "cancel_url": reverse("content:words"), "submit_label": "保存する", "tried": tried,
        "found": legal.find(tried, [words.as_word(row)]) if tried and pk else [],
    }  # fmt: skip
    return render(request, "content/office/word.html", context, status=422 if form.is_bound else 200)


@office("content.view_legalword")
def products(request: HttpRequest) -> HttpResponse:
    """商品のことば: names and texts of goods that the laws speak of."""
    hits, read = queries.product_hits(SHOWN)
    context = {"hits": hits, "read": read, "is_cut": len(hits) >= SHOWN, "shown": SHOWN}
    return render(request, "content/office/product_words.html", context)


@office("content.view_legalword")
def check(request: HttpRequest) -> HttpResponse:
    """文章を確かめる: any text, before it is written anywhere."""
    text = (request.POST.get("text") or "")[:20_000]
    looked = words.look_through([Passage("", "文章", text)]) if text else None
    return render(request, "content/office/check.html", {"text": text, "looked": looked})
