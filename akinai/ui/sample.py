"""部品見本: made-up content that shows every component on one page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from akinai.ui.forms import DateField, FilesField, QuantityField, YenField
from akinai.ui.icons import ICONS

TONES = (
    ("出荷待ち", "info"),
    ("出荷済", "good"),
    ("確認待ち", "warn"),
    ("不一致", "bad"),
    ("作業中", "accent"),
    ("取消", "mute"),
    ("未", ""),
)
PIPELINE = (
    ("確認待ち", 3, "?tab=hold", "warn"), ("入金待ち", 8, "?tab=payment", "warn"), ("引当待ち", 2, "?tab=stock", "warn"),
    ("出荷待ち", 41, "?tab=ready", "info"), ("出荷作業中", 12, "?tab=picking", "accent"), ("出荷済", 126, "?tab=shipped", "good"),
)  # fmt: skip
LINES = (
    ("A-102-BK", "帆布トートバッグ 黒", 2, 4_980), ("TEA-030", "八女煎茶 一番摘み 100g（軽減）", 3, 1_296), ("WRAP", "ラッピング", 1, 330),
)  # fmt: skip
SALES = tuple((f"11/{day}", yen) for day, yen in zip(
    range(11, 25), (182_400, 203_100, 176_500, 288_000, 312_700, 190_400, 175_200, 204_800, 221_300, 198_700, 342_900, 367_100, 231_000, 118_600),
    strict=True,
))  # fmt: skip
HISTORY = (
    (
        "truck",
        "出荷",
        "出荷作業中",
        "出荷済",
        "good",
        "ヤマト 4512-3456-7894",
        "2026/11/24(火) 14:05",
        "高橋（倉庫）",
    ),
    ("list", "出荷指示", "出荷待ち", "出荷作業中", "accent", "", "2026/11/24(火) 10:31", "高橋（倉庫）"),
    (
        "play",
        "保留解除",
        "確認待ち",
        "出荷待ち",
        "info",
        "住所を電話で確認した",
        "2026/11/24(火) 09:48",
        "佐藤（受注）",
    ),
    ("inbox", "受付", "", "確認待ち", "warn", "楽天市場のファイルから", "2026/11/24(火) 09:12", "システム"),
)


class SampleForm(forms.Form):
    """Every kind of field."""

    name = forms.CharField(label="商品名", max_length=100, help_text="お客様に見える名前です。")
    code = forms.CharField(label="商品コード", max_length=40)
    price_yen = YenField(label="販売価格（税込）")
    cost_yen = YenField(label="仕入原価", required=False)
    quantity = QuantityField(label="発注点", required=False)
    released_on = DateField(label="発売日", required=False, initial=date(2026, 11, 24))
    supplier = forms.ChoiceField(
        label="仕入先", choices=[("", "選んでください"), ("1", "山田製茶"), ("2", "株式会社帆布工房")]
    )
    tax_rate = forms.ChoiceField(
        label="税率", choices=[("10", "10%"), ("8", "8%（軽減）")], widget=forms.RadioSelect, initial="10"
    )
    note = forms.CharField(label="説明", widget=forms.Textarea, required=False)
    is_active = forms.BooleanField(label="販売する", required=False, initial=True)
    uploads = FilesField(label="画像", required=False)


def sample_context() -> dict[str, Any]:
    return {
        "tones": TONES,
        "pipeline": PIPELINE,
        "lines": [(code, name, count, price, count * price) for code, name, count, price in LINES],
        "sales": SALES,
        "spark_values": [yen for _, yen in SALES],
        "history": HISTORY,
        "icons": list(ICONS),
        "form": SampleForm(),
        "refused": SampleForm({"name": "", "price_yen": "1.23E+4", "code": "A-102", "tax_rate": "10"}),
    }
