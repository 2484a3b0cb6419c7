"""精算を説明する: look at every open line, write what is certain, and say of the others why they are not."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from akinai.billing import queries as billing
from akinai.core import activity
from akinai.orders import queries as orders_known
from akinai.orders import services as orders
from akinai.payments.models import (
    Payment,
    PaymentRequest,
    Settlement,
    SettlementLine,
    SettlementLineStatus,
)
from akinai.payments.rules.settlements import OrderMoney, Share, Told, Verdict, explain
from akinai.payments.services.dunning import stop_mails
from akinai.payments.services.settlements.writing import (
    Booked,
    Money,
    Said,
    begin,
    say,
    write_entries,
    write_payments,
)
from akinai.payments.settlement_states import How, LineState, SettlementState, Why
from akinai.payments.states import PaymentSource, RefundMethod
from akinai.shipping import return_queries as returns
from akinai.shipping import tracking_queries

if TYPE_CHECKING:
    from akinai.payments.models import PayoutTerms
    from akinai.staff.models import Staff

OUR_NUMBER = re.compile(r"SO-\d{4}-\d{6,}")


@dataclass(frozen=True, slots=True)
class Explained:
    """説明の結果: lines looked at, those explained now, and the yen still open."""

    looked: int
    explained: int
    open_yen: int


@transaction.atomic
def explain_again(settlement: Settlement, *, by: Staff | None) -> Explained:
    """未説明の明細をもう一度調べる: an order may have come in, or been corrected, meanwhile. Safe to run at any time."""
    begin(settlement)
    rows = list(
        SettlementLineStatus.objects.filter(settlement=settlement, state=LineState.OPEN)
        .exclude(why=Why.BY_HAND)
        .select_related("line")
        .order_by("line__nth")
    )
    turns = {row.pk: row.turn + 1 for row in rows}
    lines = [row.line for row in rows]
    verdicts = _post(settlement, lines, turns, explain(*_facts(settlement, lines)), by=by)
    done = sum(verdict.is_explained for verdict in verdicts)
    if done:
        activity.record(settlement, "explain", by=by, summary=f"{done} 件に説明がつきました")
    open_yen = sum(
        abs(line.yen) for line, verdict in zip(lines, verdicts, strict=True) if not verdict.is_explained
    )
    return Explained(len(lines), done, open_yen)


def _facts(
    settlement: Settlement, lines: Sequence[SettlementLine]
) -> tuple[list[Told], dict[int, OrderMoney]]:
    """What the rule asks: whose orders the lines name, and how their money stands."""
    terms = settlement.provider
    named = orders_named(terms, settlement.channel_id, lines)
    doubles = _doubles(settlement, lines)
    collects = collects_of(terms, lines)
    told = []
    for line in lines:
        shares = collects.get(line.tracking_no, ())
        who = tuple(pk for pk, _ in shares) if len(shares) > 1 else named.get(line.pk, ())
        told.append(Told(line.pk, line.kind, line.yen, who, line.pk in doubles, line.role, shares))
    ids = {pk for one in told for pk in (*one.order_ids, *(pk for pk, _ in one.collects))}
    return told, money_of(sorted(ids), terms)


def orders_named(
    terms: PayoutTerms, channel_id: int | None, lines: Sequence[SettlementLine]
) -> dict[int, tuple[int, ...]]:
    """line → the orders that its numbers name. The way of its provider first, then our own number anywhere in it."""
    found: dict[int, tuple[int, ...]] = {}
    by_channel = orders_known.ids_by_channel_no(
        sorted({line.order_no for line in lines if line.order_no}),
        kind=terms.covers if terms.finds == "channel" else "", channel_id=channel_id,
    )  # fmt: skip
    by_ref = _requests(terms, lines)
    tracking = sorted({line.tracking_no for line in lines if line.tracking_no})
    carrier = terms.covers if terms.finds == "tracking" else ""
    by_parcel = tracking_queries.orders_by_tracking(tracking, carrier=carrier) if tracking else {}
    written = {line.pk: _our_numbers(line) for line in lines}
    by_number = orders_known.ids_by_number(sorted({n for names in written.values() for n in names}))
    for line in lines:
        ways: Iterable[Iterable[int]] = (
            [pk for ref in line.refs for pk in by_ref.get(ref, ())], by_parcel.get(line.tracking_no, ()),
            [by_number[n] for n in written[line.pk] if n in by_number], by_channel.get(line.order_no, ()),
        )  # fmt: skip
        first = next((tuple(dict.fromkeys(way)) for way in ways if way), ())
        if first:
            found[line.pk] = first
    return found


def collects_of(terms: PayoutTerms, lines: Sequence[SettlementLine]) -> dict[str, tuple[Share, ...]]:
    """送り状番号 → what the carrier was to collect with this parcel, order by order."""
    numbers = sorted({line.tracking_no for line in lines if line.tracking_no})
    return (
        tracking_queries.collected_by_tracking(numbers, carrier=terms.covers)
        if numbers and terms.finds == "tracking"
        else {}
    )


def _our_numbers(line: SettlementLine) -> list[str]:
    return OUR_NUMBER.findall(f"{line.order_no} {line.reference} {line.text}")


def _requests(terms: PayoutTerms, lines: Sequence[SettlementLine]) -> dict[str, list[int]]:
    """決済会社の番号 → orders."""
    refs = sorted({ref for line in lines for ref in line.refs})
    found: dict[str, list[int]] = defaultdict(list)
    if refs:
        rows = PaymentRequest.objects.filter(provider_ref__in=refs).values_list(
            "provider_ref", "order_id", "provider"
        )
        for ref, order_id, provider in rows:
            if terms.code in provider.lower() or provider == terms.title or len(rows) == 1 or len(ref) > 12:
                found[ref].append(order_id)
    return found


def _doubles(settlement: Settlement, lines: Sequence[SettlementLine]) -> set[int]:
    """Lines that another live settlement of this provider has as well: same number, kind and yen."""
    references = sorted({line.reference for line in lines if line.reference})
    if not references or settlement.provider.finds == "channel":
        return set()
    others = set(
        SettlementLine.objects.filter(
            reference__in=references, settlement__provider=settlement.provider_id,
            settlement__status__state=SettlementState.LIVE,
        )
        .exclude(settlement=settlement)
        .values_list("reference", "kind", "yen")
    )  # fmt: skip
    return {line.pk for line in lines if (line.reference, line.kind, line.yen) in others}


def money_of(order_ids: Sequence[int], terms: PayoutTerms) -> dict[int, OrderMoney]:
    """How the money of these orders stands, with what a clerk has written of this provider before."""
    noted = _noted(order_ids)
    by_hand = _by_hand(order_ids, terms)
    return {
        pk: OrderMoney(
            pk, one.total_yen, one.paid_yen, one.is_cancelled, one.amounts_known, one.points_yen, noted.get(pk, 0),
            tuple(by_hand.get(pk, ())),
        )
        for pk, one in orders_known.sums_of(order_ids).items()
    }  # fmt: skip


def _noted(order_ids: Sequence[int]) -> dict[int, int]:
    """返還請求書 and returns whose paper is the mall's, less what has been taken off the orders already."""
    given = Counter(billing.given_back(order_ids)) + Counter(returns.given_back_without_paper(order_ids))
    rows = Payment.objects.filter(order_id__in=list(given), source=PaymentSource.CREDIT_NOTE)
    taken = dict(rows.values_list("order_id").annotate(sum=Sum("amount_yen")).order_by())
    return {pk: max(yen - taken.get(pk, 0), 0) for pk, yen in given.items()}


