"""転送のアドレス: how an address is written so that it is found again, and where a visitor is led who asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from django.db.models import F
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import Resolver404, resolve
from wagtail.models import Page

from akinai.catalog import public
from akinai.content.models import Forward
from akinai.core import clock

# What advertisements hang on an address: no part of it, but handed on, so that the visit is counted where it came from.
TOLD_BY_ADS = re.compile(r"utm_|gclid|gbraid|wbraid|fbclid|yclid|msclkid|ldtag|_ga")
# Doors that are never a page of the shop.
NOT_OURS = ("/office/", "/cms/", "/accounts/", "/api/", "/static/", "/media/", "/b/")
HOUR = 60 * 60


def key_of(address: str) -> str:
    """One way to write an address: its path without the host and the last slash, decoded, and what the query asks for, in order."""
    parts = urlsplit(address.strip())
    asked = sorted(
        one for one in parse_qsl(parts.query, keep_blank_values=True) if not TOLD_BY_ADS.match(one[0])
    )
    path = "/" + unquote(parts.path).strip("/")
    return path + (f"?{'&'.join(f'{name}={value}' for name, value in asked)}" if asked else "")


def is_ours(path: str) -> bool:
    """May this be an address of the shop's pages?"""
    return not f"{path.partition('?')[0].rstrip('/')}/".startswith(NOT_OURS)


def asked_of_home(request: HttpRequest) -> bool:
    """/?pid=123 of another cart: the first page answers, whatever it is asked for."""
    return request.path_info == "/" and "?" in key_of(request.get_full_path())


def answer_to(request: HttpRequest) -> HttpResponseRedirect | None:
    """Where this address leads, and one more visit counted; None when nobody said."""
    if not is_ours(request.path_info):
        return None
    full = key_of(request.get_full_path())
    keys = [full] if request.path_info == "/" else [full, full.partition("?")[0]]
    rows = {one.old_path: one for one in Forward.objects.filter(old_path__in=keys, is_active=True)}
    found = next((rows[key] for key in keys if key in rows), None)
    if found is None:
        return None
    Forward.objects.filter(pk=found.pk).update(hits=F("hits") + 1, last_hit_at=clock.now())
    answer = HttpResponseRedirect(_with_ads(found.target, request))
    if found.kind == Forward.Kind.FOR_GOOD:
        answer.status_code = 301
        answer.headers["Cache-Control"] = f"max-age={HOUR}"  # for good, but it can be mended
    return answer


def _with_ads(target: str, request: HttpRequest) -> str:
    told = [(name, value) for name, value in request.GET.items() if TOLD_BY_ADS.match(name)]
    path, mark, place = quote(target, safe="/:?#=&%+,;@~!$'()*[]").partition("#")
    return (
        f"{path}{'&' if '?' in path else '?'}{urlencode(told)}{mark}{place}"
        if told
        else f"{path}{mark}{place}"
    )


def answering(addresses: Iterable[str]) -> set[str]:
    """Of these addresses of ours those that lead somewhere today: goods and categories that are public, pages that are live, doors of
    other rooms. Asks four questions for any number."""
    keys = {one: key_of(one).partition("?")[0].partition("#")[0] for one in addresses}
    paths = set(keys.values())
    goods = {one.rpartition("/")[2] for one in paths if one.startswith("/products/")}
    known = {f"/products/{public.key_of(one)}" for one in public.with_keys(goods)} if goods else set()
    if any(one.startswith("/categories/") for one in paths):
        known |= {f"/categories/{public.category_key(one)}" for one in public.categories()}
    known |= _live(paths) | {one for one in paths if _is_door(one)}
    return {one for one, key in keys.items() if key in known}


def _live(paths: Iterable[str]) -> set[str]:
    home = Page.objects.filter(depth=2).first()
    if home is None:
        return set()
    at = {f"{home.url_path.rstrip('/')}{one.rstrip('/')}/": one for one in paths}
    return {
        at[path]
        for path in Page.objects.filter(live=True, url_path__in=at).values_list("url_path", flat=True)
    }


def _is_door(path: str) -> bool:
    """An address of another room's; of goods, categories and pages only the rows know."""
    if path.startswith(("/products/", "/categories/")):
        return False
    try:
        return resolve(f"{path.rstrip('/')}/").url_name not in ("wagtail_serve", None)
    except Resolver404:
        return False
