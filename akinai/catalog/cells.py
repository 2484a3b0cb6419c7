"""Cells of the list of goods that are more than a value (一覧の商品名・完成度・状態)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from akinai.catalog.models import Product
from akinai.ui import icons, tones
from akinai.ui.worklist import pill

NO_PICTURE = SafeString(f'<span class="thumb thumb-none">{icons.svg("image")}</span>')
ENOUGH, HALF = 100, 60


def name(sku: Any, _value: object, _request: HttpRequest) -> SafeString:
    """Picture, name and what tells the SKU from its sisters."""
    variant = format_html(' <span class="muted">{}</span>', sku.variant) if sku.variant else ""
    return format_html(
        '<span class="with-thumb">{}<span>{}{}</span></span>',
        _thumb(sku.picture) if sku.picture else NO_PICTURE, sku.product.name, variant,
    )  # fmt: skip


def _thumb(picture: int) -> SafeString:
    return format_html(
        '<img class="thumb" src="{}?small" alt="" width="32" height="32" loading="lazy">',
        reverse("catalog:picture", args=[picture]),
    )


def completeness(_sku: Any, score: int, _request: HttpRequest) -> SafeString:
    kind = "lack-bad" if score < HALF else "lack-some" if score < ENOUGH else "lack-none"
    return format_html('<span class="{}">{}%</span>', kind, score)


def status(sku: Any, _value: object, _request: HttpRequest) -> SafeString:
    """What needs eyes first: 要確認, then 販売終了, then the product's state."""
    if sku.needs_review:
        return pill("要確認", "warn")
    if not sku.is_active:
        return pill("販売終了", "mute")
    state = Product.Status(sku.product.status)
    return pill(str(state.label), tones.tone_of("catalog.product.status", state))
