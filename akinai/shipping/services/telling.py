"""モールへの出荷報告: which parcels the mall does not know yet, the file that tells it, each shipment once.

Who exports is decided by one conditional UPDATE of the shipments, so two clerks never tell one parcel twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from akinai.core import activity, clock
from akinai.core.activity import Fact
from akinai.core.errors import DomainError
from akinai.shipping import queries
from akinai.shipping.errors import NotShippable, Refused
from akinai.shipping.models import Shipment, TrackingExport, TrackingExportItem
from akinai.shipping.states import MALL_UNTOLD, MallNotice
from akinai.shipping.telling_ports import TELLING, Shipped, ShippedLine, TellingDoor

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def expect_telling(shipment_ids: Sequence[int]) -> None:
    """出荷確定: the mall of these shipments must be told, where it waits for that."""
    waiting = [kind for kind, door in TELLING.items() if door.is_awaited]
    Shipment.objects.filter(pk__in=shipment_ids, order__channel__kind__in=waiting).update(
        mall_notice=MallNotice.WAITING
    )


@transaction.atomic
def tell_mall(
    channel_code: str, *, shipment_ids: Sequence[int] = (), again: bool = False, by: Staff | None
) -> TrackingExport:
    """出荷報告ファイル of one channel: what it does not know yet, or of `shipment_ids` alone; `again` also what it was told.

    What the mall cannot take is not in the file and stays 未報告. Raises NotShippable when there is nothing to tell,
    DomainError for a channel without a door.
    """
    shipments = _taken(channel_code, shipment_ids, again)
    if not shipments:
        raise NotShippable(
            "報告する出荷がありません。",
            way_out="報告済みのものは、出荷を選んで「もう一度出力」してください。",
        )
    channel = shipments[0].order.channel
    door = _door(channel.kind)
    written = door.write(_told(shipments))
    kept = [one for one in shipments if one.number not in written.left_out]
    now = clock.now()
    Shipment.objects.filter(pk__in=[one.pk for one in kept]).update(
        mall_notice=MallNotice.TOLD, mall_told_at=now
    )
    export = TrackingExport.objects.create(
        channel=channel, filename=door.filename.format(day=f"{timezone.localtime(now):%Y%m%d_%H%M}"), media_type=door.media_type,
        data=written.data, count=len(kept), is_again=again, created_by=by,
        problems=[{"reference": number, "message": reason} for number, reason in written.left_out.items()],
    )  # fmt: skip
    TrackingExportItem.objects.bulk_create([TrackingExportItem(export=export, shipment=one) for one in kept])
    said = f"{channel.name} の出荷報告ファイル{'（再出力）' if again else ''}"
    activity.record_many([Fact(one, "tell_mall", said) for one in kept], by=by)
    return export


def _door(kind: str) -> TellingDoor:
    door = TELLING.get(kind)
    if door is None:
        raise DomainError(
            "このチャネルには出荷報告ファイルがありません。",
            way_out="モールの画面で登録し、「登録済みにする」を押してください。",
        )
    return door


def _taken(channel_code: str, ids: Sequence[int], again: bool) -> list[Shipment]:
    """The shipments of this file, locked: who comes second finds them told."""
    rows = Shipment.objects.filter(order__channel__code=channel_code, state__in=queries.GONE)
    if ids:
        rows = rows.filter(pk__in=ids)
    kind = rows.values_list("order__channel__kind", flat=True).first()
    door = TELLING.get(kind or "")
    if not (again and ids):
        rows = rows.filter(mall_notice__in=MALL_UNTOLD)
    elif door is None or door.is_awaited:
        rows = rows.exclude(mall_notice=MallNotice.NONE)
    locked = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
    if door and door.most:
        locked = locked[: door.most]
    return list(
        locked.select_related("order__channel", "address").prefetch_related(
            "parcels", "rides_with__parcels", "lines__order_line"
        )
    )


def _told(shipments: Sequence[Shipment]) -> list[Shipped]:
    """The shipments in the words of the port."""
    firsts = {one.pk: next(iter(one.carried_in), None) for one in shipments}
    parcels = [parcel for parcel in firsts.values() if parcel]
    urls = dict(zip((parcel.pk for parcel in parcels), queries.urls_of(parcels), strict=True))
    return [_one(one, urls.get(first.pk, "") if (first := firsts[one.pk]) else "") for one in shipments]


def _one(shipment: Shipment, url: str) -> Shipped:
    order, parcels = shipment.order, shipment.carried_in
    told: Counter[str] = Counter()
    for line in shipment.lines.all():
        told[line.order_line.channel_line_no] += line.quantity
    carrier = parcels[0].carrier if parcels else shipment.carrier
    return Shipped(
        shipment.number, order.channel_order_no, carrier, queries.name_of(carrier), tuple(p.tracking_no for p in parcels),
        _day(shipment), _destination(shipment), tuple(ShippedLine(no, n) for no, n in told.items()),
        url,
    )  # fmt: skip


def _destination(shipment: Shipment) -> str:
    """送付先 by the channel's own number, where it has told one."""
    own = shipment.address.channel_number if shipment.address else ""
    return own or str(shipment.order.raw.get("ship_to_id", ""))


