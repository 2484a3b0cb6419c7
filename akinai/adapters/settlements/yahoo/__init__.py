"""Yahoo!ショッピングの受取明細. Column names are 未確認; the words of 利用項目 decide what a row is."""

from akinai.adapters.settlements.yahoo.parser import PROVIDER, YahooPayouts

__all__ = ["PROVIDER", "YahooPayouts"]
