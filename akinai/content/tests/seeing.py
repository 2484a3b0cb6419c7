"""Visitors who look at pages of the shop, each at a told moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from wagtail.models import Site

from akinai.content import effect_services
from akinai.content.effect_services import View
from akinai.content.models import HomePage
from akinai.core import clock

NOON = timezone.make_aware(datetime(2026, 11, 24, 12, 0))
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Mobile/15E148"
PC = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


def seen(
    path: str, *, minutes: int = 0, days: int = 0, agent: str = PC, address: str = "192.0.2.1", **more: object
) -> bool:
    with clock.told(NOON + timedelta(days=days, minutes=minutes)):
        return effect_services.collect(View(path, address, agent, own_host="shop.example.jp", **more))  # type: ignore[arg-type]


def page_of(title: str, slug: str, body: list[object], parent: HomePage | None = None) -> HomePage:
    root = parent or Site.objects.get(is_default_site=True).root_page.specific
    page = HomePage(title=title, slug=slug, body=body)
    root.add_child(instance=page)
    return page
