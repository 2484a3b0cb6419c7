"""The form of an order by phone (電話注文): who, where to, what, how it is paid."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy

from akinai.catalog import queries as catalog
from akinai.orders.forms import SLOTS, AddressForm
from akinai.orders.gift_forms import GiftFields, offered_now
from akinai.orders.gifts import Chosen
from akinai.orders.services import Entry, EntryLine
from akinai.orders.states import PaymentKind
from akinai.ui.forms import DateField, QuantityField, YenField

ROWS = 5
PAYMENTS = [
    (kind, PaymentKind(kind).label)
    for kind in (
        PaymentKind.COD, PaymentKind.BANK_TRANSFER, PaymentKind.CREDIT_TERMS, PaymentKind.DEFERRED, PaymentKind.CARD,
        PaymentKind.CONVENIENCE,
    )
]  # fmt: skip


class EntryLineForm(forms.Form):
    """明細 1 行. A row without a code is skipped."""

    code = forms.CharField(
        label="商品コード・JAN・商品名", max_length=120, required=False,
        widget=forms.TextInput(attrs={"data-suggest": reverse_lazy("orders:goods"), "autocomplete": "off", "data-code": ""}),
    )  # fmt: skip
    quantity = QuantityField(label="数量", required=False, maximum=99_999)
    unit_price_yen = YenField(label="単価（税込）", required=False, maximum=99_999_999)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("code", "quantity", "unit_price_yen"):
            self.fields[name].widget.attrs["aria-label"] = self.fields[name].label

    def clean_code(self) -> Any:
        text = self.cleaned_data["code"].strip()
        if not text:
            return None
        sku = catalog.find_scanned(text)
        if sku is None:
            raise ValidationError(f"商品「{text}」は登録されていません。")
        return sku

    def line(self) -> EntryLine | None:
        """The line as entered, None for an empty row. One piece where no quantity is given."""
        sku = self.cleaned_data.get("code")
        if sku is None:
            return None
        return EntryLine(
            sku.pk, self.cleaned_data.get("quantity") or 1, self.cleaned_data.get("unit_price_yen")
        )


class _Lines(forms.BaseFormSet):
    def clean(self) -> None:
        if not any(self.errors) and not self.lines():
            raise ValidationError("商品を 1 行以上入力してください。")

    def lines(self) -> list[EntryLine]:
        return [line for form in self.forms if (line := form.line())]


EntryLines = forms.formset_factory(EntryLineForm, formset=_Lines, extra=ROWS, max_num=200, absolute_max=200)


class GiftLineForm(GiftFields, EntryLineForm):
    """明細 1 行 with its のし・ラッピング."""

    def __init__(self, *args: Any, offered: list[Chosen], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(offered)

    @property
    def is_given(self) -> bool:
        """Was anything of a gift chosen? Then its part of the row stands open."""
        return any(
            self[name].value()
            for name in self.fields
            if name not in EntryLineForm.base_fields and name != "side"
        )

    def line(self) -> EntryLine | None:
        found = super().line()
        return replace(found, gift=self.gift()) if found else None


GiftLines = forms.formset_factory(GiftLineForm, formset=_Lines, extra=ROWS, max_num=200, absolute_max=200)


class ShipToForm(AddressForm):
    """送付先, when it is another one than the buyer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["email"]


class TermsForm(forms.Form):
    """支払い・お届け・メモ."""

    to_other = forms.BooleanField(label="送付先は注文者と違う", required=False)
    payment = forms.ChoiceField(label="支払方法", choices=PAYMENTS)
    is_settled = forms.BooleanField(label="代金は受取済み（店頭・カード端末など）", required=False)
    shipping_yen = YenField(label="送料", required=False, help_text="空欄なら送料表の額。")
    cod_fee_yen = YenField(label="代引手数料", required=False, help_text="空欄なら送料表の額。")
    charge_reason = forms.CharField(
        label="送料を変える理由", max_length=200, required=False,
        help_text="送料表と違う額にするとき。受注の履歴に残ります。",
    )  # fmt: skip
    takes_no_charge = forms.BooleanField(
        label="送料 0 円で受ける",
        required=False,
        help_text="送料表がないお届け先で、送料をいただかないとき。",
    )
    wrapping_yen = YenField(label="ラッピング料（明細のギフトのほか）", required=False)
    discount_yen = YenField(label="値引", required=False)
    delivery_on = DateField(label="お届け希望日", required=False)
    delivery_slot = forms.ChoiceField(label="お届け時間帯", choices=SLOTS, required=False)
    gift_note = forms.CharField(
        label="のし・ラッピング", max_length=200, required=False,
        widget=forms.TextInput(attrs={"placeholder": "例: 内のし、表書き「御礼」、名入れ「佐藤」"}),
    )  # fmt: skip
    customer_note = forms.CharField(
        label="お客様の備考", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    shop_note = forms.CharField(
        label="店舗メモ", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    number = forms.CharField(
        label="伝票番号",
        max_length=60,
        required=False,
        help_text="自社の注文票の番号。空欄なら自動で付けます。",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("wrapping_yen", "discount_yen"):
            data[name] = data.get(name) or 0
        data["charge_reason"] = (data.get("charge_reason") or "").strip()
        if data.get("cod_fee_yen") and data.get("payment") != PaymentKind.COD:
            self.add_error("cod_fee_yen", "代引手数料は代金引換のときだけ入力します。")
        return data


class EntryForms:
    """The four parts of the screen, validated together."""

    def __init__(self, data: Any = None) -> None:
        self.buyer = AddressForm(data, prefix="buyer")
        self.lines: Any = GiftLines(data, prefix="lines", form_kwargs={"offered": offered_now()})
        self.terms = TermsForm(data, prefix="terms")
        self.ship_to = ShipToForm(data, prefix="ship")

    @property
    def to_other(self) -> bool:
        return bool(self.terms["to_other"].value())

    def is_valid(self) -> bool:
        parts: list[Any] = [self.buyer, self.lines, self.terms, *([self.ship_to] if self.to_other else [])]
        return not [part for part in parts if not part.is_valid()]

    def refuse(self, message: str) -> None:
        """What the service would not do, as an error of the form."""
        self.terms.add_error(None, message)

    @property
    def invalid(self) -> list[Any]:
        """Parts with mistakes, for the summary above the form."""
        parts = [self.buyer, self.terms, *([self.ship_to] if self.to_other else [])]
        return [part for part in parts if part.is_bound and part.errors]

    def entry(self) -> Entry:
        """What was entered. Only after `is_valid`."""
        terms = {name: value for name, value in self.terms.cleaned_data.items() if name != "to_other"}
        ship_to = self.ship_to.address() if self.to_other else self.buyer.address()
        return Entry(buyer=self.buyer.address(), ship_to=ship_to, lines=self.lines.lines(), **terms)