def _day(shipment: Shipment) -> date:
    return timezone.localdate(shipment.shipped_at) if shipment.shipped_at else shipment.ship_on


@transaction.atomic
def note_refused_by_mall(export: TrackingExport, refused: Mapping[str, str], *, by: Staff | None) -> int:
    """モールの返事: order number → why the mall did not take it. These shipments are 未報告 again. Out: how many.

    Raises NotShippable naming order numbers that are not in this file; nothing is written then.
    """
    items: dict[str, list[TrackingExportItem]] = {}
    for one in export.items.select_related("shipment__order"):
        items.setdefault(one.shipment.order.channel_order_no, []).append(one)
    unknown = [number for number in refused if number not in items]
    if unknown:
        raise NotShippable(
            f"注文番号「{unknown[0]}」は {export.filename} にありません。", refused=[Refused(n, "ファイルにない") for n in unknown],
            way_out="注文番号を確かめてください。",
        )  # fmt: skip
    changed = [one for number in refused for one in items[number]]
    for one in changed:
        one.refused = (refused[one.shipment.order.channel_order_no].strip() or "理由不明")[:200]
    TrackingExportItem.objects.bulk_update(changed, ["refused"])
    ids = [one.shipment_id for one in changed]
    count = Shipment.objects.filter(pk__in=ids, mall_notice=MallNotice.TOLD).update(
        mall_notice=MallNotice.REFUSED
    )
    activity.record_many([Fact(one.shipment, "mall_refused", one.refused) for one in changed], by=by)
    return count


@transaction.atomic
def note_taken_by_mall(export: TrackingExport, order_numbers: Sequence[str], *, by: Staff | None) -> int:
    """モールの返事: these orders of the file were taken after all. Out: how many were 受け付けず before."""
    items = export.items.filter(shipment__order__channel_order_no__in=list(order_numbers)).exclude(refused="")
    rows = list(items.select_related("shipment"))
    export.items.filter(pk__in=[item.pk for item in rows]).update(refused="")
    again = [item.shipment for item in rows if item.shipment.mall_notice == MallNotice.REFUSED]
    Shipment.objects.filter(pk__in=[one.pk for one in again]).update(
        mall_notice=MallNotice.TOLD, mall_told_at=clock.now()
    )
    activity.record_many([Fact(one, "mall_taken", "モールの結果ファイルで受付済") for one in again], by=by)
    return len(again)


@transaction.atomic
def note_told_by_hand(shipment_ids: Sequence[int], *, by: Staff | None) -> int:
    """モールの画面で登録済: somebody typed the number there. Out: how many were 未報告."""
    rows = list(
        Shipment.objects.filter(pk__in=shipment_ids, state__in=queries.GONE, mall_notice__in=MALL_UNTOLD)
        .select_for_update(no_key=True).order_by("pk")
    )  # fmt: skip
    Shipment.objects.filter(pk__in=[row.pk for row in rows]).update(
        mall_notice=MallNotice.BY_HAND, mall_told_at=clock.now()
    )
    activity.record_many([Fact(row, "told_by_hand", "モールの画面で登録済") for row in rows], by=by)
    return len(rows)
