"""Forms of 要確認の規則: what stands around the condition, the period of a back-test."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from akinai.core import clock
from akinai.orders.check_rules.judging import holes
from akinai.orders.models import CheckRule
from akinai.orders.services.check_rules import About
from akinai.orders.states import CheckAction
from akinai.staff.roles import ROLES
from akinai.ui.forms import DateField, QuantityField

OWNERS = [("", "決めない"), *((role, role) for role in ROLES)]


class AboutForm(forms.Form):
    """順番・担当・期限."""

    priority = QuantityField(
        label="順番", minimum=0, maximum=999, help_text="小さい番号の規則の理由が先に出ます。"
    )
    owner_role = forms.ChoiceField(label="確認する担当", choices=OWNERS, required=False)
    limit_hours = QuantityField(
        label="確認の期限", minimum=1, maximum=720, required=False, help_text="これより長く止まると遅れです。"
    )

    def about(self, name: str = "") -> About:
        """Only after `is_valid`."""
        told = self.cleaned_data
        return About(told.get("name", name), told["priority"], told["owner_role"], told["limit_hours"])

    @staticmethod
    def shown(rule: CheckRule) -> dict[str, Any]:
        return {
            "name": rule.name, "priority": rule.priority, "owner_role": rule.owner_role, "limit_hours": rule.limit_hours,
        }  # fmt: skip


class CheckRuleForm(AboutForm):
    """規則: everything but the condition itself, which the rows say."""

    name = forms.CharField(label="規則の名前", max_length=60)
    action = forms.ChoiceField(
        label="あてはまったとき",
        choices=CheckAction.choices,
        widget=forms.RadioSelect,
        initial=CheckAction.HOLD,
    )
    reason = forms.CharField(
        label="止めたときの説明", max_length=200, required=False,
        help_text="空欄なら、名前とあてはまった値を書きます。【請求金額】のように書くと、その受注の値が入ります。",
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ["name", "action", "reason", "priority", "owner_role", "limit_hours", "seen"]

    def clean_reason(self) -> str:
        text = str(self.cleaned_data["reason"]).strip()
        if wrong := holes(text):
            raise forms.ValidationError(
                f"【{wrong[0]}】は使えません。条件の主語の名前（例: 【請求金額】【備考】）か【基準】【語句】にしてください。"
            )
        return text


class PeriodForm(forms.Form):
    """試す期間."""

    first_on = DateField(label="はじめ")
    last_on = DateField(label="おわり")

    @staticmethod
    def usual() -> dict[str, Any]:
        """The last 90 days."""
        today = clock.today()
        return {"first_on": today - timedelta(days=89), "last_on": today}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        first, last = told.get("first_on"), told.get("last_on")
        if first and last and first > last:
            self.add_error("last_on", "おわりは、はじめと同じ日か後の日にしてください。")
        return told
