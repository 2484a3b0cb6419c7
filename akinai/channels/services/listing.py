"""チャネルと出品の登録: which channels there are, and which code means which SKU."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.catalog.queries import code_key
from akinai.channels.models import Channel, Listing
from akinai.core import activity
from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from akinai.catalog.models import Sku
    from akinai.staff.models import Staff


def ensure(code: str, name: str, kind: str) -> Channel:
    """The channel of this code, made when it is not there. A name that a person changed is kept."""
    channel, _ = Channel.objects.get_or_create(code=code, defaults={"name": name, "kind": kind})
    return channel


@transaction.atomic
def list_sku(channel: Channel, code: str, sku: Sku | int, *, by: Staff | None) -> Listing:
    """出品の登録: on this channel, `code` means `sku` from now on. The same again changes nothing."""
    key = code_key(code)
    if not key or len(key) > 120:
        raise DomainError(
            "チャネル側の商品コードが空欄か、長すぎます。", way_out="120文字以内で入力してください。"
        )
    sku_id = sku if isinstance(sku, int) else sku.pk
    listing, created = Listing.objects.select_for_update(of=("self",)).get_or_create(
        channel=channel, code_key=key, defaults={"code": code.strip(), "sku_id": sku_id}
    )
    if not created and listing.sku_id == sku_id:
        return listing
    if not created:
        Listing.objects.filter(pk=listing.pk).update(sku_id=sku_id, code=code.strip())
        listing.sku_id = sku_id
    activity.record(
        channel,
        "list_sku",
        by=by,
        summary=f"商品コード「{code.strip()}」の対応を登録しました。",
        data={"sku_id": sku_id},
    )
    return listing


@transaction.atomic
def unlist(listing: Listing, *, by: Staff | None) -> None:
    """出品の削除: the channel's code falls back to our own code or JAN."""
    activity.record(
        listing.channel, "unlist", by=by, summary=f"商品コード「{listing.code}」の対応を削除しました。",
        data={"sku_id": listing.sku_id},
    )  # fmt: skip
    listing.delete()
