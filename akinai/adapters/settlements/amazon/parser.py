"""Amazon: tab-separated, a first row with the total, then one row per amount. Amounts of one order are put together.

Yen are written with decimals ("1080.00"). What rounding leaves over is a line of its own, so that the sum stays Amazon's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from akinai.adapters.banks.sheet import BadCell
from akinai.adapters.channels.words.times import parse_day
from akinai.adapters.settlements.sheet import FixedDoor, read_each
from akinai.core.tables import Row, refuse
from akinai.payments.settlement_ports import Payout, PayoutLine, Provider
from akinai.payments.settlement_states import LineKind

PROVIDER = Provider(
    "amazon", "Amazon", "channel", "amazon", ("アマゾンジヤパン", "アマゾン", "AMAZON"), 10, 45
)
NEEDS = frozenset(
    {"settlement-id", "total-amount", "transaction-type", "amount-type", "amount-description", "amount"}
)
ORDER, REFUND = frozenset({"order"}), frozenset({"refund", "a-to-z guarantee refund"})
CHARGEBACK = frozenset({"chargeback refund", "chargeback"})
RESERVE = ("reserve amount", "previous reserve", "current reserve", "successful charge")
PROMOTED = ("points", "coupon", "costofpoint", "lightning deal", "vine")


@dataclass(slots=True)
class _Group:
    """What belongs together: one order's sale, or its fees."""

    kind: str
    role: str
    order_no: str
    text: str
    source_line: int
    on: date | None
    amount: Decimal = Decimal(0)
    detail: dict[str, Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class _Report:
    """One settlement of the file."""

    number: str
    total: Decimal | None = None
    paid_on: date | None = None
    since: date | None = None
    until: date | None = None
    groups: dict[tuple[str, ...], _Group] = field(default_factory=dict)


class AmazonSettlement(FixedDoor):
    code = "amazon_settlement"
    title = "Amazon 決済レポート（フラットファイル V2）"
    provider = "amazon"
    needs = NEEDS

    def read(self, data: bytes, filename: str) -> Sequence[Payout]:
        table = self.table(data, filename)
        reports: dict[str, _Report] = {}
        read_each(table, lambda row: _add(reports, row))
        return [_payout(report, filename) for report in reports.values()]


def _add(reports: dict[str, _Report], row: Row) -> None:
    number = row.get("settlement-id")
    if not number:
        raise BadCell("settlement-id", "", "settlement-id が空欄です。元のファイルを確かめてください。")
    report = reports.setdefault(number, _Report(number))
    currency = row.get("currency").upper()
    if currency and currency != "JPY":
        raise BadCell(
            "currency",
            currency,
            f"通貨が {currency} の決済レポートです。円（JPY）の決済レポートだけを取り込めます。",
        )
    if not row.get("transaction-type"):
        report.total = _amount(row, "total-amount")
        report.paid_on = parse_day(row.get("deposit-date"))
        report.since = parse_day(row.get("settlement-start-date"))
        report.until = parse_day(row.get("settlement-end-date"))
        return
    amount = _amount(row, "amount")
    kind, role = _meaning(row)
    order_no = row.get("order-id")
    what = row.get("amount-description") or row.get("amount-type")
    key = (kind, role, order_no, row.get("transaction-type"), "" if order_no else what)
    group = report.groups.get(key)
    if group is None:
        text = what if not order_no else f"{row.get('transaction-type')} {row.get('amount-type')}"
        group = _Group(kind, role, order_no, text, row.line, parse_day(row.get("posted-date")))
        report.groups[key] = group
    group.amount += amount
    group.detail[what] = group.detail.get(what, Decimal(0)) + amount


def _meaning(row: Row) -> tuple[str, str]:
    """(kind, account) by transaction-type, amount-type and amount-description."""
    transaction, sort = row.get("transaction-type").lower(), row.get("amount-type").lower()
    what = f"{sort} {row.get('amount-description').lower()}"
    if any(word in what for word in RESERVE):
        return LineKind.RESERVE, ""
    if any(word in what for word in PROMOTED):
        return LineKind.FEE, "promotion"
    if "advertising" in what:
        return LineKind.FEE, "ads"
    if "fee" in sort or "fee" in what or "commission" in what:
        return LineKind.FEE, "freight" if "fba" in what or "shipping" in what else "fees"
    if transaction in CHARGEBACK:
        return LineKind.CHARGEBACK, ""
    if transaction in REFUND:
        return LineKind.REFUND, ""
    return (LineKind.SALE, "") if transaction in ORDER else (LineKind.ADJUSTMENT, "")


def _amount(row: Row, column: str) -> Decimal:
    text = row.get(column).replace(",", "").replace("¥", "").strip()
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1]}"
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) >= 10**12:
        raise BadCell(column, row.get(column), f"「{row.get(column)[:40]}」を金額として読めません。")
    return found


def _payout(report: _Report, file: str) -> Payout:
    if report.total is None or report.paid_on is None:
        raise refuse(
            file,
            f"決済レポート {report.number} に、合計と入金日の行（最初の行）がありません。ダウンロードしたままのファイルを取り込んでください。",
        )
    told = sum((group.amount for group in report.groups.values()), Decimal(0))
    if told != report.total:
        raise refuse(
            file,
            f"決済レポート {report.number} の明細の合計 {told} が、合計 {report.total} と合いません。"
            "行を削除していない、ダウンロードしたままのファイルを取り込んでください。",
        )
    if report.total != report.total.to_integral_value():
        raise refuse(
            file,
            f"決済レポート {report.number} の合計 {report.total} に円未満があります。円のレポートか確かめてください。",
        )
    lines = [_line(group) for group in report.groups.values() if _whole(group.amount)]
    rest = int(report.total) - sum(line.yen for line in lines)
    if rest:
        lines.append(PayoutLine(LineKind.FEE, rest, text="円未満の端数", role="fees", on=report.until))
    return Payout(
        report.paid_on, int(report.total), tuple(lines), report.number, report.since, report.until, file=file
    )


def _line(group: _Group) -> PayoutLine:
    detail: Mapping[str, str] = {name: f"{amount:f}" for name, amount in group.detail.items()}
    return PayoutLine(
        group.kind, _whole(group.amount), group.order_no, group.order_no, on=group.on, text=group.text, role=group.role,
        source_line=group.source_line, detail=detail,
    )  # fmt: skip


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_EVEN))
