"""消去の請求の入力."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.core import clock
from akinai.party.models import ErasureRequest
from akinai.ui.forms import DateField

Kind, Proof = ErasureRequest.Kind, ErasureRequest.Proof


class ErasureForm(forms.Form):
    """消去の請求: who asked for it, how we know it is he, and where the answer goes."""

    kind = forms.ChoiceField(label="種類", choices=Kind.choices, initial=Kind.ASKED_FOR)
    received_on = DateField(label="請求を受けた日")
    reason = forms.CharField(
        label="理由",
        max_length=300,
        help_text="お申し出の内容を短く。お名前や連絡先は書きません（この記録は消去のあとも残ります）。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    proof = forms.ChoiceField(label="本人確認の方法", choices=[("", "選んでください"), *Proof.choices])
    proof_note = forms.CharField(
        label="本人確認の補足",
        max_length=200,
        required=False,
        help_text="確かめた日や書類の種類。番号や氏名は書きません。",
    )
    answer_to = forms.CharField(
        label="回答の送り先",
        max_length=300,
        required=False,
        help_text="メールアドレス。郵送のときは郵便番号・住所・お名前を行に分けて書きます。回答すると消えます。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError("請求を受けた日が先の日付です。今日までの日付を入れてください。")
        return day

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("proof") == Proof.NONE and told.get("kind") != Kind.NOT_NEEDED:
            self.add_error(
                "proof",
                "ご本人の請求では、本人確認の方法を選んでください。確かめられないときは、登録しないでください。",
            )
        return told


class MailAnswerForm(forms.Form):
    """メールで回答する."""

    to = forms.EmailField(
        label="宛先",
        max_length=254,
        error_messages={
            "required": "宛先を入れてください。",
            "invalid": "メールアドレスの形が正しくありません。",
        },
    )


class AnswerForm(forms.Form):
    """ご本人への回答の記録, where it went another way than by our mail."""

    how = forms.ChoiceField(
        label="回答の方法", choices=[("書面", "書面（郵送）"), ("電話", "電話"), ("会員ページ", "会員ページ")]
    )
