"""出荷指示: READY orders become shipments of one batch; and the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity, numbering, transitions
from akinai.core.activity import Fact
from akinai.orders import queries as order_queries
from akinai.orders import services as orders
from akinai.shipping import rules
from akinai.shipping.errors import NoCarrier, NotShippable, Refused
from akinai.shipping.models import CarrierAccount, Shipment, ShipmentLine, ShippingBatch
from akinai.shipping.ports import CARRIERS
from akinai.shipping.states import ShipmentState

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.staff.models import Staff


@transaction.atomic
def instruct(
    order_ids: Sequence[int],
    *,
    ship_on: date,
    carrier: str | None = None,
    drop_missed_days: bool = False,
    by: Staff | None,
) -> ShippingBatch:
    """出荷指示: one batch with one shipment per order, the orders move to 出荷作業中, all in one transaction.

    Orders that are not 出荷待ち (any more) are left as they are and named in `batch.refused`; when none is left over,
    NotShippable is raised and nothing is written. `carrier` overrides the choice by order and default.
    `drop_missed_days`: a delivery day that this shipment can no longer meet is left off; otherwise its label is refused.
    """
    wanted = list(dict.fromkeys(order_ids))
    moved = set(orders.note_instructed(wanted, by=by))
    found = order_queries.with_lines(wanted)
    refused = [_why_not(order) for order in found if order.pk not in moved]
    ready = [order for order in found if order.pk in moved]
    if not ready:
        reasons = "、".join(f"{one.number}（{one.reason}）" for one in refused[:5])
        raise NotShippable(
            f"出荷指示できる受注がありません。{reasons}",
            refused=refused,
            way_out="受注の状態を確かめてください。",
        )
    batch = _make(ready, ship_on=ship_on, carrier=carrier, drop_missed_days=drop_missed_days, by=by)
    batch.refused = tuple(refused)
    return batch


def _why_not(order: Order) -> Refused:
    return Refused(order.number, f"状態が「{order.get_state_display()}」です")


def _make(
    ready: Sequence[Order], *, ship_on: date, carrier: str | None, drop_missed_days: bool, by: Staff | None
) -> ShippingBatch:
    number = numbering.take("batch", on=ship_on)[0]
    batch = ShippingBatch.objects.create(number=number, ship_on=ship_on, created_by=by)
    choose = _chooser(carrier)
    numbers = numbering.take("shipment", len(ready), on=ship_on)
    shipments = [
        _shipment(order, batch, number, choose(order)) for order, number in zip(ready, numbers, strict=True)
    ]
    missed = _drop_missed_days(shipments) if drop_missed_days else {}
    shipments = Shipment.objects.bulk_create(shipments, batch_size=2000)
    by_order = {shipment.order_id: shipment for shipment in shipments}
    ShipmentLine.objects.bulk_create(
        [
            ShipmentLine(
                shipment=by_order[order.pk], order_line=line, sku_id=line.sku_id, quantity=line.quantity
            )
            for order in ready
            for line in order.lines.all()
            if line.sku_id and line.quantity
        ],
        batch_size=5000,
    )
    activity.record(batch, "instruct", by=by, summary=f"{len(ready)} 件の出荷を指示しました。")
    note = f"{batch.number} で出荷指示"
    activity.record_many(
        [
            Fact(s, "instruct", summary=note + missed.get(s.number, ""), to_state=ShipmentState.INSTRUCTED)
            for s in shipments
        ],
        by=by,
    )
    return batch


def _drop_missed_days(shipments: Sequence[Shipment]) -> dict[str, str]:
    """Take the wish off every shipment that leaves on that day or later. Out: number → what its history says of it."""
    missed: dict[str, str] = {}
    for shipment in shipments:
        if (wish := shipment.delivery_on) and wish <= shipment.ship_on:
            shipment.delivery_on = None
            missed[shipment.number] = f"。お届け希望日 {wish:%Y/%m/%d} には間に合わないため、指定なし"
    return missed


def _chooser(carrier: str | None) -> Callable[[Order], str]:
    """How the carrier is chosen, with the accounts looked up once. Raises NoCarrier."""
    accounts = dict(CarrierAccount.objects.values_list("carrier", "is_default"))
    known = set(accounts) | set(CARRIERS)
    if carrier and carrier not in known:
        raise NoCarrier(
            f"運送会社「{carrier}」は登録されていません。", way_out="運送会社の設定で追加してください。"
        )
    default = next((code for code, is_default in accounts.items() if is_default), "")
    default = default or next(iter(accounts), "") or next(iter(CARRIERS), "")

    def choose(order: Order) -> str:
        chosen = carrier or rules.choose_carrier(asked=order.carrier, known=known, default=default)
        if not chosen:
            raise NoCarrier(
                f"{order.number} の運送会社が決まりません。",
                way_out="運送会社の設定で既定の運送会社を登録してください。",
            )
        return chosen

    return choose


def _shipment(order: Order, batch: ShippingBatch, number: str, carrier: str) -> Shipment:
    cod = rules.cod_yen(payment=order.payment, total_yen=order.total_yen, paid_yen=order.paid_yen)
    return Shipment(
        number=number,
        order=order,
        batch=batch,
        location_id=order.location_id,
        carrier=carrier,
        service=rules.choose_service(delivery_method=order.delivery_method, cod_yen=cod),
        temperature=rules.choose_temperature(order.delivery_method),
        ship_on=batch.ship_on,
        delivery_on=order.delivery_on,
        delivery_slot=order.delivery_slot,
        cod_yen=cod,
        # A present: the one who opens the box is not the one who paid.
        hides_prices=bool(order.buyer_name and order.ship_name and order.buyer_name != order.ship_name),
    )


@transaction.atomic
def withdraw(shipment_ids: Sequence[int], *, by: Staff | None, note: str = "") -> list[Shipment]:
    """指示取消: the shipments are withdrawn, their orders wait for a new instruction (引当はそのまま).

    All or nothing. Raises NotShippable naming those that have left already.
    """
    shipments = list(Shipment.objects.filter(pk__in=shipment_ids).order_by("pk"))
    move_all(shipments, "withdraw", by=by, note=note)
    for shipment in shipments:
        orders.note_withdrawn(shipment.order_id, by=by)
    return shipments


def move_all(
    shipments: Sequence[Shipment], verb: str, *, by: Staff | None, note: str = "", **set_fields: object
) -> None:
    """Move every shipment by the table or raise NotShippable with each that refuses; the caller's transaction ends."""
    moved = set(transitions.apply_many(shipments, verb, by=by, note=note, set_fields=set_fields or None))
    stuck = [shipment for shipment in shipments if shipment.pk not in moved]
    if not stuck:
        return
    fresh = Shipment.objects.filter(pk__in=[shipment.pk for shipment in stuck])
    refused = [Refused(s.number, f"状態が「{s.get_state_display()}」です") for s in fresh]
    names = "、".join(f"{one.number}（{one.reason}）" for one in refused[:5])
    raise NotShippable(
        f"{len(refused)} 件の出荷はこの操作ができません。{names}",
        refused=refused,
        way_out="画面を開き直して、今の状態を確かめてください。",
    )
