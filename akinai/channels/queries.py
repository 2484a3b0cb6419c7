"""What others may ask of channels (チャネルの照会)."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, OuterRef, QuerySet, Subquery

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


def every_choice() -> list[tuple[str, str]]:
    """(code, name) of all channels, also those that sell no more: their orders are still there."""
    return list(Channel.objects.order_by("-is_active", "pk").values_list("code", "name"))


def every_id() -> list[tuple[int, str, str]]:
    """(id, code, name) of all channels."""
    return list(Channel.objects.values_list("pk", "code", "name"))


def names_of(codes: str) -> ArraySubquery:
    """The names of the channels whose codes stand in the array `codes` of a row, as a part of a query."""
    among = Func(
        F("code"), OuterRef(codes), arg_joiner=" = ANY(", template="(%(expressions)s))", output_field=BooleanField()
    )  # fmt: skip
    return ArraySubquery(Channel.objects.filter(among).order_by("pk").values("name"))


def id_of(code: str) -> Subquery:
    """The channel's id as a part of a query, so that the index of a table by channel is used."""
    return Subquery(Channel.objects.filter(code=code).values("pk")[:1])


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


def names() -> list[tuple[int, str]]:
    """(id, name) of every channel, for reports that know channels by id."""
    return list(Channel.objects.values_list("id", "name"))
