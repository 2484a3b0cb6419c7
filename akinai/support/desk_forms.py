"""定型文・マクロ・署名・タグ・約束・担当の入力."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from akinai.channels import queries as channels
from akinai.staff.queries import colleagues
from akinai.support.forms import KINDS
from akinai.support.models import Duty, Macro, ReplyTemplate, ServiceRule, Signature, Tag
from akinai.support.queries.fields import FIELDS
from akinai.support.rules.filling import fields
from akinai.support.services.macros import STATES
from akinai.support.states import Priority

TAKEN = [one for one in KINDS if one[0]]


class TemplateForm(forms.ModelForm[ReplyTemplate]):
    """定型文."""

    category = forms.ChoiceField(label="種類", choices=[("", "すべて"), *TAKEN], required=False)

    class Meta:
        model = ReplyTemplate
        fields = ("name", "category", "subject", "body", "is_active")
        widgets = {"body": forms.Textarea(attrs={"rows": 14})}
        help_texts = {"subject": "空なら、お客様の件名に返信します。", "body": "波かっこの項目は、返信のときに受注の今の内容が入ります。空の項目があれば送信できません。"}  # fmt: skip

    def _known(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if unknown := [one for one in fields(text) if one not in FIELDS]:
            told = "、".join(f"{{{one}}}" for one in unknown)
            raise ValidationError(f"{told} という項目はありません。右の一覧から選んでください。")
        return text

    def clean_body(self) -> str:
        return self._known("body")

    def clean_subject(self) -> str:
        return self._known("subject")


class MacroForm(forms.ModelForm[Macro]):
    """マクロ: what is left empty is not touched."""

    tags = forms.ModelMultipleChoiceField(
        label="付けるタグ", queryset=Tag.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    priority = forms.TypedChoiceField(
        label="優先度",
        choices=[("", "変えない"), *Priority.choices],
        coerce=int,
        required=False,
        empty_value=None,
    )
    assignee = forms.ChoiceField(label="担当", required=False)
    state = forms.ChoiceField(label="状態", choices=[("", "変えない"), *STATES.items()], required=False)
    snooze_days = forms.IntegerField(label="保留にする日数", min_value=1, max_value=365, required=False)

    class Meta:
        model = Macro
        fields = ("name", "place", "template", "is_active")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["tags"].queryset = Tag.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        self.fields["template"].queryset = ReplyTemplate.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        self.fields["template"].empty_label = "送らない"  # type: ignore[attr-defined]
        people = [(str(one.pk), str(one)) for one in colleagues()]
        self.fields["assignee"].choices = [("", "変えない"), ("me", "マクロを使った人"), *people]  # type: ignore[attr-defined]
        steps = self.instance.steps or {}
        for name in ("priority", "assignee", "state", "snooze_days"):
            self.initial.setdefault(name, steps.get(name, ""))
        self.initial.setdefault("tags", Tag.objects.filter(name__in=steps.get("tags", [])))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("state") == "solve" and data.get("snooze_days"):
            self.add_error("snooze_days", "解決にするものは保留にできません。")
        told = [
            data.get(name) for name in ("template", "tags", "priority", "assignee", "state", "snooze_days")
        ]
        if not any(told):
            raise ValidationError("することを 1 つ以上選んでください。")
        return data

    def save(self, commit: bool = True) -> Macro:
        data = self.cleaned_data
        who = data["assignee"]
        steps = {
            "tags": [one.name for one in data["tags"]], "priority": data["priority"], "state": data["state"],
            "assignee": who if who in ("", "me") else int(who), "snooze_days": data["snooze_days"],
        }  # fmt: skip
        self.instance.steps = {name: value for name, value in steps.items() if value}
        return super().save(commit)


class SignatureForm(forms.ModelForm[Signature]):
    """署名."""

    channel = forms.TypedChoiceField(label="店舗", coerce=int, required=False, empty_value=None)

    class Meta:
        model = Signature
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}
        help_texts = {"text": "返信の最後に付きます。"}

    field_order = ("channel", "text")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["channel"].choices = [("", "共通（署名のない店舗すべて）"), *channels.names()]  # type: ignore[attr-defined]
        self.initial["channel"] = self.instance.channel_id or ""

    def clean_channel(self) -> int | None:
        told: int | None = self.cleaned_data["channel"]
        same = Q(channel_id=told) if told else Q(channel=None)
        if Signature.objects.filter(same).exclude(pk=self.instance.pk).exists():
            raise ValidationError("この店舗の署名はもうあります。一覧から直してください。")
        return told

    def save(self, commit: bool = True) -> Signature:
        self.instance.channel_id = self.cleaned_data["channel"]
        return super().save(commit)


class TagForm(forms.ModelForm[Tag]):
    """タグ."""

    class Meta:
        model = Tag
        fields = ("name", "words", "is_active")
        help_texts = {"words": "空白で区切ります。届いた問い合わせにこの言葉があれば、自動で付きます。"}


class RuleForm(forms.ModelForm[ServiceRule]):
    """応対の約束."""

    category = forms.ChoiceField(label="種類", choices=[("", "すべて"), *TAKEN], required=False)

    class Meta:
        model = ServiceRule
        fields = ("name", "place", "source", "priority", "category", "first_reply_minutes", "resolution_minutes", "is_active")  # fmt: skip
        help_texts = {
            "place": "小さい順に調べ、最初に合うものを使います。",
            "first_reply_minutes": "営業時間だけを数えます。", "resolution_minutes": "お客様待ちのあいだは数えません。",
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_reply_minutes"), data.get("resolution_minutes")
        if first is not None and first < 1:
            self.add_error("first_reply_minutes", "1 分以上にしてください。")
        if first and last is not None and last < first:
            self.add_error("resolution_minutes", "初回返信の約束より短くできません。")
        return data


class DutyForm(forms.ModelForm[Duty]):
    """応対の担当."""

    categories = forms.MultipleChoiceField(
        label="受け持つ種類", choices=TAKEN, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="選ばなければ、すべての種類を受け持ちます。",
    )  # fmt: skip

    class Meta:
        model = Duty
        fields = ("staff", "categories", "most_tickets", "is_here")
        help_texts = {"most_tickets": "空なら上限なし。", "is_here": "休みの間は外してください。"}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        taken = Duty.objects.exclude(pk=self.instance.pk).values_list("staff_id", flat=True)
        people = [one.pk for one in colleagues()]
        field = self.fields["staff"]
        field.queryset = field.queryset.filter(pk__in=people).exclude(pk__in=taken)  # type: ignore[attr-defined]
