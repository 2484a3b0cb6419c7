"""のし・ラッピングを決める for one line: the price goes into ラッピング料 and the total, by what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity
from akinai.core.money import yen
from akinai.orders.gifts import Gift
from akinai.orders.models import GiftOption, OrderLine
from akinai.orders.services.advance import advance
from akinai.orders.services.editing import put_amounts
from akinai.orders.services.lines import line_of
from akinai.orders.services.locking import locked

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def set_gift(order_id: int, *, line_no: int, gift: Gift, seen: str = "", by: Staff | None) -> None:
    """のし・ラッピング of a line as chosen; an empty gift takes it off. Refused once shipping has begun, and where the total
    would fall below what is paid."""
    order = locked(order_id, seen=seen)
    line = line_of(order, line_no)
    before = Gift.of(line.gift)
    if before == gift:
        return
    OrderLine.objects.filter(pk=line.pk).update(gift=gift.to_json())
    if gift.yen != before.yen:
        wrapping = order.wrapping_yen + gift.yen - before.yen
        put_amounts(order, {"wrapping_yen": wrapping}, reason=f"明細 {line_no} のラッピング", by=by)
    summary = f"明細 {line_no}: {gift.words() or 'のし・ラッピングなし'}（{yen(gift.yen)}）"
    activity.record(order, "set_gift", by=by, summary=summary[:500])
    advance([order.pk], by=by)


def give_priced(order_id: int, gifts: Mapping[int, Gift]) -> None:
    """のし・ラッピング by line number of an order that was just placed; their price stands in its total already."""
    for line_no, gift in gifts.items():
        if gift != Gift():
            OrderLine.objects.filter(order_id=order_id, line_no=line_no).update(gift=gift.to_json())


def new_gift_option(*, name: str, kind: str, price_yen: int) -> GiftOption:
    """A selection that is not kept yet."""
    return GiftOption(name=name, kind=kind, price_yen=price_yen)


@transaction.atomic
def save_gift_option(option: GiftOption, *, by: Staff | None) -> None:
    """ギフトの選択肢を決める. Orders keep the price they were given."""
    option.save()
    state = "" if option.is_active else "（使わない）"
    activity.record(option, "save", by=by, summary=f"{option.name} {yen(option.price_yen)}{state}")
