"""法人EB (信金・農協など): dates such as 4月30日 take their year from the 期間 above the header or from the clerk."""

from __future__ import annotations

from akinai.adapters.banks.sheet import CsvBank
from akinai.adapters.banks.wording import Wording, classify, split_text
from akinai.core.tables import Row


class JaEbBank(CsvBank):
    code = "ja_eb"
    title = "法人EB（信用金庫・農協）"
    required = ("取扱日付", "お支払金額", "お預り金額", "取引区分", "残高", "摘要")
    optional = ("番号", "明細区分", "起算日")
    day = "取扱日付"
    paid_in = "お預り金額"
    paid_out = "お支払金額"
    balance = "残高"
    ref = "番号"
    texts = ("取引区分", "摘要")

    def meaning(self, row: Row, amount_yen: int) -> Wording:
        words, text = row.get("取引区分"), row.get("摘要")
        if row.get("明細区分") in ("取消", "訂正"):
            return Wording("その他", is_cancellation=True)
        found = classify(words, amount_yen)
        if found.kind == "振込":
            inner = split_text(text, amount_yen)
            return Wording("振込", found.is_transfer, inner.is_cancellation, inner.payer or text)
        return found if found.kind != "その他" else split_text(text, amount_yen)
