"""仕入先請求書・支払の入力."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.core import clock
from akinai.core.money import NotANumber, parse_yen
from akinai.core.tax import rates_on
from akinai.party import queries as party
from akinai.purchasing.queries import payables as queries
from akinai.purchasing.services.billing import BillLine
from akinai.ui.forms import DateField, YenField

MOST = 500


class BillForm(forms.Form):
    """仕入先請求書. Lines begin with what has come and is not billed; the clerk makes them say what the bill says."""

    supplier = forms.TypedChoiceField(label="仕入先", coerce=int)
    supplier_bill_no = forms.CharField(
        label="請求番号", max_length=60, required=False, help_text="仕入先の番号。二重の計上を防ぎます。"
    )
    billed_on = DateField(label="請求日（締め日）")
    lines = forms.CharField(
        label="請求の明細", help_text="1 行に 1 件。入荷番号か仕入先の伝票番号（送料などは言葉）・税率・税抜金額の順。請求書の金額に直してください。",
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "placeholder": "GR-2026-000123\t8\t12,340\n送料\t10\t900", "class": "mono"}),
    )  # fmt: skip
    tax_standard = YenField(
        label="10% の消費税額", required=False, help_text="請求書に書いてある額。空欄なら計算します。"
    )
    tax_reduced = YenField(label="8% の消費税額", required=False)
    note = forms.CharField(
        label="メモ", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier"].choices = [("", "選んでください"), *party.supplier_choices(stopped_too=True)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("supplier") and data.get("billed_on") and "lines" in data:
            data["rows"] = self._rows(data)
        return data

    def _rows(self, data: dict[str, Any]) -> list[BillLine]:
        known = {}
        for receipt in queries.unbilled(data["supplier"], until=clock.today()):
            known[receipt.number] = known[receipt.supplier_slip_no or receipt.number] = receipt.pk
        back = {one.number: one.pk for one in queries.undeducted(data["supplier"])}
        found: list[BillLine] = []
        errors = []
        texts = [row for row in data["lines"].replace("\0", "").splitlines() if row.strip()][:MOST]
        for no, row in enumerate(texts, 1):
            try:
                found.append(_line(row, known, back, data["billed_on"]))
            except NotANumber as problem:
                errors.append(f"{no} 行目「{row.strip()[:40]}」: {problem}")
        named = [
            (line.receipt_id, line.return_id, line.tax_rate)
            for line in found
            if line.receipt_id or line.return_id
        ]
        if len(named) > len(set(named)):
            errors.append("同じ入荷・同じ税率の行が 2 つあります。1 行にまとめてください。")
        if errors:
            self.add_error("lines", errors)
        return found

    def written(self) -> dict[int, int]:
        """Tax per rate as the bill writes it."""
        told = {10: self.cleaned_data.get("tax_standard"), 8: self.cleaned_data.get("tax_reduced")}
        return {rate: yen for rate, yen in told.items() if yen is not None}


def _line(row: str, known: dict[str, int], back: dict[str, int], billed_on: Any) -> BillLine:
    cells = row.strip().split("\t") if "\t" in row.strip() else row.split()
    if len(cells) != 3:
        raise NotANumber("番号（または言葉）・税率・金額の 3 つを書いてください。")
    name, rate, yen = (cell.strip() for cell in cells)
    text = rate.removesuffix("%")
    if not text.isdigit() or int(text) not in rates_on(billed_on).all:
        raise NotANumber(f"税率「{rate}」は使えません。10・8・0 のどれかを書いてください。")
    if name in back:
        return BillLine(-abs(parse_yen(yen)), int(text), text=name, return_id=back[name])
    if name.upper().startswith("SR-"):
        raise NotANumber("この返品は計上していないか、もう引かれています。")
    is_number = name.upper().startswith("GR-") or name in known
    if is_number and name not in known:
        raise NotANumber("この入荷は計上していないか、もう請求されています。")
    return BillLine(parse_yen(yen), int(text), known.get(name), "" if name in known else name[:100])


class GatherForm(forms.Form):
    """支払の準備 (asked in the dialog of the list)."""

    pay_on = DateField(label="支払日")


class ReasonForm(forms.Form):
    reason = forms.CharField(label="理由", max_length=200)
