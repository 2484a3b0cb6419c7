"""ポイントの返し方: what an order used comes back with what the customer gives back, part by part, by entries that reverse it.

Refunds are told after all cuts, so the part of the goods that was paid with points comes back as points.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import clock
from akinai.marketing.models import PointEntry
from akinai.marketing.rules import used_share
from akinai.marketing.services import ledger
from akinai.marketing.services.ledger import Write
from akinai.orders import queries as orders
from akinai.orders.states import OrderState
from akinai.shipping import return_queries

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.staff.models import Staff

GRACE_DAYS = 30  # points that come back stay at least so long


def take_back_use(order_id: int, *, reason: str, by: Staff | None = None) -> int:
    """ご利用を取り消す: all that the order used comes back, each part with its own last day but not before 30 days.

    Out: how many points have come back in all. Safe to repeat.
    """
    return _settle(order_id, reason, by, all_of_it=True)


def settle_use(order_id: int) -> int:
    """返品に合わせる: of the points used, the share of what came back is given back; of a return that was undone it is taken
    again, as far as there are points. Call it at any time. Out: how many have come back in all."""
    return _settle(order_id, "返品", None, all_of_it=False)


@transaction.atomic
def _settle(order_id: int, reason: str, by: Staff | None, *, all_of_it: bool) -> int:
    used = PointEntry.objects.filter(order_id=order_id, kind=PointEntry.Kind.USED).first()
    if used is None:
        return 0
    left = ledger.hold(used.customer_id)
    rows = list(PointEntry.objects.filter(reverses=used).order_by("pk"))
    back = sum(one.points for one in rows)
    due = -used.points if all_of_it else _share(order_id, -used.points)
    if due > back:
        _give(used, rows, due - back, reason, by)
    elif due < back:
        due = back - _take(used, rows, min(back - due, left), by)
    return due


def _share(order_id: int, used: int) -> int:
    """Of the points used, those that stand for what came back. Of a cancelled order all of them."""
    order: Order = orders.with_lines([order_id])[0]
    if order.state == OrderState.CANCELLED:
        return used
    goods, with_shipping = return_queries.came_back(order_id)
    whole = (
        order.goods_yen + order.shipping_yen + order.cod_fee_yen + order.payment_fee_yen + order.wrapping_yen
    )
    return used_share(used, goods + (order.shipping_yen if with_shipping else 0), whole)


def _give(used: PointEntry, rows: Sequence[PointEntry], points: int, reason: str, by: Staff | None) -> None:
    """From the lots they were drawn from, what lasts longest first."""
    least = clock.today() + timedelta(days=GRACE_DAYS)
    for draw in used.draws.select_related("lot").order_by("-pk"):
        gone = sum(one.points for one in rows if _lot(one) == draw.lot_id)
        part = min(draw.points - gone, points)
        if part > 0:
            last = draw.lot.expires_on
            told = Write(
                used.customer_id, part, PointEntry.Kind.REVERSED, f"back:{used.pk}:{draw.lot_id}:{len(rows)}", used.order_id,
                _no_sooner(last, least), reason, used.pk,
            )  # fmt: skip
            ledger.write(told, by=by)
            points -= part


def _no_sooner(last: date | None, least: date) -> date | None:
    return None if last is None else max(last, least)


def _take(used: PointEntry, rows: Sequence[PointEntry], points: int, by: Staff | None) -> int:
    """Lot by lot, what came back last first. Out: how many were taken."""
    taken = 0
    came = {_lot(row): row.pk for row in rows if row.points > 0}
    for lot, entry in sorted(came.items(), key=lambda pair: -pair[1]):
        part = min(sum(row.points for row in rows if _lot(row) == lot), points - taken)
        if part > 0:
            told = Write(
                used.customer_id, -part, PointEntry.Kind.REVERSED, f"back:{used.pk}:{lot}:{len(rows)}", used.order_id, None,
                "返品の取消", used.pk,
            )  # fmt: skip
            ledger.write(told, by=by, first=entry)
            taken += part
    return taken


def _lot(entry: PointEntry) -> int:
    """付与 whose points this entry gave back, as its key says."""
    return int(entry.key.split(":")[2])
