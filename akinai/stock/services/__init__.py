"""What may be done to stock (在庫の操作): post, reverse, reserve, release, ship, unship.

Every statement that decides is conditional or runs under row locks taken in (sku, location) order, so two acts never
promise the same piece and never wait for each other in a ring.
"""

from __future__ import annotations

from akinai.stock.services.leaving import Take, ship, unship
from akinai.stock.services.posting import Movement, post, reverse
from akinai.stock.services.reserving import Want, release, reserve, reserve_lines

__all__ = [
    "Movement",
    "Take",
    "Want",
    "post",
    "release",
    "reserve",
    "reserve_lines",
    "reverse",
    "ship",
    "unship",
]
