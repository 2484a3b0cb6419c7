"""The forms of 定期購入: who, what, how often; and the small ones of its acts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from akinai.core import clock
from akinai.orders.entry_forms import PAYMENTS, EntryLines, ShipToForm
from akinai.orders.forms import SLOTS, AddressForm
from akinai.orders.intervals import LAST, WEEKDAYS, Interval
from akinai.orders.models import Subscription
from akinai.orders.services.subscriptions import Terms
from akinai.orders.states import IntervalKind, PaymentKind
from akinai.ui.forms import DateField, QuantityField, YenField

WEEKS = [(nth, f"第{nth}") for nth in range(1, LAST)] + [(LAST, "最終")]


class PlanForm(forms.Form):
    """間隔・お届け・支払い."""

    interval_kind = forms.ChoiceField(label="お届けの間隔", choices=IntervalKind.choices)
    every = QuantityField(
        label="いくつごと", maximum=366, help_text="30日ごとは 30、2週間ごとは 2、毎月は 1。"
    )
    month_day = QuantityField(
        label="毎月の日", maximum=31, required=False, help_text="31 は月末。「毎月○日」のとき。"
    )
    week = forms.TypedChoiceField(label="第何週", choices=WEEKS, coerce=int, required=False)
    weekday = forms.TypedChoiceField(label="曜日", choices=list(enumerate(WEEKDAYS)), coerce=int, required=False)  # fmt: skip
    first_on = DateField(label="次のお届け日")
    delivery_slot = forms.ChoiceField(label="お届け時間帯", choices=SLOTS, required=False)
    days_before = QuantityField(
        label="受注をつくる日", minimum=0, maximum=30, help_text="お届けの何営業日前か。土日祝は数えません。"
    )
    notice_days = QuantityField(
        label="お知らせ", minimum=0, maximum=30, help_text="受注をつくる何日前に送るか。0 は送りません。"
    )
    to_other = forms.BooleanField(label="送付先は注文者と違う", required=False)
    payment = forms.ChoiceField(label="支払方法", choices=PAYMENTS)
    shipping_yen = YenField(
        label="送料", required=False, help_text="空欄なら、毎回その日の送料表の額。入れた額は毎回同じです。"
    )
    cod_fee_yen = YenField(label="代引手数料", required=False, help_text="空欄なら、毎回その日の送料表の額。")
    price_is = forms.ChoiceField(label="価格", choices=Subscription.Price.choices)
    discount_percent = QuantityField(label="毎回の割引", minimum=0, maximum=100, required=False)
    first_percent = QuantityField(
        label="初回の割引", minimum=0, maximum=100, required=False, help_text="空欄なら、毎回の割引と同じ。"
    )
    least_turns = QuantityField(
        label="最低の回数", minimum=0, maximum=99, required=False, help_text="お約束した回数。なければ空欄。"
    )
    shop_note = forms.CharField(
        label="店舗メモ", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for name in (
            "discount_percent",
            "least_turns",
            "month_day",
            "week",
            "weekday",
        ):
            told[name] = told.get(name) or 0
        if told.get("cod_fee_yen") and told.get("payment") != PaymentKind.COD:
            self.add_error("cod_fee_yen", "代引手数料は代金引換のときだけ入力します。")
        if {"every", "interval_kind"} <= told.keys() and (problem := self.interval(told).problem()):
            self.add_error("month_day" if "日は" in problem else "every", problem)
        return told

    @staticmethod
    def interval(told: dict[str, Any]) -> Interval:
        """間隔 of what was typed: only what its kind asks for."""
        kind = told["interval_kind"]
        day = told["month_day"] if kind == IntervalKind.MONTH_DAY else 0
        is_week = kind == IntervalKind.MONTH_WEEK
        return Interval(
            kind, told["every"], day, told["week"] if is_week else 0, told["weekday"] if is_week else 0
        )


TERMS = (
    "payment", "first_on", "delivery_slot", "shipping_yen", "cod_fee_yen", "days_before", "notice_days", "price_is",
    "discount_percent", "first_percent", "least_turns", "shop_note",
)  # fmt: skip


class SubscriptionForms:
    """The parts of the screen, validated together."""

    def __init__(
        self, data: Any = None, terms: Terms | None = None, *, version: int | None = None, lines: Any = None
    ) -> None:
        usual = {
            "interval_kind": IntervalKind.MONTH_DAY, "every": 1, "month_day": 10, "week": 1, "days_before": 3, "notice_days": 5,
            "first_on": clock.today() + timedelta(days=14),
        }  # fmt: skip
        buyer = _shown(terms.buyer) if terms else {}
        self.buyer = AddressForm(data, prefix="buyer", initial=buyer)
        self.ship_to = ShipToForm(data, prefix="ship", initial=_shown(terms.ship_to) if terms else {})
        self.lines: Any = EntryLines(data, prefix="lines", initial=lines)
        self.plan = PlanForm(
            data, prefix="plan", initial=usual | (_plan(terms) if terms else {}) | {"seen": version}
        )

    @property
    def to_other(self) -> bool:
        return bool(self.plan["to_other"].value())

    @property
    def parts(self) -> list[Any]:
        return [self.buyer, self.plan, *([self.ship_to] if self.to_other else [])]

    @property
    def invalid(self) -> list[Any]:
        return [part for part in self.parts if part.is_bound and part.errors]

    def is_valid(self) -> bool:
        return not [part for part in [*self.parts, self.lines] if not part.is_valid()]

    def refuse(self, message: str) -> None:
        """What the service would not do, as an error of the form."""
        self.plan.add_error(None, message)

    def terms(self) -> Terms:
        """Only after `is_valid`."""
        told = self.plan.cleaned_data
        ship_to = self.ship_to.address() if self.to_other else self.buyer.address()
        return Terms(
            buyer=self.buyer.address(), ship_to=ship_to, lines=self.lines.lines(), interval=PlanForm.interval(told),
            **{name: told[name] for name in TERMS},
        )  # fmt: skip


def _shown(address: Any) -> dict[str, Any]:
    from akinai.core import postal

    fields = {name: getattr(address, name) for name in AddressForm.base_fields}
    if not fields["prefecture"]:  # an order keeps the buyer's address in one piece
        fields["prefecture"], fields["city"], fields["line1"] = postal.split(
            address.line1, address.postal_code
        )
    return fields | {"postal_code": postal.formatted(address.postal_code)}


def _plan(terms: Terms) -> dict[str, Any]:
    interval = terms.interval
    return {name: getattr(terms, name) for name in TERMS} | {
        "interval_kind": interval.kind, "every": interval.every, "month_day": interval.day or None, "week": interval.week,
        "weekday": interval.weekday, "to_other": _shown(terms.buyer) | {"email": ""} != _shown(terms.ship_to) | {"email": ""},
    }  # fmt: skip


class TurnForm(forms.Form):
    """The turn that was shown."""

    turn = forms.IntegerField(widget=forms.HiddenInput)


class SkipForm(TurnForm):
    """次の回を休む."""

    reason = forms.CharField(label="理由（任意）", max_length=200, required=False)


class MoveForm(TurnForm):
    """次のお届け日を動かす."""

    to = DateField(label="新しいお届け日")


class ResumeForm(forms.Form):
    """再開する."""

    next_on = DateField(label="次のお届け日")


class PauseForm(forms.Form):
    """休止する."""

    reason = forms.CharField(label="理由（任意）", max_length=200, required=False)


class EndForm(forms.Form):
    """終了する."""

    reason = forms.CharField(label="終了の理由", max_length=200)
    despite_least = forms.BooleanField(label="最低の回数に足りなくても終了する", required=False)
