"""出荷指示: READY orders become shipments of one batch; and the way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from akinai.catalog import queries as catalog
from akinai.core import activity, numbering, transitions
from akinai.core.activity import Fact
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import gifts, recipients
from akinai.orders import queries as order_queries
from akinai.orders import services as orders
from akinai.orders.states import OrderState, PaymentKind
from akinai.shipping import rules
from akinai.shipping.errors import NoCarrier, NotShippable, Refused
from akinai.shipping.merging import merge_of
from akinai.shipping.models import CarrierAccount, Shipment, ShipmentLine, ShippingBatch
from akinai.shipping.ports import CARRIERS
from akinai.shipping.services.cargo import Cargo, cargos_of, cod_of
from akinai.shipping.services.merging import ride_together, whole_groups, with_riders
from akinai.shipping.states import ShipmentState

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.orders.ports import Address
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
    """出荷指示: one batch with one shipment per order (of an order with several addresses one per address), the orders move to 出荷作業中, all in one transaction.

    Orders that are not 出荷待ち (any more) are left as they are and named in `batch.refused`; when none is left over,
    NotShippable is raised and nothing is written. `carrier` overrides the choice by order and default.
    `drop_missed_days`: a delivery day that this shipment can no longer meet is left off; otherwise its label is refused.
    """
    wanted, apart, groups = whole_groups(list(dict.fromkeys(order_ids)))
    wanted, paid = _without_begun_cod(wanted)
    moved = set(orders.note_instructed(wanted, by=by))
    found = order_queries.with_lines(wanted)
    refused = [*apart, *paid, *(_why_not(order) for order in found if order.pk not in moved)]
    groups = _still_whole(groups, moved)
    ready = [order for order in found if order.pk in moved]
    if not ready:
        reasons = "、".join(f"{one.number}（{one.reason}）" for one in refused[:5])
        raise NotShippable(
            f"出荷指示できる受注がありません。{reasons}",
            refused=refused,
            way_out="受注の状態を確かめてください。",
        )
    cargos = cargos_of(ready)
    orders.note_in_parts({cargo.order.pk for cargo in cargos if cargo.is_part})
    taken: Counter[int] = Counter()
    for cargo in cargos:
        taken.update(cargo.pieces)
    orders.count_pieces(taken)
    batch = _make(cargos, ship_on=ship_on, carrier=carrier, drop_missed_days=drop_missed_days, by=by)
    ride_together(list(batch.shipments.all()), groups)
    batch.refused = tuple(refused)
    return batch


def _without_begun_cod(order_ids: Sequence[int]) -> tuple[list[int], list[Refused]]:
    """代引 is collected parcel by parcel, so what is paid already cannot be shared out among several addresses."""
    stuck = recipients.begun_cod(order_ids)
    why = "送付先が複数の代引で、すでに一部の入金があります"
    return [pk for pk in order_ids if pk not in stuck], [Refused(number, why) for number in stuck.values()]


def _still_whole(groups: Sequence[list[int]], moved: Set[int]) -> list[list[int]]:
    """同梱 whose orders all moved; one that lost a member meanwhile stops everything."""
    if any(0 < len(moved & set(ids)) < len(ids) for ids in groups):
        raise ChangedMeanwhile("同梱の受注の状態が変わりました。", way_out="もう一度指示してください。")
    return [ids for ids in groups if ids[0] in moved]


@transaction.atomic
def instruct_part(
    order_id: int,
    pieces: Mapping[int, int],
    *,
    ship_on: date,
    carrier: str | None = None,
    drop_missed_days: bool = False,
    by: Staff | None,
) -> ShippingBatch:
    """分納: these pieces (order line → how many) leave now in a shipment of their own; the rest of the order waits on.

    All that is left at once is an ordinary instruction. Two clerks who ask for the same pieces meet in the database, and one
    of them is refused with ChangedMeanwhile. Raises DomainError where the order may not leave (yet).
    """
    order = order_queries.with_lines([order_id])[0]
    whole = {line.pk: line.quantity for line in order.lines.all() if line.sku_id and line.quantity}
    if order.state == OrderState.READY and dict(pieces) == whole:
        return instruct(
            [order_id], ship_on=ship_on, carrier=carrier, drop_missed_days=drop_missed_days, by=by
        )
    if order.payment == PaymentKind.COD and order.paid_yen and not order.in_parts:
        raise DomainError(
            f"{order.number} は代引で、すでに一部の入金があるため、分けて出荷できません。",
            way_out="まとめて出荷するか、支払方法を直してください。",
        )
    after = orders.note_part_instructed(order_id, pieces, by=by)
    _refuse_merged(order)
    is_last = after.state == OrderState.PICKING
    cargo = Cargo(order_queries.with_lines([order_id])[0], dict(pieces), is_part=True, is_last=is_last)
    return _make([cargo], ship_on=ship_on, carrier=carrier, drop_missed_days=drop_missed_days, by=by)


def _refuse_merged(order: Order) -> None:
    """同梱 leave whole: their charge was agreed for one parcel. Asked while the order's row is held, as `merge_orders` does."""
    if merge := merge_of(order.pk):
        raise DomainError(
            f"{order.number} は同梱 {merge.number} の受注なので、分けて出荷できません。",
            way_out="まとめて出荷するか、先に同梱を取り消してください。",
        )


