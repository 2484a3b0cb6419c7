"""画像を先に描く: the pictures of a page are drawn in all their sizes when it goes out, so that its first visitor does not wait for it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued
from wagtail.models import Page
from wagtail.signals import page_published


def listen() -> None:
    """Called from AppConfig.ready."""
    page_published.connect(_ask, dispatch_uid="content_draw_pictures")


def _ask(*, instance: Page, **_signal: Any) -> None:
    from akinai.content.tasks import draw_pictures

    with suppress(AlreadyEnqueued), transaction.atomic():
        draw_pictures.configure(queueing_lock=f"content.draw-{instance.pk}").defer(page_id=instance.pk)


def draw(page_id: int) -> bool:
    """Draw the page once for nobody: what it shows is drawn and kept. Out: was there something to draw?"""
    page = Page.objects.live().filter(pk=page_id).specific().first()
    if page is None:
        return False
    page.make_preview_request()
    return True
