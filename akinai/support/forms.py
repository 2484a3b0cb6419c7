"""サポートの入力."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.party import queries as party
from akinai.support.models import Ticket
from akinai.support.ports import ArrivedFile
from akinai.support.services import Call, Reply
from akinai.support.states import CATEGORIES, Priority, Source
from akinai.ui.forms import FilesField, new_token

THEN = [
    ("wait", "送信してお客様待ちにする"),
    ("solve", "送信して解決にする"),
    ("stay", "送信して対応中のまま"),
]
KINDS = list(CATEGORIES.items())
SNOOZES = [("1", "1時間後"), ("4", "4時間後"), ("24", "明日"), ("72", "3日後"), ("168", "1週間後")]


class ReplyForm(forms.Form):
    """返信."""

    to = forms.EmailField(label="宛先", required=False, max_length=254)
    subject = forms.CharField(label="件名", required=False, max_length=200)
    text = forms.CharField(
        label="本文",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10, "data-reply": "", "data-key": "r"}),
    )
    then = forms.ChoiceField(label="送信した後", choices=THEN, initial="wait")
    uploads = FilesField(label="添付", required=False)
    order = forms.IntegerField(label="受注", required=False)
    template = forms.IntegerField(label="定型文", required=False)
    quotes = forms.BooleanField(label="お客様のメールを下に引用する", required=False, initial=True)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    in_spite_of = forms.BooleanField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, initial=new_token, max_length=64)

    def told(self) -> Reply:
        """Only after `is_valid`."""
        data = self.cleaned_data
        files = [
            ArrivedFile(one.name, one.content_type or "application/octet-stream", one.read())
            for one in data["uploads"] or []
        ]
        return Reply(
            text=data["text"], key=data["key"], then=data["then"], subject=data["subject"], to=data["to"],
            seen=data["seen"] or 0, files=files, in_spite_of=data["in_spite_of"],
            order_id=data["order"], template_id=data["template"], quotes=data["quotes"],
        )  # fmt: skip


class CallForm(forms.Form):
    """電話メモ: one number, one sentence, done."""

    phone = forms.CharField(
        label="電話番号", max_length=30, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autofocus": True, "autocomplete": "off"}),
    )  # fmt: skip
    name = forms.CharField(label="お名前", max_length=100, required=False)
    text = forms.CharField(label="用件", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    category = forms.ChoiceField(label="種類", choices=KINDS, required=False)
    customer = forms.IntegerField(widget=forms.HiddenInput, required=False)
    call_back_at = forms.DateTimeField(
        label="折り返しの約束", required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="約束したときだけ。",
    )  # fmt: skip
    is_solved = forms.BooleanField(label="この電話で解決した", required=False)
    key = forms.CharField(widget=forms.HiddenInput, initial=new_token, max_length=64)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("call_back_at") and data.get("is_solved"):
            raise ValidationError("折り返しの約束があるものは、解決にできません。")
        if data.get("call_back_at") and not data.get("phone"):
            self.add_error("phone", "折り返す電話番号を入れてください。")
        if data.get("customer") and party.customer_by_id(data["customer"]) is None:
            raise ValidationError("選んだお客様が見つかりません。電話番号を入れ直して、選び直してください。")
        return data

    def told(self) -> Call:
        """Only after `is_valid`."""
        data = self.cleaned_data
        return Call(
            key=data["key"], text=data["text"], phone=data["phone"], name=data["name"], category=data["category"],
            customer_id=data["customer"], call_back_at=data["call_back_at"], is_solved=data["is_solved"],
        )  # fmt: skip


class ManualForm(forms.Form):
    """手入力の受付."""

    source = forms.ChoiceField(
        label="経路",
        choices=[(Source.MANUAL, "手入力"), (Source.MALL, "モールの画面"), (Source.MAIL, "メール")],
    )
    name = forms.CharField(label="お名前", max_length=100, required=False)
    mail = forms.EmailField(label="メール", max_length=254, required=False)
    phone = forms.CharField(label="電話番号", max_length=30, required=False)
    subject = forms.CharField(label="件名", max_length=300)
    text = forms.CharField(label="内容", max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}))
    category = forms.ChoiceField(label="種類", choices=KINDS, required=False)
    priority = forms.TypedChoiceField(
        label="優先度",
        choices=[(0, "内容から決める"), *Priority.choices],
        coerce=int,
        required=False,
        empty_value=None,
    )
    key = forms.CharField(widget=forms.HiddenInput, initial=new_token, max_length=64)


class MergeForm(forms.Form):
    """統合先."""

    into = forms.CharField(label="統合先の番号", max_length=20)

    def clean_into(self) -> Ticket:
        found = Ticket.objects.filter(number=self.cleaned_data["into"].strip().upper()).first()
        if found is None:
            raise ValidationError("その番号の問い合わせはありません。")
        return found
