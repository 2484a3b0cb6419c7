"""What may be done in purchasing (仕入の操作), one file per kind of work."""

from __future__ import annotations

from akinai.purchasing.services.doubting import arrived_lines, past_of
from akinai.purchasing.services.doubting import of_lines as doubts
from akinai.purchasing.services.doubting import of_receipt as doubts_of
from akinai.purchasing.services.drafting import LineInput, create_draft, printed_totals, replace_draft
from akinai.purchasing.services.proposing import propose
from akinai.purchasing.services.receiving import (
    discard,
    lacks_totals,
    open_mismatches,
    post,
    reverse,
)
from akinai.purchasing.services.terms import ItemInput, end_item, save_items, save_terms, tell_terms

__all__ = [
    "ItemInput",
    "LineInput",
    "arrived_lines",
    "create_draft",
    "discard",
    "doubts",
    "doubts_of",
    "end_item",
    "lacks_totals",
    "open_mismatches",
    "past_of",
    "post",
    "printed_totals",
    "propose",
    "replace_draft",
    "reverse",
    "save_items",
    "save_terms",
    "tell_terms",
]
