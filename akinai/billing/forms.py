"""Forms of billing (請求の入力)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone

from akinai.billing.models import RECEIVED_KINDS, BillingTerms, Invoice, InvoiceLine
from akinai.billing.models.terms import DAYS
from akinai.billing.services import CreditAsk, Keys
from akinai.billing.services.credit import suggestions
from akinai.core.tax import REDUCED, STANDARD
from akinai.ui.forms import DateField, QuantityField, YenField

RATES = [(STANDARD, "10%"), (REDUCED, "8%（軽減）"), (0, "対象外")]


class IssueForm(forms.Form):
    """請求書の発行."""

    issued_on = DateField(label="発行日")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issued_on"].initial = timezone.localdate()


class SendForm(forms.Form):
    """送り先. Empty means the buyer's address."""

    to = forms.EmailField(
        label="送り先", required=False, error_messages={"invalid": "メールアドレスを確かめてください。"}
    )


class ReplaceForm(forms.Form):
    """訂正."""

    recipient_name = forms.CharField(
        label="宛名", max_length=120, help_text="敬称（様・御中）まで、印字するとおりに入力します。"
    )
    recipient_address = forms.CharField(label="宛先住所", max_length=400, required=False)
    reason = forms.CharField(label="訂正の理由", max_length=150, help_text="例：宛名を会社名に変更")


@dataclass(frozen=True, slots=True)
class CreditRow:
    """One invoice line on the credit form, with its two inputs."""

    line: InvoiceLine
    suggested_yen: int
    quantity: BoundField
    amount: BoundField


