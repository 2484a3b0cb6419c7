"""仕入伝票の入力: lines are scanned, typed or pasted from Excel as コード・数量・単価."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.core import clock
from akinai.party import queries as party
from akinai.purchasing import queries
from akinai.purchasing.forms import typed
from akinai.purchasing.models import GoodsReceipt
from akinai.purchasing.queries import orders
from akinai.purchasing.services import LineInput
from akinai.purchasing.states import ReceiptState
from akinai.purchasing.totals import Totals
from akinai.stock import queries as stock
from akinai.ui.forms import DateField, QuantityField, YenField

PLACEHOLDER = "TEA-030\t12\t540\tA1203\t2027/05/31\n4901234567894\t6"


class TotalsForm(forms.Form):
    """伝票合計: what the slip says under its lines."""

    slip_pieces = QuantityField(label="合計数量", required=False)
    slip_net_yen = YenField(label="合計金額（税抜）", required=False)
    slip_gross_yen = YenField(label="合計金額（税込）", required=False)
    slip_other_yen = YenField(
        label="うち送料・値引など（税抜）", required=False, minimum=None,
        help_text="合計金額に入っていて、明細にないもの。値引きはマイナス。",
    )  # fmt: skip

    def totals(self) -> Totals:
        """As far as they can be read."""
        told = self.cleaned_data
        return Totals(
            told.get("slip_pieces"), told.get("slip_net_yen"), told.get("slip_gross_yen"), told.get("slip_other_yen") or 0
        )  # fmt: skip


class ReceiptForm(TotalsForm):
    """仕入伝票. `receipt` is the draft being rewritten, or None."""

    supplier = forms.TypedChoiceField(label="仕入先", coerce=int, empty_value=None, required=False)
    purchase_order = forms.TypedChoiceField(
        label="発注",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="選ぶと、発注の残り・単価と突き合わせます。",
    )
    supplier_slip_no = forms.CharField(
        label="仕入先の伝票番号",
        max_length=60,
        required=False,
        help_text="納品書の番号。二重の計上を防ぎます。",
    )
    received_on = DateField(label="入荷日")
    location = forms.ChoiceField(label="入荷場所", required=False)
    scan = typed.scan_field()
    lines = typed.lines_field(
        "1 行に 1 商品。Excelの「商品コード・数量・単価・ロット・期限」の列をそのまま貼り付けられます。ロットと期限は、ロットを管理する商品だけに書きます。",
        PLACEHOLDER,
    )
    note = forms.CharField(label="メモ", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, receipt: GoodsReceipt | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.receipt = receipt
        self.fields["supplier"].choices = [("", "（なし）"), *party.supplier_choices()]  # type: ignore[attr-defined]
        self.fields["location"].choices = stock.location_choices(selling=True)  # type: ignore[attr-defined]
        self.orders = orders.open_order_choices(besides=receipt.purchase_order_id if receipt else None)
        self.fields["purchase_order"].choices = [  # type: ignore[attr-defined]
            ("", "（発注なし）"), *((pk, f"{number} {name}") for pk, number, name, _ in self.orders),
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A slip that is posted already is told while it is written, not only when it shall be posted."""
        data = super().clean() or {}
        self._of_order(data)
        same = queries.same_slips(
            supplier_id=data.get("supplier"), slip_no=data.get("supplier_slip_no", ""),
            besides=self.receipt.pk if self.receipt else None,
        )  # fmt: skip
        if data.get("supplier") and same and same[0].state == ReceiptState.POSTED:
            self.add_error("supplier_slip_no", already(same[0]))
        return data

    def _of_order(self, data: dict[str, Any]) -> None:
        """The order says who delivers."""
        chosen = next((one for one in self.orders if one[0] == data.get("purchase_order")), None)
        if chosen is None:
            return
        if data.get("supplier") not in (None, chosen[3]):
            self.add_error("purchase_order", f"{chosen[1]} は別の仕入先（{chosen[2]}）への発注です。")
        data["supplier"] = chosen[3]

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError("入荷日が未来の日付です。商品が届いた日を入れてください。")
        return day

    def clean_lines(self) -> list[LineInput]:
        return typed.read(self.cleaned_data["lines"], lots=True)


def already(same: GoodsReceipt) -> str:
    """同じ伝票がある, with the way out."""
    if same.state == ReceiptState.POSTED:
        return (
            f"この伝票番号は {same.number} で計上済みです（{same.received_on:%Y/%m/%d}）。同じ荷物なら登録は要りません。"
            "別の荷物なら番号を確かめ、誤りを直すなら先に計上済みの伝票を取り消してください。"
        )
    return f"同じ伝票番号の下書き {same.number} があります（{same.received_on:%Y/%m/%d}）。二重に書いていないか確かめてください。"
