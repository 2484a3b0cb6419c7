"""Forms of the outbox and the texts (送信メール・文面の入力)."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.core.mail_texts import BODY_LENGTH, SUBJECT_LENGTH, Declared, unknown
from akinai.ui.forms import FilesField


class AgainForm(forms.Form):
    """再送: to the same or to another address."""

    to = forms.EmailField(label="宛先", error_messages={"invalid": "メールアドレスの形を確かめてください。"})


class BounceForm(forms.Form):
    """不達."""

    reason = forms.CharField(label="戻ってきた理由", max_length=200, required=False)


class BouncesForm(forms.Form):
    """不達の通知メール."""

    uploads = FilesField(label="通知メール（.eml）", accept=[".eml", "message/rfc822"])


class TextForm(forms.Form):
    """文面."""

    subject = forms.CharField(label="件名", max_length=SUBJECT_LENGTH)
    body = forms.CharField(
        label="本文", max_length=BODY_LENGTH, widget=forms.Textarea(attrs={"rows": 26, "class": "mono"})
    )

    def __init__(self, *args: Any, declared: Declared, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.declared = declared

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for field in ("subject", "body"):
            for name in unknown(data.get(field, ""), self.declared.samples):
                self.add_error(
                    field, f"「{{{name}}}」という差し込みはありません。右の一覧のとおりに書いてください。"
                )
        return data
