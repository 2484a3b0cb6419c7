"""楽天市場 RMS の受注CSV: 158 columns, CP932, one row per line; shops may leave columns out of their template.

Also read when Excel has saved it again (M/D/YYYY dates, zeros lost in postal codes and phones).
"""

from __future__ import annotations

from akinai.adapters.channels.rakuten.mapping import RakutenFormat

__all__ = ["RakutenFormat"]
