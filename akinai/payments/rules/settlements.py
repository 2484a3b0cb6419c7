"""精算の説明: which lines of a settlement are explained by our orders, and why the others are not. Pure.

Everything of one order is looked at together: what was sold, what the mall paid in points, what went back. Nothing is
explained by half: an amount that is not the order's waits for a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from akinai.payments.settlement_states import OF_AN_ORDER, How, LineKind, Why

type Known = tuple[int, int]  # a payment that was written by hand, and its yen
type Share = tuple[int, int]  # an order, and its yen


@dataclass(frozen=True, slots=True)
class Told:
    """精算明細 as the rule sees it. `order_ids`: the orders that its numbers name; `collects`: 代引, what the driver was to take at
    the door for each order in this parcel."""

    line_id: int
    kind: str
    yen: int
    order_ids: tuple[int, ...] = ()
    is_double: bool = False
    role: str = ""
    collects: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """受注の金額. `noted_yen`: given back by credit notes and not yet taken off; `by_hand`: receipts (＋) and refunds (−)
    through this provider that were written before the settlement came."""

    order_id: int
    total_yen: int
    paid_yen: int
    is_cancelled: bool = False
    amounts_known: bool = True
    points_yen: int = 0
    noted_yen: int = 0
    by_hand: tuple[Known, ...] = ()

    @property
    def owed_yen(self) -> int:
        return self.total_yen - self.paid_yen


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is thought of one line. `pay_yen` is what its order gets (below 0: gives back); `why` is empty when explained.
    `shares`: who gets how much of it, where it is not one order's."""

    line_id: int
    how: str = ""
    why: str = ""
    order_id: int | None = None
    pay_yen: int = 0
    write_off_yen: int = 0  # of a refund: what a credit note has taken off the order
    payment_id: int | None = None
    role: str = ""
    note: str = ""
    shares: tuple[Share, ...] = ()

    @property
    def is_explained(self) -> bool:
        return not self.why


@dataclass(slots=True)
class _Case:
    """One order with its lines, while they are thought over."""

    money: OrderMoney
    lines: list[Told]
    left: list[Known] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Told]:
        return [line for line in self.lines if line.kind in kinds]


def explain(lines: Sequence[Told], orders: Mapping[int, OrderMoney]) -> list[Verdict]:
    """A verdict for every line, in their order."""
    found, orders = _at_the_door(lines, orders)
    cases: dict[int, list[Told]] = defaultdict(list)
    for line in lines:
        if line.line_id in found:
            continue
        if alone := _alone(line):
            found[line.line_id] = alone
        else:
            cases[line.order_ids[0]].append(line)
    for order_id, told in cases.items():
        for verdict in _of_order(_Case(orders[order_id], told, list(orders[order_id].by_hand))):
            found[verdict.line_id] = verdict
    return [found[line.line_id] for line in lines]


def _at_the_door(
    lines: Sequence[Told], orders: Mapping[int, OrderMoney]
) -> tuple[dict[int, Verdict], dict[int, OrderMoney]]:
    """代引 of parcels that are not just one order's: of 同梱, which come as one sum, and of 分納, which come part by part.

    Out: their verdicts, and the money of the orders after them.
    """
    found: dict[int, Verdict] = {}
    money = dict(orders)
    for line in lines:
        if not _is_of_its_parcel(line, money):
            continue
        for order_id, yen in line.collects:
            money[order_id] = replace(money[order_id], paid_yen=money[order_id].paid_yen + yen)
        several = len(line.collects) > 1
        found[line.line_id] = Verdict(
            line.line_id, how=How.PAID, order_id=line.collects[0][0], pay_yen=line.yen, shares=line.collects,
            note=f"同梱 {len(line.collects)} 件分の代引" if several else "分納の代引",
        )  # fmt: skip
    return found, money


def _is_of_its_parcel(line: Told, orders: Mapping[int, OrderMoney]) -> bool:
    """Is it to the yen what the driver was to take, and does each order still owe its share? A whole order's own sum is thought
    over with everything else of that order."""
    if line.kind != LineKind.SALE or line.is_double or sum(yen for _, yen in line.collects) != line.yen:
        return False
    if len(line.collects) == 1 and line.yen == orders[line.collects[0][0]].owed_yen:
        return False
    return bool(line.collects) and all(_owes(orders[pk], yen) for pk, yen in line.collects)


def _owes(money: OrderMoney, share: int) -> bool:
    """A receipt of the same yen that a clerk has written is this money already."""
    known = any(yen == share for _, yen in money.by_hand)
    return not money.is_cancelled and money.amounts_known and money.owed_yen >= share and not known


