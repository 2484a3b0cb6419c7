"""ウェーブの決まりを書く form."""

from __future__ import annotations

import re
import unicodedata
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.channels import queries as channels
from akinai.shipping import delivery_queries, queries
from akinai.shipping.delivery_rules import WEEKDAYS
from akinai.shipping.models import WaveRule
from akinai.shipping.models.waves import LONGEST_DUE
from akinai.stock import queries as stock
from akinai.ui.forms import QuantityField

MOST_CUTOFFS = 12
_TIME = re.compile(r"(\d{1,2}):(\d{2})|(\d{1,2})時(?:(\d{1,2})分)?")


def read_cutoffs(text: str) -> list[time]:
    """「11:00、15時」 → times in order. Raises ValidationError naming what cannot be read."""
    found: set[time] = set()
    for word in re.split(r"[\s、,。・]+", unicodedata.normalize("NFKC", text)):
        if word:
            found.add(_cutoff(word))
    if len(found) > MOST_CUTOFFS:
        raise ValidationError(f"締め切りは {MOST_CUTOFFS} 個までです。")
    return sorted(found)


def _cutoff(word: str) -> time:
    match = _TIME.fullmatch(word)
    hour, minute = ((match[1] or match[3]), (match[2] or match[4] or "0")) if match else ("", "")
    if not match or int(hour) > 23 or int(minute) > 59:
        raise ValidationError(f"「{word[:20]}」を時刻として読めません。15:00 のように書いてください。")
    return time(int(hour), int(minute))


class WaveForm(forms.ModelForm):
    """ウェーブ."""

    cutoffs = forms.CharField(
        label="締め切り", max_length=200, help_text="この時刻までに出荷待ちになった受注が入ります。1 日に何度もあるときは 11:00、15:00 のように並べます。",
        widget=forms.TextInput(attrs={"placeholder": "15:00"}),
    )  # fmt: skip
    weekdays = forms.TypedMultipleChoiceField(
        label="曜日", coerce=int, choices=[(day, f"{name}曜") for day, name in enumerate(WEEKDAYS)],
        widget=forms.CheckboxSelectMultiple, error_messages={"required": "曜日を 1 つ以上選んでください。"},
    )  # fmt: skip
    channels = forms.MultipleChoiceField(
        label="チャネル", required=False, widget=forms.CheckboxSelectMultiple, help_text="選ばなければ、すべてのチャネル。"
    )  # fmt: skip
    carriers = forms.MultipleChoiceField(
        label="運送会社", required=False, widget=forms.CheckboxSelectMultiple, help_text="選ばなければ、すべての運送会社。"
    )  # fmt: skip
    due_days = QuantityField(
        label="出荷期限まで", required=False, minimum=0, maximum=LONGEST_DUE,
        help_text="出荷期限がこの日数以内の受注だけ。0 なら今日が期限のものまで。空なら期限を問いません。",
    )  # fmt: skip
    location = forms.ChoiceField(label="出荷元", required=False)
    position = QuantityField(
        label="順番",
        minimum=0,
        maximum=999,
        help_text="小さいものから見て、最初に当てはまるウェーブに入ります。",
    )

    class Meta:
        model = WaveRule
        fields = [
            "name",
            "cutoffs",
            "weekdays",
            "channels",
            "carriers",
            "temperature",
            "due_days",
            "position",
        ]
        help_texts = {"name": "ピッキングの名前になります。例: 当日便"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance
        self.fields["channels"].choices = channels.every_choice()  # type: ignore[attr-defined]
        self.fields["carriers"].choices = queries.carrier_choices()  # type: ignore[attr-defined]
        self.places = stock.location_ids()
        names = [(code, name) for code, name in stock.location_choices(own=True)]
        self.fields["location"].choices = [("", "すべて"), *names]  # type: ignore[attr-defined]
        self.initial["cutoffs"] = "、".join(f"{at:%H:%M}" for at in kept.cutoffs or ())
        self.initial["location"] = next((c for c, pk in self.places.items() if pk == kept.location_id), "")

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_cutoffs(self) -> list[time]:
        found = read_cutoffs(self.cleaned_data["cutoffs"])
        if not found:
            raise ValidationError("締め切りの時刻を 1 つ以上入力してください。")
        return found

    def clean_weekdays(self) -> list[int]:
        days: list[int] = self.cleaned_data["weekdays"]
        if set(days) <= delivery_queries.shop_days().weekdays:
            raise ValidationError(
                "選んだ曜日はすべて定休日です。出荷する曜日を選ぶか、出荷の暦を直してください。"
            )
        return days

    def clean_location(self) -> int | None:
        return self.places.get(self.cleaned_data["location"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.instance.location_id = data.get("location")
        return data

    def validate_unique(self) -> None:
        """The service says it, with the way out."""

    def validate_constraints(self) -> None:
        """As above; what the table asks besides is asked in the fields."""
