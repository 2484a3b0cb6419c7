"""Forms of 入金精算."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.payments.models.settlements import FINDS, RATES
from akinai.payments.settlement_states import ROLES


class TieLineForm(forms.Form):
    """受注に結び付ける."""

    order = forms.CharField(label="受注番号", max_length=80, help_text="SO-… か、モールの注文番号")
    note = forms.CharField(label="メモ", max_length=200, required=False)


class ParcelForm(forms.Form):
    """同梱の受注に分ける."""

    note = forms.CharField(label="メモ", max_length=200, required=False)


class AcceptForm(forms.Form):
    """差額を認める."""

    order = forms.CharField(label="受注番号", max_length=80, required=False)
    note = forms.CharField(label="理由", max_length=200)


class BookForm(forms.Form):
    """科目で説明する."""

    role = forms.ChoiceField(label="科目", choices=list(ROLES.items()))
    note = forms.CharField(label="何のお金か", max_length=200)


class DepositForm(BookForm):
    """精算のない入金: who paid, and what for."""

    provider = forms.ChoiceField(label="支払元")

    def __init__(self, *args: Any, providers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = providers  # type: ignore[attr-defined]
        self.order_fields(["provider", "role", "note"])


class TieBankForm(forms.Form):
    """入金明細に結び付ける."""

    line = forms.IntegerField(label="入金明細")
    note = forms.CharField(label="差額の理由", max_length=200, required=False)


class ReasonForm(forms.Form):
    """取り消す・外す理由."""

    note = forms.CharField(label="理由", max_length=200)


class ProviderForm(forms.Form):
    """支払元."""

    code = forms.SlugField(label="コード", max_length=30, help_text="英数字。登録したあとは変わりません。")
    title = forms.CharField(label="支払元", max_length=60)
    finds = forms.ChoiceField(label="受注の見つけ方", choices=FINDS)
    covers = forms.CharField(
        label="対象",
        max_length=30,
        required=False,
        help_text="店舗の種類（rakuten など）か、運送会社のコード（yamato など）",
    )
    payers = forms.CharField(
        label="振込の名義（1 行に 1 つ）", widget=forms.Textarea(attrs={"rows": 4}), required=False,
        help_text="銀行の明細に書かれるカナ。手で結び付けた名義は自動で加わります。",
    )  # fmt: skip
    fee_rate = forms.TypedChoiceField(label="手数料の消費税", choices=RATES, coerce=int)
    due_days = forms.IntegerField(
        label="出荷から入金までの日数",
        min_value=1,
        max_value=365,
        help_text="これを過ぎても精算に現れない受注を知らせます。",
    )
    note = forms.CharField(label="メモ", max_length=200, required=False)

    def clean_payers(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["payers"].splitlines() if line.strip()]
