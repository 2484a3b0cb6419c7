"""取り寄せ・予約の条件の入力."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.core.money import MAX_QUANTITY
from akinai.ui.forms import DateField, QuantityField


class TermsForm(forms.Form):
    """取り寄せ・予約の条件 of one SKU."""

    may_backorder = forms.BooleanField(
        label="在庫がなくても注文を受ける（取り寄せ）", required=False,
        help_text="受けない商品が足りないとき、確認待ちにするか列に並べるかは「要確認の規則」で選べます。",
    )  # fmt: skip
    backorder_limit = QuantityField(
        label="取り寄せ・予約の上限", minimum=0, maximum=MAX_QUANTITY, required=False,
        help_text="在庫にない分をすべての注文で合わせて何点まで受けるか。空欄なら上限なし。超えた注文は確認待ちになります。",
    )  # fmt: skip
    release_on = DateField(
        label="発売日",
        required=False,
        help_text="この日まで出荷しません。当日になると自動で出荷待ちに進みます。",
    )
    preorder_until = DateField(
        label="予約受付の終わり", required=False, help_text="この日より後の注文は確認待ちになります。"
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        until, release = data.get("preorder_until"), data.get("release_on")
        if until and not release and "release_on" not in self.errors:
            self.add_error("release_on", "予約受付の終わりを決めるときは、発売日も入れてください。")
        elif until and release and until > release:
            self.add_error("preorder_until", "発売日までの日にしてください。")
        return data
