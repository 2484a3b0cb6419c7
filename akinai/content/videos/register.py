"""What the channel brings to the other pages of the house (登録)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from akinai.content import public_parts
from akinai.ui import navigation


def register() -> None:
    navigation.register(
        "info", "動画", "video_office:list", permission="content.view_video", icon="play", order=52,
        words="どうが ビデオ 字幕 チャンネル YouTube video",
    )  # fmt: skip
    public_parts.register("product_below", below_product, order=10)


def below_product(request: HttpRequest, product: Any) -> SafeString:
    """この商品の動画."""
    from akinai.content.videos import queries

    videos = queries.showing(product.pk)
    return render_to_string("content/videos/below.html", {"videos": videos}) if videos else SafeString("")