def _why_not(order: Order) -> Refused:
    return Refused(order.number, f"状態が「{order.get_state_display()}」です")


def _make(
    cargos: Sequence[Cargo],
    *,
    ship_on: date,
    carrier: str | None,
    drop_missed_days: bool,
    by: Staff | None,
) -> ShippingBatch:
    number = numbering.take("batch", on=ship_on)[0]
    batch = ShippingBatch.objects.create(number=number, ship_on=ship_on, created_by=by)
    choose = _chooser(carrier)
    numbers = numbering.take("shipment", len(cargos), on=ship_on)
    shipments = [
        _shipment(cargo, batch, number, choose(cargo.order), cod, cold)
        for cargo, number, cod, cold in zip(cargos, numbers, cod_of(cargos), _cold(cargos), strict=True)
    ]
    missed = _drop_missed_days(shipments) if drop_missed_days else {}
    shipments = Shipment.objects.bulk_create(shipments, batch_size=2000)
    ShipmentLine.objects.bulk_create(
        [
            ShipmentLine(shipment=shipment, order_line=line, sku_id=line.sku_id, quantity=pieces)
            for shipment, cargo in zip(shipments, cargos, strict=True)
            for line, pieces in cargo.lines
            if line.sku_id
        ],
        batch_size=5000,
    )
    activity.record(batch, "instruct", by=by, summary=f"{len(cargos)} 件の出荷を指示しました。")
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


def _cold(cargos: Sequence[Cargo]) -> list[str]:
    """温度帯 of each: as cold as its coldest goods, or as the buyer asked. One query."""
    known = catalog.temperatures(line.sku_id for cargo in cargos for line, _ in cargo.lines if line.sku_id)
    return [
        catalog.coldest(
            (
                rules.choose_temperature(cargo.order.delivery_method),
                *(known[line.sku_id] for line, _ in cargo.lines if line.sku_id),
            )
        )
        for cargo in cargos
    ]


def _shipment(cargo: Cargo, batch: ShippingBatch, number: str, carrier: str, cod: int, cold: str) -> Shipment:
    order, wish = cargo.order, cargo.address or cargo.order
    return Shipment(
        number=number,
        order=order,
        address=cargo.address,
        batch=batch,
        location_id=order.location_id,
        is_part=cargo.is_part,
        carrier=carrier,
        service=rules.choose_service(delivery_method=order.delivery_method, cod_yen=cod),
        temperature=cold,
        ship_on=batch.ship_on,
        delivery_on=wish.delivery_on,
        delivery_slot=wish.delivery_slot,
        cod_yen=cod,
        # A present: the one who opens the box is not the one who paid.
        hides_prices=_is_for_another(order, recipients.recipient(order, cargo.address)),
    )


def _is_for_another(order: Order, to: Address) -> bool:
    """Does somebody else open the box than the one who paid? By the name, and of a present also by the place."""
    if not (order.buyer_name and to.name):
        return False
    if order.buyer_name != to.name:
        return True
    place = "".join(f"{to.prefecture}{to.city}{to.line1}".split())
    elsewhere = bool(order.buyer_address and place) and place not in "".join(order.buyer_address.split())
    return elsewhere and gifts.is_gift(order.gift_note, list(order.lines.all()))


@transaction.atomic
def withdraw(shipment_ids: Sequence[int], *, by: Staff | None, note: str = "") -> list[Shipment]:
    """指示取消: the shipments are withdrawn, their orders wait for a new instruction (引当はそのまま).

    All or nothing. Raises NotShippable naming those that have left already.
    """
    shipments = list(Shipment.objects.filter(pk__in=with_riders(shipment_ids)).order_by("pk"))
    move_all(shipments, "withdraw", by=by, note=note)
    orders.lock_all(shipment.order_id for shipment in shipments)
    give_back_pieces(shipments)
    for order_id in dict.fromkeys(shipment.order_id for shipment in shipments):
        orders.note_withdrawn(order_id, by=by)
    return shipments


def give_back_pieces(shipments: Sequence[Shipment]) -> None:
    """The pieces of these shipments are to be shipped anew. The caller holds the orders' rows."""
    rows = ShipmentLine.objects.filter(shipment__in=[shipment.pk for shipment in shipments])
    pieces = rows.order_by().values("order_line").annotate(pieces=Sum("quantity"))
    orders.count_pieces({row["order_line"]: -row["pieces"] for row in pieces})


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
