"""Forms of the books (会計の入力)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from akinai.accounting.rules.periods import LONGEST_DAYS, UNITS, Period, usual
from akinai.ui.forms import DateField

LONGEST_MONTHS = 62


class PeriodForm(forms.Form):
    """期間・店舗・カテゴリ. An empty or wrong form still shows something: this month."""

    unit = forms.ChoiceField(label="単位", choices=list(UNITS.items()), required=False)
    first = DateField(label="期間の初め", required=False)
    last = DateField(label="期間の終わり", required=False)
    channel = forms.TypedChoiceField(label="店舗・モール", coerce=int, empty_value=None, required=False)
    category = forms.ChoiceField(label="カテゴリ", required=False)

    def __init__(self, data: Any, *, channels: dict[int, str], categories: list[str], today: date) -> None:
        unit = "month" if data.get("unit") == "month" else "day"
        self.usual = usual(unit, today)
        filled = {
            "unit": unit, "first": data.get("first") or f"{self.usual.first:%Y-%m-%d}",
            "last": data.get("last") or f"{self.usual.last:%Y-%m-%d}", "channel": data.get("channel", ""),
            "category": data.get("category", ""),
        }  # fmt: skip
        super().__init__(filled)
        self.fields["channel"].choices = [("", "すべて"), *channels.items()]  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", "すべて"), *((name, name) for name in categories)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if not first or not last:
            return data
        if first > last:
            self.add_error("last", "期間の終わりが初めより前です。")
        elif data.get("unit") == "day" and (last - first).days >= LONGEST_DAYS:
            self.add_error(
                "last",
                f"日次で見られるのは {LONGEST_DAYS} 日までです。月次にするか、期間を短くしてください。",
            )
        elif (last - first).days > LONGEST_MONTHS * 31:
            self.add_error("last", "5 年より長い期間は見られません。")
        return data

    @property
    def asked(self) -> tuple[Period, int | None, str | None]:
        """What to look at."""
        if not self.is_valid():
            return self.usual, None, None
        data = self.cleaned_data
        return Period(data["first"], data["last"], data["unit"]), data["channel"], data["category"] or None
