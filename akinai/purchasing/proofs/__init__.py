"""What must never be found in purchasing (仕入の検証)."""

from __future__ import annotations

from akinai.purchasing.proofs import checks, landed, orders, payables, receipts, returns


def register() -> None:
    receipts.register()
    orders.register()
    checks.register()
    returns.register()
    landed.register()
    payables.register()
