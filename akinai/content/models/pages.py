"""ページ: what the shop's page tree is made of."""

from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from akinai.content.blocks import BODY
from akinai.content.fields import Body


class HomePage(Page):
    """トップページ. One per shop; its blocks decide what stands on the first screen."""

    lead = models.CharField("見出しの下の一文", max_length=160, blank=True)
    body = Body(BODY, blank=True, verbose_name="本文")

    template = "storefront/home.html"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = verbose_name_plural = "トップページ"
