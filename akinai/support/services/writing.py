"""定型文・マクロ・署名・タグ: kept with their history, and filled from the live order when they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import F

from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.support.models import ReplyTemplate, Signature, Ticket
from akinai.support.queries.fields import values_for
from akinai.support.rules.filling import Filled, fields, fill

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.staff.models import Staff


class NotFilled(DomainError):
    """A field of the letter is empty or unknown."""

    code = "reply_not_filled"


@transaction.atomic
def keep(row: models.Model, *, by: Staff) -> None:
    """保存する: one row of the desk's settings (定型文, マクロ, 署名, タグ, 約束, 担当), with its history."""
    is_new = row.pk is None
    if isinstance(row, ReplyTemplate):
        row.changed_at, row.changed_by = clock.now(), by
    row.save()
    activity.record(row, "create" if is_new else "change", by=by, summary=str(row)[:200])


@transaction.atomic
def drop_signature(row: Signature, *, by: Staff) -> None:
    """署名を消す: the shop signs with the common one again."""
    activity.record(row, "delete", by=by, summary=f"{row} の署名")
    row.delete()


def own_order(ticket: Ticket, order_id: int | None) -> Order | None:
    """The order a letter speaks of: the chosen one of the ticket's own, else its only one. Raises DomainError for another."""
    links = list(ticket.order_links.select_related("order__channel").order_by("-order__ordered_at"))
    if order_id:
        chosen = next((link.order for link in links if link.order_id == order_id), None)
        if chosen is None:
            raise DomainError(
                "この問い合わせの受注ではありません。",
                way_out="先に、右の「受注」でこの問い合わせに結び付けてください。",
            )
        return chosen
    return links[0].order if len(links) == 1 else None


def filled(ticket: Ticket, text: str, *, order_id: int | None, by: Staff) -> Filled:
    """The text with its fields filled, and what could not be. No question is asked for a text without braces."""
    if not fields(text):
        return Filled(text)
    return fill(text, values_for(ticket, own_order(ticket, order_id), by=by))


def filled_or_refused(ticket: Ticket, text: str, *, order_id: int | None, by: Staff) -> str:
    """The text, filled. Raises NotFilled with a sentence for each empty or unknown field."""
    told = filled(ticket, text, order_id=order_id, by=by)
    if told.is_whole:
        return told.text
    order = own_order(ticket, order_id)
    way = (
        f"{order.number} を確かめるか、文を書き直してください。"
        if order
        else "受注を選ぶか、文を書き直してください。"
    )
    raise NotFilled("送信しませんでした。" + "".join(told.doubts), way_out=way)


def note_used(template_id: int | None) -> None:
    """定型文を使った."""
    if template_id:
        ReplyTemplate.objects.filter(pk=template_id).update(used=F("used") + 1)
