"""Stripe の入金消込レポート (payout reconciliation, itemized). Columns as Stripe's documentation names them (確認済)."""

from akinai.adapters.settlements.stripe.parser import PROVIDER, StripePayouts

__all__ = ["PROVIDER", "StripePayouts"]
