"""Mizuho (みずほ): dates as 2026.11.24, account data above the header."""

from __future__ import annotations

from akinai.adapters.banks.sheet import CsvBank
from akinai.adapters.banks.wording import Wording, split_text
from akinai.core.tables import Row


class MizuhoBank(CsvBank):
    code = "mizuho"
    title = "みずほ銀行"
    bank_code = "0001"
    bank_name = "みずほ銀行"
    required = ("日付", "お引出金額", "お預入金額", "残高", "お取引内容")
    optional = ("明細通番",)
    paid_in = "お預入金額"
    paid_out = "お引出金額"
    balance = "残高"
    ref = "明細通番"
    texts = ("お取引内容",)

    def meaning(self, row: Row, amount_yen: int) -> Wording:
        return split_text(row.get("お取引内容"), amount_yen)
