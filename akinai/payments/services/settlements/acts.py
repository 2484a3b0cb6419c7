"""明細を説明する: one act for each line that the rule could not explain, and how to take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.orders import queries as orders_known
from akinai.orders import services as orders
from akinai.payments.models import Settlement, SettlementEntry, SettlementLine, SettlementLineStatus
from akinai.payments.services.settlements.explaining import source_of
from akinai.payments.services.settlements.taking import undo_entries, undo_payments
from akinai.payments.services.settlements.writing import (
    Booked,
    Money,
    Said,
    begin,
    say,
    tax_in,
    write_entries,
    write_payments,
)
from akinai.payments.settlement_states import ROLES, How, LineKind, LineState, Why
from akinai.payments.states import PaymentSource, RefundMethod

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def open_line(line_id: int) -> tuple[SettlementLine, SettlementLineStatus, Settlement]:
    """The line with its settlement, taken for this act. Refused when it is explained already."""
    line = SettlementLine.objects.select_related("settlement__provider").get(pk=line_id)
    begin(line.settlement)
    status = SettlementLineStatus.objects.get(pk=line_id)
    if status.state != LineState.OPEN:
        raise DomainError(
            "この明細は説明済みです。",
            way_out="精算を開き直してください。変えるときは、先に説明を取り消してください。",
        )
    return line, status, line.settlement


def _order(number: str) -> orders_known.OrderSum:
    found = orders_known.ids_by_number([number.strip().upper()])
    if not found:
        ways = orders_known.ids_by_channel_no([number.strip()])
        found = {text: pks[0] for text, pks in ways.items() if len(pks) == 1}
    if not found:
        raise DomainError(
            f"受注「{number[:40]}」が見つかりません。",
            way_out="受注番号（SO-…）かモールの注文番号を確かめてください。",
        )
    (pk,) = found.values()
    return orders_known.sums_of([pk])[pk]


@transaction.atomic
def tie_line(line_id: int, *, order: str, note: str = "", by: Staff | None) -> None:
    """受注に結び付ける: the whole line is this order's. What it still owes then waits for more money.

    Money that comes pays the order, money that went back is its refund. Refused beyond what the order owes or was paid.
    """
    line, status, settlement = open_line(line_id)
    target = _order(order)
    owed = target.total_yen - target.paid_yen
    if line.yen > owed:
        raise DomainError(
            f"{target.number} の未入金は {yen(owed)} です。{yen(line.yen)} は充てられません。",
            way_out="余りを雑収入にするときは「差額を認める」を、別の科目のときは「科目」を選んでください。",
        )
    turn = status.turn + 1
    if line.yen > 0:
        orders.note_paid(target.order_id, line.yen, by=by)
        row = Money(line.pk, turn, 1, target.order_id, line.yen, source_of(settlement.provider), note=note)
        how = How.PAID
    else:
        orders.note_unpaid(target.order_id, -line.yen, by=by)
        row = Money(
            line.pk, turn, 1, target.order_id, line.yen, PaymentSource.REFUND, RefundMethod.CHANNEL, note
        )
        how = How.REFUNDED
    write_payments([row], settlement, by=by)
    say([Said(line.pk, how, order_id=target.order_id, note=note, turn=turn)], by=by)
    record(settlement, line, f"{target.number} に結び付け", note, by)


@transaction.atomic
def book_line(line_id: int, *, role: str, note: str, by: Staff | None) -> None:
    """科目で説明する: the line is a cost or an income of the shop, not an order's money."""
    if role not in ROLES or not note.strip():
        raise DomainError("科目か理由がありません。", way_out="科目を選び、何のお金かを書いてください。")
    line, status, settlement = open_line(line_id)
    tax = line.tax_yen or tax_in(line.yen, role, settlement.provider)
    write_entries([Booked(line.pk, role, -line.yen, -tax, note)], settlement, by=by)
    said = Said(line.pk, How.BOOKED, role=role, order_id=status.order_id, note=note, turn=status.turn + 1)
    say([said], by=by)
    record(settlement, line, ROLES[role], note, by)


@transaction.atomic
def accept_difference(line_id: int, *, order: str = "", note: str, by: Staff | None) -> None:
    """差額を認める: the order is closed by what the provider paid. A shortage is given up, a surplus is 雑収入.

    Needs a reason, and an order that still owes something; only for money that came.
    """
    if not note.strip():
        raise DomainError("差額を認める理由がありません。", way_out="なぜ金額が違うのかを書いてください。")
    line, status, settlement = open_line(line_id)
    target = _order(order) if order.strip() else _known_order(status)
    owed = target.total_yen - target.paid_yen
    if line.yen <= 0 or line.kind not in (LineKind.SALE, LineKind.POINTS) or owed <= 0:
        raise DomainError(
            f"{target.number} には、この明細で閉じる未入金がありません。",
            way_out="「受注に結び付ける」か「科目」を選んでください。",
        )
    paid, turn = min(line.yen, owed), status.turn + 1
    orders.note_paid(target.order_id, owed, by=by)
    rows = [Money(line.pk, turn, 1, target.order_id, paid, source_of(settlement.provider), note=note)]
    if owed > paid:
        rows.append(Money(line.pk, turn, 2, target.order_id, owed - paid, PaymentSource.SHORT, note=note))
    write_payments(rows, settlement, by=by)
    if line.yen > paid:
        write_entries([Booked(line.pk, "gain", paid - line.yen, note=note)], settlement, by=by)
    difference = line.yen - owed
    words = f"差額 {yen(difference)}: {note}"
    say([Said(line.pk, How.DIFFERENCE, order_id=target.order_id, note=words, turn=turn)], by=by)
    record(settlement, line, f"{target.number} の差額 {yen(difference)} を認めた", note, by)


def _known_order(status: SettlementLineStatus) -> orders_known.OrderSum:
    if status.order_id is None:
        raise DomainError("どの受注か分かりません。", way_out="受注番号を入力してください。")
    return orders_known.sums_of([status.order_id])[status.order_id]


@transaction.atomic
def undo_line(line_id: int, *, note: str, by: Staff | None) -> None:
    """説明を取り消す: what the explanation wrote is mirrored, and the line is open again until a person decides."""
    if not note.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    line = SettlementLine.objects.select_related("settlement__provider").get(pk=line_id)
    begin(line.settlement)
    status = SettlementLineStatus.objects.get(pk=line_id)
    if status.state != LineState.EXPLAINED:
        raise DomainError("この明細には説明がありません。", way_out="精算を開き直してください。")
    undo_payments(line.settlement, [line.pk], note=note, by=by)
    undo_entries(line.settlement, SettlementEntry.objects.filter(line=line), note=note, by=by)
    say([Said(line.pk, why=Why.BY_HAND, order_id=status.order_id, note=note, turn=status.turn)], by=by)
    record(line.settlement, line, "説明を取り消し", note, by)


def record(settlement: Settlement, line: SettlementLine, what: str, note: str, by: Staff | None) -> None:
    """The act in the settlement's history."""
    told = f"{line.nth} 行目 {yen(line.yen)}: {what}{f'（{note}）' if note else ''}"
    activity.record(settlement, "explain_line", by=by, summary=told[:500])
