"""勘定科目・振替伝票・期首残高の入力."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from akinai.accounting.models import Account
from akinai.accounting.ports import PRODUCTS
from akinai.accounting.rules import tax_classes
from akinai.accounting.rules.vouchers import Asked
from akinai.core import closing
from akinai.core.money import yen
from akinai.ui.forms import DateField, YenField

ROWS = 8
TAXES = [
    (code, tax_classes.name_of(code))
    for code in tax_classes.CODES
    if not code.endswith("0_0") and code not in ("s0", "r0", "p0")
]


class OpenDayField(DateField):
    """A day that can still be booked on. The database refuses a closed one; here it is said before anything typed is lost."""

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        last = closing.closed_until()
        if day and last and day <= last:
            raise forms.ValidationError(
                f"{last.year}年{last.month}月までは締めています。{last + timedelta(days=1):%Y/%m/%d} 以降の日付にするか、"
                "店長に月締めを解いてもらってください。"
            )
        return day


class AccountForm(forms.ModelForm):
    """勘定科目, with what it is called in each product."""

    tax_class = forms.ChoiceField(label="いつもの税区分", choices=[("", "対象外"), *TAXES], required=False)

    class Meta:
        model = Account
        fields = ("code", "name", "kind", "tax_class", "is_sales")

    def __init__(self, *args: Any, names: dict[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_sales"].help_text = "収益の科目だけ。試算表の売上と、売上台帳を比べるときに使います。"
        for code, product in PRODUCTS.items():
            name, sub = names.get(code, ("", ""))
            self.fields[f"name_{code}"] = forms.CharField(
                label=f"{product.title} の科目名",
                max_length=24,
                initial=name,
                required=False,
                help_text="空欄なら同じ名前。",
            )
            self.fields[f"sub_{code}"] = forms.CharField(
                label="補助科目", max_length=24, initial=sub, required=False
            )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if not code.isalnum():
            raise forms.ValidationError("英数字で入力してください。")
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("is_sales") and data.get("kind") != Account.Kind.REVENUE:
            self.add_error("is_sales", "収益の科目だけが売上に数えられます。")
        return data

    @property
    def names(self) -> dict[str, tuple[str, str]]:
        """Product → (科目名, 補助科目)."""
        data = self.cleaned_data
        return {code: (data[f"name_{code}"].strip(), data[f"sub_{code}"].strip()) for code in PRODUCTS}

    def product_rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"name_{code}"], self[f"sub_{code}"]) for code in PRODUCTS]


def account_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """科目 in use by kind, for a select."""
    accounts = list(Account.objects.filter(is_live=True))
    return [
        (label, [(str(one.pk), f"{one.code} {one.name}") for one in accounts if one.kind == kind])
        for kind, label in Account.Kind.choices
    ]


class VoucherForm(forms.Form):
    """振替伝票: so many rows, each with an account, an amount on one side and a 税区分."""

    on = OpenDayField(label="日付")
    memo = forms.CharField(label="摘要", max_length=200)
    partner = forms.CharField(label="取引先", max_length=120, required=False)
    document = forms.CharField(label="証憑番号", max_length=60, required=False)

    def __init__(self, *args: Any, count: int = ROWS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = count
        choices: list[Any] = [("", ""), *account_choices()]
        usual = [("usual", "科目のとおり"), ("none", "対象外"), *TAXES]
        for no in range(count):
            self.fields[f"account_{no}"] = forms.ChoiceField(
                label=f"{no + 1} 行目の科目", choices=choices, required=False
            )
            self.fields[f"debit_{no}"] = YenField(label=f"{no + 1} 行目の借方", minimum=1, required=False)
            self.fields[f"credit_{no}"] = YenField(label=f"{no + 1} 行目の貸方", minimum=1, required=False)
            self.fields[f"tax_{no}"] = forms.ChoiceField(
                label=f"{no + 1} 行目の税区分", choices=usual, required=False
            )

    def rows(self) -> list[tuple[int, Any, Any, Any, Any]]:
        return [
            (no + 1, self[f"account_{no}"], self[f"debit_{no}"], self[f"credit_{no}"], self[f"tax_{no}"]) for no in range(self.count)
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        usual = dict(Account.objects.values_list("pk", "tax_class"))
        data["lines"] = [line for no in range(self.count) if (line := self._line(no, data, usual))]
        if self.errors:
            return data
        debit = sum(line.yen for line in data["lines"] if line.side == "debit")
        credit = sum(line.yen for line in data["lines"] if line.side == "credit")
        if not data["lines"]:
            self.add_error(None, "明細がありません。科目と金額を入れてください。")
        elif debit != credit:
            self.add_error(
                None,
                f"借方 {yen(debit)} と貸方 {yen(credit)} が合いません（差 {yen(abs(debit - credit))}）。",
            )
        return data

    def _line(self, no: int, data: dict[str, Any], usual: dict[int, str]) -> Asked | None:
        account, debit, credit = data.get(f"account_{no}"), data.get(f"debit_{no}"), data.get(f"credit_{no}")
        if not (account or debit or credit):
            return None
        if not account and f"account_{no}" not in self.errors:
            self.add_error(f"account_{no}", "科目を選んでください。")
        if bool(debit) == bool(credit):
            self.add_error(f"debit_{no}", "借方か貸方のどちらか一方に金額を入れてください。")
        if self.errors or not account:
            return None
        told = data.get(f"tax_{no}") or "usual"
        tax = usual.get(int(account), "") if told == "usual" else "" if told == "none" else told
        return Asked(int(account), "debit" if debit else "credit", int(debit or credit or 0), tax)


class OpeningForm(forms.Form):
    """期首残高: a field for every account of the balance sheet, on its own side."""

    on = OpenDayField(label="残高の日付", help_text="帳簿を始める日の前日か、その日。")

    def __init__(
        self, *args: Any, accounts: Sequence[Account], day: date | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = accounts
        self.fields["on"].initial = day
        for account in accounts:
            self.fields[f"b_{account.pk}"] = YenField(label=account.name, required=False)

    def drawn(self) -> list[tuple[Account, Any]]:
        return [(account, self[f"b_{account.pk}"]) for account in self.accounts]

    @property
    def balances(self) -> dict[int, int]:
        return {account.pk: self.cleaned_data.get(f"b_{account.pk}") or 0 for account in self.accounts}


class ReverseForm(forms.Form):
    """仕訳の取消."""

    on = OpenDayField(label="取消の日付")
    reason = forms.CharField(label="理由", max_length=150)
