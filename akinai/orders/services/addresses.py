"""複数送付先: other addresses of an order, with the pieces that go there. What is not assigned goes to the order's own address.

`OrderLine.assigned` is the guard: one conditional statement adds to it and a CHECK stands behind it, so two clerks never send
the same piece to two places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F, Max

from akinai.core import activity, clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import content
from akinai.orders.address_ports import why_one_address
from akinai.orders.models import Order, OrderAddress, OrderAddressLine, OrderIssue, OrderLine
from akinai.orders.ports import Address
from akinai.orders.recipients import PARTS
from akinai.orders.services import rewriting
from akinai.orders.services.advance import advance
from akinai.orders.services.locking import lock, locked
from akinai.orders.states import IssueCode

if TYPE_CHECKING:
    from akinai.staff.models import Staff

MOST = 99
ASSIGN = """
UPDATE orders_orderline l SET assigned = l.assigned + t.pieces FROM unnest(%s::bigint[], %s::int[]) AS t(id, pieces)
WHERE l.id = t.id AND l.order_id = %s AND l.assigned + t.pieces BETWEEN 0 AND l.quantity RETURNING l.id
"""


@dataclass(frozen=True, slots=True)
class Destination:
    """送付先 as a clerk enters it. `pieces`: line number → how many of it go there."""

    to: Address
    pieces: Mapping[int, int]
    delivery_on: date | None = None
    delivery_slot: str = ""
    gift_note: str = ""


@transaction.atomic
def add_address(order_id: int, wanted: Destination, *, seen: str = "", by: Staff | None) -> OrderAddress:
    """送付先を足す. Refused once shipping has begun, for an order in a 同梱, and where pieces are not left for it.

    `seen`, here and below: the version of the order that the clerk saw. When everything is assigned, the question 複数送付先 is answered.
    """
    order = locked(order_id, seen=seen)
    if reason := why_one_address(order.pk):
        raise DomainError(
            f"{order.number} は送付先を分けられません。{reason}。",
            way_out="同梱を取り消してから分けてください。",
        )
    last = order.addresses.aggregate(last=Max("no"))["last"] or 0
    if last >= MOST:
        raise DomainError(f"送付先は {MOST} か所までです。", way_out="受注を分けて登録してください。")
    address = OrderAddress(order=order, no=last + 1, **_columns(wanted))
    address.save()
    told = _assign(order, address, wanted.pieces)
    activity.record(
        order, "add_address", by=by, summary=f"送付先 {address.no}「{address.name} 様」を追加: {told}"[:500]
    )
    _after(order, by)
    return address


@transaction.atomic
def change_address(order_id: int, no: int, wanted: Destination, *, seen: str = "", by: Staff | None) -> None:
    """送付先を直す: address, wishes and pieces. Refused once shipping has begun."""
    order = locked(order_id, seen=seen)
    address = _address(order, no)
    for name, value in _columns(wanted).items():
        setattr(address, name, value)
    address.save()
    _give_back(order, address)
    told = _assign(order, address, wanted.pieces)
    activity.record(
        order, "change_address", by=by, summary=f"送付先 {no}「{address.name} 様」を修正: {told}"[:500]
    )
    _after(order, by)


@transaction.atomic
def remove_address(order_id: int, no: int, *, seen: str = "", by: Staff | None) -> None:
    """送付先を外す: its pieces go to the order's own address again. Refused once shipping has begun."""
    order = locked(order_id, seen=seen)
    address = _address(order, no)
    _give_back(order, address)
    OrderAddress.objects.filter(pk=address.pk).update(removed_at=clock.now())
    activity.record(
        order, "remove_address", by=by, summary=f"送付先 {no}「{address.name} 様」を外しました"[:500]
    )
    _after(order, by)


def _columns(wanted: Destination) -> dict[str, Any]:
    columns = {part: getattr(wanted.to, part) for part in PARTS}
    wishes = {name: getattr(wanted, name) for name in ("delivery_on", "delivery_slot", "gift_note")}
    return columns | wishes | {"is_remote_island": content.is_island(wanted.to)}


def _address(order: Order, no: int) -> OrderAddress:
    found = order.addresses.filter(no=no, removed_at=None).first()
    if found is None:
        raise ChangedMeanwhile(
            f"{order.number} に送付先 {no} はありません（外されました）。",
            way_out="受注を開き直してください。",
        )
    return found


def _assign(order: Order, address: OrderAddress, wanted: Mapping[int, int]) -> str:
    """Take the pieces. Out: what goes there, in words. Refused, naming the line, where not so many are left."""
    pieces = {no: count for no, count in wanted.items() if count}
    if not pieces or min(pieces.values()) < 0:
        raise DomainError(
            "この送付先に送る数量がありません。", way_out="どれかの明細に 1 点以上の数量を入れてください。"
        )
    lines = {line.line_no: line for line in order.lines.filter(line_no__in=pieces)}
    _count(order, {lines[no].pk: count for no, count in pieces.items() if no in lines}, len(pieces))
    OrderAddressLine.objects.bulk_create(
        OrderAddressLine(address=address, order_line=lines[no], quantity=count)
        for no, count in pieces.items()
    )
    return "、".join(
        f"{lines[no].sku_code or lines[no].name[:20]} {count:,} 点" for no, count in sorted(pieces.items())
    )


def _count(order: Order, pieces: Mapping[int, int], expected: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ASSIGN, [list(pieces), list(pieces.values()), order.pk])
        done = {pk for (pk,) in cursor.fetchall()}
    if len(done) == expected:
        return
    short = OrderLine.objects.filter(pk__in=set(pieces) - done).order_by("line_no")
    names = "、".join(
        f"明細 {line.line_no}（残り {line.quantity - line.assigned:,} 点に {pieces[line.pk]:,} 点）"
        for line in short[:3]
    )
    raise DomainError(
        f"割り当てる数が残りより多い明細があります: {names or 'ない明細'}。",
        way_out="数量を減らすか、ほかの送付先の数量を先に減らしてください。",
    )


def _give_back(order: Order, address: OrderAddress) -> None:
    held = dict(address.lines.values_list("order_line_id", "quantity"))
    if held:
        _count(order, {pk: -count for pk, count in held.items()}, len(held))
        address.lines.all().delete()


def _after(order: Order, by: Staff | None) -> None:
    """Where all is assigned, the question is answered; the day to ship by follows the nearest wish."""
    left = order.lines.filter(quantity__gt=F("assigned")).exists()
    count = order.addresses.filter(removed_at=None).count()
    if count and not left:
        OrderIssue.objects.filter(order=order, code=IssueCode.MULTI_SHIP, resolved_at=None).update(
            resolved_at=clock.now(), resolved_by=by, resolution=f"{count} か所の送付先に割り当て"
        )
    rewriting.renew_search(order.pk)
    rewriting.judge_again(order, rewriting.draft_of(order), by=by, note="送付先を直して解消")
    advance([order.pk], by=by)


def settle_shared(order_id: int, *, by: Staff | None) -> None:
    """複数送付先の受注を受けた: the wishes of its other addresses are judged as if a clerk had entered them."""
    _after(lock(order_id), by)


def refuse_assigned(wanted: Mapping[OrderLine, int]) -> None:
    """Line → its new number of pieces: refused where more of them are assigned to other addresses."""
    for line, quantity in wanted.items():
        if quantity < line.assigned:
            raise DomainError(
                f"明細 {line.line_no} は {line.assigned:,} 点をほかの送付先に割り当てています。",
                way_out=f"「送付先」で割り当てを {quantity:,} 点以下に減らしてから、数量を変えてください。",
            )
