"""What B2クラウド wants to know of the shop (ヤマト運輸の設定)."""

from __future__ import annotations

from akinai.adapters.carriers.settings import goods_text
from akinai.adapters.carriers.yamato import columns as limit
from akinai.shipping.ports import Setting

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "customer_code", "請求先顧客コード", "ヤマト運輸との契約の番号です。B2クラウドの「お客様情報」で確かめられます。",
        pattern=r"\d{9,12}", form="9〜12桁の数字", is_required=True,
    ),
    Setting("sub_code", "請求先分類コード", "使っていなければ空欄にします。", pattern=r"\d{1,3}", form="3桁までの数字"),
    Setting("freight_no", "運賃管理番号", "01 のことがほとんどです。", pattern=r"\d{2}", form="2桁の数字", default="01", is_required=True),
    Setting(
        "mail_code", "ポスト投函の送り状種類", "受注の配送方法がネコポス・ゆうパケットなどのときに使います。", default="7",
        choices=(("7", "7 クロネコゆうパケット"), ("A", "A ネコポス"), ("3", "3 クロネコゆうメール")),
    ),
    Setting(
        "address_bytes", "住所の長さ", "B2クラウドの取込設定で住所を長くしているときだけ変えます。", default="32",
        choices=(("32", "全角16文字（標準）"), ("64", "全角32文字")),
    ),
    goods_text(limit.GOODS),
)  # fmt: skip
