"""受注の順番: who changes an order takes its row first, and only then its holds, exceptions, changes and goods.

One order for everybody: orders by id, then what hangs on them, then stock. Two acts on the same order then wait for each
other at the first step and never in a ring.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone

from akinai.core import activity
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import content
from akinai.orders.models import Order
from akinai.orders.recipients import PARTS
from akinai.orders.states import WAITING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from akinai.orders.models import OrderLine

LINE_COLUMNS = ("line_no", "quantity", "unit_price_yen", "sku_id", "assigned")
ADDRESS_COLUMNS = (*PARTS, "no", "delivery_on", "delivery_slot", "gift_note")
OWN_COLUMNS = (*content.TITLES, "carrier", "payment_settled", "payment_due_on", "shop_note")


def lock_all(order_ids: Iterable[int]) -> list[Order]:
    """These orders, locked in the order of their ids."""
    rows = Order.objects.select_for_update(no_key=True).filter(pk__in=set(order_ids)).order_by("pk")
    return list(rows)


def lock(order_id: int) -> Order:
    """The order, locked."""
    return Order.objects.select_for_update(no_key=True).get(pk=order_id)


def locked(order_id: int, *, seen: str = "", outside: bool = False, begun: bool = False) -> Order:
    """The order under a lock, while it may still be corrected.

    Refused once shipping has begun (with `outside`, orders that were shipped before they came here may be corrected
    too; with `begun`, those of which only a part is on its way), and when the order is no longer what the clerk saw (`seen`:
    its `version`).
    """
    order = lock(order_id)
    if order.state not in WAITING and not (outside and order.shipped_outside):
        raise DomainError(
            f"{order.number} は「{order.get_state_display()}」なので直せません。",
            way_out="出荷作業中なら出荷指示を取り消してから直してください。出荷後は返品・再送で対応します。",
        )
    if not begun:
        refuse_begun(order)
    if seen and seen != version(order):
        raise ChangedMeanwhile(stale(order), way_out="今の内容を確かめて、よければもう一度保存してください。")
    return order


def refuse_begun(order: Order) -> None:
    """分納の途中: what is on its way already stands on labels and slips."""
    if order.in_parts and order.lines.filter(instructed__gt=0).exists():
        raise DomainError(
            f"{order.number} は一部を出荷している（または出荷作業中な）ので、この操作はできません。",
            way_out="出荷指示を取り消してから直すか、残りを出さないときは「残りを取り消す」を使ってください。",
        )


def version(order: Order, lines: Sequence[OrderLine] | None = None) -> str:
    """The fingerprint of everything a clerk may correct, to notice that somebody else was faster."""
    rows = list(order.lines.order_by("line_no")) if lines is None else lines
    told = [str(getattr(order, name)) for name in OWN_COLUMNS]
    told += [str(getattr(line, name)) for line in rows for name in LINE_COLUMNS]
    if any(line.assigned for line in rows):
        told += [str(one) for one in order.addresses.filter(removed_at=None).values_list(*ADDRESS_COLUMNS)]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:24]


def stale(order: Order) -> str:
    """Who changed the order meanwhile, in words."""
    last = activity.of(order).first()
    if last is None:
        return f"{order.number} は、この画面を開いたあとに変わりました。"
    told = (
        f"{timezone.localtime(last.at):%m/%d %H:%M} {last.actor_name}「{(last.summary or last.verb)[:60]}」"
    )
    return f"{order.number} は、この画面を開いたあとに変わりました（{told}）。"