def _by_hand(order_ids: Sequence[int], terms: PayoutTerms) -> dict[int, list[tuple[int, int]]]:
    """order → payments through the provider's way that no settlement line explains yet."""
    rows = (
        Payment.objects.filter(order_id__in=list(order_ids), reverses=None, reversed_by=None)
        .exclude(key__startswith="settlement-line:")
        .exclude(settlement_lines__state=LineState.EXPLAINED)
        .values_list("order_id", "pk", "amount_yen", "source", "method")
        .order_by("pk")
    )
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for order_id, pk, yen, source, method in rows:
        if source == source_of(terms) or (source == PaymentSource.REFUND and method == RefundMethod.CHANNEL):
            found[order_id].append((pk, yen))
    return found


def source_of(terms: PayoutTerms) -> str:
    """種類 of the payments that this provider brings."""
    return str(PaymentSource.CARRIER if terms.finds == "tracking" else PaymentSource.CHANNEL)


def _post(
    settlement: Settlement,
    lines: Sequence[SettlementLine],
    turns: Mapping[int, int],
    verdicts: Sequence[Verdict],
    *,
    by: Staff | None,
) -> list[Verdict]:
    """Write what the verdicts say. Out: the verdicts, with those open whose order has moved meanwhile."""
    verdicts = _move_orders(verdicts, by=by)
    by_line = {line.pk: line for line in lines}
    money = [row for verdict in verdicts for row in _money(verdict, turns[verdict.line_id], settlement)]
    write_payments(money, settlement, by=by)
    write_entries(
        [_booked(by_line[verdict.line_id], verdict) for verdict in verdicts if verdict.how == How.BOOKED],
        settlement,
        by=by,
    )
    say([_said(verdict, turns[verdict.line_id]) for verdict in verdicts], by=by)
    if any(verdict.pay_yen > 0 for verdict in verdicts):
        stop_mails()
    return list(verdicts)


