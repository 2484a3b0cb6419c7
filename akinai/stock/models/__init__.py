"""在庫の表."""

from akinai.stock.models.inventories import InventoryPaper
from akinai.stock.models.keeping import KeepAside
from akinai.stock.models.ledger import Location, Reservation, StockEntry, StockLevel, StockRow
from akinai.stock.models.lots import Lot, LotLevel, past_date
from akinai.stock.models.stocktakes import Stocktake, StocktakeLine
from akinai.stock.models.transfers import StockTransfer, StockTransferLine
from akinai.stock.models.values import StockValue, ValueEntry
from akinai.stock.models.write_downs import WriteDown

__all__ = [
    "InventoryPaper",
    "KeepAside",
    "Location",
    "Lot",
    "LotLevel",
    "Reservation",
    "StockEntry",
    "StockLevel",
    "StockRow",
    "StockTransfer",
    "StockTransferLine",
    "StockValue",
    "Stocktake",
    "StocktakeLine",
    "ValueEntry",
    "WriteDown",
    "past_date",
]
