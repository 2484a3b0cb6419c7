"""Yahoo!ショッピングの注文CSV: an order file and an item file, joined by OrderId, given together in any order.

Columns are chosen per shop template, so they are found by name; one file that holds both kinds of columns works, too.
"""

from __future__ import annotations

from akinai.adapters.channels.yahoo.mapping import YahooFormat

__all__ = ["YahooFormat"]
