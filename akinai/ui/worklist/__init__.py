"""Lists (一覧): declare columns, filters and acts; the rest is the same everywhere.

class OrderList(Worklist): …      path("", OrderList.as_view(), name="list")
"""

from akinai.ui.worklist.actions import BulkAction, Refused, each
from akinai.ui.worklist.columns import Column, Mask, pill
from akinai.ui.worklist.filters import (
    Choice,
    DateRange,
    Filter,
    FromIntake,
    MultiChoice,
    Tab,
    Text,
    YenRange,
    YesNo,
)
from akinai.ui.worklist.view import Worklist

__all__ = [
    "BulkAction", "Choice", "Column", "DateRange", "Filter", "FromIntake", "Mask", "MultiChoice", "Refused", "Tab", "Text", "Worklist",
    "YenRange", "YesNo", "each", "pill",
]  # fmt: skip
