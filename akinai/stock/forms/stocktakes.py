"""棚卸の入力."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.stock import lines, queries
from akinai.stock.models import Stocktake
from akinai.ui.forms import QuantityField, YenField


class StocktakeForm(forms.Form):
    """棚卸の開始."""

    kind = forms.ChoiceField(
        label="種類", choices=Stocktake.Kind.choices, widget=forms.RadioSelect, initial="full"
    )
    location = forms.ChoiceField(label="場所")
    name = forms.CharField(label="名前", max_length=80, required=False, help_text="例: 11月末 実地棚卸")
    is_blind = forms.BooleanField(
        label="帳簿の数を見せずに数える", required=False, initial=True, help_text="数える人が帳簿の数に引きずられません。締めると差が見えます。"
    )  # fmt: skip
    shelf = forms.CharField(
        label="棚番（前方一致）",
        max_length=30,
        required=False,
        help_text="A- のように書くと、その棚だけを数えます。",
    )
    most = QuantityField(
        label="品目数",
        minimum=1,
        required=False,
        help_text="循環棚卸で1回に数える品目。長く数えていない順に選びます。",
    )
    skus = forms.CharField(
        label="商品（スポット）", required=False, help_text="1 行に 1 商品コード。スポット棚卸のときだけ使います。",
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "class": "mono", "placeholder": "TEA-030\n4901234567894"}),
    )  # fmt: skip
    recount_pieces = QuantityField(
        label="数え直しの目安（点）",
        minimum=0,
        initial=10,
        help_text="この点数以上の差は、もう一度数えます。0 で数え直しなし。",
    )
    recount_yen = YenField(
        label="数え直しの目安（円）",
        initial=5000,
        help_text="この金額以上の差は、もう一度数えます。0 で数え直しなし。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].choices = queries.location_choices(own=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed = lines.read(data.get("skus", ""), least=0)
        if typed.errors:
            self.add_error("skus", forms.ValidationError(typed.errors))
        data["sku_ids"] = list(typed.pieces)
        if data.get("kind") == Stocktake.Kind.SPOT and not typed.pieces and not typed.errors:
            self.add_error("skus", "スポット棚卸で数える商品を書いてください。")
        if data.get("kind") == Stocktake.Kind.CYCLIC and not data.get("most"):
            data["most"] = 50
        if data.get("kind") == Stocktake.Kind.FULL:
            data["most"] = None
        return data
