"""お店の約束のページ: 特定商取引法に基づく表示, 個人情報の取り扱い, ご利用案内."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from akinai.content.addresses import absolute
from akinai.content.context import frame_of
from akinai.content.looks import MAY_EDIT
from akinai.shop import law as legal
from akinai.shop import member_rules
from akinai.shop.conditions import conditions
from akinai.shop.fee_words import fee_columns
from akinai.shop.services import consents


def _page(request: HttpRequest, name: str, title: str, context: dict[str, Any]) -> HttpResponse:
    told = {"title": title, "crumbs": [(title, "")], "canonical": absolute(reverse(f"shop:{name}"))}
    return render(request, f"shop/{name}.html", told | context)


@require_safe
def law(request: HttpRequest) -> HttpResponse:
    """特定商取引法に基づく表示; staff see what is missing."""
    frame, fees = frame_of(request), legal.fees_in_force()
    items = legal.items(frame, conditions(), fees)
    lacks = legal.missing(items) if request.user.is_authenticated and request.user.has_perm(MAY_EDIT) else []
    context = {
        "items": items, "lacks": lacks, "fees": fees, "fee_columns": fee_columns(fees),
        "description": f"{frame.name}の特定商取引法に基づく表示です。",
    }  # fmt: skip
    return _page(request, "law", "特定商取引法に基づく表示", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """個人情報の取り扱い."""
    name = frame_of(request).name
    return _page(
        request, "privacy", "個人情報の取り扱い", {"description": f"{name}での個人情報の取り扱いについて。"}
    )


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """会員規約 in force, or of an earlier version somebody agreed to (?version=)."""
    frame, now = frame_of(request), consents.terms().terms_version
    version = request.GET.get("version", now)[:20]
    words = consents.words_of(version)
    if words is None:
        raise Http404("その版の会員規約はありません。")
    names = {"店舗名": frame.name, "事業者名": frame.company.name}
    context = {
        "articles": member_rules.articles(words, names), "version": version, "is_old": version != now,
        "versions": consents.versions(), "description": f"{frame.name}の会員規約です。",
    }  # fmt: skip
    return _page(request, "terms", "会員規約", context)


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """ご利用案内: 送料, お支払い, お届け, 返品, all from what is in force."""
    frame, fees = frame_of(request), legal.fees_in_force()
    context = {
        "told": conditions(), "fees": fees, "fee_columns": fee_columns(fees), "when": legal.when_it_leaves(),
        "description": f"{frame.name}の送料・お支払い・お届け・返品のご案内です。",
    }  # fmt: skip
    return _page(request, "guide", "ご利用案内", context)
