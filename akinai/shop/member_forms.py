"""会員の入力. Labels, what browsers and password keepers may fill in, and errors in words of a shop."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.core import mail, postal
from akinai.core.kana import katakana
from akinai.shipping.return_queries import Returnable
from akinai.shipping.services import Asked
from akinai.shipping.states import Remedy, ReturnReason
from akinai.shop.models import Address, Member, MemberTerms
from akinai.shop.services import accounts
from akinai.ui.forms import QuantityField

PASSWORD_HELP = "10 文字以上。ほかのサイトで使っていないものにしてください。"  # noqa: S105  (a help text)


class ShopForm(forms.Form):
    """Ties each field to its help and errors, for those who hear the page instead of seeing it."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = f"{field.label}を入力してください。"


class MailField(forms.CharField):
    """メールアドレス."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "メールアドレス")
        kwargs.setdefault(
            "widget",
            forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "off"}),
        )
        super().__init__(max_length=254, **kwargs)

    def clean(self, value: Any) -> str:
        text = accounts.folded(super().clean(value))
        if text and not mail.is_address(text):
            raise ValidationError("メールアドレスの形が正しくありません。@ の前後をお確かめください。")
        return text


class PasswordField(forms.CharField):
    """パスワード; `is_new` for one that is being chosen."""

    def __init__(self, *, is_new: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("label", "パスワード")
        hint = "new-password" if is_new else "current-password"
        kwargs.setdefault("widget", forms.PasswordInput(attrs={"autocomplete": hint}))
        super().__init__(max_length=128, strip=False, **kwargs)


class MailForm(ShopForm):
    """メールアドレスだけ: registration and reset begin with it."""

    mail = MailField()


class LoginForm(ShopForm):
    mail = MailField()
    password = PasswordField()


class ProfileForm(ShopForm):
    """お名前と電話番号."""

    name = forms.CharField(
        label="お名前", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    kana = forms.CharField(label="フリガナ", max_length=100, required=False)
    phone = forms.CharField(
        label="電話番号", max_length=30, required=False, help_text="お届けのご連絡に使います。",
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )  # fmt: skip

    def clean_kana(self) -> str:
        return katakana(self.cleaned_data["kana"])

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def profile(self) -> accounts.Profile:
        data = self.cleaned_data
        return accounts.Profile(data["name"].strip(), data["kana"].strip(), data["phone"])


class NewPasswordForm(ShopForm):
    """新しいパスワード, judged by the rules with what is known of the member."""

    password = PasswordField(is_new=True, label="新しいパスワード", help_text=PASSWORD_HELP)

    def __init__(self, *args: Any, member: Member | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member or Member()

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        accounts.check_rules(password, self.member)
        return password


class RegisterForm(ProfileForm):
    """会員登録: the mail address is known by the link."""

    password = PasswordField(is_new=True, help_text=PASSWORD_HELP)
    takes_news = forms.BooleanField(label="新商品やお得なお知らせをメールで受け取る", required=False)
    agrees = forms.BooleanField(label="会員規約と個人情報の取り扱いに同意する")

    def __init__(self, *args: Any, mail: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mail = mail
        self.fields["agrees"].error_messages["required"] = "同意いただける場合は、チェックを入れてください。"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if password := data.get("password"):
            known = Member(
                mail=self.mail,
                name=data.get("name", ""),
                kana=data.get("kana", ""),
                phone=data.get("phone", ""),
            )
            try:
                accounts.check_rules(password, known)
            except ValidationError as broken:
                self.add_error("password", broken)
        return data


class ChangePasswordForm(NewPasswordForm):
    old = PasswordField(label="いまのパスワード")
    field_order = ("old", "password")


class ChangeMailForm(ShopForm):
    mail = MailField(label="新しいメールアドレス")
    password = PasswordField(label="いまのパスワード")


class WithdrawForm(ShopForm):
    understood = forms.BooleanField(label="退会すると元に戻せないことを確認しました")
    password = PasswordField(label="いまのパスワード")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["understood"].error_messages["required"] = "ご確認のうえ、チェックを入れてください。"


def clean_phone(text: str) -> str:
    """Digits and hyphens in half width. Raises ValidationError for what is no telephone number."""
    phone = unicodedata.normalize("NFKC", text).strip().replace("ー", "-").replace("−", "-").replace("‐", "-")
    digits = phone.replace("-", "").replace(" ", "").replace("(", "").replace(")", "").lstrip("+")
    if phone and not (digits.isascii() and digits.isdigit() and 9 <= len(digits) <= 15):
        raise ValidationError("電話番号は、市外局番からの数字で入力してください（例: 03-1234-5678）。")
    return phone


class AddressForm(forms.ModelForm):
    """お届け先. The postal code fills what is left empty."""

    use_required_attribute = False
    is_default = forms.BooleanField(label="いつものお届け先にする", required=False)

    class Meta:
        model = Address
        fields = ("name", "kana", "company", "postal_code", "prefecture", "city", "line1", "line2", "phone")
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "shipping name"}),
            "company": forms.TextInput(attrs={"autocomplete": "shipping organization"}),
            "postal_code": forms.TextInput(
                attrs={"autocomplete": "shipping postal-code", "inputmode": "numeric", "maxlength": "10", "placeholder": "150-0001"}
            ),
            "prefecture": forms.Select(
                attrs={"autocomplete": "shipping address-level1"}, choices=[("", "選んでください"), *((p, p) for p in postal.PREFECTURES)]
            ),
            "city": forms.TextInput(attrs={"autocomplete": "shipping address-level2", "placeholder": "渋谷区神宮前"}),
            "line1": forms.TextInput(attrs={"autocomplete": "shipping address-line1", "placeholder": "4-12-3"}),
            "line2": forms.TextInput(attrs={"autocomplete": "shipping address-line2", "placeholder": "グリーンハイツ 203"}),
            "phone": forms.TextInput(attrs={"autocomplete": "shipping tel", "inputmode": "tel", "type": "tel"}),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["postal_code"].max_length = 10  # type: ignore[attr-defined]
        self.fields["postal_code"].validators = []
        self.fields["postal_code"].widget.attrs["maxlength"] = "10"  # 150-0001 is read as well
        for name in ("prefecture", "city"):
            self.fields[name].required = False
        self.fields["is_default"].initial = bool(self.instance.is_default)
        self.fields["postal_code"].help_text = "7 桁。都道府県と市区町村が空欄なら、郵便番号から入ります。"
        if self.instance.pk:
            self.initial["postal_code"] = postal.formatted(self.instance.postal_code)
        for field in self.fields.values():
            field.error_messages["required"] = f"{field.label}を入力してください。"

    def clean_postal_code(self) -> str:
        try:
            return postal.parse_postal_code(self.cleaned_data["postal_code"])
        except postal.NotAPostalCode as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean_kana(self) -> str:
        return katakana(self.cleaned_data["kana"])

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        code = data.get("postal_code")
        towns = postal.lookup(code) if code else ()
        if towns and not data.get("prefecture"):
            data["prefecture"] = towns[0].prefecture
        if towns and not data.get("city"):
            data["city"] = f"{towns[0].city}{towns[0].town}"
        for name in ("prefecture", "city"):
            if not data.get(name):
                self.add_error(name, f"{self.fields[name].label}を入力してください。")
        if code and data.get("prefecture") and postal.fits(code, data["prefecture"]) is False:
            self.add_error(
                "postal_code",
                f"郵便番号は {data['prefecture']} のものではありません。どちらかをお直しください。",
            )
        return data


REASONS = [
    (ReturnReason.DEFECT, "不良・破損していた"), (ReturnReason.WRONG_ITEM, "違う商品・数量が届いた"),
    (ReturnReason.NOT_AS_TOLD, "商品の説明と違う"), (ReturnReason.MIND, "イメージと違う・不要になった"),
    (ReturnReason.OTHER, "そのほか"),
]  # fmt: skip
WISHES = [(Remedy.REFUND, "返金してほしい"), (Remedy.RESHIP, "同じ商品と交換してほしい")]


class ReturnRequestForm(ShopForm):
    """返品の申し込み: how many of each line of one parcel, and why."""

    reason = forms.ChoiceField(label="理由", choices=REASONS)
    wish = forms.ChoiceField(label="ご希望", choices=WISHES)
    detail = forms.CharField(
        label="くわしい内容", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不良・破損のときは、どこがどうなっているかをお書きください。",
    )  # fmt: skip

    def __init__(self, *args: Any, returnable: list[Returnable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.returnable = [one for one in returnable if one.left > 0]
        for one in self.returnable:
            self.fields[f"q{one.line.pk}"] = QuantityField(
                label=f"{one.line.order_line.name} の数",
                required=False,
                minimum=0,
                maximum=one.left,
                initial=0,
            )

    @property
    def rows(self) -> list[tuple[Returnable, Any]]:
        return [(one, self[f"q{one.line.pk}"]) for one in self.returnable]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.get(f"q{one.line.pk}") for one in self.returnable):
            raise ValidationError("返品する商品の数を、1 点以上入力してください。")
        return data

    def asked(self) -> list[Asked]:
        """What was asked for. Only after `is_valid`."""
        data = self.cleaned_data
        return [
            Asked(one.line.pk, data[f"q{one.line.pk}"], data["reason"], data["detail"], data["wish"])
            for one in self.returnable
            if data.get(f"q{one.line.pk}")
        ]


class MemberTermsForm(forms.ModelForm):
    """会員の決まり, in the office."""

    class Meta:
        model = MemberTerms
        fields = ("terms_version", "privacy_version", "valued_yen", "return_days", "may_cancel")

    words = forms.CharField(
        label="会員規約の文", max_length=50_000, widget=forms.Textarea({"rows": 18}),
        help_text="「第1条（…）」の行が見出しになります。{店舗名} と {事業者名} には、店舗の設定と自社情報の名前が入ります。",
    )  # fmt: skip
