"""受信箱とメールファイルの入力."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.support.models import MailSource
from akinai.support.services import mailboxes
from akinai.ui.forms import FilesField

WHERE = {"host", "user", "folder"}  # another one of these, and reading begins anew
SAFE_WITH = (
    "host",
    "port",
    "security",
    "user",
)  # the kept password goes to no other place than it was given for
MOST_FILES = 50
MOST_BYTES = 25 * 1024 * 1024


class MailSourceForm(forms.ModelForm):
    """受信箱. The password is never shown again; left empty, the kept one stays."""

    password = forms.CharField(
        label="パスワード", required=False, strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    class Meta:
        model = MailSource
        fields = (
            "name", "host", "port", "security", "user", "folder", "after", "after_folder", "channel", "reply_to", "only_new", "is_active",
        )  # fmt: skip
        help_texts = {
            "host": "例: imap.example.jp",
            "security": "ふつうは TLS です。",
            "folder": "受信トレイは INBOX です。",
            "after": "取り込んだメールを、メールサーバーでどうするか。",
            "after_folder": "「別のフォルダーへ移す」のとき。",
            "channel": "この受信箱に届く問い合わせの店舗。署名も店舗のものになります。",
            "reply_to": "返信にお客様がさらに返信したときの宛先。空なら自社情報のメールアドレスです。",
            "only_new": "外すと、すでにあるメールも古い順に取り込みます。",
            "is_active": "外すと、受信を止めたまま保存します。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = {name: getattr(self.instance, name) for name in {*SAFE_WITH, *WHERE}}
        self.has_kept = mailboxes.has_password(self.instance)
        self.fields["password"].help_text = (
            "登録済みです。変えるときだけ入れてください。"
            if self.has_kept
            else "Gmail や Yahoo! では、アプリ用のパスワードを入れます。"
        )
        self.fields["password"].required = not self.has_kept
        self.fields["password"].error_messages["required"] = "パスワードを入れてください。"
        self.fields["channel"].empty_label = "決めない"  # type: ignore[attr-defined]

    def clean_host(self) -> str:
        told = self.cleaned_data["host"].strip().lower()
        if not told.isascii() or any(char in told for char in " /@:\\") or not told.isprintable():
            raise ValidationError("サーバー名だけを、半角で入れてください（例: imap.example.jp）。")
        return told

    def clean_user(self) -> str:
        return self._ascii("user").strip()

    def clean_password(self) -> str:
        return self._ascii("password")

    def _ascii(self, name: str) -> str:
        told: str = self.cleaned_data[name]
        if not told.isascii() or not told.isprintable():
            raise ValidationError("半角の英数字と記号で入れてください。")
        return told

    def clean_port(self) -> int:
        told: int = self.cleaned_data["port"]
        if not 1 <= told <= 65535:
            raise ValidationError("1 から 65535 までの番号を入れてください。")
        return told

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("after") == MailSource.After.MOVE and not data.get("after_folder"):
            self.add_error("after_folder", "移す先のフォルダーを入れてください。")
        if data.get("after_folder") and data.get("after_folder") == data.get("folder"):
            self.add_error("after_folder", "取り込むフォルダーとは別のフォルダーにしてください。")
        is_elsewhere = any(name in data and data[name] != self.kept[name] for name in SAFE_WITH)
        if is_elsewhere and not data.get("password") and "password" not in self.errors:
            self.add_error("password", "サーバーやユーザー名を変えるときは、パスワードも入れ直してください。")
        return data

    @property
    def is_elsewhere(self) -> bool:
        """Does reading begin anew? Only after `is_valid`."""
        return any(self.cleaned_data[name] != self.kept[name] for name in WHERE)


class MailFilesForm(forms.Form):
    """メールのファイル."""

    uploads = FilesField(
        label="メールのファイル（.eml）", accept=(".eml", "message/rfc822"), limit=MOST_FILES
    )

    def clean_uploads(self) -> list[Any]:
        files = self.cleaned_data["uploads"]
        wrong = [one.name for one in files if not one.name.lower().endswith(".eml")]
        if wrong:
            raise ValidationError(
                f"「{wrong[0]}」は .eml ではありません。メールソフトから .eml で保存し直してください。"
            )
        large = [one.name for one in files if one.size > MOST_BYTES]
        if large:
            raise ValidationError(f"「{large[0]}」は大きすぎます（1 通 25MB まで）。")
        return list(files)
