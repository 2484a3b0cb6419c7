"""freee会計: 振替伝票 (仕訳のインポート), which takes every entry, and 取引 (取引のインポート), which takes money in and out.

Sources: support.freee.co.jp 204847430 (columns of 仕訳; same date and 伝票番号 are one entry), 202847320 (取引: 収支区分 only on the
first row of a deal, 決済 columns only where it is paid).
"""

from __future__ import annotations

from akinai.adapters.accounting.freee.deals import FreeeDeals
from akinai.adapters.accounting.freee.slips import Freee

__all__ = ["Freee", "FreeeDeals"]
