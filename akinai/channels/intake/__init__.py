"""店舗・モールの取込: the table of codes (listings), a mall's own stock (mall_stock)."""

from akinai.channels.intake.listings import ListingsKind
from akinai.channels.intake.mall_stock import MallStockKind

__all__ = ["ListingsKind", "MallStockKind"]
