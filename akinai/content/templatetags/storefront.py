"""Pieces of the shop's templates (店舗の部品)."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from akinai.catalog.public import Seen, Shown
from akinai.content.addresses import absolute
from akinai.content.jsonld import in_script

register = template.Library()
register.filter("as_json", in_script)


@register.simple_tag
def url_if(name: str, *args: Any) -> str:
    """The address of a page, "" while no room has such a page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag
def shop_picture(
    seen: Seen | None, sizes: str = "100vw", *, first: bool = False, name: str = ""
) -> SafeString:
    """商品画像 in AVIF and WebP at its widths; with its measure, so that nothing jumps. `first`: what is seen at once."""
    if seen is None:
        return format_html('<span class="s-no-picture" aria-hidden="true">{}</span>', mark_of(name))
    how = mark_safe('fetchpriority="high"' if first else 'loading="lazy" decoding="async"')  # noqa: S308
    measure = format_html('width="{}" height="{}"', seen.width, seen.height) if seen.width else mark_safe('width="720" height="720"')  # fmt: skip
    if not seen.widths:
        return format_html('<img src="{}" alt="{}" {} {}>', media(seen.file), seen.alt, measure, how)
    sources = format_html_join(
        "",
        '<source type="image/{}" srcset="{}" sizes="{}">',
        ((kind, _srcset(seen, kind), sizes) for kind in ("avif", "webp")),
    )
    middle = seen.widths[min(1, len(seen.widths) - 1)]
    return format_html(
        '<picture>{}<img src="{}" alt="{}" {} {}></picture>', sources, media(seen.at(middle, "webp")), seen.alt, measure, how
    )  # fmt: skip


@register.filter
def mark_of(name: str) -> str:
    """The letter that stands for what has no picture: the first that is no bracket."""
    return next((letter for letter in name if letter.isalnum()), name[:1])


def _srcset(seen: Seen, kind: str) -> str:
    return ", ".join(f"{media(seen.at(width, kind))} {width}w" for width in seen.widths)


def media(name: str) -> str:
    """The public address of a file under the media root."""
    return reverse("media", args=[name])


@register.filter
def media_url(seen: Seen | Shown) -> str:
    """The address of a picture itself."""
    return media(seen.file if isinstance(seen, Seen) else seen.image)


@register.simple_tag
def website_data(name: str) -> dict[str, Any]:
    """schema.org WebSite with its search."""
    return {
        "@context": "https://schema.org", "@type": "WebSite", "name": name, "url": absolute("/"),
        "potentialAction": {
            "@type": "SearchAction", "target": absolute(f"{reverse('shop:search')}?q={{search_term_string}}"),
            "query-input": "required name=search_term_string",
        },
    }  # fmt: skip


@register.filter
def postal(code: str) -> str:
    """1010051 → 101-0051."""
    return f"{code[:3]}-{code[3:]}" if len(code) == 7 else code
