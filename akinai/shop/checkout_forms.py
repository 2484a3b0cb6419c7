"""お届け・お支払いの入力."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.orders.gift_forms import GiftFields, card_names, offered_now
from akinai.orders.gifts import Chosen, Gift
from akinai.shop.delivery import DAYS_FOR_MONEY, Choices
from akinai.shop.paying import Offer
from akinai.ui.formats import jdate
from akinai.ui.forms import QuantityField


class DeliveryForm(forms.Form):
    """お届け・お支払い. Only what can be kept and what is offered may be chosen."""

    delivery_on = forms.ChoiceField(label="お届け希望日", required=False)
    delivery_slot = forms.ChoiceField(label="時間帯", required=False)
    payment = forms.ChoiceField(
        label="お支払い方法",
        widget=forms.RadioSelect,
        error_messages={"required": "お支払い方法を選んでください。"},
    )
    points_yen = QuantityField(label="使うポイント", required=False, minimum=0, maximum=9_999_999)
    note = forms.CharField(
        label="お店への連絡", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="配送についてのご希望など。のし・ラッピングは商品ごとにお選びいただけます。",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        choices: Choices,
        offers: Sequence[Offer],
        points: int,
        least_points: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choices, self.offers = choices, {one.kind: one for one in offers}
        self.points, self.least_points = points, least_points
        fields: dict[str, Any] = self.fields
        fields["delivery_on"].choices = choices.day_choices
        fields["delivery_slot"].choices = choices.slot_choices
        fields["payment"].choices = [(one.kind, one.title) for one in offers]
        fields["delivery_on"].error_messages["invalid_choice"] = (
            "この日にはお届けできません。別の日をお選びください。"
        )
        fields["delivery_slot"].error_messages["invalid_choice"] = "この時間帯はご指定いただけません。"
        fields["payment"].error_messages["invalid_choice"] = "このお支払い方法は、いまご利用いただけません。"
        if points < least_points:
            del self.fields["points_yen"]
        elif least_points > 1:
            fields["points_yen"].help_text = f"{least_points:,} ポイントからお使いいただけます。"

    def clean_payment(self) -> str:
        kind: str = self.cleaned_data["payment"]
        if refusal := self.offers[kind].refusal:
            raise ValidationError(f"{self.offers[kind].title}: {refusal}")
        return kind

    def clean_points_yen(self) -> int:
        wanted: int = self.cleaned_data["points_yen"] or 0
        if wanted > self.points:
            raise ValidationError(f"お使いいただけるポイントは {self.points:,} です。")
        if 0 < wanted < self.least_points:
            raise ValidationError(f"ポイントは {self.least_points:,} ポイントからお使いいただけます。")
        return wanted

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        wish, kind = data.get("delivery_on"), data.get("payment")
        first = self.choices.first_prepaid()
        if wish and kind and first and self.offers[kind].is_prepaid and date.fromisoformat(wish) < first:
            self.add_error(
                "delivery_on",
                f"{self.offers[kind].title}はご入金の確認後の出荷です。{jdate(first)} 以降（最短の {DAYS_FOR_MONEY} 日後から）をお選びください。",
            )
        return data

    @property
    def told(self) -> dict[str, Any]:
        """As it is kept. Only after `is_valid`."""
        data = self.cleaned_data
        return {
            "delivery_on": data["delivery_on"], "delivery_slot": data["delivery_slot"], "payment": data["payment"],
            "points_yen": data.get("points_yen") or 0, "note": data["note"].strip(),
        }  # fmt: skip


class GiftForm(GiftFields):
    """のし・ラッピング of one line of the cart, at the prices of now."""

    def __init__(
        self, *args: Any, kept: Gift, offered: Sequence[Chosen] | None = None, **kwargs: Any
    ) -> None:
        parts = ("noshi", "side", "omote", "name", "message")
        kwargs["initial"] = {part: getattr(kept, part) for part in parts}
        super().__init__(*args, **kwargs)
        have = {one.name: one.count for one in kept.options}
        now = offered_now() if offered is None else offered
        self.offer([Chosen(one.name, one.yen, have.get(one.name, 0)) for one in now])
        self.fields["message"].label = "メッセージカードの文面"

    def clean(self) -> dict[str, Any]:
        """A message is written on a card, and a card has its price: nobody gets one that was not chosen."""
        data = super().clean()
        if data.get("message", "").strip() and not self.errors:
            cards = card_names()
            asked = [no for no, one in enumerate(self.offered) if one.name in cards]
            if asked and not any(data.get(f"option{no}") for no in asked):
                self.add_error(
                    f"option{asked[0]}", "メッセージをお入れする場合は、カードの数を入力してください。"
                )
        return data
