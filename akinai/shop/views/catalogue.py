"""商品・カテゴリ・検索のページ."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from akinai.catalog import public
from akinai.content.cards import cards


@require_safe
def product(request: HttpRequest, key: str) -> HttpResponse:
    """商品ページ."""
    found = public.find(key)
    if found is None:
        raise Http404("この商品は、いまは販売していません。")
    return render(request, "shop/product.html", {"product": found, "card": cards(public.shown([found]))[0]})


@require_safe
def category(request: HttpRequest, key: str) -> HttpResponse:
    """カテゴリのページ."""
    found = public.find_category(key)
    if found is None:
        raise Http404
    goods = public.shown(public.products().filter(category=found).order_by("name", "pk")[:60])
    return render(request, "shop/list.html", {"title": found.name, "cards": cards(goods)})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """検索結果."""
    words = request.GET.get("q", "")[:100]
    goods = public.shown(public.search(words).order_by("name", "pk")[:60])
    return render(request, "shop/list.html", {"title": f"「{words}」の検索結果", "cards": cards(goods)})
