"""クーポンを贈る: one code for one ticket and coupon, told in the thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.content import ports as content
from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.support.models import Ticket
from akinai.support.services import deeds

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def give_coupon(ticket: Ticket, coupon: str, *, by: Staff) -> str:
    """クーポンを贈る. Out: the code; the same coupon for the same ticket is the same code. Raises DomainError when it cannot be given."""
    held = Ticket.objects.select_for_update(no_key=True).get(pk=ticket.pk)
    named = dict(content.gift_choices())
    if coupon not in named:
        raise DomainError("そのクーポンはお渡しできません。", way_out="期間中のクーポンを選んでください。")
    if held.customer_id is None:
        raise DomainError("お客様が決まっていません。", way_out="先にお客様を選んでください。")
    code = content.give_coupon(coupon, f"ticket:{held.number}:{coupon}", held.customer_id)
    if not code:
        raise DomainError(
            "クーポンをお渡しできませんでした。", way_out="クーポンの期間と状態を確かめてください。"
        )
    text = f"クーポンを贈りました：{named[coupon]} コード {code}"
    if not held.messages.filter(text=text).exists():
        deeds.add(held, text, by=by)
        activity.record(held, "give_coupon", by=by, summary=named[coupon][:200])
    return code
