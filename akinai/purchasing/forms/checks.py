"""検品と不一致の入力."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms

from akinai.catalog import queries as catalog
from akinai.core.money import NotANumber, parse_quantity
from akinai.purchasing import lines as typed_lines
from akinai.purchasing.models import Discrepancy
from akinai.purchasing.services import counting
from akinai.purchasing.services.counting import Counted, LotCount
from akinai.staff import queries as staff
from akinai.stock.lines import NO_LOTS, read_lot

MOST = 500


class CountForm(forms.Form):
    """検品: what was counted, without a word about what was expected."""

    scan = forms.CharField(
        label="バーコード・商品コード", required=False, max_length=80, help_text="読み取るたびに 1 点ずつ足します。",
        widget=forms.TextInput(attrs={"data-scan": "", "data-lines": "id_lines", "autocomplete": "off"}),
    )  # fmt: skip
    lines = forms.CharField(
        label="数えた数", help_text="1 行に 1 商品。商品コード・数えた数・うち破損の数の順に書きます。ロットのある商品は、そのあとにロット番号と期限を続けます。",
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "placeholder": "TEA-030\t12\nCUP-010\t6\t1", "class": "mono"}),
    )  # fmt: skip

    def clean_lines(self) -> dict[int, Counted]:
        told = self.cleaned_data["lines"].replace("\0", "").splitlines()
        rows = [typed_lines.cells_of(row) for row in told if row.strip()]
        if len(rows) > MOST:
            raise forms.ValidationError(f"{MOST} 行までです。伝票を分けてください。")
        ids = catalog.ids_by_code({cells[0] for cells in rows})
        tracked = catalog.lot_tracked(ids.values())
        found: dict[int, dict[str, LotCount]] = {}
        errors = []
        for no, cells in enumerate(rows, 1):
            try:
                sku, one = _counted(cells, ids, tracked)
                _add(found.setdefault(sku, {}), one)
            except NotANumber as problem:
                errors.append(f"{no} 行目「{' '.join(cells)[:40]}」: {problem}")
        if errors:
            raise forms.ValidationError(errors)
        return {sku: counting.of_lots(list(lots.values())) for sku, lots in found.items()}


def _add(lots: dict[str, LotCount], one: LotCount) -> None:
    """Rows of the same lot add up. Raises NotANumber when they tell different dates."""
    before = lots.get(one.lot)
    if before is None:
        lots[one.lot] = one
        return
    if one.expires_on not in (None, before.expires_on):
        raise NotANumber(f"ロット {one.lot} の期限が、前の行と違います。")
    lots[one.lot] = replace(
        before, quantity=before.quantity + one.quantity, damaged=before.damaged + one.damaged
    )


def _counted(cells: list[str], ids: dict[str, int], tracked: set[int]) -> tuple[int, LotCount]:
    sku = ids.get(cells[0])
    if sku is None:
        raise NotANumber("この商品コードは登録されていません。読み直すか、責任者に伝えてください。")
    if len(cells) > 5:
        raise NotANumber("列が多すぎます。商品コード・数えた数・破損の数・ロット・期限の順に書いてください。")
    told = [*cells[1:], "", "", "", ""]
    pieces = parse_quantity(told[0]) if told[0] else 1
    damaged = parse_quantity(told[1]) if told[1] else 0
    if damaged > pieces:
        raise NotANumber("破損の数が、数えた数を超えています。")
    lot, day = read_lot(told[2], told[3])
    if lot and sku not in tracked:
        raise NotANumber(NO_LOTS)
    return sku, LotCount(lot, day, pieces, damaged)


class AssignForm(forms.Form):
    """担当と原因."""

    owner = forms.TypedChoiceField(label="担当", coerce=int, empty_value=None, required=False)
    cause = forms.ChoiceField(label="原因", choices=Discrepancy.Cause.choices, required=False)
    note = forms.CharField(
        label="経緯", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "（なし）"), *staff.choices()]  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    """解決."""

    resolution = forms.ChoiceField(
        label="解決", choices=[("", "選んでください"), *Discrepancy.Resolution.choices[1:]]
    )
    goods = forms.ChoiceField(
        label="保留した商品の行き先", required=False, choices=[("", "（解決に合わせる）"), *Discrepancy.Goods.choices[1:]],
        help_text="受け入れるなら棚へ、返品するなら仕入先へ。値引・弁償のときは選びます。",
    )  # fmt: skip
    is_replaced = forms.BooleanField(label="代わりの商品を待つ（発注残に戻す）", required=False)
    note = forms.CharField(
        label="どう話がついたか", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
