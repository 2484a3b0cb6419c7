"""在庫の表."""

from akinai.stock.models.ledger import Location, Reservation, StockEntry, StockLevel, StockRow
from akinai.stock.models.stocktakes import Stocktake, StocktakeLine
from akinai.stock.models.transfers import StockTransfer, StockTransferLine

__all__ = [
    "Location",
    "Reservation",
    "StockEntry",
    "StockLevel",
    "StockRow",
    "StockTransfer",
    "StockTransferLine",
    "Stocktake",
    "StocktakeLine",
]
