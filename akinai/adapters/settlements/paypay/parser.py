"""PayPay: one row is one transaction. A history without fees is no payout, and is refused by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from akinai.adapters.banks.sheet import first_lines
from akinai.adapters.settlements.sheet import SheetDoor, order_lines
from akinai.core.tables import Row, guess_columns, refuse
from akinai.payments.settlement_ports import Payout, PayoutLine, Provider

PROVIDER = Provider("paypay", "PayPay", "request", "paypay", ("ペイペイ", "ペイペイカブシキガイシヤ"), 10, 45)
# Statuses whose money does not move.
NOTHING = frozenset({"取引失敗", "失敗", "取消", "キャンセル済み"})


class PayPayPayouts(SheetDoor):
    code = "paypay_payout"
    title = "PayPay 入金明細（手数料の列は未確認）"
    provider = "paypay"
    columns = {
        "reference": ("取引番号", "決済番号"),
        "order_no": ("加盟店決済ID", "レシート番号", "加盟店取引ID"),
        "amount": ("取引金額", "決済金額"),
        "fee": ("手数料", "決済システム利用料", "取引手数料", "手数料(税込)"),
        "fee_tax": ("消費税", "手数料消費税"),
        "net": ("入金額", "差引金額", "入金対象額"),
        "paid_on": ("入金日", "入金予定日", "振込日"),
        "payout_no": ("入金番号", "入金ID", "振込番号"),
        "payout_yen": ("入金合計額", "振込金額"),
        "on": ("取引日時", "決済日時"),
        "text": ("取引ステータス", "取引種別"),
    }
    needs = ("reference", "amount", "fee", "paid_on")
    tells = frozenset({"取引ステータス", "加盟店ID", "加盟店決済ID"})

    def sniff(self, data: bytes, filename: str) -> bool:
        return any(self.is_header(cells) or self._is_history(cells) for cells in first_lines(data, filename))

    def _is_history(self, cells: Sequence[str]) -> bool:
        return {"取引番号", "取引ステータス", "取引金額", "加盟店ID"} <= set(cells)

    def read(self, data: bytes, filename: str) -> Sequence[Payout]:
        lines = first_lines(data, filename)
        history = next((cells for cells in lines if self._is_history(cells)), None)
        if history is not None and not {"fee", "paid_on"} <= set(guess_columns(self.columns, history)):
            raise refuse(
                filename,
                "これはPayPayの取引履歴です。手数料と入金日がないため、精算としては取り込めません。"
                "PayPay for Business の「入金」から、入金ごとの明細をダウンロードして取り込んでください。",
            )
        return super().read(data, filename)

    def lines(self, row: Row, cells: Mapping[str, str]) -> Iterable[PayoutLine]:
        return () if row.get(cells.get("text", "")) in NOTHING else order_lines(row, cells)
