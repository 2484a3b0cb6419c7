"""仕入条件・仕入先商品の入力."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.core.money import NotANumber, parse_unit_cost
from akinai.party import queries as party
from akinai.purchasing.models import SupplierItem, SupplierTerms
from akinai.ui.bank_fields import BankDigitsField, BankNameField, refuse_half_account
from akinai.ui.forms import DateField, QuantityField, YenField

ACCOUNT = ("bank_code", "branch_code", "account_number", "account_kana")


class TermsForm(forms.ModelForm):
    """仕入条件."""

    min_order_yen = YenField(label="最低発注額（税抜）", required=False)
    free_shipping_yen = YenField(label="送料無料になる額（税抜）", required=False)
    shipping_yen = YenField(label="送料（税抜）", required=False)
    bank_code = BankDigitsField(label="銀行コード", digits=4, required=False)
    branch_code = BankDigitsField(label="支店コード", digits=3, required=False)
    account_number = BankDigitsField(label="口座番号", digits=7, required=False)
    account_kana = BankNameField(label="口座名義（カナ）", width=30, required=False)

    class Meta:
        model = SupplierTerms
        fields = [
            "closing_day", "payment_month_offset", "payment_day", "when_closed", "min_order_yen",
            "free_shipping_yen", "shipping_yen", "lead_days", "review_days", "reply_days", "order_email", "contact",
            "fax", "tax_rounding", "bank_code", "branch_code", "account_kind", "account_number", "account_kana",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("min_order_yen", "free_shipping_yen", "shipping_yen"):
            data[name] = data.get(name) or 0
        refuse_half_account(self, ACCOUNT)
        return data


class CostField(forms.CharField):
    """仕入単価: yen with up to four decimals, as people write it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "class": "amount"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_unit_cost(text) if text else None
        except NotANumber as problem:
            raise forms.ValidationError(str(problem)) from None


class ItemForm(forms.Form):
    """仕入先商品. `item` is the row that a new price or condition follows, or None for a new one."""

    supplier = forms.TypedChoiceField(label="仕入先", coerce=int)
    sku = forms.CharField(
        label="商品コード・JAN", max_length=80, widget=forms.TextInput(attrs={"data-scan": ""})
    )
    supplier_code = forms.CharField(
        label="仕入先の商品コード", max_length=64, required=False, help_text="空欄なら自社の商品コード"
    )
    supplier_name = forms.CharField(label="仕入先の商品名", max_length=255, required=False)
    unit_cost = CostField(label="仕入単価（税抜）")
    valid_from = DateField(label="適用開始日")
    order_unit = forms.CharField(label="発注単位", max_length=20, required=False, help_text="ケース・袋など")
    lot = QuantityField(label="入数（ロット）", help_text="この数の倍数で発注します")
    moq = QuantityField(label="最小発注数")
    lead_days = forms.IntegerField(
        label="納期（日）", required=False, min_value=0, max_value=365, help_text="空欄なら仕入条件の納期"
    )
    is_preferred = forms.BooleanField(label="この商品は、ふだんこの仕入先に発注する", required=False)

    def __init__(self, *args: Any, item: SupplierItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        self.fields["supplier"].choices = [("", "選んでください"), *party.supplier_choices()]  # type: ignore[attr-defined]
        if item is not None:
            del self.fields["supplier"], self.fields["sku"]

    def clean_sku(self) -> int:
        code = self.cleaned_data["sku"]
        found = catalog.ids_by_code([code]).get(code)
        if found is None:
            raise forms.ValidationError(
                "この商品コードは登録されていません。コードを直すか、先に商品を登録してください。"
            )
        return found

    def clean_supplier_code(self) -> str:
        return unicodedata.normalize("NFKC", self.cleaned_data["supplier_code"]).strip()


def first_values(item: SupplierItem | None, *, supplier: str = "") -> dict[str, Any]:
    """What the form begins with: today, and the newest row where there is one."""
    if item is None:
        return {"supplier": supplier, "valid_from": clock.today(), "lot": 1, "moq": 1, "is_preferred": True}
    told = {name: getattr(item, name) for name in ItemForm.base_fields if hasattr(item, name)}
    return told | {"unit_cost": f"{item.unit_cost.normalize():f}", "valid_from": clock.today()}
