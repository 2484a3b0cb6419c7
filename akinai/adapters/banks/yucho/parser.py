"""ゆうちょ銀行: about seven lines of account data above; bank words in 詳細１, the payer in 詳細２."""

from __future__ import annotations

from akinai.adapters.banks.sheet import CsvBank
from akinai.adapters.banks.wording import Wording, classify
from akinai.core.tables import Row


class YuchoBank(CsvBank):
    code = "yucho"
    title = "ゆうちょ銀行"
    bank_code = "9900"
    bank_name = "ゆうちょ銀行"
    required = ("取引日", "受入金額(円)", "払出金額(円)", "詳細1", "詳細2", "現在(貸付)高")
    optional = ("入出金明細ID",)
    day = "取引日"
    paid_in = "受入金額(円)"
    paid_out = "払出金額(円)"
    balance = "現在(貸付)高"
    ref = "入出金明細ID"
    texts = ("詳細1", "詳細2")

    def meaning(self, row: Row, amount_yen: int) -> Wording:
        words, payer = row.get("詳細1"), row.get("詳細2")
        found = classify(words, amount_yen)
        # Between two ゆうちょ accounts a payment is called 送金 or 振替; 振替 with a name is a customer's.
        by_transfer = words.startswith("振替") and bool(payer) and amount_yen > 0
        if by_transfer:
            return Wording("振込", is_transfer=True, payer=payer)
        return Wording(
            found.kind, found.is_transfer, found.is_cancellation, payer if found.kind == "振込" else ""
        )
