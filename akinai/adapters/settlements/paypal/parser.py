"""PayPal: the history of an account. What happened up to a withdrawal is that withdrawal's settlement; what comes after the
last one is a settlement that has paid nothing yet. Foreign currencies are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from akinai.adapters.banks.sheet import BadCell, yen_in
from akinai.adapters.channels.words.times import parse_day
from akinai.adapters.settlements.sheet import FixedDoor, read_each
from akinai.core.tables import Row, refuse
from akinai.payments.settlement_ports import Payout, PayoutLine, Provider
from akinai.payments.settlement_states import LineKind

PROVIDER = Provider("paypal", "PayPal", "request", "paypal", ("ペイパル", "PAYPAL"), 0, 30)
NEEDS = frozenset({"日付", "タイプ", "ステータス", "通貨", "合計", "手数料", "正味", "取引ID"})
DONE = frozenset({"完了", "Completed", "支払い完了"})
WITHDRAWN = ("銀行口座への引き出し", "引き出し", "出金", "銀行振込による引き出し", "Withdrawal")
FUNDED = ("クレジットカードによる", "銀行口座から", "入金", "Deposit")
REFUND = ("返金", "払い戻し", "Refund")
CHARGEBACK = ("チャージバック", "異議", "支払いの取り消し", "Chargeback")
HELD = ("保留", "留保", "Hold", "Reserve")


class PayPalHistory(FixedDoor):
    code = "paypal_history"
    title = "PayPal 取引履歴"
    provider = "paypal"
    needs = NEEDS

    def read(self, data: bytes, filename: str) -> Sequence[Payout]:
        table = self.table(data, filename)
        rows: list[_Move] = []

        def take(row: Row) -> None:
            _check_currency(row)
            if row.get("ステータス") in DONE:
                rows.append(_move(row))

        read_each(table, take)
        if not rows:
            raise refuse(filename, "完了した取引がありません。期間を確かめてダウンロードし直してください。")
        return _payouts(sorted(rows, key=lambda one: (one.on, one.time)), filename)


@dataclass(frozen=True, slots=True)
class _Move:
    """取引 1 行 as it was read: a withdrawal, or what it brought and took."""

    on: date
    time: str
    reference: str
    withdrawn_yen: int
    lines: tuple[PayoutLine, ...]


def _move(row: Row) -> _Move:
    on, net = _day(row), _yen(row, "正味")
    is_out = row.get("タイプ").startswith(WITHDRAWN) and net < 0
    lines = () if is_out else tuple(_lines(row, on))
    return _Move(on, row.get("時間"), row.get("取引ID"), -net if is_out else 0, lines)


def _check_currency(row: Row) -> None:
    currency = row.get("通貨").upper()
    if currency != "JPY":
        raise BadCell(
            "通貨", currency,
            f"通貨が {currency or '空欄'} の取引です。円（JPY）の取引だけを取り込めます。"
            "円だけに絞ってダウンロードし、外貨の取引は会計ソフトに直接記録してください。",
        )  # fmt: skip


def _payouts(rows: Sequence[_Move], file: str) -> list[Payout]:
    found: list[Payout] = []
    lines: list[PayoutLine] = []
    for one in rows:
        if one.withdrawn_yen:
            found.append(_payout(one.on, one.withdrawn_yen, lines, one.reference, file))
            lines = []
        else:
            lines += one.lines
    if lines:  # not withdrawn yet: it lies on the account
        last = rows[-1].on
        found.append(_payout(last, 0, lines, f"残高-{rows[0].on:%Y%m%d}-{last:%Y%m%d}", file))
    return found


def _payout(on: date, net: int, lines: Sequence[PayoutLine], number: str, file: str) -> Payout:
    days = [line.on for line in lines if line.on]
    return Payout(on, net, tuple(lines), number, min(days, default=on), on, is_history=True, file=file)


def _lines(row: Row, on: date) -> Iterable[PayoutLine]:
    gross, fee, net = _yen(row, "合計"), yen_in(row, "手数料") or 0, _yen(row, "正味")
    if gross + fee != net:
        raise BadCell(
            "正味", row.get("正味"), f"合計 {gross:,} と手数料 {fee:,} が正味 {net:,} と合いません。"
        )
    reference = row.get("取引ID")
    refs = tuple(ref for ref in (reference, row.get("リファレンス トランザクションID")) if ref)
    order_no = row.get("請求書番号") or row.get("カスタム番号")
    text = " ".join(part for part in (row.get("タイプ"), row.get("名前"), row.get("商品タイトル")) if part)
    told: dict[str, Any] = {
        "refs": refs,
        "order_no": order_no[:120],
        "on": on,
        "text": text[:200],
        "source_line": row.line,
    }
    if gross:
        yield PayoutLine(_kind(row, gross), gross, reference, **told)
    if fee:
        yield PayoutLine(LineKind.FEE, fee, reference, role="fees", **told)


def _kind(row: Row, gross: int) -> str:
    sort = row.get("タイプ")
    if any(word in sort for word in CHARGEBACK):
        return LineKind.CHARGEBACK
    if any(word in sort for word in REFUND):
        return LineKind.REFUND
    if any(word in sort for word in HELD):
        return LineKind.RESERVE
    if sort.startswith(FUNDED) or "一般の入金" in sort:
        return LineKind.TRANSFER
    return LineKind.SALE if gross > 0 else LineKind.ADJUSTMENT


def _yen(row: Row, column: str) -> int:
    found = yen_in(row, column)
    if found is None:
        raise BadCell(column, "", f"{column}が空欄です。元のファイルを確かめてください。")
    return found


def _day(row: Row) -> date:
    found = parse_day(row.get("日付"))
    if found is None:
        raise BadCell("日付", row.get("日付"), "日付を読めません。元のファイルを確かめてください。")
    return found
