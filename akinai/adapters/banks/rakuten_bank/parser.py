"""楽天銀行: one signed amount; a transfer shows the payer's name alone, marks may stand apart (カ゛)."""

from __future__ import annotations

from akinai.adapters.banks.sheet import CsvBank
from akinai.adapters.banks.wording import Wording, split_text
from akinai.core.tables import Row


class RakutenBank(CsvBank):
    code = "rakuten_bank"
    title = "楽天銀行"
    bank_code = "0036"
    bank_name = "楽天銀行"
    required = ("取引日", "入出金(円)", "取引後残高(円)", "入出金内容")
    day = "取引日"
    signed = "入出金(円)"
    balance = "取引後残高(円)"
    texts = ("入出金内容",)

    def meaning(self, row: Row, amount_yen: int) -> Wording:
        return split_text(row.get("入出金内容"), amount_yen)
