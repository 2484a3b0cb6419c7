"""{% public_parts "product_below" product %}: what other rooms show here."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from akinai.content import public_parts as parts

register = template.Library()


@register.simple_tag(takes_context=True)
def public_parts(context: Context, place: str, thing: Any = None) -> SafeString:
    return parts.render(place, context["request"], thing)
