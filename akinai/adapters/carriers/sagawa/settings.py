"""What e飛伝Ⅲ wants to know of the shop (佐川急便の設定)."""

from __future__ import annotations

from akinai.adapters.carriers.sagawa import columns as limit
from akinai.adapters.carriers.settings import goods_text
from akinai.shipping.ports import Setting

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "customer_code", "お客様コード", "佐川急便との契約の番号です。送り状の控えや e飛伝Ⅲ の荷送人情報で確かめられます。",
        pattern=r"\d{12}", form="12桁の数字", is_required=True,
    ),
    Setting(
        "packing", "荷姿", default="001",
        choices=(("001", "001 箱類"), ("002", "002 バッグ類"), ("003", "003 スーツケース"), ("004", "004 封筒類"), ("008", "008 その他")),
    ),
    Setting(
        "cod_payment", "代引の決済種別", "契約している代引の種類に合わせます。", default="1",
        choices=(("1", "1 何でも決済"), ("2", "2 現金"), ("5", "5 デビット・クレジット")),
    ),
    goods_text(limit.LINE),
)  # fmt: skip