class CreditForm(forms.Form):
    """返還: pieces or an amount per line, and a reduction of its own (お詫びの値引など)."""

    reason = forms.CharField(
        label="返還の理由", max_length=200, help_text="書類に印字されます。例：商品破損のため返品"
    )
    returned_on = DateField(label="返還・値引の日")
    everything = forms.BooleanField(
        label="残りの全額を返還する",
        required=False,
        help_text="返品がすべて戻ったときや、出荷を取り消すときに選びます。明細の入力はいりません。",
    )
    other_name = forms.CharField(label="品名", max_length=100, required=False, initial="値引")
    other_yen = YenField(label="値引額（税込）", required=False)
    other_rate = forms.TypedChoiceField(label="税率", choices=RATES, coerce=int, required=False)

    def __init__(self, *args: Any, invoice: Invoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["returned_on"].initial = timezone.localdate()
        self.suggested = suggestions(invoice)
        self.lines = [
            line for line in invoice.lines.all() if line.line_no in self.suggested and line.amount_yen > 0
        ]
        for line in self.lines:
            self.fields[f"q{line.line_no}"] = QuantityField(
                label="数量", required=False, minimum=0, maximum=line.quantity
            )
            self.fields[f"a{line.line_no}"] = YenField(label="返還額（税込）", required=False)

    @property
    def rows(self) -> list[CreditRow]:
        return [
            CreditRow(line, self.suggested[line.line_no], self[f"q{line.line_no}"], self[f"a{line.line_no}"])
            for line in self.lines
        ]

    def asks(self) -> list[CreditAsk]:
        """The lines with pieces or an amount. Pieces alone mean their share of what the line came to."""
        found = []
        for line in self.lines:
            pieces: int = self.cleaned_data.get(f"q{line.line_no}") or 0
            amount: int | None = self.cleaned_data.get(f"a{line.line_no}")
            if amount is None:
                amount = self.suggested[line.line_no] * pieces // line.quantity
            if amount:
                found.append(CreditAsk(amount, line_no=line.line_no, quantity=pieces or line.quantity))
        if other := self.cleaned_data.get("other_yen"):
            rate = self.cleaned_data["other_rate"]
            rate = STANDARD if rate == "" else int(rate)
            found.append(CreditAsk(other, name=self.cleaned_data.get("other_name") or "値引", rate=rate))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("everything") and not self.asks():
            raise forms.ValidationError("返還する明細の数量か金額を入力してください。")
        return data


class TermsForm(forms.ModelForm):
    """請求条件 of one customer."""

    credit_limit_yen = YenField(
        label="与信限度額",
        required=False,
        help_text=BillingTerms._meta.get_field("credit_limit_yen").help_text,
    )
    since = DateField(label="適用開始日", help_text=BillingTerms._meta.get_field("since").help_text)

    class Meta:
        model = BillingTerms
        fields = [
            "cycle", "closing_day", "months", "paying_day", "when_closed", "invoice_is", "credit_limit_yen", "send_way",
            "send_to", "recipient_name", "payer_kana", "since",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        same_month = data.get("months") == 0 and data.get("cycle") == BillingTerms.Cycle.MONTHLY
        closing, paying = data.get("closing_day"), data.get("paying_day")
        if same_month and closing and paying and paying <= closing:
            self.add_error("paying_day", "締め日より後の日にしてください。締め日以前に払う約束はできません。")
        return data


class ClosingForm(forms.Form):
    """締め日と月."""

    day = forms.TypedChoiceField(label="締め日", choices=DAYS, coerce=int)
    month = forms.RegexField(
        regex=r"^20\d{2}-(0[1-9]|1[0-2])$",
        label="月",
        error_messages={"invalid": "月を選んでください。"},
        widget=forms.TextInput(attrs={"type": "month"}),
    )


class VoidForm(forms.Form):
    """合計請求書・領収書の取消."""

    reason = forms.CharField(label="取り消す理由", max_length=200)


PROVISOS = [
    ("お品代として", "お品代として"), ("商品代として", "商品代として"), ("贈答品代として", "贈答品代として"),
    ("消耗品代として", "消耗品代として"), ("", "自分で書く"),
]  # fmt: skip
HONORIFICS = [("様", "様（個人）"), ("御中", "御中（会社・団体）"), ("", "付けない")]


class SelfReceiptForm(forms.Form):
    """お客様の領収書: 宛名 and 但し書き, within narrow limits."""

    name = forms.CharField(
        label="宛名", max_length=36, help_text="36 文字まで。会社名や氏名を、敬称を除いて入力します。"
    )
    honorific = forms.ChoiceField(label="敬称", choices=HONORIFICS, required=False, initial="様")
    what = forms.ChoiceField(label="但し書き", choices=PROVISOS, required=False, initial="お品代として")
    own_words = forms.CharField(
        label="但し書きの文", max_length=30, required=False, help_text="30 文字まで。例: 書籍代として"
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("what") and not (data.get("own_words") or "").strip():
            self.add_error("own_words", "但し書きの文を入力するか、上で選んでください。")
        return data

    @property
    def recipient(self) -> str:
        """宛名 with its honorific."""
        honorific = self.cleaned_data["honorific"]
        name = self.cleaned_data["name"].strip()
        return f"{name} {honorific}" if honorific and not name.endswith(honorific) else name

    @property
    def proviso(self) -> str:
        """但し書き as chosen or written."""
        return self.cleaned_data["what"] or self.cleaned_data["own_words"].strip()


class ReceiptForm(forms.Form):
    """領収書の発行 by the office; less than everything splits it."""

    recipient_name = forms.CharField(
        label="宛名", max_length=40, help_text="敬称（様・御中）まで、印字するとおりに入力します。"
    )
    proviso = forms.CharField(label="但し書き", max_length=30, initial="お品代として")
    amount_yen = YenField(
        label="領収金額", minimum=1, help_text="分けて発行するときは、1 枚分の金額にします。"
    )


class CorrectReceiptForm(ReceiptForm):
    """領収書の訂正."""

    amount_yen = YenField(
        label="領収金額", help_text="全額を返金したときは 0 円にします（新しい領収書は発行しません）。"
    )
    reason = forms.CharField(label="訂正の理由", max_length=200)


class DocumentForm(forms.Form):
    """受領書類の記録事項: the three keys of the search, and what kind of paper it is."""

    kind = forms.ChoiceField(
        label="書類の種類", choices=[(kind.value, kind.label) for kind in RECEIVED_KINDS]
    )
    on = DateField(label="取引年月日", help_text="書類に書かれた日（請求日・発行日）")
    amount_yen = YenField(label="取引金額（税込）", help_text="金額のない書類は 0 円にします。")
    partner = forms.CharField(label="取引先", max_length=120)
    supplier = forms.TypedChoiceField(label="仕入先", coerce=int, empty_value=None, required=False)
    note = forms.CharField(label="メモ", max_length=200, required=False)

    def __init__(self, *args: Any, suppliers: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].required = False
        self.fields["partner"].help_text = "仕入先を選んだときは、空欄ならその名前になります。"
        self.names = dict(suppliers)
        self.fields["supplier"].choices = [("", "（仕入先以外）"), *suppliers]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("partner") and data.get("supplier"):
            data["partner"] = self.names[data["supplier"]]
        if not data.get("partner"):
            self.add_error("partner", "取引先を入力するか、仕入先を選んでください。")
        return data

    @property
    def keys(self) -> Keys:
        """記録事項 as the service takes them."""
        d = self.cleaned_data
        return Keys(d["kind"], d["on"], d["amount_yen"], d["partner"], d["supplier"], d["note"])


class KeepDocumentForm(DocumentForm):
    """受け取った書類の保存."""

    upload = forms.FileField(
        label="ファイル", widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text="PDF・JPEG・PNG、20 MB まで。受け取ったままのファイルを選びます。",
    )  # fmt: skip


class CorrectDocumentForm(DocumentForm):
    """記録事項の訂正: the next version."""

    reason = forms.CharField(label="訂正の理由", max_length=200)
    is_void = forms.BooleanField(
        label="無効にする（誤って保存した）",
        required=False,
        help_text="ファイルは消えません。検索にも「無効」として残ります。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
