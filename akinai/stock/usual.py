"""The place every shop has (本社倉庫). Added after a migration when there is no place at all."""

from __future__ import annotations

from typing import Any


def add_missing(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    from akinai.stock.models import Location

    if not Location.objects.exists():
        Location.objects.create(code="MAIN", name="本社倉庫", is_default=True)
