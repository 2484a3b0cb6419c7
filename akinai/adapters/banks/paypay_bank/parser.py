"""PayPay銀行: the date in three columns; 取引順番号 numbers the day's lines."""

from __future__ import annotations

from datetime import date

from akinai.adapters.banks.dates import Period
from akinai.adapters.banks.sheet import BadCell, CsvBank
from akinai.adapters.banks.wording import Wording, split_text
from akinai.core.tables import Row

_PARTS = ("操作日(年)", "操作日(月)", "操作日(日)")


class PayPayBank(CsvBank):
    code = "paypay_bank"
    title = "PayPay銀行"
    bank_code = "0033"
    bank_name = "PayPay銀行"
    required = (*_PARTS, "摘要", "お支払金額", "お預り金額", "残高")
    optional = ("操作時刻(時)", "操作時刻(分)", "操作時刻(秒)", "取引順番号", "メモ")
    day = _PARTS[0]
    paid_in = "お預り金額"
    paid_out = "お支払金額"
    balance = "残高"
    memo = "メモ"
    ref = "取引順番号"
    texts = ("摘要",)

    def on(self, row: Row, period: Period | None) -> date:
        parts = [row.get(name) for name in _PARTS]
        try:
            year, month, day = (int(part) for part in parts)
            return date(year, month, day)
        except (ValueError, OverflowError):
            raise BadCell(
                _PARTS[0],
                "/".join(parts),
                "年・月・日を日付として読めません。元のファイルを確かめてください。",
            ) from None

    def meaning(self, row: Row, amount_yen: int) -> Wording:
        return split_text(row.get("摘要"), amount_yen)
