"""アドレスが変わったページ: the old address of a page, and of all below it, leads to the new one for good; then 転送 is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from wagtail.models import Page
from wagtail.signals import page_slug_changed, post_page_move

from akinai.content import forwards
from akinai.content.models import PageRedirect


def listen() -> None:
    """Called from AppConfig.ready."""
    page_slug_changed.connect(_slug_changed, dispatch_uid="content_slug_changed")
    post_page_move.connect(_page_moved, dispatch_uid="content_page_moved")


def _slug_changed(instance: Page, instance_before: Page, **_signal: Any) -> None:
    keep(instance_before.url_path, instance.url_path, instance)


def _page_moved(instance: Page, url_path_before: str, url_path_after: str, **_signal: Any) -> None:
    keep(url_path_before, url_path_after, instance)


@transaction.atomic
def keep(before: str, after: str, page: Page) -> None:
    """Old addresses of this page and of those below it; an address that is in use again is no old one any more."""
    if before == after:
        return
    below = Page.objects.filter(path__startswith=page.path).values_list("pk", "url_path")
    now = {pk: path for pk, path in below if path.startswith(after)}
    PageRedirect.objects.filter(old_path__in=[_public(path) for path in now.values()]).delete()
    old = {_public(before + path[len(after) :])[:255]: pk for pk, path in now.items()}
    PageRedirect.objects.bulk_create(
        [PageRedirect(old_path=path, page_id=pk) for path, pk in old.items()],
        update_conflicts=True, update_fields=["page"], unique_fields=["old_path"],
    )  # fmt: skip


def _public(url_path: str) -> str:
    """/top/features/tea/ → /features/tea/: the first part is the home page, which visitors do not see."""
    return "/" + url_path.strip("/").partition("/")[2] + "/"


class OldAddressMiddleware:
    """Where nothing answers any more, a page may have stood: one question, asked only for what would be a 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_read = request.method in ("GET", "HEAD")
        if is_read and forwards.asked_of_home(request) and (led := forwards.answer_to(request)):
            return led
        response = self.get_response(request)
        if not is_read or response.status_code not in (404, 410):
            return response
        return _moved(request) or forwards.answer_to(request) or response


def _moved(request: HttpRequest) -> HttpResponseBase | None:
    """A page that stood here and stands elsewhere now."""
    match = request.resolver_match
    if match is None or match.view_name != "wagtail_serve":
        return None
    path = f"/{request.path_info.strip('/')}/"
    found = PageRedirect.objects.select_related("page").filter(old_path=path, page__live=True).first()
    url = found.page.get_url(request) if found else None
    return HttpResponsePermanentRedirect(url) if url and url != request.path_info else None
