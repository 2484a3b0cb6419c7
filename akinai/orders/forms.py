"""Forms of the order desk (受注の入力)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils import timezone

from akinai.core import postal
from akinai.core.errors import DomainError
from akinai.orders import services
from akinai.orders.models import HoldRule, Order, ReleaseRule
from akinai.orders.ports import Address
from akinai.orders.rules import Rule
from akinai.orders.services.editing import AMOUNTS
from akinai.orders.states import DELIVERY_SLOTS, PaymentKind
from akinai.ui.forms import DateField, QuantityField, YenField

SLOTS = [("", "指定なし"), *DELIVERY_SLOTS.items()]
CARRIERS = [("", "既定"), ("yamato", "ヤマト運輸"), ("sagawa", "佐川急便"), ("japanpost", "日本郵便")]


class ReasonForm(forms.Form):
    """理由."""

    reason = forms.CharField(label="理由", max_length=200)


def due_moment(day: date | None, at: time | None) -> datetime | None:
    """期限, in the morning where no time is given."""
    return timezone.make_aware(datetime.combine(day, at or time(9))) if day else None


class DueTimeForm(forms.Form):
    """保留の期限と解除のしかた."""

    due_on = DateField(label="期限の日", required=False)
    due_time = forms.TimeField(
        label="時刻", required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    release_rule = forms.ChoiceField(label="解除", choices=ReleaseRule.choices, required=False)

    def due_at(self) -> datetime | None:
        """The moment that was entered. Only after `is_valid`."""
        return due_moment(self.cleaned_data.get("due_on"), self.cleaned_data.get("due_time"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (
            data.get("release_rule") == ReleaseRule.AT_TIME
            and not data.get("due_on")
            and "due_on" not in self.errors
        ):
            self.add_error("due_on", "自動で解除する日を入力してください。")
        return data


class HoldForm(DueTimeForm):
    """保留にする."""

    reason = forms.CharField(label="理由", max_length=200)
    field_order = ("reason", "due_on", "due_time", "release_rule")


class ReleaseForm(forms.Form):
    """解除のメモ, and the holds that were on the screen."""

    note = forms.CharField(label="メモ", max_length=200, required=False)

    def holds(self) -> list[int] | None:
        """The holds that were shown; None when the sender does not say."""
        sent = self.data.getlist("hold") if hasattr(self.data, "getlist") else []
        return [int(pk) for pk in sent if pk.isascii() and pk.isdigit() and len(pk) < 19] if sent else None


class SettleForm(forms.Form):
    """どこで決済を確かめたか."""

    note = forms.CharField(
        label="確かめた方法", max_length=200, help_text="例: 楽天ペイの管理画面で決済済みを確認"
    )


class RepeatsForm(forms.Form):
    """重複した明細を外す, for many orders at once."""

    which = forms.ChoiceField(
        label="商品コードだけ違う明細があるとき", required=False, initial="",
        choices=[("", "対象にしない（1 件ずつ選ぶ）"), ("first", "先に書かれている明細を残す"), ("last", "後に書かれている明細を残す")],
        help_text="外すと合計が商品代と合う受注だけが変わります。ほかの受注はそのまま残り、番号をお知らせします。外した明細は、出荷前なら受注の画面で戻せます。",
    )  # fmt: skip


class AssignSkuForm(forms.Form):
    """商品を選ぶ."""

    sku = forms.CharField(label="SKUコードまたはJAN", max_length=120)
    remember = forms.BooleanField(label="今後もこのコードはこの商品", required=False, initial=True)


class LineForm(forms.Form):
    """明細を直す. `was_…`: what the clerk saw."""

    quantity = QuantityField(label="数量", minimum=0, maximum=99_999)
    unit_price_yen = YenField(label="単価", maximum=99_999_999)
    was_quantity = forms.IntegerField(required=False)
    was_price = forms.IntegerField(required=False)

    def was(self) -> tuple[int, int] | None:
        """(quantity, price) as they were shown. Only after `is_valid`."""
        shown = self.cleaned_data["was_quantity"], self.cleaned_data["was_price"]
        return None if None in shown else shown


class DueForm(forms.Form):
    """入金期限を延ばす."""

    due_on = DateField(label="新しい入金期限")


class NoteForm(forms.Form):
    """店舗メモ."""

    shop_note = forms.CharField(
        label="店舗メモ",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "aria-label": "店舗メモ"}),
    )
    before = forms.CharField(required=False, widget=forms.HiddenInput)


class FreshForm(forms.Form):
    """A correction of an order that somebody else may be correcting, too: `seen` is the version that was shown.

    When it is another one by now, the form is shown again with what happened; sending it once more is a decision.
    """

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order

    def tries(self, act: Callable[[], Any]) -> bool:
        """Did the act succeed? A refusal becomes an error of the form, so that nothing typed is lost."""
        try:
            act()
        except DomainError as refusal:
            self.add_error(None, f"{refusal.message}{refusal.way_out}")
            return False
        return True

    def seen(self) -> str:
        """The version that the clerk saw, '' when the sender does not say."""
        return str(self.data.get("seen", ""))[:64]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.seen() and self.seen() != services.version(self.order):
            raise ValidationError(
                f"{services.stale(self.order)}今の内容を確かめて、よければもう一度保存してください。"
            )
        return data


class PaymentForm(FreshForm):
    """支払方法を決める."""

    payment = forms.ChoiceField(
        label="支払方法", choices=[c for c in PaymentKind.choices if c[0] != PaymentKind.UNKNOWN]
    )
    is_settled = forms.BooleanField(label="決済済み（入金をほかの場所で確かめた）", required=False)


class AmountsForm(FreshForm):
    """金額を直す. Goods are the sum of the lines and not asked for."""

    shipping_yen = YenField(label="送料")
    cod_fee_yen = YenField(label="代引手数料")
    payment_fee_yen = YenField(label="決済手数料")
    wrapping_yen = YenField(label="ラッピング料")
    outer_tax_yen = YenField(label="外税")
    adjustment_yen = YenField(label="調整額", minimum=None, help_text="マイナスは ▲ または - を付けます。")
    discount_yen = YenField(label="値引・クーポン", help_text="引く金額を正の数で入力します。")
    points_yen = YenField(label="ポイント利用", help_text="引く金額を正の数で入力します。")
    reason = forms.CharField(label="直す理由", max_length=200)

    def amounts(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in AMOUNTS if name in self.cleaned_data}


class AddressForm(forms.Form):
    """住所. Leaving out what the postal code tells is fine: it is filled in."""

    name = forms.CharField(label="お名前", max_length=100)
    kana = forms.CharField(label="フリガナ", max_length=100, required=False)
    company = forms.CharField(label="会社名", max_length=100, required=False)
    postal_code = forms.CharField(
        label="郵便番号", max_length=12,
        widget=forms.TextInput(attrs={
            "data-postal": reverse_lazy("orders:towns"), "inputmode": "numeric", "autocomplete": "off",
        }),
    )  # fmt: skip
    prefecture = forms.ChoiceField(
        label="都道府県", choices=[("", "―"), *((name, name) for name in postal.PREFECTURES)], required=False
    )
    city = forms.CharField(label="市区町村・町名", max_length=100, required=False)
    line1 = forms.CharField(label="番地", max_length=200)
    line2 = forms.CharField(label="建物・部屋番号", max_length=200, required=False)
    phone = forms.CharField(label="電話番号", max_length=30)
    email = forms.EmailField(label="メールアドレス", max_length=254, required=False)

    def clean_postal_code(self) -> str:
        try:
            code = postal.parse_postal_code(self.cleaned_data["postal_code"])
        except postal.NotAPostalCode as error:
            raise ValidationError(str(error))
        if not postal.lookup(code):
            raise ValidationError(
                f"郵便番号 {postal.formatted(code)} は存在しません。番号を確かめてください。"
            )
        return code

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        if not 9 <= len(re.sub(r"\D", "", phone)) <= 15:
            raise ValidationError("電話番号は市外局番から入力してください。")
        return phone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        towns = postal.lookup(data.get("postal_code", ""))
        if towns and not data.get("prefecture"):
            data["prefecture"] = towns[0].prefecture
        if towns and not data.get("city"):
            data["city"] = f"{towns[0].city}{towns[0].town}"
        if towns and data["prefecture"] not in {town.prefecture for town in towns}:
            self.add_error("prefecture", f"郵便番号は{towns[0].prefecture}です。どちらかを直してください。")
        return data

    def address(self) -> Address:
        """The address as entered. Only after `is_valid`."""
        return Address(**{name: self.cleaned_data.get(name, "") for name in AddressForm.base_fields})


class DeliveryForm(FreshForm, AddressForm):
    """お届け先・お届け希望."""

    delivery_on = DateField(label="お届け希望日", required=False)
    delivery_slot = forms.ChoiceField(label="お届け時間帯", choices=SLOTS, required=False)
    carrier = forms.ChoiceField(label="運送会社", choices=CARRIERS, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["email"]


class HoldRuleForm(forms.ModelForm):
    """組み込みの規則: whether it is used, and its days where it has any."""

    class Meta:
        model = HoldRule
        fields = ["is_enabled", "limit_days"]

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if rule.has_limit_days:
            self.fields["limit_days"].required = True
        else:
            del self.fields["limit_days"]
