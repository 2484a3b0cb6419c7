"""検品と不一致の入力."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.catalog import queries as catalog
from akinai.core.money import NotANumber, parse_quantity
from akinai.purchasing.models import Discrepancy
from akinai.purchasing.services.counting import Counted
from akinai.staff import queries as staff

MOST = 500


class CountForm(forms.Form):
    """検品: what was counted, without a word about what was expected."""

    scan = forms.CharField(
        label="バーコード・商品コード", required=False, max_length=80, help_text="読み取るたびに 1 点ずつ足します。",
        widget=forms.TextInput(attrs={"data-scan": "", "data-lines": "id_lines", "autocomplete": "off"}),
    )  # fmt: skip
    lines = forms.CharField(
        label="数えた数", help_text="1 行に 1 商品。商品コード・数えた数・うち破損の数の順に書きます。破損がなければ書きません。",
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "placeholder": "TEA-030\t12\nCUP-010\t6\t1", "class": "mono"}),
    )  # fmt: skip

    def clean_lines(self) -> dict[int, Counted]:
        rows = [
            row.split() for row in self.cleaned_data["lines"].replace("\0", "").splitlines() if row.strip()
        ]
        if len(rows) > MOST:
            raise forms.ValidationError(f"{MOST} 行までです。伝票を分けてください。")
        ids = catalog.ids_by_code({cells[0] for cells in rows})
        found: dict[int, Counted] = {}
        errors = []
        for no, cells in enumerate(rows, 1):
            try:
                sku, one = _counted(cells, ids)
                before = found.get(sku, Counted(0))
                found[sku] = Counted(before.quantity + one.quantity, before.damaged + one.damaged)
            except NotANumber as problem:
                errors.append(f"{no} 行目「{' '.join(cells)[:40]}」: {problem}")
        if errors:
            raise forms.ValidationError(errors)
        return found


def _counted(cells: list[str], ids: dict[str, int]) -> tuple[int, Counted]:
    sku = ids.get(cells[0])
    if sku is None:
        raise NotANumber("この商品コードは登録されていません。読み直すか、責任者に伝えてください。")
    if len(cells) > 3:
        raise NotANumber("列が多すぎます。商品コード・数えた数・破損の数の順に書いてください。")
    pieces = parse_quantity(cells[1]) if len(cells) > 1 else 1
    damaged = parse_quantity(cells[2]) if len(cells) > 2 else 0
    if damaged > pieces:
        raise NotANumber("破損の数が、数えた数を超えています。")
    return sku, Counted(pieces, damaged)


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
