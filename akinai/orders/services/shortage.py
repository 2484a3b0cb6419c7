"""欠品のときの約束: may this order wait for goods that are not there? What a SKU does not allow, a person decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.orders import rules
from akinai.orders.models import Hold, Order
from akinai.orders.services import rows
from akinai.orders.services.hold_limits import give_limits
from akinai.orders.services.lookups import rule_settings
from akinai.stock import services as stock_services


@dataclass(frozen=True, slots=True)
class Promised:
    """One line that was just promised: what was wanted, what is there, when it was ordered."""

    order: str
    reference: str
    sku_id: int
    wanted: int
    held: int
    ordered_at: datetime


def doubts(lines: Sequence[Promised], terms: Mapping[int, catalog.Terms]) -> dict[str, list[rules.HoldDraft]]:
    """Order → the holds that its short lines call for. Called in the transaction that reserved them."""
    today = clock.today()
    short = sorted((one for one in lines if one.held < one.wanted), key=lambda one: one.ordered_at)
    limits = {
        one.reference: terms[one.sku_id].backorder_limit
        for one in short
        if rules.may_wait(terms[one.sku_id], today)
    }
    beyond = stock_services.accept_backorders(
        (one.reference, limit) for one in short if (limit := limits.get(one.reference)) is not None
    )
    asked: list[tuple[str, str, str]] = []
    for one in lines:
        told, on = terms[one.sku_id], timezone.localdate(one.ordered_at)
        is_short, is_beyond = one.held < one.wanted, one.reference in beyond
        for code, reason in rules.shortage(
            told, short=is_short, is_beyond=is_beyond, ordered_on=on, today=today
        ):
            asked.append((one.order, code, reason))
    settings = rule_settings() if asked else {}
    found: dict[str, dict[str, list[str]]] = {}
    for order, code, reason in asked:
        if rules.setting_of(code, settings).is_enabled:
            found.setdefault(order, {}).setdefault(code, []).append(reason)
    return {
        order: [rules.HoldDraft(code, "、".join(reasons)[:300]) for code, reasons in by_code.items()]
        for order, by_code in found.items()
    }


def unreleased(terms: Mapping[int, catalog.Terms], today: date) -> set[int]:
    """SKUs that are not shipped yet."""
    return {pk for pk, told in terms.items() if told.is_preorder(today)}


def ask_about(order: Order, held: Mapping[str, int], wants: Sequence[stock_services.Want]) -> None:
    """Place the holds of lines that were promised again; a hold of the same rule that is open stays as it is."""
    fresh = [
        Promised(order.number, one.reference, one.sku_id, one.quantity, held[one.reference], order.ordered_at)
        for one in wants if one.reference in held
    ]  # fmt: skip
    found = (
        doubts(fresh, catalog.terms_of(one.sku_id for one in fresh)).get(order.number, ()) if fresh else ()
    )
    have = set(order.holds.filter(released_at=None).values_list("rule", flat=True)) if found else set()
    rows_of = [rows.hold_row(order.pk, hold, clock.now()) for hold in found if hold.rule not in have]
    Hold.objects.bulk_create(Hold(**row) for row in rows_of)
    give_limits([order.pk] if rows_of else [])
