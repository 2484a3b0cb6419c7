"""楽天市場の精算明細 (楽天ペイ). Column names are 未確認: no public paper shows the download of RMS, so several are known."""

from akinai.adapters.settlements.rakuten.parser import PROVIDER, RakutenPayouts

__all__ = ["PROVIDER", "RakutenPayouts"]
