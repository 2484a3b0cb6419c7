"""Forms of 見積: to whom, which goods at which price, until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.core import clock, postal
from akinai.orders.entry_forms import EntryLines
from akinai.orders.forms import AddressForm
from akinai.orders.models import Quote
from akinai.orders.services import VALID_DAYS, Offer
from akinai.orders.states import PaymentKind
from akinai.ui.forms import DateField, YenField

PAYMENTS = [
    (kind, PaymentKind(kind).label)
    for kind in (PaymentKind.BANK_TRANSFER, PaymentKind.CREDIT_TERMS, PaymentKind.COD, PaymentKind.CARD)
]
PARTS = ("name", "kana", "company", "postal_code", "prefecture", "city", "line1", "line2", "phone", "email")


class QuoteToForm(AddressForm):
    """見積先: a name or a company is enough; the address is needed at the latest for the order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
        self.fields["name"].label = "お名前・ご担当者"

    def clean_postal_code(self) -> str:
        return super().clean_postal_code() if self.cleaned_data["postal_code"].strip() else ""

    def clean_phone(self) -> str:
        return super().clean_phone() if self.cleaned_data["phone"].strip() else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not (data.get("name") or data.get("company") or self.errors):
            self.add_error("name", "お名前か会社名を入力してください。")
        data["name"] = data.get("name") or data.get("company", "")
        return data


class QuoteTermsForm(forms.Form):
    """条件."""

    subject = forms.CharField(label="件名", max_length=100, required=False)
    valid_until = DateField(label="有効期限")
    payment = forms.ChoiceField(label="支払方法", choices=PAYMENTS)
    delivery_note = forms.CharField(
        label="納期・お届け", max_length=200, required=False,
        widget=forms.TextInput(attrs={"placeholder": "例: ご注文から 5 営業日"}),
    )  # fmt: skip
    shipping_yen = YenField(label="送料", required=False, help_text="空欄なら送料表の額。")
    wrapping_yen = YenField(label="ラッピング料", required=False)
    discount_yen = YenField(label="値引", required=False)
    note = forms.CharField(
        label="備考", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="見積書に載ります。",
    )  # fmt: skip
    shop_note = forms.CharField(
        label="店舗メモ", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="お客様には見えません。",
    )  # fmt: skip

    def clean_valid_until(self) -> Any:
        day = self.cleaned_data["valid_until"]
        if day < clock.today():
            raise ValidationError("今日より後の日を入力してください。")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("wrapping_yen", "discount_yen"):
            data[name] = data.get(name) or 0
        return data


class QuoteForms:
    """The parts of the screen, validated together."""

    def __init__(self, data: Any = None, quote: Quote | None = None) -> None:
        to, terms, lines = _initial(quote)
        self.buyer = QuoteToForm(data, prefix="buyer", initial=to)
        self.lines: Any = EntryLines(data, prefix="lines", initial=lines)
        self.terms = QuoteTermsForm(data, prefix="terms", initial=terms)

    @property
    def is_bound(self) -> bool:
        return bool(self.terms.is_bound)

    @property
    def invalid(self) -> list[Any]:
        return [part for part in (self.buyer, self.terms) if part.is_bound and part.errors]

    def is_valid(self) -> bool:
        return not [part for part in (self.buyer, self.lines, self.terms) if not part.is_valid()]

    def refuse(self, message: str) -> None:
        self.terms.add_error(None, message)

    def offer(self) -> Offer:
        """What was entered. Only after `is_valid`."""
        return Offer(to=self.buyer.address(), lines=self.lines.lines(), **self.terms.cleaned_data)


def _initial(quote: Quote | None) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    if quote is None:
        return {}, {"valid_until": clock.today() + timedelta(days=VALID_DAYS)}, []
    to = {name: getattr(quote, name) for name in PARTS}
    to["postal_code"] = postal.formatted(quote.postal_code)
    terms = {name: getattr(quote, name) for name in QuoteTermsForm.base_fields}
    lines = [
        {"code": line.sku.code, "quantity": line.quantity, "unit_price_yen": line.unit_price_yen}
        for line in quote.lines.select_related("sku").order_by("line_no")
    ]
    return to, terms, lines


class SubmitForm(forms.Form):
    """見積を出す: the address, or handed over."""

    to = forms.EmailField(label="送り先", required=False, max_length=254)
    by_hand = forms.BooleanField(label="印刷して渡した", required=False)
