"""Forms of shipping (出荷の入力)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from akinai.shipping import parting, queries, rules
from akinai.shipping.ports import PICKUP, Setting
from akinai.shipping.states import Service, Temperature
from akinai.ui.forms import DateField, QuantityField

PREFIX = "set_"  # of the fields that a carrier's door declares


def _carriers() -> list[tuple[str, str]]:
    return [("", "受注の指定・既定の運送会社"), *queries.carrier_choices()]


class InstructForm(forms.Form):
    """出荷指示."""

    ship_on = DateField(label="出荷予定日")
    carrier = forms.ChoiceField(
        label="運送会社",
        required=False,
        choices=_carriers,
        help_text="選ぶと、すべての受注をこの運送会社で出荷します。",
    )
    drop_missed_days = forms.BooleanField(
        label="間に合わないお届け希望日は、指定なしで出荷する",
        required=False,
        help_text="お届け希望日が出荷予定日かその前の受注だけが対象です。お客様に知らせてから選んでください。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ship_on"].initial = timezone.localdate()


class PartForm(InstructForm):
    """分納: how many of each line leave now. `lines`: (order line, its name on the form, how many may leave)."""

    def __init__(self, *args: Any, lines: Sequence[parting.Leaving], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carrier"].help_text = ""
        self.lines = lines
        for one in lines:
            self.fields[f"n{one.line.pk}"] = QuantityField(
                label=one.line.name[:60], minimum=0, maximum=one.free, required=False, initial=one.free
            )

    @property
    def rows(self) -> list[tuple[parting.Leaving, Any]]:
        return [(one, self[f"n{one.line.pk}"]) for one in self.lines]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.pieces():
            self.add_error(None, "出荷する数量がありません。1 点以上の数量を入れてください。")
        return data

    def pieces(self) -> dict[int, int]:
        """Order line → pieces, of those with any."""
        found = {one.line.pk: self.cleaned_data.get(f"n{one.line.pk}") or 0 for one in self.lines}
        return {pk: count for pk, count in found.items() if count}


class CarrierForm(forms.Form):
    """運送会社の変更."""

    carrier = forms.ChoiceField(label="運送会社", choices=queries.carrier_choices)


class LabelForm(forms.Form):
    """送り状の内容."""

    carrier = forms.ChoiceField(label="運送会社", choices=queries.carrier_choices)
    service = forms.ChoiceField(
        label="届け方", choices=[choice for choice in Service.choices if choice[0] != Service.COD]
    )
    parcel_count = QuantityField(label="個口数", minimum=1, maximum=99)
    temperature = forms.ChoiceField(label="温度帯", choices=Temperature.choices, required=False)
    ship_on = DateField(label="出荷予定日")
    delivery_on = DateField(label="お届け希望日", required=False)
    delivery_slot = forms.ChoiceField(
        label="お届け時間帯", required=False, choices=[("", "指定なし"), *rules.SLOTS.items()]
    )
    label_note = forms.CharField(
        label="送り状の記事",
        max_length=22,
        required=False,
        help_text="送り状に印字する短い言葉です。22文字まで。",
    )
    is_fragile = forms.BooleanField(label="ワレ物注意", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        ship_on, delivery_on = data.get("ship_on"), data.get("delivery_on")
        if ship_on and delivery_on and delivery_on <= ship_on:
            self.add_error("delivery_on", "出荷予定日より後の日を入力してください。")
        return data


class DeliverForm(forms.Form):
    """配達完了."""

    on = DateField(label="配達日")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()


class TrackingForm(forms.Form):
    """送り状番号."""

    numbers = forms.CharField(
        label="送り状番号",
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "inputmode": "numeric"}),
        help_text="複数の個口は改行かスペースで区切ります。",
    )

    def clean_numbers(self) -> list[str]:
        return [part for part in re.split(r"[\s,、]+", self.cleaned_data["numbers"]) if part]


class UnshipForm(forms.Form):
    """出荷取消."""

    reason = forms.CharField(
        label="取り消す理由", max_length=150, help_text="例：確定する出荷を間違えた、荷物がまだ倉庫にある"
    )


class NoteForm(forms.Form):
    """どのように連絡したか."""

    note = forms.CharField(label="連絡の方法", max_length=200, help_text="例：電話で連絡、はがきを郵送")


class AccountForm(forms.Form):
    """運送会社との契約: the settings its door declares, then what every carrier has."""

    tracking_url = forms.CharField(
        label="追跡ページのURL",
        max_length=200,
        required=False,
        help_text="{no} が送り状番号に変わります。空欄なら標準のURLを使います。",
    )
    is_default = forms.BooleanField(label="既定の運送会社にする", required=False)

    def __init__(self, *args: Any, declared: Sequence[Setting] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.declared = declared
        for setting in declared:
            self.fields[PREFIX + setting.name] = _field(setting)

    @property
    def of_the_door(self) -> list[tuple[forms.BoundField, bool]]:
        """(field, wide?) of what the door declares."""
        return [(self[PREFIX + one.name], one.is_long) for one in self.declared if one is not PICKUP]

    @property
    def pickup(self) -> forms.BoundField:
        """集荷時刻."""
        return self[PREFIX + PICKUP.name]

    @property
    def settings(self) -> dict[str, str]:
        """The door's settings as entered, by name; for a valid form."""
        return {one.name: self.cleaned_data[PREFIX + one.name] for one in self.declared}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for setting in self.declared:
            if PREFIX + setting.name in self.errors:
                continue
            try:
                data[PREFIX + setting.name] = setting.read(data.get(PREFIX + setting.name, ""))
            except ValueError as reason:
                self.add_error(PREFIX + setting.name, str(reason))
        return data

    def clean_tracking_url(self) -> str:
        url: str = self.cleaned_data["tracking_url"].strip()
        if url and not re.fullmatch(r"https?://\S+", url):
            raise forms.ValidationError("https:// で始まるURLを入力してください。")
        if url and "{no}" not in url:
            raise forms.ValidationError("送り状番号が入る場所に {no} を書いてください。")
        return url


def _field(setting: Setting) -> forms.Field:
    """One declared setting as a form field. Whether the text is right is for the setting itself to say."""
    common: dict[str, Any] = {"label": setting.label, "help_text": setting.help, "initial": setting.default}
    if setting.choices:
        wrong = {"invalid_choice": f"{setting.label}を選んでください。"}
        return forms.ChoiceField(choices=setting.choices, required=False, error_messages=wrong, **common)
    widget: forms.Widget = forms.TextInput(attrs={"autocomplete": "off"})
    if setting.is_long:
        widget = forms.Textarea(attrs={"rows": 6, "class": "mono"})
    return forms.CharField(
        widget=widget,
        max_length=8000,
        required=setting.is_required,
        error_messages={"required": f"{setting.label}を入力してください。"},
        **common,
    )
