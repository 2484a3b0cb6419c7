"""The places every shop has: 本社倉庫, 検品・保留 for goods under question, 移動中 for goods between two places. Added after a
migration where they are missing."""

from __future__ import annotations

from typing import Any


def add_missing(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    from akinai.stock.models import Location

    if not Location.objects.exists():
        Location.objects.create(code="MAIN", name="本社倉庫", is_default=True)
    if not Location.objects.filter(kind=Location.Kind.HOLD).exists():
        Location.objects.get_or_create(
            code="HOLD", defaults={"name": "検品・保留", "kind": Location.Kind.HOLD, "is_sellable": False}
        )
    if not Location.objects.filter(kind=Location.Kind.TRANSIT).exists():
        Location.objects.get_or_create(
            code="TRANSIT", defaults={"name": "移動中", "kind": Location.Kind.TRANSIT, "is_sellable": False}
        )
