"""Where stock appears in the office (管理画面への登録)."""

from __future__ import annotations

from akinai.ui import navigation, tones


def register() -> None:
    navigation.register(
        "goods", "在庫", "stock:list", permission="stock.view_stocklevel", icon="boxes", order=20, key="z"
    )
    navigation.register(
        "goods",
        "入出庫台帳",
        "stock:ledger",
        permission="stock.view_stocklevel",
        icon="book",
        order=30,
        under="stock:list",
    )
    tones.register(
        "stock.stockentry.kind",
        {
            "opening": "mute", "receipt": "good", "shipment": "info", "return": "accent", "return_out": "accent", "adjustment": "warn",
            "count": "warn", "transfer": "accent", "reversal": "bad",
        },
    )  # fmt: skip
