"""The channels every shop finds (よく使うチャネル). Missing ones are added after each migration; none is changed."""

from __future__ import annotations

from typing import Any

USUAL: tuple[tuple[str, str, str, dict[str, bool]], ...] = (
    ("rakuten", "楽天市場", "rakuten", {}),
    ("yahoo", "Yahoo!ショッピング", "yahoo", {}),
    # Amazon writes to the buyer itself and issues the qualified invoice for the seller.
    ("amazon", "Amazon", "amazon", {"sends_own_shipping_mail": True, "issues_own_invoice": True}),
    ("shopify", "自社サイト(Shopify)", "shopify", {}),
    ("eccube", "自社サイト(EC-CUBE)", "eccube", {}),
    ("base", "BASE", "base", {}),
    ("phone", "電話・手入力", "phone", {}),
    ("generic", "その他", "generic", {}),
)


def add_missing(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    from akinai.channels.models import Channel

    Channel.objects.bulk_create(
        [Channel(code=code, name=name, kind=kind, **marks) for code, name, kind, marks in USUAL],
        ignore_conflicts=True,
    )
