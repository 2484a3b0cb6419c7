"""Forms of 送料表: its name and first day, the regions, what comes on top, what is free, the 代引手数料; and the trial."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.channels import queries as channels
from akinai.core import clock, postal
from akinai.shipping.fee_intake import prefectures_of
from akinai.shipping.fee_rules import TEMPERATURES
from akinai.shipping.models import CodFee, FeeSurcharge, FeeTable, FreeLine, ShippingFee
from akinai.shipping.models.fees import KINDS, MOST_YEN
from akinai.shipping.services import FeeParts
from akinai.shipping.services.fees import REGIONS
from akinai.ui.forms import DateField, YenField

PLACES = [("", "―"), *((name, name) for name in postal.PREFECTURES)]


def _prefix(text: str) -> str:
    digits = re.sub(r"[\s\-－‐]", "", text)
    if digits and not re.fullmatch(r"[0-9]{1,7}", digits, re.ASCII):
        raise ValidationError("郵便番号の先頭の 1〜7 桁の数字を入力してください。")
    return digits


class TableForm(forms.Form):
    """送料表の名前と適用開始日."""

    name = forms.CharField(label="名前", max_length=60, help_text="例: 2026年10月からの送料")
    valid_from = DateField(label="適用開始日", help_text="この日からの送料に使います。")
    note = forms.CharField(label="メモ", max_length=200, required=False)


class _Row(forms.Form):
    """A row of the page. One without its first field is skipped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
            field.widget.attrs["aria-label"] = field.label


