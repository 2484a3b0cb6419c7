"""出すべき数 (showing): how many pieces each channel should show of each of its items, from the stock as it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from akinai.channels.models import Channel, FeedItem
from akinai.channels.sharing import Offer, share_out
from akinai.stock import queries as stock


@dataclass(frozen=True, slots=True)
class Shown:
    """出すべき数 of one item: `quantity` for the mall, `free` on our shelves (on hand less reserved)."""

    quantity: int
    free: int


def shown(items: Iterable[FeedItem]) -> dict[int, Shown]:
    """Item id → what its channel should show. Items without a SKU are left out; one switched off shows nothing new.

    Two rows of one mall that mean one SKU both show it. Three queries, however many items.
    """
    wanted = [item for item in items if item.sku_id]
    sku_ids = {item.sku_id for item in wanted if item.sku_id}
    levels = stock.levels(sorted(sku_ids))
    offers = _offers(sku_ids, wanted)
    parts = {sku: share_out(max(levels[sku].free, 0), offers[sku]) for sku in sku_ids if sku in levels}
    return {
        item.pk: Shown(parts[item.sku_id].get(item.channel_id, 0), levels[item.sku_id].free)
        for item in wanted
        if item.sku_id in parts
    }


def _offers(sku_ids: Collection[int], items: Iterable[FeedItem]) -> dict[int, list[Offer]]:
    """SKU → the channels that list it and are fed, those of `items` among them though nobody has stored them yet.

    The smallest own buffer of a channel's items counts.
    """
    channels = {channel.pk: channel for channel in Channel.objects.filter(is_active=True)}
    found: dict[int, dict[int, Offer]] = defaultdict(dict)
    rows = FeedItem.objects.filter(sku_id__in=sku_ids, is_on=True, channel__in=channels)
    known = list(rows.values_list("sku_id", "channel_id", "buffer"))
    known += [(item.sku_id, item.channel_id, item.buffer) for item in items if item.is_on and item.sku_id]
    for sku_id, channel_id, buffer in known:
        if channel_id not in channels:
            continue
        channel = channels[channel_id]
        kept = channel.feed_buffer if buffer is None else buffer
        before = found[sku_id].get(channel_id)
        kept = min(kept, before.buffer) if before else kept
        found[sku_id][channel_id] = Offer(
            channel_id, channel.feed_priority, kept, channel.feed_cap, channel.feed_last_units
        )
    return defaultdict(list, {sku: list(offers.values()) for sku, offers in found.items()})
