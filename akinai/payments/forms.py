"""Forms of payments (入金の入力)."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from akinai.core import clock
from akinai.payments.models import BankAccount
from akinai.payments.rules import Rest, Shortage
from akinai.payments.services.accounts import same_account
from akinai.payments.states import BY_HAND, AsideReason, PaymentSource, RefundMethod
from akinai.ui.forms import DateField, YenField

SHORTAGES = (
    (Shortage.WAIT, "残りを待つ"),
    (Shortage.FEE, "振込手数料として当社が負担"),
    (Shortage.SHORT, "値引する"),
)
RESTS = ((Rest.CREDIT, "預り金にする"), (Rest.LEAVE, "未消込のまま残す"))


class DifferenceForm(forms.Form):
    """差額の扱い of a match."""

    shortage = forms.ChoiceField(label="不足分", choices=SHORTAGES, required=False)
    rest = forms.ChoiceField(label="余り", choices=RESTS, required=False)
    note = forms.CharField(label="理由", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("shortage") == Shortage.SHORT and not data.get("note"):
            self.add_error("note", "値引する理由を書いてください。")
        data["shortage"] = Shortage(data["shortage"]) if data.get("shortage") else None
        data["rest"] = Rest(data["rest"]) if data.get("rest") else None
        return data


class AsideForm(forms.Form):
    """対象外・組戻."""

    reason = forms.ChoiceField(label="理由", choices=AsideReason.choices)
    note = forms.CharField(label="メモ", max_length=200)
    returned_by = forms.IntegerField(label="お返しした出金", required=False)


class SetAsideForm(forms.Form):
    """対象外 of many lines: no debit is chosen."""

    reason = forms.ChoiceField(
        label="理由", choices=[choice for choice in AsideReason.choices if choice[0] != AsideReason.RETURNED]
    )
    note = forms.CharField(label="メモ", max_length=200)


class NoteForm(forms.Form):
    """取り消す理由."""

    note = forms.CharField(label="取り消す理由", max_length=200)


class ReceiveForm(forms.Form):
    """銀行明細によらない入金."""

    source = forms.ChoiceField(label="種類", choices=[(source.value, source.label) for source in BY_HAND])
    amount_yen = YenField(label="金額", minimum=1)
    received_on = DateField(label="入金日")
    note = forms.CharField(label="メモ", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("source") == PaymentSource.SHORT and not data.get("note"):
            self.add_error("note", "不足分を値引する理由を書いてください。")
        _refuse_future(self, data.get("received_on"), "received_on")
        return data


class RemittanceForm(forms.Form):
    """まとめて入金: what a carrier or a company paid for many orders."""

    source = forms.ChoiceField(
        label="種類", choices=[(s.value, s.label) for s in (PaymentSource.CARRIER, PaymentSource.CHANNEL, PaymentSource.CASH)]
    )  # fmt: skip
    received_on = DateField(label="入金日")
    batch = forms.CharField(
        label="精算番号",
        max_length=40,
        required=False,
        help_text="運送会社・決済会社の通知書の番号。あとで探せます。",
    )
    total_yen = YenField(
        label="通知書の合計金額",
        required=False,
        minimum=1,
        help_text="入れると、選んだ受注の合計と合っているか確かめます（手数料を引く前）。",
    )
    note = forms.CharField(label="メモ", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        _refuse_future(self, data.get("received_on"), "received_on")
        return data


class UseCreditForm(forms.Form):
    """預り金を充てる."""

    amount_yen = YenField(label="金額", minimum=1)


class RefundForm(forms.Form):
    """返金."""

    amount_yen = YenField(label="金額", minimum=1)
    method = forms.ChoiceField(label="方法", choices=RefundMethod.choices)
    on = DateField(label="返金日")
    note = forms.CharField(label="メモ", max_length=200)

    def __init__(self, *args: Any, is_by_door: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_by_door:
            # The provider gives it back when it is asked in 決済: written down here, no money would move.
            self.fields["method"].choices = [  # type: ignore[attr-defined]
                one for one in RefundMethod.choices if one[0] != RefundMethod.CHANNEL
            ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        _refuse_future(self, data.get("on"), "on")
        return data


class KeepForm(forms.Form):
    """入金を預り金に移す."""

    amount_yen = YenField(label="金額", minimum=1)
    note = forms.CharField(label="理由", max_length=200)


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """入金口座."""

    class Meta:
        model = BankAccount
        fields = (
            "bank_name", "bank_code", "branch_name", "branch_code", "kind", "account_no", "holder", "note", "is_active",
        )  # fmt: skip
        help_texts = {
            "bank_code": "4 桁。同じ銀行のファイルを、この口座の明細として受け取ります。",
            "branch_code": "3 桁",
            "account_no": "ファイルの口座番号と照らし合わせます。",
            "is_active": "外すと、取込のときの選択肢に出なくなります。これまでの明細は残ります。",
        }

    def clean_bank_code(self) -> str:
        return self._digits("bank_code", 4)

    def clean_branch_code(self) -> str:
        return self._digits("branch_code", 3)

    def clean_account_no(self) -> str:
        return self._digits("account_no", None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        told = BankAccount(
            pk=self.instance.pk,
            **{n: data.get(n) or "" for n in ("bank_name", "bank_code", "branch_code", "account_no")},
        )
        if same_account(told):
            self.add_error(
                "account_no", "この口座はすでに登録されています。入金口座の一覧から開いて直してください。"
            )
        return data

    def _digits(self, name: str, length: int | None) -> str:
        """Digits as people write them: full-width ones and hyphens are read."""
        text = re.sub(r"[\s\-－ー]", "", str(self.cleaned_data[name])).translate(_NARROW)
        if text and not (text.isascii() and text.isdigit()):
            raise forms.ValidationError("数字で入力してください。")
        if text and length and len(text) != length:
            raise forms.ValidationError(f"{length} 桁で入力してください。")
        return text


_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")


def _refuse_future(form: forms.Form, day: Any, name: str) -> None:
    if day and day > clock.today():
        form.add_error(name, "今日より先の日付は入れられません。")


def first_error(form: forms.BaseForm) -> str:
    """The first thing that is wrong, with its label."""
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    return f"{label}: {errors[0]}" if label else str(errors[0])
