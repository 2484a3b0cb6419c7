"""What a room above says against several addresses of one order: in a 同梱 all goes to one door."""

from __future__ import annotations

from collections.abc import Callable

WhyOne = Callable[[int], str]
_reasons: list[WhyOne] = []


def keep_one_address(why: WhyOne) -> None:
    """The room of shipping says why an order (by its id) has to keep one address, "" when it has not."""
    if why not in _reasons:
        _reasons.append(why)


def why_one_address(order_id: int) -> str:
    """ "" or the reason why the order cannot have other addresses beside its own."""
    return next((reason for why in _reasons if (reason := why(order_id))), "")
