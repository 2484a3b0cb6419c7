"""送付先への割り当てを解く: what the channel's new quantities do not carry any more is given back."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from akinai.orders.models import Order, OrderAddressLine, OrderLine


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
