"""Settlements (入金精算): payout files of malls, card companies, wallets and carriers, one folder per provider.

支払元の入金明細を読む。列の名前を公開の資料で確かめられなかった形式は、形式の名前に「未確認」と付けてある。
"""

from __future__ import annotations


def register_settlements() -> None:
    """The table of providers and their layouts: one line brings a door into use. Detection asks them in this order."""
    from akinai.adapters.settlements import amazon, carriers, generic, paypal, paypay, rakuten, stripe, yahoo
    from akinai.payments.settlement_ports import register_format, register_provider

    for provider in (
        rakuten.PROVIDER, yahoo.PROVIDER, amazon.PROVIDER, stripe.PROVIDER, paypay.PROVIDER, paypal.PROVIDER,
        *carriers.PROVIDERS,
    ):  # fmt: skip
        register_provider(provider)
    for door in (
        stripe.StripePayouts(), amazon.AmazonSettlement(), paypal.PayPalHistory(), paypay.PayPayPayouts(),
        yahoo.YahooPayouts(), rakuten.RakutenPayouts(), *carriers.DOORS, generic.GenericSettlement(),
    ):  # fmt: skip
        register_format(door)
