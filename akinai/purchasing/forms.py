"""仕入伝票の入力: lines are scanned, typed or pasted from Excel as コード・数量・単価."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from akinai.catalog import queries as catalog
from akinai.core.money import NotANumber, parse_quantity, parse_unit_cost
from akinai.party import queries as party
from akinai.purchasing.services import LineInput, doubts
from akinai.stock import queries as stock


class ReceiptForm(forms.Form):
    """仕入伝票."""

    supplier = forms.TypedChoiceField(label="仕入先", coerce=int, empty_value=None, required=False)
    supplier_slip_no = forms.CharField(label="仕入先の伝票番号", max_length=60, required=False)
    received_on = forms.DateField(label="入荷日", widget=forms.DateInput(attrs={"type": "date"}))
    location = forms.ChoiceField(label="入荷場所", required=False)
    scan = forms.CharField(
        label="バーコード・商品コード", required=False, max_length=80,
        help_text="読み取るたびに、下の明細に 1 点ずつ足します。",
        widget=forms.TextInput(attrs={"data-scan": "", "data-lines": "id_lines", "autocomplete": "off"}),
    )  # fmt: skip
    lines = forms.CharField(
        label="明細", widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "placeholder": "TEA-030\t12\t540\n4901234567894\t6"}),
        help_text="1 行に「商品コードまたはJAN　数量　単価」。バーコードを続けて読むと 1 点ずつ数えます。Excelからも貼り付けられます。",
    )  # fmt: skip
    confirmed = forms.BooleanField(label="数量と単価を確かめました", required=False)
    note = forms.CharField(label="メモ", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["supplier"].choices = [("", "（なし）"), *party.supplier_choices()]  # type: ignore[attr-defined]

        self.fields["location"].choices = stock.location_choices()  # type: ignore[attr-defined]
        self.doubts: list[str] = []

    def clean(self) -> dict[str, Any]:
        """What looks odd must be confirmed by a tick before it is written."""
        data = super().clean() or {}
        if "lines" in data and not data.get("confirmed"):
            self.doubts = doubts(data["lines"])
            if self.doubts:
                self.add_error("confirmed", "下の点を確かめて、チェックを入れてください。")
        return data

    def clean_lines(self) -> list[LineInput]:
        """Every wrong line is named with its number; the same goods at the same cost are counted together."""
        errors: list[str] = []
        found: dict[tuple[int, Decimal | None], int] = {}
        for no, text in enumerate(self.cleaned_data["lines"].splitlines(), 1):
            if not text.strip():
                continue
            try:
                line = _line(text)
            except ValueError as error:
                errors.append(f"{no} 行目「{text.strip()[:40]}」: {error}")
                continue
            _count(found, line)
        if errors:
            raise forms.ValidationError(errors)
        return [LineInput(sku_id, quantity, cost) for (sku_id, cost), quantity in found.items()]


def _count(found: dict[tuple[int, Decimal | None], int], line: LineInput) -> None:
    """Add a line. One without a cost (a scan) joins the line of the same goods, and takes its cost when that comes."""
    same = next((key for key in found if key[0] == line.sku_id and line.unit_cost in (None, key[1])), None)
    key = same or (line.sku_id, line.unit_cost)
    if same is None and (line.sku_id, None) in found:
        found[key] = found.pop((line.sku_id, None))
    found[key] = found.get(key, 0) + line.quantity


def _line(text: str) -> LineInput:
    parts = text.replace("\t", " ").replace("　", " ").split()
    sku = catalog.find_scanned(parts[0])
    if sku is None:
        raise ValueError("この商品コードは登録されていません。")
    try:
        quantity = parse_quantity(parts[1]) if len(parts) > 1 else 1
    except NotANumber as error:
        raise ValueError(str(error)) from None
    if quantity < 1:
        raise ValueError("数量は 1 以上にしてください。")
    return LineInput(sku.pk, quantity, _cost(parts[2]) if len(parts) > 2 else None)


def _cost(text: str) -> Decimal:
    try:
        return parse_unit_cost(text)
    except NotANumber as error:
        raise ValueError(str(error)) from None
