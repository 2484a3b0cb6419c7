"""漏れの担当と期限の入力."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from akinai.staff import queries as staff
from akinai.staff.roles import ROLES
from akinai.ui.forms import QuantityField

if TYPE_CHECKING:
    from akinai.staff.models import Staff


class LimitForm(forms.Form):
    """担当と期限."""

    role = forms.ChoiceField(label="担当の役割", choices=[(role, role) for role in ROLES])
    owner = forms.ChoiceField(
        label="担当者", required=False, choices=lambda: [("", "役割の全員"), *staff.choices()],
        help_text="決めると、期限を過ぎたときにこの人へメールします。",
    )  # fmt: skip
    limit_days = QuantityField(label="期限", minimum=0, maximum=365, help_text="この日数より長く残ったものを、期限超過とします。0 は当日中。")  # fmt: skip
    is_mailed = forms.BooleanField(label="期限を過ぎたらメールで知らせる", required=False)

    def clean_owner(self) -> Staff | None:
        return staff.by_id(int(self.cleaned_data["owner"])) if self.cleaned_data["owner"] else None
