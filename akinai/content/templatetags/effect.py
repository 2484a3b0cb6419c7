"""{% beacon %}: the script that tells of a page view, with the page's address under our signature, so that nobody counts what is not there."""

from __future__ import annotations

from typing import Any

from django import template
from django.core import signing
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from akinai.content import effect_rules

SALT = "akinai.content.beacon"
register = template.Library()


@register.simple_tag(takes_context=True)
def beacon(context: dict[str, Any]) -> str:
    """Nothing for staff, in previews and on pages whose address would say who somebody is."""
    request = context.get("request")
    if request is None or getattr(request, "is_preview", False) or effect_rules.is_private(request.path):
        return ""
    page = signing.Signer(salt=SALT).sign(request.path)
    script = static("storefront/js/seen.js")
    return format_html(
        '<script src="{}" data-page="{}" nonce="{}" defer></script>',
        script,
        page,
        context.get("csp_nonce") or SafeString(""),
    )
