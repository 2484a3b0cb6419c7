"""Amazon の決済レポート (settlement report, flat file V2). Columns as many public readers of it agree (確認済)."""

from akinai.adapters.settlements.amazon.parser import PROVIDER, AmazonSettlement

__all__ = ["PROVIDER", "AmazonSettlement"]
