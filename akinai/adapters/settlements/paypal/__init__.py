"""PayPal の取引履歴. Columns are those of a real download (確認済); each withdrawal to the bank is one settlement."""

from akinai.adapters.settlements.paypal.parser import PROVIDER, PayPalHistory

__all__ = ["PROVIDER", "PayPalHistory"]
