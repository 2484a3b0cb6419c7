"""What may be done in purchasing (仕入の操作), one file per kind of work."""

from __future__ import annotations

from akinai.purchasing.services.receiving import (
    LineInput,
    arrived_lines,
    create_draft,
    discard,
    doubts,
    last_receipts,
    post,
    replace_draft,
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
    "end_item",
    "last_receipts",
    "post",
    "replace_draft",
    "reverse",
    "save_items",
    "save_terms",
    "tell_terms",
]
