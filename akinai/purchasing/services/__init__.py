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

__all__ = [
    "LineInput",
    "arrived_lines",
    "create_draft",
    "discard",
    "doubts",
    "last_receipts",
    "post",
    "replace_draft",
    "reverse",
]
