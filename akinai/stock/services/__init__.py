"""What may be done to stock (在庫の操作): post, reverse, reserve, release, ship, unship, and move
between places.

Every statement that decides is conditional or runs under row locks taken in (sku, location) order, so two acts never
promise the same piece and never wait for each other in a ring.
"""

from __future__ import annotations

from akinai.stock.services.backorders import accept_backorders
from akinai.stock.services.counting import Counted, count, count_all, drop_count
from akinai.stock.services.expiring import settle_dates
from akinai.stock.services.keeping import draw_kept, expire_kept, extend_kept, keep_aside, release_kept
from akinai.stock.services.leaving import Take, ship, unship
from akinai.stock.services.locations import save_location
from akinai.stock.services.lots import name_lot, set_lot_rule, start_lots, throw_away
from akinai.stock.services.movements import LotTag, Movement
from akinai.stock.services.posting import post, reverse
from akinai.stock.services.reserving import Want, release, reserve, reserve_lines, shrink
from akinai.stock.services.stocktakes import (
    UNCOUNTED,
    cancel_stocktake,
    close_counts,
    open_again,
    open_stocktake,
    post_stocktake,
    reverse_stocktake,
    set_cause,
)
from akinai.stock.services.transfers import (
    HOWS,
    cancel_transfer,
    create_transfer,
    receive_transfer,
    replace_transfer,
    send,
    settle_missing,
    take_back_arrivals,
)
from akinai.stock.services.valuing import ValueChange, add_value, reverse_value
from akinai.stock.services.writing_down import reverse_write_down, write_down

__all__ = [
    "HOWS",
    "UNCOUNTED",
    "Counted",
    "LotTag",
    "Movement",
    "Take",
    "ValueChange",
    "Want",
    "accept_backorders",
    "add_value",
    "cancel_stocktake",
    "cancel_transfer",
    "close_counts",
    "count",
    "count_all",
    "create_transfer",
    "draw_kept",
    "drop_count",
    "expire_kept",
    "extend_kept",
    "keep_aside",
    "name_lot",
    "open_again",
    "open_stocktake",
    "post",
    "post_stocktake",
    "receive_transfer",
    "release",
    "release_kept",
    "replace_transfer",
    "reserve",
    "reserve_lines",
    "reverse",
    "reverse_stocktake",
    "reverse_value",
    "reverse_write_down",
    "save_location",
    "send",
    "set_cause",
    "set_lot_rule",
    "settle_dates",
    "settle_missing",
    "ship",
    "shrink",
    "start_lots",
    "take_back_arrivals",
    "throw_away",
    "unship",
    "write_down",
]
