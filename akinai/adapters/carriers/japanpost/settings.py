"""What ゆうプリR wants to know of the shop (日本郵便の設定)."""

from __future__ import annotations

from akinai.adapters.carriers.japanpost import layouts as limit
from akinai.adapters.carriers.settings import goods_text
from akinai.shipping.ports import Setting

_SIZES = ("060", "080", "100", "120", "140", "160", "170")

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "label_kind", "送り状種別", "ゆうプリRの「送り状種別登録」にあるコードです。", default="1100780",
        pattern=r"\d{1,10}", form="数字10桁まで", is_required=True,
    ),
    Setting("size", "サイズ区分", default="060", choices=tuple((size, f"{int(size)} サイズ") for size in _SIZES)),
    Setting(
        "layout", "取込レイアウト", "ゆうプリRの取込フィルタに合わせます。初めてのときは 1 件だけ取り込んで、送り状を確かめてください。",
        default="117", choices=(("117", "標準（117列）"), ("118", "118列"), ("100", "標準フォーマットV3（100列）")),
    ),
    Setting(
        "columns", "自社の取込レイアウト",
        "取込フィルタを作り変えているときだけ書きます。列名を 1 行に 1 つ、並び順のとおりに書きます。空の列は空行、決まった値は「=0」のように書きます。",
        check=limit.why_not, is_long=True,
    ),
    Setting(
        "evening", "19〜21時のコード", "ゆうプリRの配達時間帯区分です。", default="57",
        choices=(("57", "57"), ("56", "56（以前のゆうプリR）")),
    ),
    goods_text(limit.GOODS),
)  # fmt: skip
