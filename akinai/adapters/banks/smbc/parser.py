"""SMBC (三井住友): words and payer share お取り扱い内容, e.g. 「振込　ｶ)ﾔﾏﾀﾞ」; 「V123456 …」 is a debit card."""

from __future__ import annotations

import re

from akinai.adapters.banks.sheet import CsvBank
from akinai.adapters.banks.wording import Wording, split_text
from akinai.core.tables import Row

_DEBIT = re.compile(r"[VＶ]\s?\d{5,}")


class SmbcBank(CsvBank):
    code = "smbc"
    title = "三井住友銀行"
    bank_code = "0009"
    bank_name = "三井住友銀行"
    required = ("年月日", "お引出し", "お預入れ", "お取り扱い内容", "残高")
    optional = ("メモ", "ラベル")
    day = "年月日"
    paid_in = "お預入れ"
    paid_out = "お引出し"
    balance = "残高"
    memo = "メモ"
    texts = ("お取り扱い内容",)

    def meaning(self, row: Row, amount_yen: int) -> Wording:
        text = row.get("お取り扱い内容")
        return Wording("その他") if _DEBIT.match(text) else split_text(text, amount_yen)
