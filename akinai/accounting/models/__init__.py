"""The tables of the books (会計の表)."""

from __future__ import annotations

from akinai.accounting.models.closing import BookSettings, ClosedMonth
from akinai.accounting.models.costs import CostRate, SalesTarget
from akinai.accounting.models.exports import JournalExport, JournalExportEntry, ProductAccount, ProductTax
from akinai.accounting.models.journal import Account, DailyBalance, JournalEntry, JournalLine, PostedValue
from akinai.accounting.models.revenue import DailySales, RevenueEntry

__all__ = [
    "Account",
    "BookSettings",
    "ClosedMonth",
    "CostRate",
    "DailyBalance",
    "DailySales",
    "JournalEntry",
    "JournalExport",
    "JournalExportEntry",
    "JournalLine",
    "PostedValue",
    "ProductAccount",
    "ProductTax",
    "RevenueEntry",
    "SalesTarget",
]
