"""お届け先の入力. What is refused here would stop the order at the desk later (住所不備)."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.core import kana, postal
from akinai.orders.ports import Address

PREFECTURES = [("", "選んでください"), *((name, name) for name in postal.PREFECTURES)]
_KANA = re.compile(r"[ァ-ヶーヽヾ・\s]+")
_PHONE = re.compile(r"0\d{9,10}")
_NUMBER = re.compile(r"[0-9０-９〇一二三四五六七八九十百]")
NO_NUMBER = ("番地なし", "番地無", "無番地", "番外地")


def _text(
    label: str, limit: int, complete: str, *, required: bool = True, help_text: str = "", **attrs: str
) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": complete, **attrs})
    missing = {"required": f"{label}を入力してください。"}
    return forms.CharField(
        label=label,
        max_length=limit,
        required=required,
        help_text=help_text,
        widget=widget,
        error_messages=missing,
    )


class PlaceForm(forms.Form):
    """住所 of one person."""

    name = _text("お名前", 50, "name", placeholder="青木 美咲")
    kana = _text("フリガナ", 50, "section-kana name", placeholder="アオキ ミサキ")
    company = _text("会社名・部署名", 50, "organization", required=False)
    postal_code = _text("郵便番号", 12, "postal-code", inputmode="numeric", placeholder="150-0001")
    prefecture = forms.ChoiceField(
        label="都道府県", choices=PREFECTURES, error_messages={"required": "都道府県を選んでください。"},
        widget=forms.Select(attrs={"autocomplete": "address-level1"}),
    )  # fmt: skip
    city = _text("市区町村・町名", 60, "address-level2", placeholder="渋谷区神宮前")
    line1 = _text(
        "番地",
        60,
        "address-line1",
        placeholder="4-12-3",
        help_text="番地がない住所は「番地なし」とご記入ください。",
    )
    line2 = _text("建物名・部屋番号", 60, "address-line2", required=False)
    phone = _text(
        "電話番号",
        20,
        "tel",
        inputmode="tel",
        placeholder="090-1234-5678",
        help_text="お届けの連絡に使います。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = field.required and not self.is_skipped

    @property
    def is_skipped(self) -> bool:
        """Is this address not asked for?"""
        return False

    def clean_kana(self) -> str:
        told = kana.katakana(self.cleaned_data["kana"]).strip()
        if told and not _KANA.fullmatch(told):
            raise ValidationError("フリガナはカタカナ（ひらがなでも可）で入力してください。")
        return told

    def clean_postal_code(self) -> str:
        text = self.cleaned_data["postal_code"]
        if not text:
            return ""
        try:
            return postal.parse_postal_code(text)
        except postal.NotAPostalCode as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean_phone(self) -> str:
        told = kana.katakana(self.cleaned_data["phone"]).strip()
        digits = re.sub(r"[\s()（）\-‐‑–—―−ー－]", "", told)
        if told and not _PHONE.fullmatch(digits):
            raise ValidationError("電話番号は 0 から始まる 10 桁か 11 桁の数字で入力してください。")
        return re.sub(r"[‐‑–—―−ー－]", "-", told)

    def clean_line1(self) -> str:
        told: str = self.cleaned_data["line1"].strip()
        if told and not _NUMBER.search(told) and not any(word in told for word in NO_NUMBER):
            raise ValidationError("番地の数字がありません。番地がない住所は「番地なし」とご記入ください。")
        return told

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        code, prefecture = data.get("postal_code"), data.get("prefecture")
        if code and prefecture and postal.fits(code, prefecture) is False:
            towns = "・".join(dict.fromkeys(town.prefecture for town in postal.lookup(code)))
            self.add_error(
                "postal_code", f"この郵便番号は{towns}のものです。都道府県か郵便番号を確かめてください。"
            )
        return data

    def address(self) -> Address:
        """Only after `is_valid`."""
        names = Address.__dataclass_fields__
        return Address(
            **{
                name: value
                for name, value in self.cleaned_data.items()
                if name in names and isinstance(value, str)
            }
        )


class BuyerForm(PlaceForm):
    """ご注文者. A guest writes his mail address twice, because the order's page is sent there; a member's is known."""

    email = forms.EmailField(
        label="メールアドレス", max_length=254, error_messages={"required": "メールアドレスを入力してください。", "invalid": "メールアドレスの形を確かめてください。"},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "placeholder": "aoki@example.com"}),
        help_text="ご注文の確認をお送りします。",
    )  # fmt: skip
    email_again = forms.EmailField(
        label="メールアドレス（確認）", max_length=254, error_messages={"required": "確認のため、もう一度入力してください。"},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    to_other = forms.BooleanField(label="別の住所に届ける", required=False)

    def __init__(self, *args: Any, member_mail: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member_mail = member_mail
        if member_mail:
            del self.fields["email"], self.fields["email_again"]

    def address(self) -> Address:
        found = super().address()
        return replace(found, email=self.member_mail) if self.member_mail else found

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        mail, again = data.get("email"), data.get("email_again")
        if mail and again and mail.casefold() != again.casefold():
            self.add_error("email_again", "2 つのメールアドレスが違います。")
        return data


class ShipToForm(PlaceForm):
    """お届け先, when it is another one than the buyer's."""

    def __init__(self, *args: Any, is_asked: bool, **kwargs: Any) -> None:
        self.is_asked = is_asked
        super().__init__(*args, prefix="ship", **kwargs)

    @property
    def is_skipped(self) -> bool:
        return not self.is_asked

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.is_skipped:
            self.errors.clear()
        return data


def initial_of(address: Address) -> dict[str, str]:
    """An address as a form shows it again."""
    told = asdict(address)
    return told | {"postal_code": postal.formatted(address.postal_code), "email_again": address.email}


def filled(data: Any, prefix: str = "") -> Any:
    """郵便番号から住所: the sent form with prefecture and town of its postal code. An unknown code leaves it as it is."""
    told = data.copy()
    key = f"{prefix}-" if prefix else ""
    try:
        towns = postal.lookup(postal.parse_postal_code(told.get(f"{key}postal_code", "")))
    except postal.NotAPostalCode:
        return told
    if towns:
        told[f"{key}prefecture"] = towns[0].prefecture
        told[f"{key}city"] = f"{towns[0].city}{towns[0].town}"
    return told
