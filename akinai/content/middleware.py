"""What answers of the page editor (/cms/) may load. Its screens are Wagtail's: they set styles on elements and show the
preview in a frame, which the office's policy refuses. Nobody but staff gets there; see docs/decisions/0027. The home page
that staff try out in the shop's settings keeps the strict policy, but may stand in a frame of ours."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.csp import CSP

from akinai.content import looks

EDITOR = "/cms/"
POLICY = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
}
LOOKED_AT = {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF]}


class EditorPolicyMiddleware:
    """Its own Content-Security-Policy for the editor; every other page keeps the strict one with nonces, in no frame but our own look."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _exports(request) and not request.user.has_perm("content.export_editor"):
            raise PermissionDenied("編集画面の一覧を書き出す権限がありません。")
        response = self.get_response(request)
        if request.path_info.startswith(EDITOR):
            _in_the_editor(response)
        elif looks.is_look(request):
            response._csp_config = LOOKED_AT  # type: ignore[attr-defined]
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
            response.headers["Cache-Control"] = "private, no-store"
        return response


def _in_the_editor(response: HttpResponseBase) -> None:
    """A page that is looked at while it is written went through all of this as a page of the shop: its refusals go."""
    response.headers.pop("Content-Security-Policy", None)
    response._csp_config = POLICY  # type: ignore[attr-defined]
    response.headers["X-Frame-Options"] = "SAMEORIGIN"


def _exports(request: HttpRequest) -> bool:
    """Wagtail gives every list as a file to whoever sees it; names and histories leave only with a permission."""
    return request.path_info.startswith(EDITOR) and bool(request.GET.get("export"))