class FeeRowForm(_Row):
    """送料 of one region."""

    region = forms.CharField(label="地域", max_length=30)
    prefectures = forms.CharField(label="都道府県", max_length=400)
    postal_prefix = forms.CharField(label="郵便番号の先頭", max_length=8)
    service = forms.ChoiceField(label="届け方", choices=KINDS)
    normal_yen = YenField(label="常温", maximum=MOST_YEN)
    chilled_yen = YenField(label="冷蔵", maximum=MOST_YEN)
    frozen_yen = YenField(label="冷凍", maximum=MOST_YEN)

    def clean_prefectures(self) -> list[str]:
        found, wrong = prefectures_of(self.cleaned_data["prefectures"])
        if wrong:
            raise ValidationError(f"「{wrong[0][:20]}」は都道府県の名前ではありません。")
        return found

    def clean_postal_prefix(self) -> str:
        return _prefix(self.cleaned_data["postal_prefix"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        prices = [data.get(name) for name in ("normal_yen", "chilled_yen", "frozen_yen")]
        if self.errors or not (data.get("region") or any(price is not None for price in prices)):
            return data
        if not data["region"]:
            self.add_error("region", "地域の名前を入力してください。")
        if not data["prefectures"] and not data["postal_prefix"]:
            self.add_error("prefectures", "都道府県か郵便番号を入力してください。")
        if all(price is None for price in prices):
            self.add_error("normal_yen", "常温・冷蔵・冷凍のどれかの送料を入力してください。")
        return data

    def row(self) -> ShippingFee | None:
        return ShippingFee(**self.cleaned_data) if self.cleaned_data.get("region") else None


class SurchargeRowForm(_Row):
    """送料の加算."""

    name = forms.CharField(label="名前", max_length=30)
    is_island = forms.BooleanField(label="離島")
    prefecture = forms.ChoiceField(label="都道府県", choices=PLACES)
    postal_prefix = forms.CharField(label="郵便番号の先頭", max_length=8)
    yen = YenField(label="加算", maximum=MOST_YEN)
    even_when_free = forms.BooleanField(label="送料無料でも")

    def clean_postal_prefix(self) -> str:
        return _prefix(self.cleaned_data["postal_prefix"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors or self._is_empty(data):
            return data
        if not data["name"]:
            self.add_error("name", "加算の名前を入力してください。")
        if not (data["is_island"] or data["prefecture"] or data["postal_prefix"]):
            self.add_error("prefecture", "離島・都道府県・郵便番号のどれかを選んでください。")
        if data.get("yen") is None:
            self.add_error("yen", "加算する額を入力してください。")
        return data

    def _is_empty(self, data: dict[str, Any]) -> bool:
        """Nothing was typed, be it that a new table had proposed a name."""
        return data.get("yen") is None and (not data.get("name") or not self.has_changed())

    def row(self) -> FeeSurcharge | None:
        return None if self._is_empty(self.cleaned_data) else FeeSurcharge(**self.cleaned_data)


class FreeRowForm(_Row):
    """送料無料ライン."""

    channel = forms.TypedChoiceField(label="店舗", coerce=int, empty_value=None)
    from_yen = YenField(label="商品代（税込）", maximum=MOST_YEN)
    covers_islands = forms.BooleanField(label="離島・沖縄も無料")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shops = [("", "すべての店舗"), *((pk, name) for pk, _, name in channels.every_id())]
        self.fields["channel"].choices = shops  # type: ignore[attr-defined]

    def row(self) -> FreeLine | None:
        told = self.cleaned_data
        if told.get("from_yen") is None:
            return None
        return FreeLine(
            channel_id=told["channel"], from_yen=told["from_yen"], covers_islands=told["covers_islands"]
        )


class CodRowForm(_Row):
    """代引手数料 of one step."""

    up_to_yen = YenField(label="代引金額", maximum=MOST_YEN)
    yen = YenField(label="手数料", maximum=MOST_YEN)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and data.get("up_to_yen") is not None and data.get("yen") is None:
            self.add_error("yen", "手数料を入力してください。")
        return data

    def row(self) -> CodFee | None:
        return CodFee(**self.cleaned_data) if self.cleaned_data.get("yen") is not None else None


class _Rows(forms.BaseFormSet):
    def rows(self) -> list[Any]:
        return [row for form in self.forms if (row := form.row())]


def _set(form: type[forms.Form], extra: int) -> Any:
    return forms.formset_factory(form, formset=_Rows, extra=extra, max_num=300, absolute_max=300)


FeeRows, SurchargeRows = _set(FeeRowForm, 2), _set(SurchargeRowForm, 1)
FreeRows, CodRows = _set(FreeRowForm, 1), _set(CodRowForm, 1)


class FeeTableForms:
    """The parts of the screen, validated together."""

    def __init__(self, data: Any = None, table: FeeTable | None = None) -> None:
        shown = _shown(table) if table else _usual()
        self.head = TableForm(data, prefix="head", initial=shown[0])
        self.fees, self.surcharges, self.free_lines, self.cod_fees = (
            make(data, prefix=prefix, initial=initial)
            for make, prefix, initial in zip(
                (FeeRows, SurchargeRows, FreeRows, CodRows), ("fees", "extras", "frees", "cods"), shown[1:], strict=True
            )
        )  # fmt: skip

    @property
    def sets(self) -> tuple[Any, ...]:
        return self.fees, self.surcharges, self.free_lines, self.cod_fees

    @property
    def invalid(self) -> list[Any]:
        """Parts with mistakes, for the summary above the form."""
        forms_ = [self.head, *(form for one in self.sets for form in one.forms)]
        return [form for form in forms_ if form.is_bound and form.errors]

    def is_valid(self) -> bool:
        return not [part for part in (self.head, *self.sets) if not part.is_valid()]

    def refuse(self, message: str) -> None:
        self.head.add_error(None, message)

    def told(self) -> dict[str, Any]:
        """What was entered, for the services. Only after `is_valid`."""
        parts = FeeParts(*(one.rows() for one in self.sets))
        return {**self.head.cleaned_data, "parts": parts}


type Shown = tuple[
    dict[str, Any], list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]
]


def _usual() -> Shown:
    """A new table: the regions as carriers divide them, the prices to be filled in."""
    head = {"valid_from": clock.today() + timedelta(days=1)}
    regions = [{"region": name, "prefectures": places.replace(" ", "・")} for name, places in REGIONS]
    return head, regions, [{"name": "離島", "is_island": True, "even_when_free": True}], [], []


def _shown(table: FeeTable) -> Shown:
    def rows(found: Any, form: type[forms.Form]) -> list[dict[str, Any]]:
        return [{name: getattr(one, name) for name in form.base_fields} for one in found]

    head = {name: getattr(table, name) for name in TableForm.base_fields}
    fees = [
        row | {"prefectures": fee.places}
        for fee, row in zip(table.fees.all(), rows(table.fees.all(), FeeRowForm), strict=True)
    ]
    frees = rows(table.free_lines.all(), FreeRowForm)
    for free in frees:
        free["channel"] = free["channel"].pk if free["channel"] else ""
    return (
        head,
        fees,
        rows(table.surcharges.all(), SurchargeRowForm),
        frees,
        rows(table.cod_fees.all(), CodRowForm),
    )


class TrialForm(forms.Form):
    """試算: what one parcel would cost by a table."""

    goods_yen = YenField(label="商品代（税込）", maximum=MOST_YEN, initial=3000)
    code = forms.CharField(label="郵便番号", max_length=10, required=False)
    prefecture = forms.ChoiceField(label="都道府県", choices=PLACES, required=False)
    temperature = forms.ChoiceField(label="温度帯", choices=list(TEMPERATURES.items()), required=False)
    service = forms.ChoiceField(label="届け方", choices=[("", "宅配便"), *KINDS[2:]], required=False)
    channel = forms.ChoiceField(label="店舗", required=False)
    is_cod = forms.BooleanField(label="代引", required=False)

    def __init__(self, *args: Any, shops: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [("", "どの店舗でもない"), *shops]  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        text = self.cleaned_data["code"].strip()
        try:
            return postal.parse_postal_code(text) if text else ""
        except postal.NotAPostalCode as error:
            raise ValidationError("郵便番号を 7 桁の数字で入力してください。") from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("code") or data.get("prefecture") or self.errors):
            self.add_error("prefecture", "郵便番号か都道府県を入力してください。")
        return data
