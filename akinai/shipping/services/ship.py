"""出荷確定: the goods leave stock, the order is told, and the world hears of it once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from akinai.core import clock, events
from akinai.core.errors import DomainError
from akinai.orders import services as orders
from akinai.shipping import queries
from akinai.shipping.errors import NotShippable, Refused
from akinai.shipping.models import Shipment, ShipmentLine
from akinai.shipping.services.instruct import move_all
from akinai.shipping.services.merging import with_riders
from akinai.shipping.services.telling import expect_telling
from akinai.stock import queries as stock_queries
from akinai.stock import services as stock
from akinai.stock.services import Take

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def ship(
    shipment_ids: Sequence[int], *, by: Staff | None, shipped_on: date | None = None, note: str = ""
) -> list[Shipment]:
    """出荷確定: all of them or none. Two clerks shipping the same box meet at the state; the goods leave once.

    Rows are taken in the order shipments → orders → stock, as everywhere, so nobody waits in a ring.
    Raises NotShippable naming those that cannot leave; stock's refusal when a reservation is not whole.
    """
    at = _moment(shipped_on)
    ids = with_riders(shipment_ids)
    shipments = list(Shipment.objects.filter(pk__in=ids).select_related("order").order_by("pk"))
    if not shipments:
        return []
    move_all(shipments, "ship", by=by, note=note, shipped_at=at)
    _tell_orders([shipment for shipment in shipments if not shipment.is_part], at, by)
    _tell_parted([shipment for shipment in shipments if shipment.is_part], by)
    stock.ship(takes_of(shipments), by=by, at=at)
    for shipment in shipments:
        shipment.shipped_at = at
    expect_telling([shipment.pk for shipment in shipments])
    events.emit("shipment.shipped", shipment_ids=[shipment.pk for shipment in shipments])
    return shipments


def _tell_orders(shipments: Sequence[Shipment], at: datetime, by: Staff | None) -> None:
    moved = set(orders.note_shipped([shipment.order_id for shipment in shipments], at=at, by=by))
    stuck = [
        Refused(s.number, f"受注 {s.order.number} が出荷作業中ではありません")
        for s in shipments
        if s.order_id not in moved
    ]
    if stuck:
        raise NotShippable(
            f"{stuck[0].number}: {stuck[0].reason}。",
            refused=stuck,
            way_out="受注の画面で状態を確かめてください。",
        )


def _tell_parted(parts: Sequence[Shipment], by: Staff | None) -> None:
    """Orders in parts are 出荷済 with their last shipment. Their rows are taken first: of two clerks who ship the last two
    parcels at once, the second sees that nothing is open any more."""
    ids = {shipment.order_id for shipment in parts}
    if not ids:
        return
    orders.lock_all(ids)
    live = Shipment.objects.filter(order_id__in=ids)
    still_open = set(live.filter(state__in=queries.OPEN).values_list("order_id", flat=True))
    gone = live.filter(state__in=queries.GONE).order_by("shipped_at").values_list("order_id", "shipped_at")
    last = {order_id: left for order_id, left in gone if left}
    orders.note_parts_shipped(ids, open_left=still_open, at=last, by=by)


@transaction.atomic
def cancel_rest(order_id: int, *, reason: str, by: Staff | None) -> None:
    """残りを取り消す of an order that left in part: 出荷済 at once where nothing of it is open any more."""
    orders.drop_rest(order_id, reason=reason, by=by)
    live = Shipment.objects.filter(order_id=order_id)
    _tell_parted(list(live.filter(state__in=[*queries.OPEN, *queries.GONE])), by)
    gone = list(live.filter(state__in=queries.GONE).values_list("pk", flat=True))
    if gone:  # heard again: what was earned follows the amount, and the order may be complete
        events.emit("shipment.shipped", shipment_ids=gone)


def _moment(shipped_on: date | None) -> datetime:
    """Now, or noon of an earlier day that the carrier's file names. The future is refused."""
    now = clock.now()
    today = timezone.localdate(now)
    if shipped_on is None or shipped_on == today:
        return now
    if shipped_on > today:
        raise DomainError(
            "出荷日に未来の日付は使えません。", way_out="今日か、実際に出荷した日を入れてください。"
        )
    return timezone.make_aware(datetime.combine(shipped_on, time(12)))


def takes_of(shipments: Sequence[Shipment]) -> list[Take]:
    """The reservations that leave, under the number orders reserved them by: one per order line, of a set one per part as
    it was promised."""
    by_pk = {shipment.pk: shipment for shipment in shipments}
    rows = ShipmentLine.objects.filter(shipment__in=by_pk).order_by("shipment_id", "order_line__line_no")
    lines = [
        Take(f"{by_pk[pk].order.number}/{line_no}", sku_id, by_pk[pk].location_id, quantity, by_pk[pk].number)
        for pk, line_no, sku_id, quantity in rows.values_list(
            "shipment_id", "order_line__line_no", "sku_id", "quantity"
        )
    ]
    sets = stock_queries.set_parts([line.reference for line in lines])
    return [take for line in lines for take in _parts(line, sets.get(line.reference, ()))]


def _parts(line: Take, parts: Sequence[stock_queries.HeldPart]) -> list[Take]:
    if not parts or parts[0].set_sku_id != line.sku_id:
        return [line]
    return [
        replace(line, sku_id=part.sku_id, quantity=line.quantity * part.per_set, set_sku_id=line.sku_id)
        for part in parts
    ]
