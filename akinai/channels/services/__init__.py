"""What may be done to channels (チャネルの操作)."""

from akinai.channels.services.auditing import repair
from akinai.channels.services.feeding import discard, keep_back, make_feed, mark_sent, switch
from akinai.channels.services.listing import ensure, list_sku, unlist

__all__ = [
    "discard",
    "ensure",
    "keep_back",
    "list_sku",
    "make_feed",
    "mark_sent",
    "repair",
    "switch",
    "unlist",
]
