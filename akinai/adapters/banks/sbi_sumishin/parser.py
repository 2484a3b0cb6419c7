"""住信SBIネット銀行: newest first, an empty memo is "-", the payer stands behind 「振込＊」."""

from __future__ import annotations

from akinai.adapters.banks.sheet import CsvBank
from akinai.adapters.banks.wording import Wording, split_text
from akinai.core.tables import Row


class SbiSumishinBank(CsvBank):
    code = "sbi_sumishin"
    title = "住信SBIネット銀行"
    bank_code = "0038"
    bank_name = "住信SBIネット銀行"
    required = ("日付", "内容", "出金金額(円)", "入金金額(円)", "残高(円)")
    optional = ("メモ",)
    strict = True
    newest_first = True
    paid_in = "入金金額(円)"
    paid_out = "出金金額(円)"
    balance = "残高(円)"
    memo = "メモ"
    texts = ("内容",)

    def meaning(self, row: Row, amount_yen: int) -> Wording:
        return split_text(row.get("内容"), amount_yen)
