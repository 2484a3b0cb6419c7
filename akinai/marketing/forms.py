"""クーポンとポイントの入力."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.catalog import queries as catalog
from akinai.channels import queries as channels
from akinai.marketing.models import Coupon, CouponCode, PointSettings
from akinai.marketing.rules import fold
from akinai.marketing.services.making import MOST
from akinai.party import queries as party
from akinai.ui.forms import DateField, QuantityField, YenField

NO_LIMIT = "空欄なら制限なし。"


class CouponForm(forms.ModelForm):
    """クーポン. The code stays once it was used, because orders and printed papers keep it."""

    kind = forms.ChoiceField(label="種類", choices=Coupon.Kind.choices)
    amount = QuantityField(label="値引", required=False, minimum=0, maximum=9_999_999, help_text="円、または％。送料無料では使いません。")  # fmt: skip
    cap_yen = YenField(
        label="値引の上限", required=False, minimum=1, help_text="％引きのとき。空欄なら上限なし。"
    )
    minimum_yen = YenField(label="最低購入額", required=False, help_text="対象の商品の税込の合計。")
    starts_on = DateField(label="開始日", required=False)
    ends_on = DateField(label="終了日", required=False, help_text="この日まで使えます。")
    total_limit = QuantityField(label="全体の上限", required=False, help_text=NO_LIMIT)
    person_limit = QuantityField(label="1人の上限", required=False, help_text=NO_LIMIT)
    code_days = QuantityField(label="コードの有効日数", required=False, maximum=3650, help_text="アンケートのお礼などで渡した日から。空欄なら終了日まで。")  # fmt: skip
    channels = forms.MultipleChoiceField(
        label="使える店舗", required=False, choices=channels.choices, widget=forms.CheckboxSelectMultiple,
        help_text="選ばなければ、すべての店舗。",
    )  # fmt: skip
    goods = forms.CharField(
        label="対象の商品", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="商品コードを 1 行に 1 つ。空欄で、カテゴリも選ばなければ、すべての商品。",
    )  # fmt: skip

    class Meta:
        model = Coupon
        fields = [
            "code", "name", "kind", "amount", "cap_yen", "minimum_yen", "starts_on", "ends_on", "total_limit", "person_limit",
            "channels", "categories", "for_first_order", "combinable", "by_code_only", "code_days", "is_active", "note",
        ]  # fmt: skip
        widgets = {"categories": forms.CheckboxSelectMultiple, "note": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "code": "お客様が入力します。大文字・小文字、全角・半角は区別しません。",
            "by_code_only": "チェックすると、このコードの代わりに「コードの束」で作った 1 回限りのコードだけを受け付けます。",
        }
        error_messages = {"code": {"unique": "このコードはすでに使われています。別のコードにしてください。"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["goods"] = "\n".join(
                self.instance.products.order_by("code").values_list("code", flat=True)
            )
            self.fields["code"].disabled = bool(self.instance.used)

    def clean_code(self) -> str:
        code = fold(self.cleaned_data["code"])
        if CouponCode.objects.filter(code=code).exists():
            raise ValidationError("1 回限りのコードと同じです。別のコードにしてください。")
        return code

    def clean_goods(self) -> list[int]:
        codes = [code for line in self.cleaned_data["goods"].splitlines() if (code := line.strip())]
        found = catalog.product_ids_by_code(codes)
        if missing := [code for code in codes if code not in found]:
            raise ValidationError(
                f"商品コード「{'」「'.join(missing[:5])}」は登録されていません。商品一覧で確かめてください。"
            )
        return sorted(set(found.values()))

    def clean_minimum_yen(self) -> int:
        return self.cleaned_data["minimum_yen"] or 0

    def clean_total_limit(self) -> int | None:
        limit = self.cleaned_data["total_limit"]
        if limit is not None and limit < self.instance.used:
            raise ValidationError(
                f"すでに {self.instance.used:,} 回使われています。それより少なくはできません。"
            )
        return limit  # type: ignore[no-any-return]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, amount = data.get("kind"), data.get("amount") or 0
        data["amount"] = 0 if kind == Coupon.Kind.SHIPPING else amount
        if kind == Coupon.Kind.PERCENT and not 1 <= amount <= 100 and "amount" not in self.errors:
            self.add_error("amount", "1 から 100 までの％を入力してください。")
        if kind == Coupon.Kind.YEN and amount < 1 and "amount" not in self.errors:
            self.add_error("amount", "値引の額を入力してください。")
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "終了日が開始日より前です。")
        return data


class BatchForm(forms.Form):
    """コードの束."""

    batch = forms.CharField(label="束の名前", max_length=30, help_text="例: 12月の同梱チラシ")
    count = QuantityField(label="コードの数", maximum=MOST)
    expires_on = DateField(label="期限", required=False, help_text="空欄ならクーポンの終了日まで。")

    def clean_batch(self) -> str:
        return str(self.cleaned_data["batch"]).replace("#", "＃")


class CorrectionForm(forms.Form):
    """ポイントの訂正."""

    customer = forms.CharField(label="顧客番号", max_length=20)
    points = QuantityField(label="増減するポイント", minimum=-1_000_000, maximum=1_000_000, help_text="減らすときは -100 のように入力します。")  # fmt: skip
    reason = forms.CharField(label="理由", max_length=200, help_text="履歴に残ります。")

    def clean_customer(self) -> int:
        found = party.customer_by_number(self.cleaned_data["customer"])
        if found is None:
            raise ValidationError("この顧客番号は見つかりません。顧客一覧で確かめてください。")
        return int(found.merged_into_id or found.pk)

    def clean_points(self) -> int:
        if not self.cleaned_data["points"]:
            raise ValidationError("0 でない数を入力してください。")
        return int(self.cleaned_data["points"])


class PointSettingsForm(forms.ModelForm):
    """ポイントの決まり."""

    channels = forms.MultipleChoiceField(
        label="付ける店舗", required=False, choices=channels.choices, widget=forms.CheckboxSelectMultiple
    )
    valid_days = QuantityField(
        label="有効日数", required=False, maximum=3650, help_text="付いた日から。空欄なら期限なし。"
    )
    notice_days = QuantityField(label="期限前のお知らせ", minimum=0, maximum=365, help_text="期限のこの日数前にメールします。0 なら送りません。")  # fmt: skip
    least_points = QuantityField(label="1 回に使う最少", maximum=100_000)

    class Meta:
        model = PointSettings
        fields = ["is_on", "rate", "rounding", "channels", "valid_days", "notice_days", "least_points"]
        help_texts = {"rate": "値引のあとの商品の税抜の額に掛けます。すでに付いたポイントは変わりません。"}
