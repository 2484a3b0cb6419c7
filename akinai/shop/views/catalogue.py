"""商品・カテゴリ・検索のページ."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from akinai.catalog import public
from akinai.content import queries as content
from akinai.content.addresses import absolute
from akinai.content.cards import cards
from akinai.content.context import frame_of
from akinai.content.reviews.parts import rating_data
from akinai.core.postal import PREFECTURES
from akinai.shop import seo
from akinai.shop.categories import address, crumbs, place_of
from akinai.shop.facets import PAGE, SORTS, Found, Wanted, find, wanted_of
from akinai.shop.prefectures import prefecture_of, remember_prefecture
from akinai.shop.product_page import page_of


@require_safe
def product(request: HttpRequest, key: str) -> HttpResponse:
    """商品ページ. Another address of it (an old slug, the number) leads to the one it has."""
    found = public.find(key)
    if found is None or public.key_of(found) != key:
        return _moved_product(key, found)
    frame = frame_of(request)
    prefecture = prefecture_of(request, frame.company.prefecture)
    # お届け and 送料 alone, for the script of the page when another SKU is chosen.
    is_part = request.GET.get("part") == "facts"
    page = page_of(
        found, code=request.GET.get("sku", "")[:64], prefecture=prefecture, has_related=not is_part
    )
    if is_part:
        told = {"page": page, "chosen": page.chosen, "prefectures": PREFECTURES}
        response = render(request, "shop/product.html#facts", told)
        remember_prefecture(request, response)
        return response
    place = place_of(found.category, frame.tree) if found.category and found.category.is_public else None
    trail = [*(crumbs(place) if place else []), (found.name, "")]
    context = {
        "page": page, "title": found.name, "product": found, "chosen": page.chosen, "crumbs": trail, "prefectures": PREFECTURES,
        "is_reduced": page.shown.tax_rate == 8, "variants": seo.variants(page),
        "canonical": absolute(reverse("shop:product", args=[key])), "og_image": seo.picture(page.shown.picture),
        "description": seo.description(page),
        "jsonld": [seo.product(page, rating_data(request, found)), seo.breadcrumbs(trail, reverse("shop:product", args=[key]))],
    }  # fmt: skip
    response = render(request, "shop/product.html", context)
    remember_prefecture(request, response)
    return response


def _moved_product(key: str, found: Any) -> HttpResponse:
    if found is None and (pk := content.moved_product(key)):
        found = public.products().filter(pk=pk).first()
    if found is None:
        raise Http404("この商品は、いまは販売していません。")
    return HttpResponsePermanentRedirect(reverse("shop:product", args=[public.key_of(found)]))


@require_safe
def category(request: HttpRequest, key: str) -> HttpResponse:
    """カテゴリのページ, with the goods of all below it."""
    frame = frame_of(request)
    known = {str(one.pk): one for one in frame.tree} | {one.slug: one for one in frame.tree if one.slug}
    found = known.get(key)
    if found is None and (pk := content.moved_category(key)):
        found = next((one for one in frame.tree if one.pk == pk), None)
    place = place_of(found, frame.tree) if found else None
    if found is None or place is None:
        raise Http404
    if public.category_key(found) != key:
        return HttpResponsePermanentRedirect(address(found))
    wanted = wanted_of(request.GET)
    listed = find(wanted, categories=place.below)
    trail = crumbs(place)
    context = {
        "title": found.name, "lead": found.lead, "category": found, "crumbs": trail,
        "children": [(one, address(one)) for one in place.children], "clean": address(found),
        "description": found.lead or f"{found.name}の商品一覧です。",
        "jsonld": [seo.breadcrumbs(trail, address(found))],
    }  # fmt: skip
    return _list(request, wanted, listed, context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """検索結果; without words all goods."""
    wanted = wanted_of(request.GET)
    listed = find(wanted, categories=None)
    title = f"「{wanted.words}」の検索結果" if wanted.words else "すべての商品"
    frame = frame_of(request)
    ways = [(one, address(one)) for one in frame.categories]
    by_category = [
        (one.name, address(one), listed.by_category[one.pk])
        for one in frame.tree
        if listed.by_category.get(one.pk)
    ]
    context = {
        "title": title, "crumbs": [(title, "")], "clean": reverse("shop:search"), "ways": ways,
        "by_category": by_category if wanted.words else [], "description": f"{frame.name}の{title}です。",
        "is_search": bool(wanted.words),
    }  # fmt: skip
    return _list(request, wanted, listed, context)


def _list(request: HttpRequest, wanted: Wanted, listed: Found, context: dict[str, Any]) -> HttpResponse:
    """A page of goods. Beyond the last page there is nothing."""
    if wanted.page > listed.pages:
        raise Http404
    shown = cards(public.shown(listed.goods))
    first = (wanted.page - 1) * PAGE + 1
    page_only = f"?page={wanted.page}" if wanted.page > 1 and not wanted.narrows and not wanted.sort else ""
    context |= {
        "wanted": wanted, "found": listed, "cards": shown, "sorts": SORTS, "first": first,
        "last": first + len(listed.goods) - 1, "canonical": absolute(context["clean"] + page_only),
        "noindex": wanted.narrows or bool(wanted.sort) or bool(wanted.words) or not listed.total,
        "previous_query": wanted.page - 1 if wanted.page > 2 else None,
        "previous": wanted.page - 1 if wanted.page > 1 else None,
        "og_image": next((picture for card in shown if (picture := seo.picture(card.shown.picture))), ""),
        "next": wanted.page + 1 if wanted.page < listed.pages else None,
    }  # fmt: skip
    return render(request, "shop/list.html", context)
