"""Forms of お届け予定: the calendar of shipping, the carriers' days."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.core import postal
from akinai.core.business_days import written_day
from akinai.shipping import queries
from akinai.shipping.delivery_rules import WEEKDAYS
from akinai.shipping.models import CarrierDays, DeliveryCalendar
from akinai.shipping.models.delivery import LONGEST_DAYS
from akinai.ui.forms import QuantityField

MOST_DAYS = 366


def carriers() -> list[tuple[str, str]]:
    return [("", "すべての運送会社"), *queries.carrier_choices()]


class CalendarForm(forms.ModelForm):
    """出荷の暦."""

    cutoff = forms.TimeField(
        label="当日出荷の締め時刻", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text="この時刻までの受注は、その日に出荷する約束です。",
    )  # fmt: skip
    closed_weekdays = forms.TypedMultipleChoiceField(
        label="定休日", required=False, coerce=int, choices=[(day, f"{name}曜") for day, name in enumerate(WEEKDAYS)],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    prepare_days = QuantityField(
        label="出荷準備の営業日数",
        minimum=0,
        maximum=LONGEST_DAYS,
        help_text="名入れなど、出荷の前に要る日数。なければ 0。",
    )
    closed_days = forms.CharField(
        label="臨時休業日", required=False, widget=forms.Textarea(attrs={"rows": 4, "class": "mono"}),
        help_text="1 行に 1 日。続く日は 2026/12/29〜2027/1/3 と書けます。",
    )  # fmt: skip

    class Meta:
        model = DeliveryCalendar
        fields = ["cutoff", "prepare_days", "closed_weekdays", "closed_on_holidays", "closed_days"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["closed_days"] = "\n".join(
            f"{day:%Y/%m/%d}" for day in sorted(self.instance.closed_days)
        )

    def clean_closed_weekdays(self) -> list[int]:
        days: list[int] = self.cleaned_data["closed_weekdays"]
        if len(set(days)) > 6:
            raise ValidationError("出荷する曜日を 1 つ以上残してください。")
        return days

    def clean_closed_days(self) -> list[date]:
        found: set[date] = set()
        for line in re.split(r"[\n、,]", self.cleaned_data["closed_days"]):
            if line.strip():
                found |= _range(line.strip())
        if len(found) > MOST_DAYS:
            raise ValidationError(f"臨時休業日は {MOST_DAYS} 日までです。")
        return sorted(found)


def _range(text: str) -> set[date]:
    try:
        days = [written_day(part) for part in re.split(r"[〜～]", text)]
    except ValueError as error:
        raise ValidationError(
            f"「{text[:30]}」を日付として読めません。2026/12/29 のように書いてください。"
        ) from error
    first, last = days[0], days[-1]
    if len(days) > 2 or last < first or (last - first).days > MOST_DAYS:
        raise ValidationError(f"「{text[:30]}」の期間が正しくありません。")
    return {date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)}


class DaysForm(forms.ModelForm):
    """お届け日数."""

    carrier = forms.ChoiceField(label="運送会社", choices=carriers, required=False)
    prefecture = forms.ChoiceField(
        label="都道府県", choices=[("", "―"), *((name, name) for name in postal.PREFECTURES)], required=False
    )
    days = QuantityField(
        label="お届け日数", minimum=1, maximum=LONGEST_DAYS, help_text="出荷の翌日に届くなら 1。"
    )

    class Meta:
        model = CarrierDays
        fields = ["carrier", "prefecture", "postal_prefix", "is_island", "days", "has_slots", "note"]
        help_texts = {
            "postal_prefix": "都道府県より細かく決めるとき。先頭の 1〜7 桁。",
            "is_island": "離島あての日数なら選びます。",
        }

    def clean_postal_prefix(self) -> str:
        digits = re.sub(r"[\s\-－‐]", "", self.cleaned_data["postal_prefix"])
        if digits and not re.fullmatch(r"[0-9]{1,7}", digits, re.ASCII):
            raise ValidationError("郵便番号の先頭の 1〜7 桁の数字を入力してください。")
        return digits

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("prefecture") or data.get("postal_prefix") or data.get("is_island") or self.errors):
            self.add_error("prefecture", "都道府県・郵便番号・離島のどれかを選んでください。")
        return data

    def validate_unique(self) -> None:
        """The service says it, with the way out."""

    def validate_constraints(self) -> None:
        """As above; what the table asks besides is asked in `clean`."""


class SeedForm(forms.Form):
    """目安を並べる."""

    carrier = forms.ChoiceField(label="運送会社", choices=carriers, required=False)
