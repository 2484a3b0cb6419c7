"""Stripe: one row is one balance transaction with gross, fee and net; `automatic_payout_id` says in which payout it came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from akinai.adapters.banks.sheet import BadCell, yen_in
from akinai.adapters.channels.words.times import parse_day
from akinai.adapters.settlements.sheet import FixedDoor, read_each
from akinai.core.tables import FileRefused, Row, RowError, refuse
from akinai.payments.settlement_ports import Payout, PayoutLine, Provider
from akinai.payments.settlement_states import LineKind

PROVIDER = Provider(
    "stripe", "Stripe", "request", "stripe", ("ストライプジヤパン", "ストライプ", "STRIPE"), 0, 30
)
NEEDS = frozenset({"balance_transaction_id", "reporting_category", "gross", "fee", "net", "currency"})
PAYOUT, EFFECTIVE = "automatic_payout_id", "automatic_payout_effective_at"
KINDS: dict[str, tuple[str, str]] = {
    "charge": (LineKind.SALE, ""), "payment": (LineKind.SALE, ""), "charge_failure": (LineKind.REFUND, ""),
    "refund": (LineKind.REFUND, ""), "partial_capture_reversal": (LineKind.REFUND, ""), "refund_failure": (LineKind.SALE, ""),
    "dispute": (LineKind.CHARGEBACK, ""), "dispute_reversal": (LineKind.CHARGEBACK, ""),
    "fee": (LineKind.FEE, "fees"), "network_cost": (LineKind.FEE, "fees"), "tax": (LineKind.FEE, "fees"),
    "risk_reserved_funds": (LineKind.RESERVE, ""), "obligation": (LineKind.RESERVE, ""),
    "payout_minimum_balance_hold": (LineKind.RESERVE, ""), "payout_minimum_balance_release": (LineKind.RESERVE, ""),
    "topup": (LineKind.TRANSFER, ""), "transfer": (LineKind.TRANSFER, ""), "other_adjustment": (LineKind.ADJUSTMENT, ""),
}  # fmt: skip
# What goes to the bank is the payout itself and no line of it.
PAYOUTS = frozenset({"payout", "payout_reversal"})


class StripePayouts(FixedDoor):
    code = "stripe_payout"
    title = "Stripe 入金消込レポート"
    provider = "stripe"
    needs = NEEDS

    def read(self, data: bytes, filename: str) -> Sequence[Payout]:
        table = self.table(data, filename)
        if PAYOUT not in table.columns():
            raise refuse(
                filename,
                "入金（payout）の番号の列 automatic_payout_id がありません。Stripe の「入金消込レポート」を、"
                "明細（Itemized）で、この列を含めてダウンロードしてください。",
            )
        groups: dict[str, list[PayoutLine]] = {}
        days: dict[str, date] = {}
        waiting: list[Row] = []

        def take(row: Row) -> None:
            _check_currency(row)
            number = row.get(PAYOUT)
            if not number:
                waiting.append(row)
                return
            if row.get("reporting_category") not in PAYOUTS:
                groups.setdefault(number, []).extend(_lines(row))
            days[number] = _day(row)

        read_each(table, take)
        if not groups:
            raise _nothing(filename)
        made = [_payout(number, lines, days[number], filename) for number, lines in groups.items()]
        made.sort(key=lambda payout: (payout.paid_on, payout.number))
        if waiting:
            made[0] = replace(made[0], warnings=(_waiting(filename, len(waiting)),))
        return made


def _check_currency(row: Row) -> None:
    currency = row.get("currency").lower()
    if currency != "jpy":
        raise BadCell(
            "currency", currency,
            f"通貨が {currency.upper() or '空欄'} の行です。円（JPY）の入金だけを取り込めます。"
            "円の入金だけに絞ってダウンロードし、外貨の入金は会計ソフトに直接記録してください。",
        )  # fmt: skip


def _lines(row: Row) -> Iterable[PayoutLine]:
    """The transaction, and the fee taken of it."""
    gross, fee, net = (_yen(row, name) for name in ("gross", "fee", "net"))
    if gross - fee != net:
        raise BadCell("net", row.get("net"), f"gross {gross:,} − fee {fee:,} が net {net:,} と合いません。")
    category = row.get("reporting_category")
    kind, role = KINDS.get(category, (LineKind.ADJUSTMENT, ""))
    told: dict[str, Any] = {
        "reference": row.get("balance_transaction_id"), "order_no": _order_no(row), "refs": _refs(row), "on": _created(row),
        "source_line": row.line,
    }  # fmt: skip
    text = f"{category} {row.get('description')}".strip()
    if gross:
        yield PayoutLine(kind, gross, role=role, text=text, **told)
    if fee:
        yield PayoutLine(LineKind.FEE, -fee, role="fees", text=f"{category} の手数料", **told)


def _refs(row: Row) -> tuple[str, ...]:
    names = ("payment_intent_id", "charge_id", "source_id", "invoice_id")
    return tuple(dict.fromkeys(value for name in names if (value := row.get(name))))


def _order_no(row: Row) -> str:
    """注文番号 that the shop has written into the payment's metadata."""
    named = [
        name
        for name in row.raw()
        if name.startswith("payment_metadata[")
        and any(word in name.lower() for word in ("order", "注文", "受注"))
    ]
    return next((value for name in named if (value := row.get(name))), "")


def _yen(row: Row, column: str) -> int:
    found = yen_in(row, column)
    if found is None:
        raise BadCell(column, "", f"{column} が空欄です。元のファイルを確かめてください。")
    return found


def _created(row: Row) -> date | None:
    return parse_day(row.get("created") or row.get("created_utc"))


def _day(row: Row) -> date:
    column = EFFECTIVE if row.get(EFFECTIVE) else "automatic_payout_effective_at_utc"
    found = parse_day(row.get(column))
    if found is None:
        raise BadCell(
            EFFECTIVE, row.get(column), "入金日を読めません。この列を含めてダウンロードしてください。"
        )
    return found


def _payout(number: str, lines: Sequence[PayoutLine], on: date, file: str) -> Payout:
    days = [line.on for line in lines if line.on]
    return Payout(
        on, sum(line.yen for line in lines), tuple(lines), number, min(days, default=None), max(days, default=None),
        file=file,
    )  # fmt: skip


def _waiting(file: str, count: int) -> RowError:
    return RowError(
        file,
        0,
        PAYOUT,
        "",
        f"まだ入金の決まっていない取引が {count} 行あります。入金された後のレポートで取り込まれます。",
    )


def _nothing(file: str) -> FileRefused:
    return refuse(
        file, "入金（payout）に含まれる取引がありません。入金済みの期間を選んでダウンロードし直してください。"
    )