def _move_orders(verdicts: Sequence[Verdict], *, by: Staff | None) -> list[Verdict]:
    """Tell the orders: all receipts in one statement, then what went back, in rising order."""
    gets: Counter[int] = Counter()
    for verdict in verdicts:
        for order_id, yen in _gets(verdict):
            gets[order_id] += yen
    took = orders.note_paid_many(dict(sorted(gets.items())), by=by)
    checked = []
    for verdict in verdicts:
        asked = _gets(verdict)
        if all(order_id in took for order_id, _ in asked):
            checked.append(verdict)
            continue
        checked.append(replace(verdict, how="", why=Why.MOVED, pay_yen=0, write_off_yen=0, shares=()))
        for order_id, yen in asked:  # of a 同梱 all orders are paid or none
            if order_id in took:
                orders.note_unpaid(order_id, yen, by=by)
    for verdict in sorted(checked, key=lambda v: v.order_id or 0):
        if verdict.pay_yen < 0 and verdict.order_id:
            orders.note_unpaid(verdict.order_id, -verdict.pay_yen, by=by)
            if verdict.write_off_yen:
                orders.note_paid(verdict.order_id, verdict.write_off_yen, by=by)
    return checked


def _gets(verdict: Verdict) -> tuple[Share, ...]:
    """What the line brings its orders."""
    if not (verdict.order_id and verdict.is_explained and verdict.pay_yen > 0):
        return ()
    return verdict.shares or ((verdict.order_id, verdict.pay_yen + verdict.write_off_yen),)


def _money(verdict: Verdict, turn: int, settlement: Settlement) -> Iterable[Money]:
    if not verdict.pay_yen or verdict.order_id is None:
        return
    note = settlement.title
    if verdict.pay_yen > 0:
        source = source_of(settlement.provider)
        shares = verdict.shares or ((verdict.order_id, verdict.pay_yen),)
        for part, (order_id, yen) in enumerate(shares, 1):
            yield Money(verdict.line_id, turn, part, order_id, yen, source, note=note)
    else:
        yield Money(
            verdict.line_id, turn, 1, verdict.order_id, verdict.pay_yen, PaymentSource.REFUND, RefundMethod.CHANNEL, note
        )  # fmt: skip
    if verdict.write_off_yen:
        yield Money(
            verdict.line_id, turn, 2, verdict.order_id, verdict.write_off_yen, PaymentSource.CREDIT_NOTE, note=note
        )  # fmt: skip


def _booked(line: SettlementLine, verdict: Verdict) -> Booked:
    return Booked(line.pk, verdict.role, -line.yen, -line.tax_yen)


def _said(verdict: Verdict, turn: int) -> Said:
    return Said(
        verdict.line_id, verdict.how, verdict.why, verdict.role, verdict.order_id, verdict.payment_id, verdict.note, turn
    )  # fmt: skip
