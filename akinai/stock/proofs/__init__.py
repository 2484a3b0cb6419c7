"""What must never be found in stock (在庫の検証)."""

from akinai.stock.proofs import keeping, ledger, lots, sets, stocktakes, transfers, values


def register() -> None:
    ledger.register()
    transfers.register()
    stocktakes.register()
    values.register()
    lots.register()
    sets.register()
    keeping.register()