def _alone(line: Told) -> Verdict | None:
    """Lines that need no order, and those whose order is not known."""
    order_id = line.order_ids[0] if len(line.order_ids) == 1 else None
    if line.is_double:
        return Verdict(line.line_id, why=Why.DOUBLE, order_id=order_id)
    if line.kind == LineKind.RESERVE:
        return Verdict(line.line_id, how=How.KEPT)
    if line.kind not in OF_AN_ORDER:
        role = line.role or ("fees" if line.kind == LineKind.FEE else "")
        if role:
            return Verdict(line.line_id, how=How.BOOKED, role=role, order_id=order_id)
        return Verdict(line.line_id, why=Why.UNKNOWN_KIND, order_id=order_id)
    if not line.order_ids:
        return Verdict(line.line_id, why=Why.UNKNOWN_ORDER)
    if len(line.order_ids) > 1:
        return Verdict(line.line_id, why=Why.SEVERAL_ORDERS)
    return None


def _of_order(case: _Case) -> Iterable[Verdict]:
    """Sales first, then what went back of them."""
    known = _known(case)
    yield from known
    taken = {verdict.line_id for verdict in known}
    case.lines = [line for line in case.lines if line.line_id not in taken]
    money = case.money
    came, back = case.of(LineKind.SALE, LineKind.POINTS), case.of(LineKind.REFUND, LineKind.CHARGEBACK)
    if money.is_cancelled and came and sum(line.yen for line in case.lines) == 0:
        for line in case.lines:
            yield Verdict(line.line_id, how=How.OFFSET, order_id=money.order_id)
        return
    paid = yield from _sold(case, came)
    yield from _went_back(money, back, paid)


def _known(case: _Case) -> list[Verdict]:
    """Lines that tell of a payment a clerk has already written down: of exactly the same yen."""
    found = []
    for line in case.of(LineKind.SALE, LineKind.REFUND):
        match = next((one for one in case.left if one[1] == line.yen), None)
        if match:
            case.left.remove(match)
            found.append(
                Verdict(line.line_id, how=How.KNOWN, order_id=case.money.order_id, payment_id=match[0])
            )
    return found


def _sold(case: _Case, came: Sequence[Told]) -> Generator[Verdict, None, int]:
    """売上とポイント. Returns what the order has been paid by these lines."""
    money = case.money
    sales = [line for line in came if line.kind == LineKind.SALE]
    points = [line for line in came if line.kind == LineKind.POINTS]
    why = _why_not(money, sum(line.yen for line in sales), bool(sales))
    for line in points:
        if line.yen <= money.points_yen and line.yen > 0:
            yield Verdict(line.line_id, how=How.POINTS, order_id=money.order_id)
        else:
            yield Verdict(line.line_id, why=Why.OVER, order_id=money.order_id)
    if why:
        for line in sales:
            yield Verdict(line.line_id, why=why, order_id=money.order_id)
        return 0
    left, paid = money.owed_yen, 0
    off = money.noted_yen if sum(line.yen for line in sales) == money.owed_yen - money.noted_yen else 0
    for line in sales:
        amount = min(line.yen, left)
        left, paid = left - amount, paid + amount
        rest = line.yen - amount
        note = f"うちポイントのお支払い {rest:,} 円" if rest else ""
        how = How.PAID if amount else How.POINTS
        yield Verdict(
            line.line_id, how=how, order_id=money.order_id, pay_yen=amount, write_off_yen=off, note=note
        )
        off = 0
    return paid


def _why_not(money: OrderMoney, sold: int, is_sold: bool) -> str:
    """Why these yen are not what the order owes; "" when they are.

    The mall may have added the points it pays for, or taken off what a credit note has given back.
    """
    if not is_sold:
        return ""
    if money.is_cancelled:
        return Why.CANCELLED
    if not money.amounts_known:
        return Why.AMOUNT_UNKNOWN
    owed = money.owed_yen
    fitting = {owed, owed + money.points_yen, owed - money.noted_yen} if owed > 0 else {money.points_yen}
    if sold > 0 and sold in fitting and not (owed <= 0 and money.paid_yen):
        return ""
    if owed <= 0:
        return Why.ALREADY_PAID
    return Why.SHORT if sold < owed else Why.OVER


def _went_back(money: OrderMoney, back: Sequence[Told], paid: int) -> Iterable[Verdict]:
    held, noted = money.paid_yen + paid, money.noted_yen
    for line in back:
        amount = -line.yen
        if line.kind == LineKind.CHARGEBACK:
            yield Verdict(line.line_id, why=Why.CHARGEBACK, order_id=money.order_id)
        elif amount <= 0 or amount > held:
            yield Verdict(line.line_id, why=Why.BEYOND, order_id=money.order_id)
        elif money.is_cancelled or amount <= noted:
            off = 0 if money.is_cancelled else amount
            held, noted = held - amount + off, noted - off
            yield Verdict(
                line.line_id, how=How.REFUNDED, order_id=money.order_id, pay_yen=-amount, write_off_yen=off
            )
        else:
            yield Verdict(line.line_id, why=Why.NO_RETURN, order_id=money.order_id)
