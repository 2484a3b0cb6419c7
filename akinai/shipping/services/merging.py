"""同梱: orders leave in one parcel; until then it can be undone, and the charges are what they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q

from akinai.core import activity, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.money import yen
from akinai.orders import queries as order_queries
from akinai.orders import recipients
from akinai.orders import services as orders
from akinai.orders.states import WAITING, OrderState
from akinai.shipping import merging
from akinai.shipping.errors import Refused
from akinai.shipping.models import MergeMember, OrderMerge, Shipment

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.staff.models import Staff


@transaction.atomic
def merge_orders(order_ids: Sequence[int], *, by: Staff | None) -> OrderMerge:
    """同梱にする: these orders leave in one parcel, the first one's. Each keeps its invoice, payment, report to its mall and revenue.

    The charges fall to one parcel's where they may be changed. Raises DomainError naming what stands against it, ChangedMeanwhile
    when one of them was merged by somebody else.
    """
    ids = list(dict.fromkeys(order_ids))
    orders.lock_all(ids)
    found = {order.pk: order for order in order_queries.with_lines(ids)}
    members = [found[pk] for pk in ids if pk in found]
    _refuse_apart(members)
    told = merging.preview(members, merging.parcel_charges([members])[0])
    merge = OrderMerge.objects.create(
        number=numbering.take("merge")[0], given_yen=told.given_yen, borne_yen=told.borne_yen, made_by=by,
        parcel_yen=told.parcel_yen, told=told.told[:200],
    )  # fmt: skip
    try:
        with transaction.atomic():
            MergeMember.objects.bulk_create(
                MergeMember(merge=merge, order=e.order, shipping_before_yen=e.before_yen, shipping_after_yen=e.after_yen)
                for e in told.effects
            )  # fmt: skip
    except IntegrityError as error:
        raise ChangedMeanwhile(
            "選んだ受注のどれかは、すでに同梱されています。", way_out="画面を開き直してください。"
        ) from error
    for effect in told.effects:
        if effect.after_yen != effect.before_yen:
            _charge(effect.order, effect.after_yen, f"同梱 {merge.number}", by)
        activity.record(effect.order, "merge", by=by, summary=f"同梱 {merge.number} にしました")
    names = "、".join(order.number for order in members)
    activity.record(merge, "create", by=by, summary=f"{names}（送料 −{yen(told.given_yen)}）")
    return merge


def _refuse_apart(members: Sequence[Order]) -> None:
    if len(members) < 2:
        raise DomainError("同梱する受注を 2 件以上選んでください。", way_out="同梱候補から選んでください。")
    several = recipients.with_addresses([order.pk for order in members])
    for order in members:
        if order.pk in several:
            raise DomainError(
                f"{order.number} は送付先が複数なので、同梱できません。", way_out="その受注を外すか、送付先を 1 か所に戻してください。"
            )  # fmt: skip
        if reason := merging.why_not(order) or merging.why_apart(members[0], order):
            raise DomainError(
                f"{order.number} は同梱できません。{reason}。", way_out="その受注を外すか、受注の内容を直してください。"
            )  # fmt: skip


def _charge(order: Order, shipping_yen: int, reason: str, by: Staff | None) -> None:
    orders.correct_amounts(order.pk, amounts={"shipping_yen": shipping_yen}, reason=reason, by=by)


@transaction.atomic
def undo_merge(merge: OrderMerge, *, by: Staff | None) -> None:
    """同梱の取消: each order leaves by itself again and is charged what it was. Refused once a shipment was instructed."""
    members = merging.members_of(merge)
    rows = {order.pk: order for order in orders.lock_all(member.order_id for member in members)}
    begun = [
        order for order in rows.values() if order.state not in WAITING and order.state != OrderState.CANCELLED
    ]
    if begun:
        raise DomainError(
            f"{merge.number} は、{begun[0].number} が「{begun[0].get_state_display()}」なので取り消せません。",
            way_out="出荷指示を取り消してから、同梱を取り消してください。",
        )
    transitions.apply(merge, "undo", by=by)
    for member in members:
        order = rows[member.order_id]
        if order.state != OrderState.CANCELLED and member.shipping_after_yen != member.shipping_before_yen:
            _refuse_changed(order, member)
            _charge(order, member.shipping_before_yen, f"同梱 {merge.number} の取消", by)
        activity.record(order, "unmerge", by=by, summary=f"同梱 {merge.number} を取り消しました")
    merge.members.update(is_live=False)


def _refuse_changed(order: Order, member: MergeMember) -> None:
    if order.shipping_yen != member.shipping_after_yen:
        raise DomainError(
            f"{order.number} の送料は、同梱のあとに {yen(order.shipping_yen)} に直されています。",
            way_out=f"送料を {yen(member.shipping_after_yen)} に戻してから、同梱を取り消してください。",
        )


def whole_groups(order_ids: Sequence[int]) -> tuple[list[int], list[Refused], list[list[int]]]:
    """出荷指示の前に: (orders that may be instructed, refusals, groups that leave in one parcel with the first one's).

    Who is in a 同梱 leaves with all of it or not at all."""
    merges = MergeMember.objects.filter(order_id__in=order_ids, is_live=True).values("merge_id")
    rows = (
        MergeMember.objects.filter(merge_id__in=merges, is_live=True)
        .select_related("order", "merge")
        .order_by("pk")
    )
    by_merge: dict[int, list[MergeMember]] = defaultdict(list)
    for member in rows:
        if member.order.state != OrderState.CANCELLED:
            by_merge[member.merge_id].append(member)
    wanted, refused, groups = list(order_ids), [], []
    for members in by_merge.values():
        ids = [member.order_id for member in members]
        if reason := _why_waits(members):
            refused += [
                Refused(m.order.number, f"{m.merge.number} の{reason}")
                for m in members
                if m.order_id in wanted
            ]
            wanted = [pk for pk in wanted if pk not in ids]
        else:
            wanted += [pk for pk in ids if pk not in wanted]
            groups += [ids] if len(ids) > 1 else []
    return wanted, refused, groups


def _why_waits(members: Sequence[MergeMember]) -> str:
    for member in members:
        if member.order.state != OrderState.READY:
            return f"同梱の相手 {member.order.number} が「{member.order.get_state_display()}」です"
        if reason := merging.why_apart(members[0].order, member.order):
            return f"同梱の相手 {member.order.number} と{reason}"
    return ""


def ride_together(shipments: Sequence[Shipment], groups: Sequence[Sequence[int]]) -> None:
    """One parcel for each group: the first order's. The driver collects the sum; the others' boxes are none.

    An order is the right key: who is in a 同梱 has one address and is never parted, so a batch has one shipment of it.
    """
    by_order = {shipment.order_id: shipment for shipment in shipments}
    for ids in groups:
        lead, *riders = [by_order[pk] for pk in ids]
        if any(rider.cod_yen for rider in riders):
            Shipment.objects.filter(pk=lead.pk).update(service="cod")
        days = [one.delivery_on for one in (lead, *riders) if one.delivery_on]
        slots = [one.delivery_slot for one in (lead, *riders) if one.delivery_slot]
        told = {"delivery_on": days[0] if days else None, "delivery_slot": slots[0] if slots else ""}
        Shipment.objects.filter(pk=lead.pk).update(**told)
        Shipment.objects.filter(pk__in=[one.pk for one in riders]).update(
            rides_with=lead, parcel_count=0, carrier=lead.carrier, temperature=lead.temperature, **told
        )


def with_riders(shipment_ids: Sequence[int]) -> list[int]:
    """These shipments and all that ride in the same parcels."""
    some = Shipment.objects.filter(pk__in=shipment_ids)
    leads = some.filter(rides_with__isnull=False).values("rides_with")
    found = Shipment.objects.filter(
        Q(pk__in=shipment_ids) | Q(rides_with__in=shipment_ids) | Q(pk__in=leads) | Q(rides_with__in=leads)
    )
    return list(found.order_by("pk").values_list("pk", flat=True))
