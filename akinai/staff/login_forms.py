"""ログインまわりの入力: allauth's forms with the words of our screens."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm
from allauth.mfa.totp.forms import ActivateTOTPForm


class PasswordChangeForm(ChangePasswordForm):
    """パスワードの変更."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("oldpassword", "いまのパスワード"), ("password1", "新しいパスワード"),
                            ("password2", "新しいパスワード（もう一度）")):  # fmt: skip
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = "10 文字以上。ほかで使っていないものにしてください。"


class SecondFactorForm(ActivateTOTPForm):
    """認証アプリの登録."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "認証コード（6 桁）"
        self.fields["code"].widget.attrs |= {
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "maxlength": "6",
        }
        self.fields["code"].widget.attrs.pop("placeholder", None)
