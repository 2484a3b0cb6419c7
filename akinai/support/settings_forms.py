"""応対の時間の入力: a line of hours for each weekday, and the days that differ."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.core.business_minutes import check
from akinai.support.models import SupportHours

DAYS = ("月", "火", "水", "木", "金", "土", "日")
_SPAN = re.compile(r"^(\d{1,2}):(\d{2})[-~〜～](\d{1,2}):(\d{2})$")
_DAY = re.compile(r"^(\d{4})[/-](\d{1,2})[/-](\d{1,2})\s*(.*)$")
CLOSED = ("", "休", "休み", "定休日", "休業", "臨時休業")


def spans_of(text: str) -> list[list[str]]:
    """ "9:00-12:00 13:00-18:00" → [["09:00", "12:00"], …]; 休み → []. Raises ValidationError in Japanese."""
    told = unicodedata.normalize("NFKC", text).strip()
    if told in CLOSED:
        return []
    spans = [_span(part) for part in re.split(r"[\s,、]+", re.sub(r"\s*([-~〜])\s*", r"\1", told)) if part]
    if wrong := check([(time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in spans]):
        raise ValidationError(wrong)
    return spans


def _span(part: str) -> list[str]:
    found = _SPAN.match(part)
    if found is None:
        raise ValidationError(
            f"「{part}」は読めません。9:00-18:00 のように書いてください。休みは空にします。"
        )
    hours = [int(one) for one in found.groups()]
    if hours[2:] == [24, 0]:
        hours[2] = 0
    try:
        return [f"{time(hours[0], hours[1]):%H:%M}", f"{time(hours[2], hours[3]):%H:%M}"]
    except ValueError:
        raise ValidationError(f"「{part}」は時刻ではありません。0:00 から 24:00 で書いてください。") from None


def line_of(spans: list[list[str]]) -> str:
    """The spans as a person writes them."""
    return " ".join(f"{begin.removeprefix("0")}-{'24:00' if end == '00:00' else end}" for begin, end in spans)  # fmt: skip


class HoursForm(forms.ModelForm[SupportHours]):
    """応対の時間."""

    special_days = forms.CharField(
        label="特別な日", required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 6, "placeholder": "2026/12/29 10:00-15:00\n2026/12/31 休み"}),
        help_text="1 行に 1 日。日付のあとに時間か「休み」を書きます。曜日・祝日の決まりより先に使います。",
    )  # fmt: skip

    class Meta:
        model = SupportHours
        fields = ("closed_on_holidays", "undo_seconds", "solved_closes_after_days", "assigns_by_itself")  # fmt: skip
        help_texts = {
            "undo_seconds": "0〜600 秒。返信はこの秒数だけ待ってから出ます。",
            "assigns_by_itself": "「担当」で決めた人のうち、その種類を受け持ち、件数のいちばん少ない人になります。",
        }  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for at, name in enumerate(DAYS):
            self.fields[f"day{at}"] = forms.CharField(
                label=f"{name}曜日", required=False, max_length=100,
                widget=forms.TextInput(attrs={"placeholder": "休み"}), initial=line_of(self.instance.weekly[at]),
            )  # fmt: skip
        special = sorted(self.instance.special.items())
        self.initial["special_days"] = "\n".join(
            f"{day.replace('-', '/')} {line_of(spans) or '休み'}" for day, spans in special
        )

    def days(self) -> list[forms.BoundField]:
        """The seven lines of hours, for the page."""
        return [self[f"day{at}"] for at in range(7)]

    def clean_undo_seconds(self) -> int:
        told: int = self.cleaned_data["undo_seconds"]
        if told > 600:
            raise ValidationError("600 秒までにしてください。")
        return told

    def clean_special_days(self) -> dict[str, list[list[str]]]:
        found: dict[str, list[list[str]]] = {}
        for at, line in enumerate(self.cleaned_data["special_days"].splitlines(), start=1):
            told = unicodedata.normalize("NFKC", line).strip()
            if not told:
                continue
            try:
                day, spans = _special(told)
            except ValidationError as error:
                raise ValidationError(f"{at} 行目: {error.messages[0]}") from None
            if day in found:
                raise ValidationError(f"{at} 行目: {told.split()[0]} が 2 回あります。")
            found[day] = spans
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        weekly: list[list[list[str]]] = []
        for at in range(7):
            try:
                weekly.append(spans_of(data.get(f"day{at}", "")))
            except ValidationError as error:
                self.add_error(f"day{at}", error)
        if len(weekly) == 7 and not any(weekly):
            raise ValidationError(
                "開いている曜日がありません。時計が進まないので、1 日は時間を入れてください。"
            )
        data["weekly"] = weekly
        return data

    def save(self, commit: bool = True) -> SupportHours:
        self.instance.weekly = self.cleaned_data["weekly"]
        self.instance.special = self.cleaned_data["special_days"]
        return super().save(commit)


def _special(told: str) -> tuple[str, list[list[str]]]:
    found = _DAY.match(told)
    if found is None:
        raise ValidationError("日付が読めません。2026/12/31 のように書いてください。")
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise ValidationError(f"{found[1]}/{found[2]}/{found[3]} という日はありません。") from None
    return day.isoformat(), spans_of(found[4])
