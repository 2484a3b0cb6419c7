"""買掛の訂正の入力."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.core import clock
from akinai.party import queries as party
from akinai.purchasing.queries import payables as queries
from akinai.ui.forms import DateField, YenField

LESS, MORE = "less", "more"


class CorrectionForm(forms.Form):
    """買掛の訂正: taken off one bill, or owed besides."""

    supplier = forms.TypedChoiceField(label="仕入先", coerce=int)
    sort = forms.ChoiceField(
        label="訂正", choices=[(LESS, "買掛を減らす（値引・請求の誤り）"), (MORE, "買掛を増やす（請求もれ）")]
    )
    yen = YenField(label="金額（税込）", minimum=1)
    document = forms.CharField(
        label="どの請求の", max_length=40, required=False,
        help_text="減らすとき: 支払待ちにある番号（SB-… など）。その請求の残りから引きます。",
    )  # fmt: skip
    due_on = DateField(label="支払期日", required=False, help_text="増やすとき: この日に支払待ちに並びます。")
    on = DateField(label="日付")
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier"].choices = [("", "選んでください"), *party.supplier_choices(stopped_too=True)]  # type: ignore[attr-defined]

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError("日付が未来です。")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("sort") == LESS and "document" in data:
            data["settles_id"] = self._bill(data)
        if data.get("sort") == MORE and "due_on" in data and not data["due_on"]:
            self.add_error("due_on", "増やすときは、いつ支払うかを入れてください。")
        return data

    def _bill(self, data: dict[str, Any]) -> int | None:
        number = data["document"].strip()
        if not number:
            self.add_error("document", "減らすときは、どの請求から引くかを入れてください。")
            return None
        found = queries.owed().filter(document__iexact=number, supplier_id=data.get("supplier")).first()
        if found is None:
            self.add_error(
                "document",
                f"「{number}」は、この仕入先の未払の請求にありません。支払待ちの番号を確かめてください。",
            )
            return None
        return int(found.pk)

    def told(self) -> dict[str, Any]:
        """What the form says, as the service wants it."""
        data = self.cleaned_data
        return {
            "supplier_id": data["supplier"], "amount_yen": -data["yen"] if data["sort"] == LESS else data["yen"],
            "settles_id": data.get("settles_id"), "due_on": data["due_on"], "on": data["on"], "reason": data["reason"],
        }  # fmt: skip
