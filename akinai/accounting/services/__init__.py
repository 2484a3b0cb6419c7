"""What the books do (会計の操作): record sales, post entries, close months, write files for accounting products."""

from __future__ import annotations

from akinai.accounting.services.posting import post_upto
from akinai.accounting.services.revenue import record, record_missing

__all__ = ["post_upto", "record", "record_missing"]
