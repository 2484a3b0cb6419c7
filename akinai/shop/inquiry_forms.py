"""お問い合わせの入力, and ご注文を探す."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from akinai.shop.models import CheckoutTerms, Inquiry, PayingWay
from akinai.shop.services.inquiry_files import MEGA, MOST_BYTES, MOST_FILES
from akinai.ui.forms import FilesField, YenField, new_token

SALT, DONE = "akinai.shop.inquiry", "akinai.shop.inquiry_done"
TOO_QUICK_SECONDS, TOO_LATE_SECONDS = 3, 6 * 60 * 60


def sign_number(number: str) -> str:
    """受付番号 for the page of thanks, so that nobody reads other numbers there."""
    return signing.dumps(number, salt=DONE)


def signed_number(told: str) -> str:
    """ "" for what is none of ours."""
    try:
        return str(signing.loads(told, salt=DONE, max_age=TOO_LATE_SECONDS))
    except signing.BadSignature:
        return ""


def stamp() -> str:
    """When a form was shown, signed, with the key of its one sending."""
    return signing.dumps(new_token(), salt=SALT)


class InquiryForm(forms.Form):
    """お問い合わせ. `homepage` is a pot of honey: people do not see it, machines fill it in."""

    kind = forms.ChoiceField(label="種類", choices=[("", "選んでください"), *Inquiry.Kind.choices])
    name = forms.CharField(
        label="お名前", max_length=50, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label="メールアドレス", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="ご返信をお送りします。",
    )  # fmt: skip
    order_number = forms.CharField(
        label="ご注文番号",
        max_length=40,
        required=False,
        help_text="ご注文についてのとき。例: WEB-2026-000012",
    )
    text = forms.CharField(
        label="お問い合わせの内容", max_length=4000, widget=forms.Textarea(attrs={"rows": 8})
    )
    attached = FilesField(
        label="添付ファイル", required=False, limit=20, allow_empty_file=True,
        accept=("image/*", "video/*", ".pdf", ".zip", ".txt", ".csv", ".docx", ".xlsx"),
        help_text=f"写真や書類など、{MOST_FILES} 個まで、合わせて {MOST_BYTES // MEGA}MB まで。",
    )  # fmt: skip
    homepage = forms.CharField(required=False, max_length=200)
    stamp = forms.CharField(widget=forms.HiddenInput, max_length=300)

    def clean_text(self) -> str:
        told: str = self.cleaned_data["text"].strip()
        if len(told) < 5:
            raise ValidationError("お問い合わせの内容を、もう少し詳しくご記入ください。")
        return told

    def clean_stamp(self) -> str:
        try:
            token = signing.loads(self.cleaned_data["stamp"], salt=SALT, max_age=TOO_LATE_SECONDS)
        except signing.BadSignature:
            raise ValidationError("時間が経ったため、もう一度送信してください。") from None
        return str(token)

    @property
    def key(self) -> str:
        """The key of this form's one sending, "" for a form that is none of ours; also where it was shown too long ago."""
        try:
            return str(signing.loads(self.data.get("stamp", ""), salt=SALT))
        except signing.BadSignature:
            return ""

    @property
    def is_machine(self) -> bool:
        """Is the hidden field filled in? After `is_valid`."""
        return bool(self.cleaned_data.get("homepage"))

    @property
    def is_hasty(self) -> bool:
        """Did it come quicker than most people write? A browser that fills forms in may be so quick too: it is asked again."""
        try:
            signing.loads(self.data.get("stamp", ""), salt=SALT, max_age=TOO_QUICK_SECONDS)
        except signing.SignatureExpired:
            return False
        return True

    def told(self) -> dict[str, Any]:
        """What `services.inquiries.receive` takes. Only after `is_valid`."""
        data = self.cleaned_data
        return {name: data[name] for name in ("kind", "name", "email", "order_number", "text")} | {
            "key": data["stamp"]
        }


class LookupForm(forms.Form):
    """ご注文を探す."""

    number = forms.CharField(
        label="ご注文番号", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "WEB-2026-000012"}),
        error_messages={"required": "ご注文番号を入力してください。"},
    )  # fmt: skip
    email = forms.EmailField(
        label="ご注文のときのメールアドレス", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "メールアドレスを入力してください。"},
    )  # fmt: skip


class PayingWayForm(forms.ModelForm):
    """支払方法の案内."""

    min_yen = YenField(label="下限（合計・税込）", minimum=1)
    max_yen = YenField(label="上限（合計・税込）", minimum=1)
    fee_yen = YenField(label="手数料（税込）", maximum=99_999)

    class Meta:
        model = PayingWay
        fields = ["is_on", "position", "min_yen", "max_yen", "fee_yen", "provider", "text"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        low, high = data.get("min_yen"), data.get("max_yen")
        if low and high and low > high:
            self.add_error("max_yen", "上限は下限以上にしてください。")
        return data


class CheckoutTermsForm(forms.ModelForm):
    """購入手続きの文."""

    class Meta:
        model = CheckoutTerms
        fields = ["delivery_text", "cancel_text", "returns_text", "application_text", "card_hours"]
        widgets = {
            name: forms.Textarea(attrs={"rows": 4})
            for name in ("delivery_text", "cancel_text", "returns_text", "application_text")
        }
