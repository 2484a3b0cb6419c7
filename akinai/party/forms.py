"""Forms of parties (取引先の入力)."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms

from akinai.core.corporate_number import NotANumber, parse_registration_number
from akinai.party.models import AccountKind, Company, Customer, Supplier
from akinai.ui.bank_fields import BankDigitsField, BankNameField, refuse_half_account
from akinai.ui.forms import YenField

_WAY_OUT = "国税庁の公表サイトで確かめて、T と13桁の数字を入れてください。"


PAYER = ("payer_kana", "payer_code", "payer_bank_code", "payer_branch_code", "payer_account_number")
PAYER_DIGITS = {"payer_bank_code": 4, "payer_branch_code": 3, "payer_account_number": 7, "payer_code": 10}


class RegistrationNumberMixin(forms.ModelForm):
    """登録番号 read as people write it; `warning` says when the check digit does not fit."""

    warning = ""

    def clean_registration_number(self) -> str:
        text = self.cleaned_data["registration_number"]
        if not text:
            return ""
        try:
            read = parse_registration_number(text)
        except NotANumber as problem:
            raise forms.ValidationError(f"{problem}{_WAY_OUT}") from None
        self.warning = read.warning
        return read.number


def _roomy(form: forms.ModelForm, name: str) -> None:
    """Let people type hyphens and spaces; the cleaned value is what is short."""
    form.fields[name] = forms.CharField(label=form.fields[name].label, max_length=40, required=False,
                                        help_text="T と数字13桁")  # fmt: skip


class SupplierForm(RegistrationNumberMixin):
    """仕入先."""

    class Meta:
        model = Supplier
        fields = ["code", "name", "kana", "registration_number", "email", "phone", "note", "is_active"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        error_messages = {
            "code": {"unique": "この仕入先コードはすでに使われています。別のコードにしてください。"}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _roomy(self, "registration_number")

    def clean_code(self) -> str:
        return unicodedata.normalize("NFKC", self.cleaned_data["code"]).strip()


class CompanyForm(RegistrationNumberMixin):
    """自社情報."""

    class Meta:
        model = Company
        fields = [
            "name", "shop_name", "representative", "registration_number", "postal_code", "prefecture", "city",
            "line1", "line2", "phone", "email", "bank_text", "tax_rounding", "cost_method", "po_approval_yen", "slip_totals", "payer_bank_code",
            "payer_branch_code", "payer_account_kind", "payer_account_number", "payer_kana", "payer_code",
        ]  # fmt: skip
        widgets = {"bank_text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _roomy(self, "registration_number")
        self.fields["postal_code"] = forms.CharField(label="郵便番号", max_length=12, required=False)
        limit = self.fields["po_approval_yen"]
        self.fields["po_approval_yen"] = YenField(
            label=limit.label, help_text=limit.help_text, required=False
        )
        for name, digits in PAYER_DIGITS.items():
            field = self.fields[name]
            self.fields[name] = BankDigitsField(
                label=field.label, help_text=field.help_text, digits=digits, required=False
            )
        self.fields["payer_account_kind"].required = False
        self.fields["payer_kana"] = BankNameField(label="依頼人名（カナ）", width=40, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["payer_account_kind"] = data.get("payer_account_kind") or AccountKind.ORDINARY
        refuse_half_account(self, PAYER)
        return data

    def clean_postal_code(self) -> str:
        return seven_digits(self.cleaned_data["postal_code"])


def seven_digits(text: str) -> str:
    """郵便番号 as people write it → 7 digits or "". Raises ValidationError."""
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))
    if digits and len(digits) != 7:
        raise forms.ValidationError("郵便番号は7桁の数字で入力してください。")
    return digits


class CustomerForm(forms.ModelForm):
    """顧客の連絡先. `seen` is what the clerk had before the eyes."""

    class Meta:
        model = Customer
        fields = ["name", "kana", "company", "phone", "email", "postal_code", "address"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.EmailField(
            label="メールアドレス", max_length=254, required=False,
            error_messages={"invalid": "メールアドレスを確かめてください。"},
        )  # fmt: skip
        self.fields["postal_code"] = forms.CharField(label="郵便番号", max_length=12, required=False)
        for name in self.Meta.fields:
            self.fields[f"seen_{name}"] = forms.CharField(
                widget=forms.HiddenInput, required=False, strip=False, initial=getattr(self.instance, name)
            )

    def clean_postal_code(self) -> str:
        return seven_digits(self.cleaned_data["postal_code"])

    @property
    def told(self) -> dict[str, str]:
        """The contact data as typed."""
        return {name: self.cleaned_data[name].strip() for name in self.Meta.fields}

    @property
    def seen(self) -> dict[str, str]:
        """The contact data as they were shown."""
        return {name: self.cleaned_data[f"seen_{name}"] for name in self.Meta.fields}


class CustomerNoteForm(forms.Form):
    """顧客のメモ."""

    note = forms.CharField(
        label="メモ",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "aria-label": "メモ"}),
    )


class MergeForm(forms.Form):
    """名寄せ: the customer who goes into this one."""

    gone = forms.CharField(label="まとめる顧客の番号", max_length=20)
    reason = forms.CharField(label="理由", max_length=200, initial="同じお客様")
    choice = forms.ChoiceField(
        label="使う請求条件",
        required=False,
        choices=[("", "選んでください"), ("kept", "残す顧客の条件"), ("gone", "まとめる顧客の条件")],
    )
