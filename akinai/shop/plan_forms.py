"""定期便の入力."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.catalog import queries as catalog
from akinai.shop.models import PlanOffer
from akinai.shop.models.plans import MOST_OFF, PLANS
from akinai.ui.forms import QuantityField


class PlanOfferForm(forms.ModelForm):
    """定期便. The product stays; for another one there is another offer."""

    code = forms.CharField(label="商品コード", max_length=120, help_text="商品コード・商品番号・JAN。")
    percent = QuantityField(
        label="割引", minimum=0, maximum=MOST_OFF, help_text="1 回目から毎回。0 は割引なし。"
    )
    plans = forms.MultipleChoiceField(
        label="選べるお届けの間隔", choices=list(PLANS.items()), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "お届けの間隔を 1 つ以上選んでください。"},
    )  # fmt: skip
    least_turns = QuantityField(
        label="お約束の回数", minimum=1, maximum=12, help_text="1 は、いつでも解約できる定期便です。2 以上は、商品ページと最終確認に出ます。"
    )  # fmt: skip

    class Meta:
        model = PlanOffer
        fields = ["percent", "plans", "least_turns", "is_on"]

    field_order = ["code"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True
            self.initial["code"] = self.instance.product.code

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        if self.instance.pk:
            return code
        found = catalog.product_ids_by_code([code]).get(code)
        if found is None:
            raise ValidationError(f"商品コード「{code}」は登録されていません。商品一覧で確かめてください。")
        if PlanOffer.objects.filter(product=found).exists():
            raise ValidationError("この商品の定期便はすでにあります。一覧から開いて直してください。")
        self.instance.product_id = found
        return code
