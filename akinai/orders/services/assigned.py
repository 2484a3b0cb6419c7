"""送付先への割り当てを変更に合わせる: what the channel's new telling does not carry is given back, what it tells is taken over."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import F, Max, Sum

from akinai.core import clock
from akinai.orders import content
from akinai.orders.models import Order, OrderAddress, OrderAddressLine, OrderLine
from akinai.orders.ports import DestinationDraft


def free_assigned(order: Order, wanted: Mapping[int, int], *, gone: Collection[int]) -> bool:
    """変更の反映: the channel tells other quantities (line number → pieces; `gone` are no more). Where they do not carry what is
    assigned, all is given back and has to be assigned anew. Out: was anything given back?"""
    lines = list(order.lines.filter(assigned__gt=0))
    if all(
        line.line_no not in gone and line.assigned <= wanted.get(line.line_no, line.quantity)
        for line in lines
    ):
        return False
    OrderAddressLine.objects.filter(address__order=order).delete()
    OrderLine.objects.filter(order=order).update(assigned=0)
    return True


def free_told(order: Order, *, everything: bool) -> None:
    """変更の反映: the addresses that the channel has told give their pieces back; with `everything`, those that a person entered too."""
    held = OrderAddressLine.objects.filter(address__order=order)
    if not everything:
        held = held.exclude(address__channel_number="")
    for line_id, count in held.values_list("order_line").annotate(sum=Sum("quantity")).order_by():
        OrderLine.objects.filter(pk=line_id).update(assigned=F("assigned") - count)
    held.delete()


def take_told(order: Order, others: Sequence[DestinationDraft]) -> None:
    """変更の反映: 送付先 as the channel tells them now, with their pieces, which nobody holds (`free_told`). Who is told by the same
    number stays the same address, with its own のし; who is not told any more is taken off."""
    live = order.addresses.filter(removed_at=None)
    known = {one.channel_number: one for one in live if one.channel_number}
    kept = [known[one.number].pk for one in others if one.number in known]
    gone = live.exclude(pk__in=kept)
    if not others:
        gone = gone.exclude(channel_number="")
    gone.update(removed_at=clock.now())
    last = order.addresses.aggregate(last=Max("no"))["last"] or 0
    for told in others:
        address = known.get(told.number)
        if address is None:
            last += 1
            address = OrderAddress(order=order, no=last)
        for name, value in content.destination_columns(told).items():
            setattr(address, name, value)
        address.save()
        _assign(order, address, told.pieces)


def _assign(order: Order, address: OrderAddress, pieces: Sequence[tuple[int, int]]) -> None:
    lines = dict(order.lines.values_list("line_no", "pk"))
    OrderAddressLine.objects.bulk_create(
        OrderAddressLine(address=address, order_line_id=lines[no], quantity=count) for no, count in pieces
    )
    for no, count in pieces:
        OrderLine.objects.filter(pk=lines[no]).update(assigned=F("assigned") + count)
