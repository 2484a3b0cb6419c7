"""Forms of のし・ラッピング."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.orders.forms import FreshForm
from akinai.orders.gifts import NOSHI, OMOTE, SIDES, Chosen, Gift
from akinai.orders.models import GiftOption
from akinai.ui.forms import QuantityField, YenField


def offered_now() -> list[Chosen]:
    """What may be chosen, at its price now, none of it chosen."""
    rows = GiftOption.objects.filter(is_active=True).order_by("kind", "price_yen", "id")
    return [Chosen(row.name, row.price_yen, 0) for row in rows]


def card_names() -> set[str]:
    """The options that carry a message."""
    return set(
        GiftOption.objects.filter(kind=GiftOption.Kind.CARD, is_active=True).values_list("name", flat=True)
    )


class GiftFields(forms.Form):
    """のし・ラッピング of one line, as part of a form. Each option of `offered` asks how many."""

    noshi = forms.ChoiceField(label="のし（水引）", choices=list(NOSHI.items()), required=False)
    side = forms.ChoiceField(label="掛け方", choices=list(SIDES.items()), required=False)
    omote = forms.CharField(
        label="表書き",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"list": "omote", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label="名入れ", max_length=40, required=False, help_text="連名は読点（、）で区切ります。"
    )
    message = forms.CharField(
        label="メッセージカード", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    suggestions = OMOTE
    offered: list[Chosen]

    def offer(self, offered: list[Chosen]) -> None:
        """Ask for these options, too. Called once, when the form is made."""
        self.offered = offered
        for no, one in enumerate(offered):
            field = QuantityField(
                label=f"{one.name}（{f'{one.yen:,}円' if one.yen else '無料'}）",
                minimum=0,
                maximum=9_999,
                required=False,
                initial=one.count or None,
            )
            field.widget.attrs["data-gift-yen"] = one.yen
            self.fields[f"option{no}"] = field

    @property
    def option_fields(self) -> list[Any]:
        return [self[f"option{no}"] for no in range(len(self.offered))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("omote") or data.get("name")) and not data.get("noshi"):
            self.add_error("noshi", "表書き・名入れをするときは、のしの種類を選んでください。")
        return data

    def gift(self) -> Gift:
        """What was chosen. Only after `is_valid`."""
        data = self.cleaned_data
        options = tuple(
            Chosen(one.name, one.yen, count)
            for no, one in enumerate(self.offered)
            if (count := data.get(f"option{no}") or 0)
        )
        side = data["side"] or "outer" if data["noshi"] else "outer"
        return Gift(
            data["noshi"], side, data["omote"].strip(), data["name"].strip(), options, data["message"].strip()
        )


class GiftForm(GiftFields, FreshForm):
    """のし・ラッピング of one line of an order: what was chosen at its price then, the rest at its price now."""

    def __init__(self, *args: Any, kept: Gift, **kwargs: Any) -> None:
        parts = ("noshi", "side", "omote", "name", "message")
        super().__init__(*args, initial={part: getattr(kept, part) for part in parts}, **kwargs)
        have = {one.name: one for one in kept.options}
        self.offer([*have.values(), *(one for one in offered_now() if one.name not in have)])


class GiftOptionForm(forms.ModelForm):
    """ギフトの選択肢."""

    price_yen = YenField(label="価格（税込・1 点）", maximum=999_999)

    class Meta:
        model = GiftOption
        fields = ["name", "kind", "price_yen", "is_active", "note"]
