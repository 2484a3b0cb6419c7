"""What others may ask of channels (チャネルの照会)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from akinai.catalog import queries as catalog
from akinai.channels.models import Channel, Listing


def by_code(code: str) -> Channel:
    """The channel of this code. Raises Channel.DoesNotExist."""
    return Channel.objects.get(code=code)


def active() -> QuerySet[Channel]:
    """Channels that sell now."""
    return Channel.objects.filter(is_active=True)


def choices() -> list[tuple[str, str]]:
    """(code, name) for selections."""
    return list(active().values_list("code", "name"))


def resolve_skus(channel_id: int, codes: Sequence[str]) -> dict[str, int]:
    """Code as the channel writes it → SKU id: by its listing, else our own code, else JAN. At most three queries.

    Codes nobody knows are left out of the answer.
    """
    keys = {code: key for code in codes if (key := catalog.code_key(code))}
    listed = dict(
        Listing.objects.filter(channel_id=channel_id, code_key__in=set(keys.values())).values_list(
            "code_key", "sku_id"
        )
    )
    found = {code: listed[key] for code, key in keys.items() if key in listed}
    if rest := [code for code in keys if code not in found]:
        found |= catalog.ids_by_code(rest)
    return found
