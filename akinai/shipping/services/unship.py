"""出荷取消: what was recorded as gone had not gone. Goods, order and mail go back together, by reversal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity, events, mail
from akinai.core.activity import Fact
from akinai.core.errors import DomainError
from akinai.orders import services as orders
from akinai.shipping.errors import NotShippable, Refused
from akinai.shipping.models import Parcel, Shipment
from akinai.shipping.ports import why_kept
from akinai.shipping.services.instruct import give_back_pieces, move_all
from akinai.shipping.services.merging import with_riders
from akinai.shipping.services.notify import mail_key
from akinai.shipping.services.ship import takes_of
from akinai.shipping.services.tracking import forget_numbers
from akinai.shipping.states import MallNotice, Notice
from akinai.stock import services as stock

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def unship(shipment_ids: Sequence[int], *, reason: str, by: Staff | None) -> list[Shipment]:
    """出荷確定の取消, all or nothing: the orders are 出荷待ち again and keep their goods; a new instruction ships them.

    The shipments stay in the history as 指示取消, their 送り状番号 are free again, a shipping mail that still waits is
    not sent. Raises NotShippable for what is delivered or not shipped, and for orders whose invoice has not been given
    back; DomainError without a reason.
    """
    if not reason.strip():
        raise DomainError(
            "出荷取消の理由が入力されていません。", way_out="例：確定する出荷を間違えた、荷物がまだ倉庫にある"
        )
    ids = with_riders(shipment_ids)
    shipments = list(Shipment.objects.filter(pk__in=ids).select_related("order").order_by("pk"))
    _refuse_delivered(shipments)
    note = f"出荷取消: {reason.strip()}"
    move_all(
        shipments,
        "unship",
        by=by,
        note=note,
        shipped_at=None,
        notice=Notice.NONE,
        notified_at=None,
        mall_notice=MallNotice.NONE,
        mall_told_at=None,
    )
    _tell_orders(shipments, by)
    give_back_pieces(shipments)
    orders.set_progress([shipment.order_id for shipment in shipments if shipment.is_part])
    stock.unship(takes_of(shipments), by=by, note=note[:200])
    orders.advance([shipment.order_id for shipment in shipments], by=by)
    _free_numbers(shipments, by)
    for shipment in shipments:
        mail.cancel(mail_key(shipment), reason="出荷取消")
    events.emit("shipment.unshipped", shipment_ids=[shipment.pk for shipment in shipments])
    return shipments


def _refuse_delivered(shipments: Sequence[Shipment]) -> None:
    delivered = [s for s in shipments if s.delivered_on]
    if delivered:
        raise NotShippable(
            f"{delivered[0].number} は配達が完了しているため、出荷を取り消せません。",
            refused=[Refused(s.number, "配達完了") for s in delivered],
            way_out="商品が戻るときは、返品として受け付けてください。",
        )


def _tell_orders(shipments: Sequence[Shipment], by: Staff | None) -> None:
    """The orders go back first: whoever issues an invoice meanwhile waits for their rows, or has finished before us."""
    ids = [shipment.order_id for shipment in shipments]
    parted = [shipment.order_id for shipment in shipments if shipment.is_part]
    orders.lock_all(ids)
    moved = {*orders.note_unshipped([pk for pk in ids if pk not in parted], by=by), *parted}
    orders.note_parts_unshipped(parted, by=by)
    kept = why_kept(ids)
    refused = [
        Refused(s.number, kept.get(s.order_id) or f"受注 {s.order.number} が出荷済ではありません。")
        for s in shipments
        if s.order_id in kept or s.order_id not in moved
    ]
    if refused:
        raise NotShippable(
            f"{refused[0].number} の出荷は取り消せません。{refused[0].reason}", refused=refused
        )


def _free_numbers(shipments: Sequence[Shipment], by: Staff | None) -> None:
    """送り状番号: the label may go onto the same box again, so its number must not stay taken."""
    by_pk = {shipment.pk: shipment for shipment in shipments}
    parcels = Parcel.objects.filter(shipment__in=by_pk)
    activity.record_many(
        [
            Fact(
                by_pk[parcel.shipment_id], "remove_tracking", f"送り状番号 {parcel.tracking_no} を外しました"
            )
            for parcel in parcels
        ],
        by=by,
    )
    parcels.delete()
    forget_numbers(list(by_pk))
