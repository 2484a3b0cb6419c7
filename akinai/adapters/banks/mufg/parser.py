"""MUFG (三菱UFJ): bank words in 摘要, the payer in 摘要内容. Dates are not padded (2018/10/1)."""

from __future__ import annotations

from akinai.adapters.banks.sheet import BadCell, CsvBank
from akinai.adapters.banks.wording import Wording, classify
from akinai.core.tables import Row


class MufgBank(CsvBank):
    code = "mufg"
    title = "三菱UFJ銀行"
    bank_code = "0005"
    bank_name = "三菱UFJ銀行"
    required = ("日付", "摘要", "摘要内容", "支払い金額", "預かり金額", "差引残高")
    optional = ("メモ", "未資金化区分", "入払区分")
    strict = True
    paid_in = "預かり金額"
    paid_out = "支払い金額"
    balance = "差引残高"
    memo = "メモ"
    texts = ("摘要", "摘要内容")

    def meaning(self, row: Row, amount_yen: int) -> Wording:
        words = row.get("摘要")
        found = classify(words, amount_yen)
        # 「振込９」: the digit is the bank's; the payer stands in the next column.
        payer = row.get("摘要内容") if found.kind == "振込" else ""
        return Wording(found.kind, found.is_transfer, found.is_cancellation, payer)

    def check(self, row: Row, amount_yen: int) -> None:
        """入払区分 (入金, 支払い, 振替入金, 振替支払い) must agree with the column that holds the amount."""
        direction = row.get("入払区分")
        if (direction.endswith("入金") and amount_yen < 0) or (
            direction.endswith("支払い") and amount_yen > 0
        ):
            raise BadCell(
                "入払区分",
                direction,
                "入払区分と金額の列が食い違っています。元のファイルを確かめてください。",
            )
