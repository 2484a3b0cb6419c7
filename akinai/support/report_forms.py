"""Forms of お客様の声."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from akinai.support.models import VoiceSettings
from akinai.support.queries.reports import GROUPS, OWN, SETS, Period
from akinai.support.services.grading import Sheet
from akinai.ui.forms import DateField

LONGEST_DAYS = 1100


class ReportForm(forms.Form):
    """期間と見方. An empty or wrong form still shows something: the last 30 days."""

    of = forms.ChoiceField(label="データ", choices=list(SETS.items()), required=False)
    first = DateField(label="受付日の初め", required=False)
    last = DateField(label="受付日の終わり", required=False)

    def __init__(self, data: Any, *, usual: Period) -> None:
        self.usual = usual
        filled = {
            "of": data.get("of") or OWN, "first": data.get("first") or f"{usual.first:%Y-%m-%d}",
            "last": data.get("last") or f"{usual.last:%Y-%m-%d}",
        }  # fmt: skip
        super().__init__(filled)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and first > last:
            self.add_error("last", "期間の終わりが初めより前です。")
        elif first and last and (last - first).days >= LONGEST_DAYS:
            self.add_error("last", "3 年より長い期間は見られません。期間を短くしてください。")
        elif first and not date(1990, 1, 1) <= first <= date(2100, 1, 1):
            self.add_error("first", "日付を確かめてください。")
        return data

    @property
    def asked(self) -> tuple[str, Period]:
        """Whose tickets, and when."""
        if not self.is_valid():
            return OWN, self.usual
        data = self.cleaned_data
        return data["of"] or OWN, Period(data["first"], data["last"])


def usual_period(today: date) -> Period:
    """The last 30 days."""
    return Period(today - timedelta(days=29), today)


def group_of(told: str) -> str:
    return told if told in GROUPS else "source"


FIVE = [("5", "5 よい"), ("4", "4"), ("3", "3 ふつう"), ("2", "2"), ("1", "1 よくない")]
RIGHT = [("yes", "正しい"), ("no", "誤りがある")]


class SheetForm(forms.Form):
    """点検の用紙."""

    facts_right = forms.ChoiceField(
        label="事実（商品・金額・日付・規則）", choices=RIGHT, widget=forms.RadioSelect
    )
    order_right = forms.ChoiceField(
        label="受注とお客様", choices=[*RIGHT, ("none", "受注の話ではない")], widget=forms.RadioSelect
    )
    tone = forms.TypedChoiceField(label="ことばづかい", choices=FIVE, coerce=int, widget=forms.RadioSelect)
    speed = forms.TypedChoiceField(label="速さ", choices=FIVE, coerce=int, widget=forms.RadioSelect)
    words = forms.CharField(
        label="気づいたこと", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def told(self) -> Sheet:
        """Only after `is_valid`."""
        data = self.cleaned_data
        order = {"yes": True, "no": False, "none": None}[data["order_right"]]
        return Sheet(data["facts_right"] == "yes", order, data["tone"], data["speed"], data["words"])


class SettingsForm(forms.ModelForm[VoiceSettings]):
    """お客様の声の設定."""

    class Meta:
        model = VoiceSettings
        fields = ("asks_customers", "ask_after_hours", "rest_days", "low_score", "sample_size")
        widgets = {"low_score": forms.NumberInput(attrs={"min": 1, "max": 4})}

    def clean_ask_after_hours(self) -> int:
        return _within(self.cleaned_data["ask_after_hours"], 1, 336, "時間")

    def clean_rest_days(self) -> int:
        return _within(self.cleaned_data["rest_days"], 0, 365, "日")

    def clean_low_score(self) -> int:
        return _within(self.cleaned_data["low_score"], 1, 4, "点")

    def clean_sample_size(self) -> int:
        return _within(self.cleaned_data["sample_size"], 0, 200, "件")


def _within(value: int, least: int, most: int, unit: str) -> int:
    if not least <= value <= most:
        raise forms.ValidationError(f"{least}～{most}{unit}で入れてください。")
    return value
