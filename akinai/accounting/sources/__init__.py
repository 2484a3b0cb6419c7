"""The ledgers that become entries (仕訳の元): one file per room they stand in."""

from __future__ import annotations

from akinai.accounting.ports import register_source
from akinai.accounting.sources import bank, payables, payments, sales, settlements


def register() -> None:
    for source in (sales.SOURCE, payments.SOURCE, settlements.SOURCE, bank.SOURCE, payables.SOURCE):
        register_source(source)
