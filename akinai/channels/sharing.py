"""在庫の出し方 (sharing): how many of the free pieces each channel shows. Pure: numbers in, numbers out.

Pieces are shown by all channels at once, because each sells from the same shelf. What keeps the last pieces from being
sold twice is the buffer (控え) of a channel, and that 残りわずか goods are shown by one channel only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """One channel that lists a SKU. `priority`: the smaller, the earlier; `channel` decides among equals."""

    channel: int
    priority: int = 100
    buffer: int = 0
    cap: int | None = None
    last_units: int = 0


def share_out(free: int, offers: Iterable[Offer]) -> dict[int, int]:
    """Channel → pieces it shows. Never more than are free, never below zero.

    The first channel by priority always shows what is left of the buffer; another shows nothing once no more than its
    `last_units` are free.
    """
    ranked = sorted(offers, key=lambda offer: (offer.priority, offer.channel))
    shown = {}
    for rank, offer in enumerate(ranked):
        pieces = max(free - offer.buffer, 0)
        if rank and free <= offer.last_units:
            pieces = 0
        shown[offer.channel] = pieces if offer.cap is None else min(pieces, offer.cap)
    return shown
