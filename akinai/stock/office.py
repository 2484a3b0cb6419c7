"""Where stock appears in the office (管理画面への登録)."""

from __future__ import annotations

from akinai.ui import navigation, tones, words


def register() -> None:
    words.register(
        {
            "dispatch": "出庫",
            "arrive": "受領",
            "take_back": "受領の取消",
            "close_counts": "締め",
            "open_again": "数え直しへ",
        }
    )
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
    navigation.register(
        "goods", "在庫移動", "stock:transfers", permission="stock.view_stocktransfer", icon="swap", order=32,
        words="いどう 場所 倉庫 店頭", under="stock:list",
    )  # fmt: skip
    navigation.register(
        "goods", "棚卸", "stock:stocktakes", permission="stock.view_stocktake", icon="scale", order=34,
        words="たなおろし 実地棚卸 循環棚卸", under="stock:list",
    )  # fmt: skip
    tones.register(
        "stock.stocktake.state",
        {"open": "warn", "counted": "info", "posted": "good", "reversed": "mute", "cancelled": "mute"},
    )
    tones.register(
        "stock.stocktransfer.state",
        {"draft": "mute", "sent": "warn", "received": "good", "cancelled": "mute"},
    )
    tones.register(
        "stock.stockentry.kind",
        {
            "opening": "mute", "receipt": "good", "shipment": "info", "return": "accent", "return_out": "accent", "adjustment": "warn",
            "count": "warn", "transfer": "accent", "reversal": "bad",
        },
    )  # fmt: skip
