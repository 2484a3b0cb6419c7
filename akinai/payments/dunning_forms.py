"""Forms of 督促."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.payments.models import DunningLadder, DunningStep
from akinai.payments.states import NOT_SHIPPED, CallResult, DunningWay
from akinai.ui.forms import DateField


class PauseForm(forms.Form):
    """督促を止める."""

    reason = forms.CharField(label="理由", max_length=200)
    until = DateField(label="この日まで", required=False, help_text="空欄なら、再開するまで止めます。")


class DuePauseForm(PauseForm):
    """督促を止める of one due, or of everything of its customer."""

    whole_customer = forms.BooleanField(label="この顧客のすべての督促を止める", required=False)


class AnswerForm(forms.Form):
    """電話・書面の結果."""

    result = forms.ChoiceField(label="結果", choices=CallResult.choices)
    promised_on = DateField(label="支払の約束の日", required=False)
    note = forms.CharField(label="メモ", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("result") == CallResult.PROMISED and not data.get("promised_on"):
            self.add_error("promised_on", "約束の日を入れてください。")
        return data


class StepForm(forms.ModelForm):
    """段階."""

    class Meta:
        model = DunningStep
        fields = ["days", "way", "title", "subject", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 18})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind not in NOT_SHIPPED:
            ways = [choice for choice in DunningWay.choices if choice[0] != DunningWay.CANCEL]
            self.fields["way"] = forms.ChoiceField(label="方法", choices=ways)


class LadderForm(forms.ModelForm):
    """督促の段取り."""

    class Meta:
        model = DunningLadder
        fields = ["is_on", "channels_left_out"]
        widgets = {"channels_left_out": forms.CheckboxSelectMultiple}
