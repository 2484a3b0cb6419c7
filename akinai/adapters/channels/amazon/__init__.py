"""Amazon の注文レポート: 未出荷レポート (no prices) and 新規注文レポート; tab-separated, CP932, no quoting.

One row per order item. Amazon collects the money, except for 代金引換.
"""

from __future__ import annotations

from akinai.adapters.channels.amazon.mapping import AmazonFormat

__all__ = ["AmazonFormat"]
