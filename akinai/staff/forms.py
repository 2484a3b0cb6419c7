"""担当者の入力."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from akinai.staff.models import Staff
from akinai.staff.roles import ROLES


class StaffForm(forms.Form):
    """担当者. A password is needed for a new one and optional for a change."""

    username = forms.RegexField(
        label="ログイン名", regex=r"^[a-z0-9._-]{2,30}$", help_text="半角の小文字と数字"
    )
    display_name = forms.CharField(label="表示名", max_length=60)
    roles = forms.MultipleChoiceField(
        label="役割", choices=[(role, role) for role in ROLES], widget=forms.CheckboxSelectMultiple
    )
    is_active = forms.BooleanField(label="有効", required=False, initial=True)
    password = forms.CharField(
        label="パスワード", required=False, strip=False, help_text="10 文字以上",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, staff: Staff | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff
        if staff:
            self.fields["username"].disabled = True

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"])
        if self.staff is None and Staff.objects.filter(username=name).exists():
            raise forms.ValidationError("このログイン名はすでに使われています。")
        return name

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if not password and self.staff is None:
            raise forms.ValidationError("最初のパスワードを決めてください。")
        if password:
            validate_password(password, self.staff)
        return password
